// Package timerleak finds timers and tickers that leak, block or lie.
//
// # Analyzer timerleak
//
// timerleak: find tickers that are never stopped, and timers that are drained, reset or waited for wrongly
//
// A ticker that is not stopped goes on ticking. Up to the language version
// go1.22 the runtime also keeps it for ever, be it used or not:
//
//	func wait(ready func() bool) {
//		ticker := time.NewTicker(time.Second)
//		for range ticker.C {
//			if ready() {
//				return
//			}
//		}
//	}
//
// Stop it when the function returns:
//
//	ticker := time.NewTicker(time.Second)
//	defer ticker.Stop()
//
// From go1.23 a timer or ticker that nothing refers to is collected, and Stop
// and Reset leave no old value in its channel. What is only wrong before that
// is only reported in files of such a version. What follows from Stop not
// closing the channel is wrong in all versions.
//
// # not-stopped
//
// Before go1.23: a ticker in a local variable, which nothing else has, is not
// stopped at a return of the function. Tests and main are left alone.
//
// # tick-leaks
//
// Before go1.23: [time.Tick], whose ticker cannot be stopped, in a loop or in
// a function that returns.
//
//	case <-time.Tick(time.Minute): // one more ticker in each turn
//
// # new-each-turn
//
// Before go1.23: [time.After] with ten seconds or more as a case of a select in
// a loop. Each time another case is chosen, its timer is left behind and kept
// until it fires. Of a field, parameter or package variable it is not known how
// long that is: then the other case has to take a value, and what the package sets
// it to must not be short.
//
//	for {
//		select {
//		case v := <-in:
//			use(v)
//		case <-time.After(time.Hour):
//			return
//		}
//	}
//
// Make one [time.NewTimer] before the loop, and Stop, drain and Reset it.
//
// # range-forever
//
// A goroutine ranges over the channel of a ticker, nothing in the loop leaves
// it, and somebody else stops the ticker, or its type closes a channel to say
// that it ends. Stop does not close the channel: the goroutine waits for ever.
//
//	ticker := time.NewTicker(time.Second)
//	defer ticker.Stop()
//	go func() {
//		for range ticker.C { // leaks
//			report()
//		}
//	}()
//
// Give it something that ends it:
//
//	for {
//		select {
//		case <-ticker.C:
//			report()
//		case <-done:
//			return
//		}
//	}
//
// # drain-blocks
//
// The idiom to empty a timer's channel, reached on a path on which the value
// was received already. Stop returns false then, and the receive blocks.
//
//	select {
//	case <-timer.C:
//	case <-done:
//	}
//	if !timer.Stop() {
//		<-timer.C // blocks if the timer fired above
//	}
//
// Drain only where nothing was received; from go1.23 there is nothing to drain
// and Stop is enough. The idiom can stand in a method of its own, which is called after
// the select.
//
// # no-channel
//
// A receive from the field C of a timer of [time.AfterFunc]. It is nil. Of a timer in a
// field of a struct, when all that the package puts there is made by AfterFunc.
//
// # stale-reset
//
// Before go1.23: a Reset in a loop of a timer that may have fired in the
// meantime, without Stop and drain before it. The old value is still in
// the channel, and the next turn takes it for the new one.
//
// # always-empty
//
// From go1.23: the length of a timer's channel, which is always 0.
//
// # stop-ignored
//
// A timer of [time.AfterFunc] is stopped, and then its function is waited for. If
// Stop came in time the function never runs, and the wait never ends.
//
//	timer := time.AfterFunc(d, func() { work(); wg.Done() })
//	...
//	timer.Stop()
//	wg.Wait()
//
// Do what the function would have done:
//
//	if timer.Stop() {
//		wg.Done()
//	}
//
// It is the same with what [context.AfterFunc] returns.
//
// # spent
//
// A timer that is made before a loop, with [time.NewTimer] or [time.After], limits how long
// each turn waits for what it has for itself. It fires once. The turn in which it does so
// gives up; the next ones have no limit any more.
//
//	timeout := time.NewTimer(5 * time.Second)
//	for _, dep := range deps {
//		select {
//		case <-dep.up:
//		case <-timeout.C: // the next dep is waited for without end
//		}
//	}
//
// Leave the loop there if the time was meant for all, or Reset the timer in each turn. Where
// each turn waits for the same, such as a warning after some time, nothing is said, and
// neither when the case calls something that may make an end of the others, too.
//
// # unset
//
// Who receives from a timer starts it again for the next time, and nobody else does. When
// something fails in between, the turn ends before that. The timer never fires again, and
// what it was to do from time to time is not done any more.
//
//	case <-c.timer.C:
//		next, err := c.refresh()
//		if err != nil {
//			log.Print(err)
//			continue // the last refresh
//		}
//		c.timer.Reset(next)
//
// Reset it there, too, or first of all.
//
// # Limits
//
// A ticker in a field, or one that a closure, a goroutine or another function
// has, is taken to be stopped there. A ticker whose goroutine runs as long as
// the process is right, and nothing tells it from one that should end but a
// Stop or a closed channel. The language version is that of the file; what
// counts at run time is that of the main package's module.
package timerleak
