// Package semaphore finds misuse of semaphores.
//
// # Analyzer semaphore
//
// semaphore: find semaphores whose slots are lost, given back without being taken, or waited for by who holds one
//
// A semaphore lets a number of goroutines through: a channel with room for as
// many values, where a send takes a slot and a receive gives it back, or one of
// golang.org/x/sync/semaphore. A slot that is not given back is lost for ever;
// when all are, everybody waits.
//
//	sem <- struct{}{}
//	if err := check(x); err != nil {
//		return err // the slot stays taken
//	}
//	work(x)
//	<-sem
//
// Give it back whatever happens:
//
//	sem <- struct{}{}
//	defer func() { <-sem }()
//
// # not-released
//
// On some path the slot is not given back, though on others it is. A slot can also be kept
// on purpose, by an object that is closed, say. Found by default is a return that keeps a
// slot of which nobody can know: with an error, without any results, or with any where
// no other function has to do with the semaphore, where the function
// gives it back on another path, nothing before the return could do so or note that it is
// held, and whoever gives back a slot of this semaphore has taken it.
//
// With -semaphore.lost all are found: when the function returns, the loop goes to
// its next turn, or the goroutine that was given the slot ends. A function that returns true, or a
// function, is taken to leave the slot to its caller.
//
// # not-acquired
//
// A slot is given back that was not taken: Release is deferred before Acquire,
// which can fail; the error of Acquire is not looked at, or that of a function that takes
// a slot unless its context is done; or a select that takes
// a slot or gives up, by another case or its default, comes to the release in both
// cases. Weighted panics then; a receive from the channel takes the slot of
// somebody else, or blocks. A release under a condition is left alone.
//
//	defer sem.Release(1)
//	if err := sem.Acquire(ctx, 1); err != nil {
//		return err // releases what it has not got: panics
//	}
//
// # held-again
//
// A function waits for a slot while it holds one: it takes two, or calls a
// function that takes one, itself for example. When each slot is held by
// somebody who waits for another, nobody goes on.
//
//	func (c *crawler) crawl(url string) {
//		c.slots <- struct{}{}
//		defer func() { <-c.slots }()
//		for _, l := range links(url) {
//			c.crawl(l)
//		}
//	}
//
// It is the same when it starts goroutines that come back to the function, and waits for
// them: the slots are with the parents, and the children get none.
//
// Give it back before:
//
//	c.slots <- struct{}{}
//	found := links(url)
//	<-c.slots
//	for _, l := range found {
//		c.crawl(l)
//	}
//
// # Limits
//
// A channel counts as a semaphore when its values say nothing, it has room, and
// one function sends and then receives, itself, in a goroutine that it starts, or by
// functions of the same package that it calls: methods of the struct that has the channel, or
// of the channel's own type, functions that get it as an argument, literals in a variable.
// One that takes must say so by how it returns: without results, with a nil error, with true,
// or with a function that gives the slot back. A slot that is taken by one method and given
// back by another, both called from elsewhere, is not followed, nor are functions of other
// packages, those behind interfaces, and a channel that is filled first and received from to take a
// slot. The weights of Weighted are not counted. Slots of a channel that the
// function itself makes are not missed after its return.
package semaphore
