// Package testgoroutine finds mistakes of tests that run concurrently.
//
// # Analyzer testgoroutine
//
// testgoroutine: find tests that are ended in other goroutines, and parallel subtests that share or lose what they use
//
// FailNow, Fatal and Skip end the goroutine that calls them. In any other than
// the test's own they do not end the test: it goes on, or waits for what the
// goroutine would have done. The same holds of all that calls them, such as
// helpers and the functions of require packages.
//
//	go func() {
//		require.NoError(t, serve())
//		close(done)
//	}()
//	<-done // waits for ever if serve fails
//
// Mark the test as failed, and let the goroutine do what it owes:
//
//	go func() {
//		defer close(done)
//		assert.NoError(t, serve())
//	}()
//	<-done
//
// # ends-goroutine
//
// A goroutine calls a function that ends the test it is given, at any depth,
// in this package or in others, or a function of an errgroup, a WaitGroup or a
// timer does so itself. Which functions do is found out from their code, not
// by their names. What the pass testinggoroutine reports is left to it: a
// direct call in the function of a go statement.
//
// # logs-forever
//
// A goroutine logs with the test in a loop that nothing leaves. Once the test
// has ended that panics.
//
// # logs-late
//
// The last thing that a goroutine does is to log with the test, or to mark it as
// failed, and it defers nothing. So there is nothing after the log that the test
// could have waited for: it may end before, and then the log panics.
//
//	go func() {
//		copyAll(dst, src)
//		t.Log("copied") // panic: Log in goroutine after TestCopy has completed
//	}()
//
// Tell the test after that, and let it wait:
//
//	go func() {
//		defer close(done)
//		copyAll(dst, src)
//		t.Log("copied")
//	}()
//	...
//	<-done
//
// # parallel-write
//
// A subtest assigns a variable of the test after it has called Parallel, and
// another parallel subtest uses it, or the same one in another turn of the loop.
//
//	var err error
//	for _, tt := range tests {
//		t.Run(tt.name, func(t *testing.T) {
//			t.Parallel()
//			_, err = parse(tt.in) // a race
//		})
//	}
//
// Declare it in the subtest.
//
// # defer-before-parallel
//
// A test defers a call that takes away what its parallel subtests use. They
// pause in Parallel until the test's function has returned, and so go on when
// the deferred call has run.
//
//	srv := httptest.NewServer(h)
//	defer srv.Close() // before the subtest goes on
//	t.Run("get", func(t *testing.T) {
//		t.Parallel()
//		get(srv.URL)
//	})
//
// Cleanup waits for them:
//
//	t.Cleanup(srv.Close)
//
// # setenv-parallel
//
// A test calls both Parallel and Setenv or Chdir, itself or by a helper of its
// package that always does: the second one panics.
//
// # Limits
//
// Handlers of servers run in other goroutines, too; those are not looked at.
// A goroutine that logs on some of its ways only may do so when the test has
// ended; nothing tells. Nor is it known what packages that use synctest wait for.
// A subtest that takes any lock is taken to guard what it shares.
package testgoroutine
