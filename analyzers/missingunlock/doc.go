// Package missingunlock finds locks that stay locked on some path.
//
// # Analyzer missingunlock
//
// missingunlock: check that a lock is released on every path out of the function that took it
//
// A return, continue or break between Lock and Unlock leaves the lock locked.
// Nothing happens at that moment; the next goroutine that wants the lock
// blocks forever, and after it all others.
//
//	c.mu.Lock()
//	if _, ok := c.m[key]; !ok {
//		return errNotFound // c.mu stays locked
//	}
//	delete(c.m, key)
//	c.mu.Unlock()
//
// Release it on that path too, or defer the Unlock:
//
//	c.mu.Lock()
//	defer c.mu.Unlock()
//
// The analysis follows the paths of a function. A branch on one condition is
// taken the same way for the whole path, so that a flag or an error that
// decides about both the Lock and the Unlock is understood. Functions that
// lock or unlock for their caller are known by what they do, also those of
// other packages.
//
// # return
//
// A return keeps a lock that other paths of the function release. Functions
// that mean to keep it are left alone: those that keep it at every return,
// those that keep it when they succeed and not when they fail, and those whose
// caller releases it. The fix unlocks before the return, where the returned
// expressions cannot depend on the lock.
//
// # continue
//
// A turn of a loop ends without the unlock, and the next turn locks again; or it
// goes on to another object and its lock, and the object of this turn, which other
// ways to the next turn unlock, stays locked. Nothing is said of that when the way puts
// the object somewhere, or gives it to a function that may, nor when the lock is released
// anywhere else for who has taken it.
//
// # panic
//
// A panic that the function itself recovers from passes the unlock by, or one that a
// function of the package that calls it recovers from, unless the lock is of an object
// that a function in between has made. Or a function recovers, all functions of unknown
// origin that it calls (hooks, callbacks), itself or further down, are called with the lock
// held, and the Unlock is not deferred: it survives their panics, and the lock stays locked.
//
// # never
//
// A lock that only this package can reach is taken, and there is no unlock of
// it in the whole package; or none in this function, while no caller and no
// other function releases what somebody else has locked.
//
// # defer
//
// A function locks and returns the function that unlocks. It is deferred, and
// what it returns is not called: the lock is taken when the function returns,
// and stays locked.
//
//	defer c.lock()
//
// One pair of parentheses is missing, which the fix adds:
//
//	defer c.lock()()
//
// # drop
//
// A function locks and returns the function that unlocks, and the call drops
// that. Where it is kept in a variable, it has to be called on every path, and
// a return or continue that passes the call by is one of the above. Nothing is
// said of it once the variable is returned, stored, passed on, or used by a
// goroutine; nor, of a call that drops it, when some function releases the lock
// for its callers, nor in tests and main.
//
// # Limits
//
// A lock that is handed on is not followed: to a goroutine, a stored function
// that unlocks it, or code that gets a pointer to it. A lock
// whose name comes to mean another object on the way (s = s.next) is not
// followed either. Of panics only explicit ones count, and those of callbacks. A function with more
// than some thousand distinct states is not looked at.
package missingunlock
