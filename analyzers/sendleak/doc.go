// Package sendleak finds goroutines that are blocked for ever on a send.
//
// # Analyzer sendleak
//
// sendleak: check for goroutines blocked for ever on a channel send
//
// A send on an unbuffered channel, or on a full one, waits for a receive. When
// the receiver has returned early, timed out or taken only the first result,
// the sender waits for ever: its goroutine, its stack and all it refers to are
// never freed, and locks it holds are never released.
//
// The check runs the function with the goroutines it starts, abstractly, under
// every schedule. It reports a send when a choice of branches, or a timeout or
// cancellation, leaves the sender without a receiver whatever the schedule.
//
// # abandoned
//
// The receiver leaves before it has received:
//
//	results := make(chan int)
//	go func() { results <- work() }()
//	select {
//	case r := <-results:
//		return r, nil
//	case <-ctx.Done():
//		return 0, ctx.Err() // nobody receives any more
//	}
//
// Room for the result lets the goroutine end. This is the fix that is offered
// where running the function again shows that it helps:
//
//	results := make(chan int, 1)
//
// The receiver can be a method, and the sender the goroutine of its type, which answers
// one caller after the other: when a caller gives up, it is left with the answer and
// serves nobody any more.
//
//	func (s *server) loop() {
//		for q := range s.asked {
//			q.reply <- s.answer(q) // for ever, once Ask has returned
//		}
//	}
//
//	func (s *server) Ask(ctx context.Context, q query) (int, error) {
//		q.reply = make(chan int) // make(chan int, 1)
//		s.asked <- q
//		select {
//		case a := <-q.reply:
//			return a, nil
//		case <-ctx.Done():
//			return 0, ctx.Err()
//		}
//	}
//
// # pipe
//
// A write to an io.Pipe waits as a send does, until all of it is read or the reader is
// closed. The function that has the reader returns before it reads, or when what reads
// has failed, and does not close it:
//
//	pr, pw := io.Pipe()
//	go func() { pw.CloseWithError(export(pw)) }()
//	if err := store.Put(name, pr); err != nil {
//		return err // export(pw) goes on writing
//	}
//
// Close the reader whatever happens; the writes fail then:
//
//	err := store.Put(name, pr)
//	pr.CloseWithError(err)
//	return err
//
// # stopped
//
// The channel is in a field, and all that receive from it leave when they are told to stop, by
// a context or a channel that is closed. A goroutine that sends does not look at that: what
// it sends late, nobody receives.
//
//	go func() { c.changes <- now }() // for ever, once run has returned
//
//	for {
//		select {
//		case t := <-c.changes:
//			collect(t)
//		case <-ctx.Done():
//			return
//		}
//	}
//
// Watch it on both sides:
//
//	select {
//	case c.changes <- now:
//	case <-ctx.Done():
//	}
//
// Or they leave for an error, tell nobody, and whoever sends then waits for ever. Nothing is
// said where the state of the object decides about the send, where something receives what is
// left, or where what stops them has waited for the sender.
//
// # given-up
//
// Who asks makes a channel without room for the answer, sends it off in a request, and waits for the answer or the end of
// its context, whatever comes first. Who answers does so by a send that has nothing beside it, and does not know:
//
//	select {
//	case v = <-q.answer:
//		return v, nil
//	case <-ctx.Done():
//		return v, ctx.Err() // and the server stays at q.answer <- v
//	}
//
// Make the channel with room for the one answer. Nothing is said where somebody receives in another way, or
// uses the request once more on the way out.
//
// # unwatched
//
// One send on a channel stands in a select with a channel that is closed to stop the object,
// and another one, in the same function, stands alone. Who receives can be gone by then, as
// the select says. Where it is a context that ends, ctxblock reports.
//
//	if idle() {
//		f.out <- heartbeat // for ever, once f.quit is closed
//	}
//	select {
//	case f.out <- line:
//	case <-f.quit:
//		return
//	}
//
// # no-receiver
//
// The channel is in an unexported field, the package makes it without room and keeps it to
// itself, and nothing receives from it:
//
//	func (w *worker) log(line string) { w.lines <- line } // for ever
//
// Receive what is sent, or take the send out.
//
// # schedule
//
// Every branch is fine, but some order of the goroutines' steps leads there. It is
// reported where the whole of the system was explored; -sendleak.schedule asks for
// the others too.
//
// # Limits
//
// A channel that is handed to code which is not seen, stored behind an unknown
// pointer, or returned by the function is taken to be served. Functions that
// are too large to run under every schedule are passed over. The reader of a pipe that
// is handed to a function of another package, but for those of the standard library that
// only read, is taken to be closed there; so is one that the function stores or returns.
package sendleak
