// Package lifecycle finds types whose start, stop and use do not go together.
//
// # Analyzer lifecycle
//
// lifecycle: check for methods that hang or panic once the type's goroutines are gone
//
// Many types start a goroutine in their constructor, talk to it in their methods,
// and end it in Stop or Close. What is easily forgotten: the goroutine can be gone
// when a method talks to it, Stop can come twice, and Stop can come while another
// method is waiting.
//
//	func (s *Server) Do(r Request) Reply {
//		s.requests <- r // for ever, when loop has returned
//		return <-s.replies
//	}
//
// The method should watch what ends the goroutine:
//
//	select {
//	case s.requests <- r:
//		return <-s.replies
//	case <-s.done:
//		return Reply{}
//	}
//
// The check makes a value with each constructor of the package and calls the
// methods on it as callers can: the one that starts it, one that uses it, one that
// stops it. These calls run abstractly, with the goroutines they start, under every
// schedule. The schedule that hangs is shown.
//
// # hang
//
// A method hangs or panics in the hands of a caller who has done nothing but make the
// value, start it, use it once and stop it: Stop waits for a goroutine that waits for
// Stop, or that has ended without saying so; a goroutine of the type calls Close and
// waits for its own end; a constructor forgets a channel.
//
//	func (p *pool) Stop() {
//		p.wg.Wait()   // the workers wait for quit
//		close(p.quit)
//	}
//
// # left-behind
//
// A goroutine of the type is blocked for ever although the type has been stopped, or
// closed: who closes it is done with it. Or it goes on for ever, with every tick, since
// nothing can tell it to end. Or the method that has started it, and is the only one that
// receives from it, has returned before it has taken what each of its goroutines sends.
//
// # failed
//
// A constructor returns an error when it has started a goroutine already. Only the value's
// Close could tell that to end, and the caller has no value:
//
//	c := &Client{quit: make(chan struct{})}
//	go c.refresh() // until c.quit is closed
//	if err := c.login(); err != nil {
//		return nil, err // close(c.quit) first
//	}
//	return c, nil
//
// # stopped
//
// A method sends to a loop that leaves when it is told to stop, as all that receive from the
// channel do, whoever tells them, and does not look whether it has. Who calls it late, from a
// goroutine that does not know yet, hangs, with the locks that he holds:
//
//	func (p *Program) Print(text string) { p.msgs <- text } // for ever, once loop has returned
//
// Where the method is given a context, ctxblock tells; of goroutines, sendleak and recvleak do.
//
// # twice
//
// This category and the next ones need -lifecycle.all: whether a second Stop, or a call
// after it, is a mistake is a matter of what the type promises.
//
// The method that stops hangs or panics when it is called again. A second Stop is
// what defer and an error path together do; a sync.Once takes it.
//
// # after-stop
//
// The method hangs, or sends on a closed channel, when it is called after the one
// that stops.
//
// # while-stopping
//
// The method hangs, or sends on a closed channel, when the one that stops is called
// by another goroutine meanwhile.
//
// # Limits
//
// Only types with a function in the package that
// returns a pointer to a new value are looked at, one stopping method and one other
// at a time. Channels in fields that methods beside these use are taken to be served
// by them, but for values that are sent or received when the type has been stopped. What lies in exported fields, and what is handed to code that is not
// seen, is taken to be served too.
package lifecycle
