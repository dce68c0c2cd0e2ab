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
// # stopped
//
// The channel is in a field, and all that receive from it, or all that send on it, leave when
// they are told to stop. The function is given a context and does not watch it: when the
// other side has left, its caller hangs, whatever he does with the context.
//
//	func (k *keeper) Get(ctx context.Context) context.Context {
//		return <-k.held // for ever, once keep has returned
//	}
//
// Watch the context:
//
//	select {
//	case lock := <-k.held:
//		return lock
//	case <-ctx.Done():
//		return nil
//	}
//
// # unwatched
//
// One send of a function on a channel stands in a select with the end of a context, and
// another one on it stands alone. The select says that who receives can be gone then; the
// lone send waits for it all the same:
//
//	for l := range lines {
//		if full(queue) {
//			out <- overflow // for ever, once ctx is done
//		}
//		select {
//		case out <- l:
//		case <-ctx.Done():
//			return
//		}
//	}
//
// Watch the context at both. Left alone is what is sent once the end has been heard of, a
// first send, for which there can be room, and a channel that something in sight receives
// from until it is closed.
//
// # schedule
//
// Every branch is fine, but some order of the goroutines' steps leads there. It is
// reported where the whole of the system was explored; -ctxblock.schedule asks for
// the others too.
//
// # Limits
//
// A channel that is handed to code which is not seen, stored behind an unknown
// pointer, or returned by the function is taken to be served. Where room for one
// value in the channel is enough, sendleak reports, with that fix.
package ctxblock
