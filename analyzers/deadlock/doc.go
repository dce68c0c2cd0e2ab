// Package deadlock finds functions that can hang together with their
// goroutines.
//
// # Analyzer deadlock
//
// deadlock: check for goroutines that wait for each other for ever
//
// Goroutines that wait for each other, over channels, locks, groups and
// conditions, never go on. When the function that started them is among them,
// its caller hangs too.
//
// The check runs the function with the goroutines it starts, abstractly, under
// every schedule, and reports where those stop that never move again.
//
// # hang
//
// With some choice of branches every schedule ends with the function blocked:
//
//	var wg sync.WaitGroup
//	results := make(chan int)
//	for _, x := range list {
//		wg.Add(1)
//		go func() { defer wg.Done(); results <- work(x) }()
//	}
//	wg.Wait() // waits for sends that wait for the receive below
//	close(results)
//	for r := range results {
//		sum += r
//	}
//
// Wait in a goroutine of its own, so that the loop can receive:
//
//	go func() { wg.Wait(); close(results) }()
//
// # schedule
//
// Every branch is fine, but some order of the goroutines' steps leads there. It is
// reported where the whole of the system was explored; -deadlock.schedule asks for
// the others too.
//
// # left-behind
//
// A goroutine is blocked for ever on a lock, a group or a condition, while the
// function that started it is not.
//
// # Limits
//
// A Wait of a sync.Cond is reported only where it is written in the function that
// is run: what the methods of a type wait for is data. Objects that are handed to code which is not seen, stored behind an unknown
// pointer, or returned by the function are taken to be served. Functions that
// are too large to run under every schedule are passed over.
package deadlock
