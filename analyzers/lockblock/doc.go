// Package lockblock finds waits under a lock for what needs that lock.
//
// # Analyzer lockblock
//
// lockblock: check that nothing waits, with a lock held, for what needs that lock
//
// A goroutine that waits with a lock held waits forever when the other side
// has to take that lock first.
//
//	func (p *Pool) Stop() {
//		p.mu.Lock()
//		defer p.mu.Unlock()
//		p.wg.Wait() // the workers lock p.mu before they are done
//	}
//
// Release the lock before the wait:
//
//	func (p *Pool) Stop() {
//		p.mu.Lock()
//		p.closed = true
//		p.mu.Unlock()
//		p.wg.Wait()
//	}
//
// # channel
//
// A send on an unbuffered channel, or a receive, under a lock; every receive,
// or send and close, in the package comes after a Lock of it. Or a send, under
// a lock of the object that has the channel, to a receiver that takes this lock
// between two receives: the second send waits for a receiver that waits for
// the lock.
//
// # waitgroup
//
// A Wait under a lock; every Done comes after a Lock of it.
//
// # Limits
//
// The channel or WaitGroup must be one that only this package knows, and that
// is given to nobody. An operation on the other side that can be reached
// without the lock makes the finding go away, even if nobody ever gets there.
// A select is not looked at. That something slow, or of unknown length, is done
// under a lock is no finding.
package lockblock
