// Package copylock finds locks that are copied.
//
// # Analyzer copylock
//
// copylock: check that locks, and values that hold one, are not copied
//
// A Mutex keeps apart those who lock the same Mutex. After a copy there are
// two, and those who lock one do not wait for those who lock the other; a copy
// made while the original is locked stays locked for ever. Done on the copy of
// a WaitGroup does not wake the Wait on the original; a copy of a Once that has
// not run yet runs its function again; to copy an atomic value is to read it
// without the atomic operation.
//
//	func (a account) deposit(n int) { // account holds a sync.Mutex
//		a.mu.Lock()
//		defer a.mu.Unlock()
//		a.balance += n
//	}
//
// Each call locks a mutex of its own. Give the method the address of the
// account:
//
//	func (a *account) deposit(n int) {
//
// Locks are Mutex, RWMutex, WaitGroup, Once, Cond, Pool and Map of package
// sync, the types of sync/atomic, every type whose pointer has the methods Lock
// and Unlock, and every struct and array that holds one of them. Values marked
// with a lock that stores nothing (noCopy, the messages of protobuf) count too.
//
// What is new may be copied: a composite literal, the result of a call. So may
// what is copied only to be dropped: x in _ = x, or in _, ok := m[x].
//
// What go vet's copylocks reports is reported here as well, other than such
// drops. The flag -copylock.vet=false leaves out all that go vet reports, for
// those who run both. What remains are copies by send, by case of a type switch,
// by *f(), by append and copy of whole slices, by instances of generic
// functions, by keys of map literals, and copies of atomic.Value.
//
// # by-receiver
//
// A method has a value receiver, so that each call copies it.
//
// # by-parameter
//
// A function takes the value as parameter. Pass a pointer.
//
// # by-return
//
// A function returns a value that others still use. Return a pointer.
//
// # by-assignment
//
// An assignment, a declaration or a conversion copies the value:
//
//	snapshot := *s // s.mu now exists twice
//
// *f() counts when f is declared in the same package and returns a pointer to
// something that it did not make.
//
// # by-range
//
// The loop variable is a copy of the element. Range over the index:
//
//	for i := range shards {
//		s := &shards[i]
//
// The fix does so where the body only reads the variable.
//
// # by-iteration
//
// Since Go 1.22 each iteration of a three-clause loop has its own copy of the
// loop's variables. Declare the lock before the loop.
//
// # by-literal
//
// An element of a composite literal is a copy of a value used elsewhere.
//
// # by-call
//
// An argument is a copy of a value used elsewhere. Pass a pointer.
//
// # by-interface
//
// A value is converted to an interface, which holds a copy, or comes back out of
// one by a type assertion or the case of a type switch:
//
//	log.Printf("%v", s.config) // an atomic.Value: reads it without Load
//
// # by-channel
//
// A send copies the value into the channel, a receive out of it. Send pointers.
//
// # by-append
//
// append and copy put copies of elements into another slice. Keep pointers in
// the slice.
//
// # by-instance
//
// A generic function, used with a type that holds a lock, copies values of that
// type which it reads through a pointer or from a slice, array, map or channel.
// Of a function of another package only the signature is seen: one that takes
// such a container or a pointer and returns values has copied them, as
// slices.Clone does. The first use with each type is reported.
//
// # Limits
//
// Whether the lock was used before the copy, or is used after it, is not
// looked at: a variable that is still zero counts like any other.
//
// Not seen: the elements that move when append finds a slice full; the result
// variable that a bare return copies; *f() where f belongs to another package
// or is called through an interface; a method with a value receiver of another
// package; generic methods of another package, and generic functions there
// that neither take nor return values as described, such as maps.Copy. A
// container that yields its values through an iterator is reported where the
// loop receives them.
//
// slices.Clip and the like, which return the elements they were given without
// moving them, are reported as if they did.
package copylock
