// Package doublelock finds locks that are taken by the goroutine that already
// holds them.
//
// # Analyzer doublelock
//
// doublelock: check that no goroutine locks what it already holds
//
// Go's locks are not reentrant. A goroutine that locks a Mutex it holds waits
// for itself, and with it everybody else who wants the lock. Usually a call
// stands in between:
//
//	func (c *Cache) Purge() {
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		if c.Len() > 0 { // Len locks c.mu again
//			...
//		}
//	}
//
// Call a variant that expects the lock to be held, or release it first:
//
//	if len(c.m) > 0 {
//
// Calls are followed to any depth and into other packages, through closures,
// through the String and Error methods that package fmt calls, through
// functions that are given to a function that calls them under the lock, through the
// body of a range over an iterator that holds it around yield, and to what the package itself puts into a field by which a function or method is called:
//
//	f.listeners = append(f.listeners, f.changed) // which locks f.mu
//	...
//	f.mu.Lock()
//	for _, fn := range f.listeners {
//		fn(name)
//	}
//
// Call them without the lock, on a copy of the slice.
//
// # relock
//
// A Lock, or an RLock of a lock that is held for writing.
//
// # upgrade
//
// A Lock of an RWMutex that the goroutine holds for reading. Release it, lock
// it, and check again what was read.
//
// # recursive-read
//
// An RLock of an RWMutex that the goroutine holds for reading. It blocks as
// soon as a writer waits in between: that writer waits for the first RLock,
// and the second RLock waits for the writer. Reported only if the package
// takes that lock for writing somewhere.
//
// # defer-lock
//
// A deferred Lock of what is held: Unlock was meant. The fix makes it that.
//
// # Limits
//
// Two names are one lock only if the text says so: the same variable and path
// of fields. Calls through interfaces are followed only where one
// implementation is in sight, where the object with the lock is an argument and an
// implementation in the package takes it, or by way of a field into which the package puts a value
// that points back to the object: by a field of its own, or by a function that it is given and
// calls, as a store calls the hook of the cache that has it. Whether the object at hand is one with which the
// package registers the function is not asked. A Lock behind a flag that the caller's text does
// not set is not counted.
package doublelock
