// Package selectexit finds selects and loops that do not end when they should.
//
// # Analyzer selectexit
//
// selectexit: find selects and loops that never leave, spin, or wait in vain
//
// A goroutine that serves channels is a loop around a select, and one of the
// cases is to end it. When that case leaves only the select, the loop comes
// back at once: a closed channel, and the Done channel of a context that is
// done, are ready for ever. The goroutine leaks and takes a whole core with it.
//
//	for {
//		select {
//		case <-ctx.Done():
//			break // leaves the select
//		case job := <-jobs:
//			job.run()
//		}
//	}
//
// Return, or name the loop:
//
//	loop:
//		for {
//			select {
//			case <-ctx.Done():
//				break loop
//			case job := <-jobs:
//				job.run()
//			}
//		}
//
// What counts is the flow of control, not the looks of a case: a case is in
// order when some path from it leaves the loop, be it by the loop's condition,
// by a flag that is looked at further down, or by a call that does not return.
// So is one that sets the channel to nil or to another one. A goroutine that
// lives as long as the process is not reported for that alone.
//
// # break-leaves-select
//
// A case that receives from a channel that says stop (the Done channel of a
// context, a channel of empty structs that the package closes and never sends
// to, or any channel once the second value of the receive is false) ends with
// a break. The break ends the select only, and the loop goes on: with what
// follows the select, or with the same case again.
//
//	for _, host := range hosts {
//		select {
//		case <-ctx.Done():
//			break // the next host is dialled nevertheless
//		default:
//		}
//		dial(host)
//	}
//
// Nothing is said when all cases end with a break by habit and something below
// leaves the loop, or when the loop asks for the context's error elsewhere.
//
// # done-continues
//
// A case receives from a context's Done channel and every path from there
// leads to the same select again. It spins from the moment the context is done.
//
//	for {
//		select {
//		case <-ctx.Done():
//			log.Print("stopping") // a million times a second
//		case job := <-jobs:
//			job.run()
//		}
//	}
//
// The repair is a return. When the loop is to go on with other cases, switch
// this one off: keep the channel in a variable and set it to nil.
//
// When another case leaves the loop, this one is reported only if all it does
// is to write a message: other calls may be what makes the other case ready.
//
// A call that is given the context fails at once when that is done. A loop that goes on
// whenever the call fails, with no pause and no look at the context, spins as well:
//
//	for {
//		lease, err := locker.Acquire(ctx)
//		if err != nil {
//			continue // if ctx.Err() != nil { return }
//		}
//		...
//	}
//
// # closed-spin
//
// A loop receives from a channel that this package closes, does not look
// whether it is closed, and has no path from there out of the loop. It gets
// the zero value again and again.
//
//	go func() {
//		defer close(lines)
//		scan(lines)
//	}()
//	for {
//		select {
//		case l := <-lines: // after the last line: "", for ever
//			show(l)
//		}
//	}
//
// Range over the channel, or look at the second value:
//
//	case l, ok := <-lines:
//		if !ok {
//			return
//		}
//
// A loop that goes on until its channels are nil has to set each of them so when it is
// closed: a receive from one that nothing sets is reported, whoever closes it.
//
// So does what a function returns that makes the channel, and starts a goroutine
// which comes to its end by itself and closes it then.
//
// It is the same when the second value is looked at and the branch for the
// closed channel comes back to the receive, wherever the channel is closed. Where
// there is but a branch for the open channel, and another case leaves the loop,
// nothing is said: the channel may be closed after that.
//
// # spinning-default
//
// A default takes the loop back to the select without doing anything on the
// way: nothing that waits, no call, no assignment but of a constant. The loop spins until one
// of the cases is ready.
//
//	for {
//		select {
//		case job := <-jobs:
//			job.run()
//		default:
//		}
//	}
//
// Without the default the select waits. Tests, which make load on purpose, are
// left alone.
//
// # dead-timeout
//
// [time.After] starts a timer each time the select is reached. Beside a default
// it is never ready in time; beside a ticker or another timer with a shorter
// period whose case comes back to the select, neither.
//
//	for {
//		select {
//		case <-ticker.C: // every second
//			poll()
//		case <-time.After(time.Minute): // never
//			return errTimeout
//		}
//	}
//
// Make the timer once, before the loop:
//
//	timeout := time.After(time.Minute)
//	for {
//		select {
//		case <-ticker.C:
//			poll()
//		case <-timeout:
//			return errTimeout
//		}
//	}
//
// Both durations must be constants, or variables that are declared with one
// and never set again. A timeout beside a case that is ready at unknown times
// is an idle timeout, and right.
//
// # no-exit
//
// A method starts a goroutine with a loop around a select that nothing leaves,
// although its type has a stop signal: a channel field that the package closes,
// or a context field, by which another loop of the package ends. This one does
// not look at it, and outlives its owner.
//
//	func (p *poller) tick() { // go p.tick()
//		for {
//			select {
//			case <-p.ticker.C:
//				p.poll()
//			}
//		}
//	}
//
// Add the case:
//
//	case <-p.quit:
//		return
//
// # select-forever
//
// A select without cases blocks for ever. In a function that never returns
// because of it, and that is called where more is to be done, the rest never
// happens.
//
//	func serve() {
//		go listen()
//		select {}
//	}
//
//	func start() {
//		serve()
//		close(ready) // never
//	}
//
// At the end of main, of a goroutine, or of a command that has a result only
// because its signature asks for one, it is in order.
//
// # same-case
//
// Two cases of one select receive from the same channel, or send the same value
// on it. Both are ready at the same time, and the select chooses one of them by
// chance. Mostly the second one was copied and another channel was meant.
//
//	select {
//	case u := <-s.added:
//		s.add(u)
//	case u := <-s.added: // s.removed
//		s.remove(u)
//	}
//
// Two cases that do the same, too, are left alone: they give a channel more
// weight beside others.
//
// # empty-loop
//
// A loop without condition and body is to keep the process alive while goroutines
// work. It takes a whole core from them.
//
//	func main() {
//		go serve()
//		for {
//		}
//	}
//
// select {} blocks instead. In functions that neither start a goroutine nor are
// main, and in tests, nothing is said.
//
// # idle-goroutine
//
// The first thing that a goroutine does is to block for ever. A select without cases keeps main
// from returning, and a goroutine that has done its part from ending; at the beginning of one
// it is a goroutine that is never freed, for nothing:
//
//	go func() {
//		select {}
//	}()
//
// In tests, which may want one, nothing is said.
//
// # error-spin
//
// A loop without a condition calls something that fails each time from some moment on, and
// when it fails does nothing but to write a message, and goes on: a read from a stream,
// once that has come to its end, or the Accept of a listener that the package closes.
//
//	for {
//		if err := dec.Decode(&msg); err != nil {
//			log.Print(err) // io.EOF, as fast as it can be written
//			continue
//		}
//		handle(msg)
//	}
//
// Leave the loop, at least when the error says so:
//
//	if errors.Is(err, io.EOF) {
//		return
//	}
//
// # Limits
//
// The check is silent when it is not sure that the channel is the same in each
// turn: one that a method returns (other than a context's), that lies in a
// slice or map, that is set in the loop or by another function, or a field
// that is set again while the loop calls functions of the package.
//
// A channel is known to be closed only if this package closes it by the same
// variable or field, passes nothing but such variables for a parameter, or has it
// from a function that makes it and starts a goroutine which closes it at its end.
//
// A case from which one path leaves the loop is taken to leave, even when that
// path depends on something else. A call in a default is taken to wait. Which
// goroutines must end is not known beyond what no-exit says.
package selectexit
