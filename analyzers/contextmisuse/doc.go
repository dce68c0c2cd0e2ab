// Package contextmisuse finds contexts that end too early, too late or never.
//
// # Analyzer contextmisuse
//
// contextmisuse: find contexts that are derived from what is done, are used then, end with the request, or are never canceled
//
// What is given a context that is done gives up at once. That is easily
// overlooked where things are cleaned up, since one gets there because the
// context is done:
//
//	<-ctx.Done()
//	return srv.Shutdown(ctx) // returns at once; connections are cut off
//
// Clean up with a context of its own:
//
//	<-ctx.Done()
//	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
//	defer cancel()
//	return srv.Shutdown(ctx)
//
// What a context is for, and whether a callee heeds it, is seldom written down. So a part
// needs -contextmisuse.all: the categories fresh-context, cancel-discarded, cancel-missed
// and defer-in-loop, and of the others what is said there.
//
// # ended-parent
//
// A variable is given a context that is derived from its own value, that one is
// canceled, and the variable is derived from again. A context that is derived from
// one that is done is done at once:
//
//	for range attempts {
//		ctx, cancel = context.WithTimeout(ctx, time.Second)
//		err = try(ctx) // fails at once in each turn but the first
//		cancel()
//	}
//
// The repair: a variable for each turn.
//
//	for range attempts {
//		ctx, cancel := context.WithTimeout(ctx, time.Second)
//		err = try(ctx)
//		cancel()
//	}
//
// # expired-context
//
// On every path that gets there the context is done: its Done channel has been
// received from, or its cancel function was called; and it is given to a call
// that gives up then: of the standard library, or of a function of this package
// that waits for the context, or to one that derives another context. So is the
// context in a function that is deferred before the cancel function is,
// and so runs after it:
//
//	defer func() { conn.Close(ctx) }() // runs last
//	ctx, cancel := context.WithTimeout(ctx, time.Minute)
//	defer cancel()
//
// With -contextmisuse.all, a method of an interface or of another package and a function
// value that can fail are taken to give up, too. Tests do so on purpose and are left alone.
//
// # outlives-request
//
// A handler of net/http starts a goroutine that works with the context of the
// request, and then does nothing but answer. The server cancels the context
// when the handler returns, and the work fails halfway.
//
//	go store(r.Context(), data)
//	w.WriteHeader(http.StatusAccepted)
//
// Keep the values and leave out the end:
//
//	go store(context.WithoutCancel(r.Context()), data)
//
// With -contextmisuse.all it is reported as well that a handler sends the context in a
// field of a struct to a channel and then only answers, where the package gives the
// context in that field to a call that fails when it is done.
//
// # fresh-context
//
// This category needs -contextmisuse.all. A handler, or a function that is given a context,
// passes context.Background or context.TODO to a call that could fail in time. Goroutines are
// left alone, and what may be cleanup: deferred, behind an error or the end of the context, or
// without a look at the result.
//
//	names, err := store.Names(context.Background()) // goes on when the client has left
//
// Pass r.Context(), or context.WithoutCancel(r.Context()) where it is meant.
//
// # cancel-never-called
//
// A cancel function is stored in an unexported field or variable that nothing
// in the package reads. Its context, and all that waits for it, stays until
// the parent is canceled; of a context without an end, for ever.
//
// # cancel-discarded
//
// A function that is not of package context returns a cancel function, and it
// is assigned to _. The pass lostcancel reports those of package context. Tests,
// which end soon, are left alone.
//
// # cancel-missed
//
// The same, when the function returns on some path without using the cancel
// function.
//
// # cancel-overwritten
//
// A cancel function is replaced by that of another context before anything is done with it.
// The deferred call then cancels the new context, which does nothing to the one that it was
// made from:
//
//	ctx, cancel := context.WithCancel(parent)
//	go watch(ctx) // goes on until parent is done
//	if timeout > 0 {
//		ctx, cancel = context.WithTimeout(ctx, timeout)
//	}
//	defer cancel()
//
// Defer the first one before the second is made.
//
// # defer-in-loop
//
// A cancel function is deferred in a loop that has no bound, and the loop goes
// on. All contexts and their timers are kept until the function returns.
//
//	for job := range jobs {
//		ctx, cancel := context.WithTimeout(ctx, time.Second)
//		defer cancel()
//		job.run(ctx)
//	}
//
// Call it at the end of the turn, or move the turn to a function.
//
// # Limits
//
// What a callee in another package does with a context is not known, unless it is
// of the standard library, and neither is what a method of an interface does: some
// only take a value from it. Work that outlives
// its request is reported only where the handler is seen to return soon. A loop
// that goes on when its context is done is reported by selectexit.
package contextmisuse
