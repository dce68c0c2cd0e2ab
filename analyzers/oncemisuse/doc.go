// Package oncemisuse finds wrong uses of sync.Once and its relatives.
//
// # Analyzer oncemisuse
//
// oncemisuse: check that a sync.Once does not wait for itself, guards something, and does not lose a result
//
// [sync.Once.Do] runs its function once and lets everybody else wait until that
// has returned. A function that comes back to the same Do waits for itself.
//
//	func (c *config) load() {
//		c.once.Do(func() {
//			c.values = c.parse() // calls c.get, which calls c.load: blocks forever
//		})
//	}
//
// # recursion
//
// The function that Do runs reaches Do of the same Once, itself or over calls. Likewise Do of
// the same singleflight.Group for the same key: it waits for the call that it is part of.
//
// # reset
//
// The function that Do runs gives the Once a new value, in order to have another
// try after a failure. Do has the old one locked and unlocks the new one, which
// ends the program. Use a mutex and a flag instead.
//
//	once.Do(func() {
//		if err = connect(); err != nil {
//			once = sync.Once{} // fatal error: sync: unlock of unlocked mutex
//		}
//	})
//
// # nil-function
//
// Do is given nil in place of a function. The first call panics; after that the
// Once counts as done, so that no other call of Do runs anything. What
// [sync.OnceFunc], [sync.OnceValue] and [sync.OnceValues] make of nil panics each
// time it is called.
//
//	stop := sync.OnceFunc(nil) // stop panics
//
// A Once that is only to be marked as done gets a function that does nothing:
//
//	once.Do(func() {})
//
// # per-call
//
// The Once is a local variable, and Do is called on it in one place: each call
// of the function has a Once of its own, which guards nothing. The same goes for
// a function of [sync.OnceFunc] that is called where it is made. Make it a
// field or a package variable.
//
//	func instance() *db {
//		var once sync.Once
//		once.Do(open) // in every call
//
// # lost-result
//
// This category needs -oncemisuse.lost. The function that Do runs, or a method that it calls, stores a result that is to last, and the error that
// came with it, or another result, goes to a local variable of the caller. The first
// caller gets the error. All others, whose Do does nothing, see no error, and what
// was not initialised. Keep the error beside the result.
//
//	func client() (*Client, error) {
//		var err error
//		once.Do(func() { shared, err = dial() })
//		return shared, err // nil, nil from the second call on
//	}
//
// # no-retry
//
// A loop tries again after a while, but what it tries is a function whose error is
// that of a Do. It runs once: all further turns get the first error.
//
//	for {
//		if err := s.connect(); err == nil { // s.once.Do(func() { s.err = dial() }); return s.err
//			break
//		}
//		time.Sleep(time.Second)
//	}
//
// # Limits
//
// Calls through interfaces and function values that are not known are not
// followed, nor are goroutines. A Once in a field is the same only if the calls
// pass the object on. An error of closing something, which only the first
// caller is to have, is not a lost result: where a method stores the result, the
// caller must return that too, or who calls it use it then.
package oncemisuse
