// Package lockmismatch finds lock operations that do not fit together.
//
// # Analyzer lockmismatch
//
// lockmismatch: check that unlocks fit the locks they release
//
// Unlocking what is not locked, or not locked in that way, ends the program:
// "fatal error: sync: unlock of unlocked mutex" cannot be recovered from.
//
//	s.mu.RLock()
//	defer s.mu.Unlock()
//
// Release it as it was taken:
//
//	s.mu.RLock()
//	defer s.mu.RUnlock()
//
// # wrong-mode
//
// RLock with Unlock, or Lock with RUnlock. The fix renames the unlock.
//
// # twice
//
// A lock is unlocked that has been unlocked before on the path and not been
// locked since.
//
// # defer-in-loop
//
// A loop locks in each turn, and the deferred unlock runs only when the
// function ends: the second turn blocks forever.
//
// # try-ignored
//
// The result of TryLock is not looked at. The code goes on without the lock
// when it was not free, and the unlock that follows ends the program or
// releases somebody else's lock.
//
// # overwritten
//
// A struct is set to its zero value, or to a literal, with a lock in it held. The
// lock in its place is a new one, which is not locked: the unlock that follows ends
// the program, and who waits for the old one waits for ever.
//
//	s.mu.Lock()
//	*s = Stats{}
//	s.mu.Unlock()
//
// Assign the other fields, or keep them in a struct of their own beside the lock.
//
// # Limits
//
// The second unlock is reported only if nothing that is not seen can have
// locked in between. Shared locks are counted by nobody, so that a second
// RUnlock is not reported.
package lockmismatch
