// Package errgroupmisuse finds misuse of golang.org/x/sync/errgroup.
//
// # Analyzer errgroupmisuse
//
// errgroupmisuse: find errgroups that nobody waits for, that block themselves, or whose errors or context are lost
//
// A group of golang.org/x/sync/errgroup starts functions with Go, waits for
// them with Wait, and returns their first error. Its context is done as soon as
// one of them fails, and in any case when Wait returns:
//
//	g, ctx := errgroup.WithContext(ctx)
//	g.Go(func() error { return fetch(ctx, a) })
//	if err := g.Wait(); err != nil {
//		return err
//	}
//	return store(ctx) // always fails: ctx is canceled
//
// Give the two contexts two names:
//
//	g, gctx := errgroup.WithContext(ctx)
//	g.Go(func() error { return fetch(gctx, a) })
//	if err := g.Wait(); err != nil {
//		return err
//	}
//	return store(ctx)
//
// # never-waited
//
// A group in a local variable, which nothing else has, starts functions, and
// there is no Wait.
//
// # context-after-wait
//
// The context of the group is given, after Wait, to a call that can fail.
// Calls that have no error among their results are left alone, since they
// may only log, and so are those that are given an error to word, or that
// give a context back. Of a function of this package it must be seen that it
// needs its context; a method of an interface or of another package, and a
// function value, are taken to, but not in tests. A goroutine that is started after Wait
// with the context, and leaves when that is done, is told of as well: it leaves at once.
//
// # other-context
//
// This category needs -errgroupmisuse.outer: often something else ends that work. A
// function of the group works with the context that the group's is derived from, while another one works with the group's: when that fails, the first
// goes on, and Wait waits for it.
//
//	g, gctx := errgroup.WithContext(ctx)
//	g.Go(func() error { return fetch(gctx, a) })
//	g.Go(func() error { return fetch(ctx, b) })
//
// A function is left alone when it receives from a channel, which can tell
// it of the end, or has another context.
//
// # nested-go
//
// A function of a group with a limit calls Go of the same group. It holds a
// slot while it waits for one. When all slots are held by such functions, none
// ever becomes free: the walker of a tree hangs on the first tree that is wide
// enough.
//
//	g.SetLimit(8)
//	g.Go(func() error {
//		g.Go(visit) // waits for a slot
//		return nil
//	})
//
// Use another group for what is started within, TryGo, or no limit. Calls are
// followed through the functions of the package, and groups as parameters.
//
// # shadowed-error
//
// A function of the group returns an error variable that is never assigned,
// because the only assignment is to another one of the same name in an inner
// block; or the function that waits does. So it is with an error that is assigned
// to the inner variable and not read there any more, before the outer one is
// returned.
//
//	g.Go(func() error {
//		var err error
//		for _, u := range urls {
//			if err := fetch(ctx, u); err != nil {
//				break
//			}
//		}
//		return err // always nil
//	})
//
// # zero-limit
//
// SetLimit(0) and a Go. A limit of 0 leaves no slot, and Go waits for one forever.
// Only a negative limit is none:
//
//	g.SetLimit(-1)
//
// # Limits
//
// Nothing is said when all the work is given another context than the group's, of
// a Wait whose result is dropped, nor of a return between Go and Wait: all can
// be meant. Groups that are
// stored, returned or passed to functions of other packages are taken to be
// waited for. That all slots are held at once depends on the input; it is not
// computed.
package errgroupmisuse
