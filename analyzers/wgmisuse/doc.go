// Package wgmisuse finds WaitGroups that count wrongly.
//
// # Analyzer wgmisuse
//
// wgmisuse: check for WaitGroups that count too late, too little or too much
//
// A WaitGroup is right when every Add comes before the Wait that it is meant for,
// and every Add is met by one Done. An Add that comes late lets Wait return too
// early; a missing Done lets it wait for ever; one too many panics.
//
// The check runs the function with the goroutines it starts, abstractly, under
// every schedule. Of the Add that is the first statement of a goroutine, the pass
// waitgroup speaks.
//
// # late-add
//
// Wait can find the counter at zero and return before the goroutine has got to
// its Add:
//
//	go func() {
//		log.Print("starting")
//		wg.Add(1)
//		defer wg.Done()
//		work()
//	}()
//	wg.Wait()
//
// Add before the go statement, or use wg.Go. So does a method that counts itself when it
// runs, where it is only ever started as a goroutine, and another method waits. And so does
// an Add after a check that nobody is stopping yet: who stops sets the mark and waits, both
// between the check and the Add, and frees what the late one goes on to use. The check and
// the Add belong under one lock, under which the mark is set, too:
//
//	if s.draining.Load() {
//		return errDraining
//	}
//	s.inflight.Add(1) // Shutdown may be over by now
//
// # missing-done
//
// One path of the goroutine skips Done, so Wait waits for ever:
//
//	wg.Add(1)
//	go func() {
//		if err := work(); err != nil {
//			return
//		}
//		wg.Done()
//	}()
//	wg.Wait()
//
// Defer it: defer wg.Done().
//
// # negative
//
// A Done that nothing was added for, such as one in a function that wg.Go runs,
// takes the counter below zero, which panics:
//
//	wg.Go(func() {
//		defer wg.Done()
//		work()
//	})
//
// So does a goroutine that calls Done, itself or in a function that it calls, and has
// deferred it as well, when each go statement that starts it adds one; and a function that
// wg.Go runs and that calls one with a Done, when nothing in the package adds to the group.
//
// # early-done
//
// The function that adds and starts the goroutine calls Done as well, so that Wait
// does not wait for the goroutine:
//
//	func (f *flusher) start(wg *sync.WaitGroup) {
//		wg.Add(1)
//		defer wg.Done() // when start returns
//		go f.flush()
//	}
//
// Call Done at the end of the goroutine, or use wg.Go.
//
// # serial
//
// Each turn of a loop starts one goroutine and waits for it right away, so they run
// one after the other. Wait behind the loop, or do without goroutines.
//
// # self-wait
//
// What the group counts until it returns waits for the group before it returns, here
// or in a function that it calls, and so for itself:
//
//	func (c *conn) loop() {
//		defer c.wg.Done()
//		for c.step() == nil {
//		}
//		c.close() // which calls c.wg.Wait
//	}
//
// Wait in another goroutine: go c.close().
//
// # unended
//
// What the group counts goes on until something happens that comes after the Wait:
//
//	ctx, cancel := context.WithCancel(context.Background())
//	defer cancel() // runs last
//	wg.Go(func() { renew(ctx) })
//	defer wg.Wait()
//
// End it first: a deferred call runs before those that were deferred earlier.
//
// # one-quit
//
// Several goroutines wait to be told to end, one value is sent, and the group is waited for:
//
//	func (p *pool) stop() {
//		p.quit <- struct{}{} // for one of them
//		p.wg.Wait()
//	}
//
// Close the channel: all receive from a closed one.
//
// # unwaited
//
// The function waits for its goroutines before it returns an error, and where another
// error makes it return it does not. The goroutines go on then with what the function had
// from its caller, or gives back.
//
//	for {
//		head, err := r.Next()
//		if err == io.EOF {
//			wg.Wait()
//			return nil
//		}
//		if err != nil {
//			wg.Wait()
//			return err
//		}
//		part, err := r.Read(head)
//		if err != nil {
//			return err // the stores that have been started go on
//		}
//		wg.Go(func() { store(part) })
//	}
//
// Wait there, too; or defer the Wait, before the loop.
//
// # schedule
//
// Every branch is fine, but some order of the goroutines' steps leads there. It is
// reported where the whole of the system was explored; -wgmisuse.schedule asks for
// the others too.
//
// # Limits
//
// WaitGroups that code which is not seen can use (stored behind an unknown pointer,
// or handed to it) are passed over.
package wgmisuse
