// Package chanclose finds operations on channels that panic.
//
// # Analyzer chanclose
//
// chanclose: check for sends on closed channels and channels closed twice
//
// A send on a closed channel panics, and so does closing a channel that is
// closed already, or nil. The panic ends the process, often long after the
// test that never saw it.
//
// The check runs the function with the goroutines it starts, abstractly, under
// every schedule.
//
// # send-closed
//
// The receiver closes the channel while senders are still running, or each
// worker closes the channel that all send on:
//
//	for range 2 {
//		go func() {
//			results <- work()
//			close(results) // the other worker may not have sent yet
//		}()
//	}
//
// Close it once, when the last sender has ended:
//
//	go func() { wg.Wait(); close(results) }()
//
// Or a method closes the channel that the goroutine of its type sends on, which need not
// have seen yet that it is to end:
//
//	func (p *pump) Close() {
//		close(p.quit)
//		close(p.out) // the goroutine can be in: select { case p.out <- v: case <-p.quit: }
//	}
//
// Or a function sends, in what it calls, when it has closed the channel itself.
//
// # close-closed
//
// Two closes of one channel can both run: one that is deferred and one that is
// called, of a channel that somebody else has made as well.
//
// Or one method closes the channel in the function of a Once, or under a mark that says
// that it is closed, and another method closes it without:
//
//	func (l *Listener) Stop()     { l.once.Do(func() { close(l.quit) }) }
//	func (l *Listener) Shutdown() { close(l.quit) } // Stop may have been called: call it here
//
// Or a loop closes the channels of those that it throws out of its map, and of those who
// tell it that they leave, without a look whether they are still there:
//
//	case c := <-h.leave:
//		delete(h.clients, c)
//		close(c.send) // if h.clients[c]: whoever was too slow leaves as well
//
// Or a method closes the channel and takes a mark away, another one sets the mark anew, and
// both are called in turn: there is one channel for all times.
//
//	func (p *Poller) Reset() { p.Pause(); p.Resume() } // Resume must make a new p.quit
//
// # close-nil
//
// The channel that is closed is nil on this path. Or it is made when a method is first
// asked for it, and another method closes it, whether or not anybody has asked:
//
//	func (t *Topic) Close() {
//		close(t.feed) // nil if nobody has called Feed
//	}
//
// # left-in-map
//
// A channel that is found in a map is closed and stays there, and others send on what they
// find in the map:
//
//	func (r *room) leave(id int) {
//		r.mu.Lock()
//		defer r.mu.Unlock()
//		if ch, ok := r.members[id]; ok {
//			close(ch) // and delete(r.members, id)
//		}
//	}
//
// Delete it there when it is closed, under the same lock.
//
// # past-unlock
//
// Channels are kept in a map or slice under a lock. A function takes them out, lets go
// of the lock, and sends; another one deletes and closes them under the lock, which it
// can do in between:
//
//	h.mu.Lock()
//	ch := h.subs[id]
//	h.mu.Unlock()
//	ch <- ev // Unsubscribe may have closed it
//
// Send under the lock (with a default, so that nobody waits there), or let nobody but
// the sender close.
//
// # past-check
//
// An object has a channel and a mark that says that it is closed. The sender looks at the
// mark, under its lock or atomically, and sends when the lock is let go, by when the mark
// can be set and the channel be closed:
//
//	h.mu.Lock()
//	closed := h.closed
//	h.mu.Unlock()
//	if !closed {
//		h.out <- ev // Close may have closed it
//	}
//
// Hold the lock over the send, a read lock where there is one, and close under it; or
// never close the channel that is sent on, and have Close close another one that the
// senders and receivers select on.
//
// # schedule
//
// Every branch is fine, but some order of the goroutines' steps leads there. It is
// reported where the whole of the system was explored; -chanclose.schedule asks for
// the others too.
//
// # Limits
//
// Channels that are handed to code which is not seen, stored behind an unknown
// pointer, or returned by the function are not judged.
package chanclose
