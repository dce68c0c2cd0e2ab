// Package condmisuse finds wrong uses of sync.Cond.
//
// # Analyzer condmisuse
//
// condmisuse: check that sync.Cond is waited on in a loop, under its lock, and that no wakeup is missed
//
// A Cond says that something has changed, and no more. When Wait returns,
// another goroutine may have come first, or the change may have been another
// one. So the condition is looked at again, under the lock:
//
//	q.mu.Lock()
//	for len(q.items) == 0 { // not: if
//		q.cond.Wait()
//	}
//	x := q.items[0]
//
// # outside-loop
//
// After Wait the function goes on without another look at the condition. Where
// nothing but an if is around it, the fix makes a for of that. A Wait with no
// condition at all is reported when the function then takes what must be there.
//
// # without-lock
//
// Wait is reached without a lock. It begins with an Unlock, which ends the
// program when the lock is not held.
//
//	for !q.ready {
//		q.cond.Wait() // fatal error: sync: unlock of unlocked mutex
//	}
//
// # signal
//
// Signal wakes one goroutine, and goroutines wait on the Cond for different
// things: producers for room, say, and consumers for items. The one that is
// woken can be of the wrong kind. It waits again, and the one whose condition
// has come true blocks forever. Call Broadcast, or make a Cond for each kind.
//
// It is the same with a flag that says that all is over, which is set for good and ends
// the wait of all the goroutines that a loop has started, or of all callers of a method that the
// package wakes by Broadcast elsewhere: one of them ends.
//
// And with a number that each caller has of its own, as a ticket or the units that he needs of
// a quota: the one that is woken may not be the one that can go on.
//
//	for p.free < n {
//		p.cond.Wait()
//	}
//
// # unlocked-change
//
// What the loop around Wait looks at is changed, and the Cond signalled, without
// the lock. The change and the signal can both fall between the look at the
// condition and the Wait, which then blocks forever. An atomic variable does not
// help.
//
//	s.stopped.Store(true) // not under s.mu
//	s.cond.Broadcast()
//
// A function that has let the lock go before the change is no better. That it need
// not be held at the signal holds of the signal only.
//
// # unlocked-wakeup
//
// A context ends, or a timer fires, and no lock is held when they do. Who waits looks at
// the context under the lock, and the wakeup that is given for its end, once and without
// the lock, can fall between this look and the Wait. No second one follows.
//
//	context.AfterFunc(ctx, func() {
//		q.mu.Lock() // without it the Broadcast can come before the Wait
//		defer q.mu.Unlock()
//		q.cond.Broadcast()
//	})
//
//	for len(q.items) == 0 && ctx.Err() == nil {
//		q.cond.Wait()
//	}
//
// # never-signalled
//
// Goroutines wait on a Cond in an unexported field, and nothing in the package calls
// Signal or Broadcast of it, or hands it to what could, whoever changes what is waited for:
//
//	func (h *handler) resume() {
//		h.mu.Lock()
//		h.paused = false // whoever waits for this is not told
//		h.mu.Unlock()
//	}
//
// # unsignalled-change
//
// Some changes of what is waited for are told, and this one is not: it would end the loop
// around Wait, but who waits there looks again only when it is woken.
//
//	func (q *queue) Close() {
//		q.mu.Lock()
//		q.closed = true // pop waits while !q.closed; it sleeps on
//		q.mu.Unlock()
//	}
//
// Call Broadcast, or Signal where one waiter is enough, before or after the unlock.
//
// # nested-lock
//
// Wait gives up the lock of its Cond and no other. When one more stays locked, by a caller
// say, and everybody who wakes the Cond locks that first, nobody does:
//
//	func (db *database) Put(row string) {
//		db.mu.Lock()
//		defer db.mu.Unlock()
//		db.table.put(row) // waits for room
//	}
//
//	func (db *database) Flush() {
//		db.mu.Lock() // for ever
//		defer db.mu.Unlock()
//		db.table.clear() // makes room
//	}
//
// Unlock it before the Wait, or wake the Cond without it. It is reported where all that
// wakes the Cond is in sight, and both locks belong to one object.
//
// # Limits
//
// A function that can be called with the lock held is taken to be so. What a
// condition that is a call of another function looks at is not known.
// A Wait after which the function only returns is left to the caller to check.
// A change is taken for one that is not told only where its function holds the lock itself,
// and where no wakeup of the Cond comes by itself, as that of a clock does.
// Different kinds of waiters are told by conditions that have no part in common.
package condmisuse
