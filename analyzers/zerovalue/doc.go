// Package zerovalue finds zero values that were taken for something usable.
//
// # Analyzer zerovalue
//
// zerovalue: check for locks, conditions, maps and channels that are used although nothing ever sets them
//
// The zero value of a Mutex, WaitGroup, Once, Pool or atomic is ready for use,
// that of a pointer to one is not: it is nil, and its methods panic. So does
// Wait of a Cond that has no Locker, and a write to a nil map. A nil channel
// blocks for ever.
//
//	type cache struct {
//		mu *sync.Mutex // nothing sets it
//		m  map[string]int
//	}
//
//	func (c *cache) inc(key string) {
//		c.mu.Lock() // panics
//
// Declare the value itself; it needs no constructor:
//
//	type cache struct {
//		mu sync.Mutex
//
// What is reported is a variable, or a field that other packages cannot set,
// which nothing in its package sets: no assignment, no composite literal, no
// address that is handed on, no conversion. A variable that is compared with
// nil is left alone, since it is meant to be nil at times.
//
// # nil-pointer
//
// A method is called on a *sync.Mutex, *sync.WaitGroup or the like that is nil.
// The fix declares the value.
//
//	var wg *sync.WaitGroup
//	wg.Add(1) // panics
//
// # cond-without-locker
//
// Wait of a Cond that was not made by [sync.NewCond], or by that from nil, and
// whose L nothing sets. Signal and Broadcast do without one.
//
//	type queue struct {
//		mu   sync.Mutex
//		cond sync.Cond
//	}
//
//	q.cond.Wait() // panics
//
// Set it where the queue is made: q.cond.L = &q.mu.
//
// # nil-map
//
// A write to a map that nothing makes: of a local variable anywhere, of another one
// in a function that locks or in a goroutine. The panic leaves the lock locked, or
// ends the whole program.
//
//	c.mu.Lock()
//	c.m[key]++ // panics
//
// A map that the constructor makes is nil in an object that a literal makes past it. It is
// reported where a method is called on this object that writes to the map in any case, and
// nothing sets the map later.
//
//	return &probe{passed: newTally(), failed: tally{}} // p.failed.add panics
//
// # nil-channel
//
// A channel field that nothing makes is closed, which panics; or it is sent on or
// received from, which blocks for ever: outside of a select, or in one that has no
// default and no case on another channel.
//
//	type worker struct{ done chan struct{} }
//
//	func (w *worker) stop() { close(w.done) } // panics
//
// What becomes of channels and objects that are made in sight is for nilchan to
// say.
//
// # Limits
//
// A variable that is set on some paths only is not followed. Exported fields of
// exported types, and exported variables, can be set by other packages.
// Reflection is taken to leave unexported fields alone. A constructor or new for
// a Mutex that would be ready as declared is for needlessnew, which is advice.
package zerovalue
