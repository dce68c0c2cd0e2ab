// Package checkact finds checks that are out of date when they are acted upon.
//
// # Analyzer checkact
//
// checkact: check that nothing can change between a check and the act that depends on it
//
// Each step is safe, the two together are not: between the check and the act
// another goroutine does the same. Both then find the key missing, the object not
// made, the channel not empty, and both act.
//
//	if _, ok := m.Load(key); !ok {
//		m.Store(key, new(counter)) // two callers, two counters
//	}
//
// The repair is one step, or one lock around both:
//
//	c, _ := m.LoadOrStore(key, new(counter))
//
// # sync-map
//
// A Load of a sync.Map finds no entry, and a Store makes one, of a value that is
// used later by its identity: a channel, a map, or a pointer to what holds one, a
// lock, or an atomic. Or the stored value is computed from the loaded one. A
// cache of plain values is left alone, where storing twice does no harm, unless the
// function returns true where it has stored, and false where not: two are told then that
// they were the first.
//
// # double-checked
//
// A variable is read without the lock and, if it is not set yet, written under
// it. The first read races with the write: it can see a pointer to an object
// whose fields are not set yet. sync.Once, sync.OnceValue and atomic.Pointer do it
// right.
//
// # recheck
//
// The check is made under the lock, which is let go and taken again for the
// write: mostly the step from RLock to Lock. Reported where the written value is
// used by its identity, or where a channel is closed or a goroutine is started
// in the same branch, or where a count that was found below a limit is raised later. The
// write, as the check, can be a call of a method that locks for itself.
//
// # channel-length
//
// The length of a channel decides that an operation will not block, and another
// goroutine has the same operation on the channel.
//
// # close
//
// A select with a default case finds that a channel is open, and it is closed
// there, without a lock: the second of two callers closes it again, and panics. A
// method Close is left alone: it is most often called by the owner alone, who can
// call it again.
//
// # once
//
// A function reads a field, to save itself the call of Once.Do that sets it. The read
// races with the write of a goroutine that is in the Do: what it sees need not be all
// there. Do is one atomic load when all is done, so nothing is saved.
//
//	if l.v != nil {
//		return l.v // without an order
//	}
//	l.once.Do(func() { l.v = load() })
//
// # lost-update
//
// What is written under the lock is computed from what was read under an earlier hold of
// it: what another goroutine writes in between is lost. Mostly the two are calls of
// methods that each lock for themselves:
//
//	used := l.Used(ns)             // locks and unlocks
//	l.SetUsed(ns, used+1)          // so does this: two callers, one count
//
// Both belong under one lock, in one method.
//
// # Limits
//
// Only functions that other packages or several goroutines can call are looked
// at, and within one function only. A function whose callers hold a lock is left
// alone.
package checkact
