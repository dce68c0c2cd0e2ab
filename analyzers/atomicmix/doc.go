// Package atomicmix finds words that are accessed atomically here and plainly
// there, and atomic operations that are two where they should be one.
//
// # Analyzer atomicmix
//
// atomicmix: check that an atomic word is always accessed atomically, in one step
//
// An atomic write helps only those that read atomically. A plain read beside it
// is a data race like any other: the compiler can keep the old value in a
// register, and on some machines half of a word is seen.
//
//	atomic.AddInt64(&s.hits, 1) // by the handlers
//	log.Print(s.hits)           // by the ticker
//
// The repair, which leaves no other way to access it, is a type of package
// atomic:
//
//	hits atomic.Int64
//
// # read-back
//
// A function writes a word atomically and then reads it plainly, for the value that
// it has now. Another goroutine in the same function writes it meanwhile: the read
// is a data race, and its value somebody else's.
//
//	atomic.AddUint32(&r.next, 1)
//	return r.hosts[r.next%n] // n := atomic.AddUint32(&r.next, 1)
//
// Likewise a Load of what the function has just added to, where the value is returned, or
// is the key of a map: two callers can both see the second Add, and get one number.
//
//	g.seq.Add(1)
//	return g.seq.Load() // return g.seq.Add(1)
//
// # copy
//
// A method with a value receiver accesses a field of it atomically. The copy was made by a plain read, which races with the
// atomic writes elsewhere; what is written to the copy is lost.
//
//	func (m meter) Count() int64 { // (m *meter)
//		return atomic.LoadInt64(&m.n)
//	}
//
// # mixed
//
// This category and the following ones need -atomicmix.all. Reported in any case are a plain
// write under a lock under which other functions write the word atomically, since a read, or an
// Add, takes no lock, and a plain read in what other packages can call of a word that another such function
// writes atomically, if the package makes no copies of the struct:
//
//	func (h *Histogram) Observe(v float64) { atomic.AddUint64(&h.count, 1); ... }
//	func (h *Histogram) Mean() float64     { return h.sum() / float64(h.count) } // atomic.LoadUint64
//
// or such a read under the lock beside the word, where a goroutine writes it atomically and takes no
// lock,
//
// and a Store of what was computed from a Load, in what requests or several goroutines are seen
// to run at the same time.
//
// A field, package variable or captured variable is written by package atomic in
// one place and accessed plainly in another, which can run at the same time, or
// the other way round. Constructors, tests, code before the goroutines are started
// and after they have been waited for, and accesses under one lock are left
// alone.
//
// # load-store
//
// The value that is stored is computed from one that is loaded before. What
// others store in between is lost.
//
//	s.hits.Store(s.hits.Load() + 1) // s.hits.Add(1)
//
// # check-store
//
// A value is loaded, checked, and stored anew. Where the branch closes a channel
// or starts a goroutine, two goroutines can both do so; where the loaded value is
// compared by < or > with the new one, a larger one can be overwritten.
//
//	if !s.closed.Load() {
//		s.closed.Store(true)
//		close(s.done) // panics when two get here
//	}
//
// The repair:
//
//	if s.closed.CompareAndSwap(false, true) {
//		close(s.done)
//	}
//
// # value-type
//
// All values that are stored in one atomic.Value must have one concrete type: the store of
// another one panics, and so does that of nil. An error is mostly of the type of whoever made it.
//
//	p.last.Store(err) // panics when a *net.OpError comes after a *url.Error
//
// Store a struct that holds it, p.last.Store(failure{err}), or use an atomic.Pointer.
//
// # Limits
//
// Code that builds locks and pools of its own reads plainly what it can prove to
// be set, and such code is what mostly mixes the two; so all but read-back need the
// flag.
//
// x = atomic.AddInt64(&x, 1) is what atomic of golang.org/x/tools reports; it is
// bundled. Elements of arrays and slices are not told apart and not looked at.
// A plain access under any other lock is left alone, since the lock can keep that object
// while others of the type are shared by atomics. Functions that a lock is held around are left alone, as are functions that no
// other package and no goroutine of this one leads to.
package atomicmix
