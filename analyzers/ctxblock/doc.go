// Package ctxblock finds lone sends and receives that ignore a context which the
// other side watches.
//
// # Analyzer ctxblock
//
// ctxblock: check for sends and receives that ignore the context which ends the other side
//
// A goroutine that has a context but sends or receives without a look at it waits
// for ever when the other side leaves because that context is done. The goroutine
// is never freed, nor what it holds.
//
// The check runs the function with the goroutines it starts, abstractly, under
// every schedule. It reports the operation when the end of a context that the
// goroutine holds itself makes the other side leave.
//
// # bare
//
// The producer knows ctx, but only the consumer watches it:
//
//	go func() {
//		for row := range rows(ctx) {
//			out <- row
//		}
//	}()
//	for {
//		select {
//		case row := <-out:
//			use(row)
//		case <-ctx.Done():
//			return ctx.Err()
//		}
//	}
//
// Watch it on both sides:
//
//	select {
//	case out <- row:
//	case <-ctx.Done():
//		return
//	}
//
// # schedule
//
// Every branch is fine, but some order of the goroutines' steps leaves the
// operation behind. Reported only with the flag -ctxblock.schedule.
//
// # Limits
//
// A channel that is handed to code which is not seen, stored behind an unknown
// pointer, or returned by the function is taken to be served. Where room for one
// value in the channel is enough, sendleak reports, with that fix.
package ctxblock
