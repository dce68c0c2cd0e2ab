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
// or send and close, in the package comes after a Lock of it. A select, when that
// is so for each of its cases. Or a send, under a lock of the object that has the
// channel, to a receiver that takes this lock between two receives: the second
// send waits for a receiver that waits for the lock.
//
// # waitgroup
//
// A Wait for a WaitGroup or an errgroup under a lock; every Done comes after a
// Lock of it, and so does the end of each goroutine that the group runs.
//
// # cond
//
// A Wait releases the Cond's own lock and no other. Here another one is held, and
// every Signal and Broadcast comes after a Lock of that.
//
// # join
//
// The wait is for the end of a goroutine: for the channel that it closes, or the
// WaitGroup that it is counted in, at its end. It takes the lock before that, and
// there it can be when the lock is taken here. The lock and what is waited for are
// fields of one object, or of two that are made to point to each other. Nothing is
// reported when who waits can know that the goroutine has had the lock: by a field
// that this sets and the wait depends on, or by a channel that it closes, or sends on,
// after that.
//
// # handler
//
// Shutdown of an HTTP server waits for the requests that are being served. One of the
// server's handlers takes the lock that is held. While it waits for this, its request does
// not end.
//
//	func (a *admin) Stop() {
//		a.mu.Lock()
//		defer a.mu.Unlock()
//		a.srv.Shutdown(context.Background()) // a.status, which serves /status, locks a.mu
//	}
//
// The lock and the server are fields of one object, for which the handler works, or there
// is but one such lock. A context with a deadline makes an end of the wait: it takes all of
// that time then, and the request is not served.
//
// # leaving
//
// A function sends to each that a map holds, under the lock of the map, and whoever is in the
// map gets out by a method that takes the lock. Who calls that and does not receive any more
// waits for the sender, who waits for him:
//
//	func (b *Broker) Publish(e Event) {
//		b.mu.Lock()
//		defer b.mu.Unlock()
//		for s := range b.subs {
//			s.c <- e
//		}
//	}
//	func (s *Subscription) Cancel() { s.b.mu.Lock(); delete(s.b.subs, s); s.b.mu.Unlock() }
//
// Copy what the map holds and send when it is unlocked, or select with a channel that Cancel
// closes before it takes the lock. Nothing is said where a goroutine of the package receives all
// the time, or the method that leaves receives what is left.
//
// # Limits
//
// The channel, group or Cond must be one that only this package knows, and that
// is given to nobody. An operation on the other side that can be reached
// without the lock makes the finding go away, even if nobody ever gets there.
// A wait in a called function is seen up to three calls deep, where it is done
// whatever way the function takes. Of a Cond the Locker must be known: a field
// beside it, or what NewCond is given.
package lockblock
