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
// Two locks are taken in opposite orders, and the same two objects meet in both:
// they are fields of one object, or package variables; parts of one object by the
// same fields; or locks of two objects that point to each other, a server and its
// connection, or one of many in a slice, map, list or sync.Map. Pointers in interfaces
// and functions in fields count where one function of the package makes the two objects
// point to each other:
//
//	func (m *Members) init() {
//		m.queue = &Queue{Count: func() int {
//			m.mu.RLock() // Queue.Take calls Count with its lock held,
//			defer m.mu.RUnlock()
//			return len(m.names)
//		}}
//	}
//
//	func (m *Members) Join(name string) {
//		m.mu.Lock() // and Join calls Queue.Push, which takes that lock
//		defer m.mu.Unlock()
//		m.queue.Push(name)
//	}
//
// # circle
//
// Three locks are taken in three orders that lead in a circle, and the same three objects
// meet in it: they are of one object, package variables, parts of one object by the same
// fields, or locks of objects that one function of the package makes point to each other in
// this circle, also by an interface or as one of many.
//
// # swapped
//
// The locks of two objects of one type are taken in the order in which the two are given,
// or in which they are found in one map or slice by two arguments, and calls with the two
// swapped are to be expected: the function is one that other packages can call, by an
// exported interface if not by its type, or callers in the package do both.
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
// Of two that are only read it is told where the package also locks for writing: a
// writer that waits for the first keeps the other's reader out, and the other way round.
//
// # objects
//
// This category needs -lockorder.all. Two or three locks are taken in opposite
// orders, but it is not known whether the same objects meet.
//
// # instances
//
// This category needs -lockorder.all. As swapped, for two objects that are both given to
// the function, where it is not known that somebody gives them the other way round.
//
// # Limits
//
// Other pairs of locks of one field (parent and child, elements of which nothing is known)
// are not compared. A function that compares something of the two by size before it has
// both locks, or a caller or helper that does, is taken to know their order. So is one
// that makes one of the two lead to the other, and one whose callers in the package all give it
// a new object, or one that is reached from the other.
// Orders under a common third lock, and those that only read, are no deadlock; nor is an
// order that is taken when the object has been taken out of the map in which the other
// finds it.
// It is assumed that the functions can run at the same time, unless the text says otherwise:
// where one order is taken before the object is given to anybody, or before main starts a
// goroutine; behind the sync.Once in which the other is; when a WaitGroup has been waited
// for; by one goroutine, that of the object; with a token from a channel that holds one; or
// for the opposite values of a field that each reads under its first lock. A Start method
// that is called once, and states that are told apart by more than one field, are not known.
// The orders of other packages are not known, only which locks their functions take.
package lockorder
