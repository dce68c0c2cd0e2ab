// Package lockorder finds locks that are taken in opposite orders.
//
// # Analyzer lockorder
//
// lockorder: check that two locks are taken in the same order everywhere
//
// A goroutine that holds one lock and waits for a second, while another holds
// the second and waits for the first, waits forever.
//
//	func (b *Bank) transfer() {
//		b.accounts.Lock()
//		b.audit.Lock()
//		...
//	}
//
//	func (b *Bank) report() {
//		b.audit.Lock()
//		b.accounts.Lock() // against transfer
//		...
//	}
//
// Take them in one order, or release the first before taking the second:
//
//	func (b *Bank) report() {
//		b.accounts.Lock()
//		b.audit.Lock()
//		...
//	}
//
// Locks are told apart by the field or variable that holds them. Calls are
// followed, also into other packages.
//
// # reversed
//
// Two locks are taken in opposite orders.
//
// # circle
//
// Three locks are taken in three orders that lead in a circle.
//
// # Limits
//
// Two locks of one field (parent and child, two accounts) are not compared.
// Orders under a common third lock, and those that only read, are no deadlock.
// It is assumed that the functions can run at the same time and meet on the
// same objects. The orders of other packages are not known, only which locks
// their functions take.
package lockorder
