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
// Two locks are taken in opposite orders: two fields of one object, or two package
// variables. Orders of locks of different objects, where it is not certain that the
// same ones meet, need -lockorder.all.
//
// # circle
//
// Three locks are taken in three orders that lead in a circle.
//
// # instances
//
// This category needs -lockorder.all. The locks of two objects of one type, both given to the function, are taken in
// the order in which they are given:
//
//	func (a *Account) Transfer(to *Account, n int) {
//		a.mu.Lock()
//		to.mu.Lock() // a.Transfer(b) waits for b.Transfer(a)
//		...
//	}
//
// Take them in an order that the objects themselves have:
//
//	first, second := a, to
//	if to.id < a.id {
//		first, second = to, a
//	}
//	first.mu.Lock()
//	second.mu.Lock()
//
// # Limits
//
// Other pairs of locks of one field (parent and child, elements) are not compared.
// A function that compares something of the two by size, or gives both to another
// function, is taken to know their order.
// Orders under a common third lock, and those that only read, are no deadlock.
// It is assumed that the functions can run at the same time. The orders of other packages are not known, only which locks
// their functions take.
package lockorder
