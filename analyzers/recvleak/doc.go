// Package recvleak finds goroutines that are blocked for ever on a receive.
//
// # Analyzer recvleak
//
// recvleak: check for goroutines blocked for ever on a channel receive
//
// A receive waits for a send or a close, a range over a channel for the close.
// When the sender has given up, or the close stands on one path only, the
// goroutine waits for ever and is never freed.
//
// The check runs the function with the goroutines it starts, abstractly, under
// every schedule. It reports a receive when a choice of branches, or a timeout
// or cancellation, leaves the receiver alone whatever the schedule.
//
// # abandoned
//
// The workers outlive their work, since nothing closes the channel:
//
//	jobs := make(chan int)
//	go func() {
//		for j := range jobs {
//			do(j)
//		}
//	}()
//	for _, j := range list {
//		jobs <- j
//	}
//
// Close it when all is sent, also on the paths that return early:
//
//	defer close(jobs)
//
// # pipe
//
// A read from an io.Pipe waits as a receive does, until something is written or the
// writer is closed. The function that has the writer returns and does not close it:
//
//	pr, pw := io.Pipe()
//	go func() { sum <- digest(pr) }()
//	if _, err := io.Copy(pw, src); err != nil {
//		return err // digest(pr) reads on
//	}
//	pw.Close()
//
// Close the writer whatever happens, with the error if there is one:
//
//	_, err := io.Copy(pw, src)
//	pw.CloseWithError(err)
//
// # stopped
//
// The channel is in a field and never closed, and all that send on it leave when they are told
// to stop, by a context or a channel that is closed. A goroutine that receives does not
// look at that: when it comes late, nobody sends.
//
//	func (l *lessor) use() { serve(<-l.leases) } // for ever, once lend has returned
//
//	for n := 0; ; n++ {
//		select {
//		case l.leases <- n:
//		case <-ctx.Done():
//			return
//		}
//	}
//
// Watch it on both sides, or close the channel.
//
// # left-open
//
// One function closes the channel of an object, and leaves it open when there is an error.
// Others have found the object before and wait for the channel:
//
//	v, err := c.fetch(key)
//	if err != nil {
//		return err // l.ready stays open
//	}
//	close(l.ready)
//
// Or a function makes the channel, starts a goroutine that ranges over it, and returns an error
// before it closes it. Close it on every path: defer close(l.ready). A function that closes it for another one, on
// each of its ways, is followed, and so is one that finds the object in a map by what a loop ranges over, with a
// goroutine for each. Nothing is said where the function can be called once more for the object, or anything else
// closes the channel or sends on it.
//
// # unanswered
//
// Who asks makes a channel, sends it off in a request and waits for the answer, and for nothing
// else. One function answers, but leaves, or goes on with the next request, on one way without:
//
//	case take:
//		if stock[o.item] == 0 {
//			return // who has asked waits for ever
//		}
//		stock[o.item]--
//	}
//	o.answer <- left
//
// Answer on every path. Nothing is said where somebody sends a request whose answer he does not
// wait for, and of a way on which the request is handed on, kept, or of a kind that none of the cases has.
//
// # pending
//
// Whoever asks puts a channel into a map and waits for it. One goroutine reads, finds the channel that the answer
// is for, and sends. It returns when there is an error, and nobody answers those that are in the map then:
//
//	p, err := c.conn.read()
//	if err != nil {
//		return // c.Ask waits for ever
//	}
//	c.waiting[p.tag] <- p
//
// Send the error to each of them, or close their channels. Nothing is said where anybody else sends on one of them or
// closes it, or the goroutine is started again.
//
// # no-sender
//
// The channel is in an unexported field, the package makes it and keeps it to itself, and
// nothing sends on it or closes it:
//
//	type worker struct{ ready chan struct{} }
//
//	func (w *worker) run() {
//		defer close(w.done)
//		w.load()
//	}
//
//	func (w *worker) wait() { <-w.ready } // who waits here waits for ever
//
// Close it, or send on it, where what is waited for has come.
//
// # lost-wakeup
//
// A loop looks under a lock for what there is to do, and waits to be woken when there is
// nothing. The wakeup is sent to a channel without room, and dropped when nobody waits:
//
//	m.add(job) // under the lock
//	select {
//	case m.wake <- struct{}{}:
//	default: // the loop has looked, and is not at its receive yet
//	}
//
// Make the channel with room for one value: make(chan struct{}, 1).
//
// # schedule
//
// Every branch is fine, but some order of the goroutines' steps leads there. It is
// reported where the whole of the system was explored; -recvleak.schedule asks for
// the others too.
//
// # Limits
//
// A channel that is handed to code which is not seen, stored behind an unknown
// pointer, or returned by the function is taken to be served. Functions that
// are too large to run under every schedule are passed over.
package recvleak
