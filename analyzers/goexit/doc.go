// Package goexit finds goroutines that nobody can stop, wait for, or limit.
//
// # Analyzer goexit
//
// goexit: find goroutines without a way to end, to be waited for, or to be limited
//
// Who starts a goroutine should know how it ends. This check holds code against
// that rule, for those who want it: it is off by default, since a goroutine that
// lives as long as the program is often just right.
//
//	func (c *cache) start() {
//		go func() {
//			for {
//				c.expire()
//				time.Sleep(time.Minute)
//			}
//		}()
//	}
//
// Give it a way out:
//
//	case <-ctx.Done():
//		return
//
// # no-stop
//
// Nothing leaves the loop of the goroutine: it never returns, and keeps what it
// refers to. Goroutines that main starts itself are left alone.
//
// # not-waited
//
// The goroutine signals nothing when it ends: no Done of a WaitGroup, no send, no
// closed channel. Nobody can wait for it, so it may be cut off in the middle when
// the program ends, or run on when its owner is gone. A loop that looks at something
// under a lock, or atomically, has an owner who tells it to end.
//
// # in-init
//
// A goroutine that an init function or a package variable starts runs in every
// program that imports the package, tests included, and before main.
//
// # unbounded
//
// A loop over input starts a goroutine in each turn, and nothing in it waits for
// a free place: a large input makes as many goroutines at once. Take a slot
// of a semaphore before the go statement, use errgroup's SetLimit, or workers.
//
// # no-recover
//
// A handler of net/http starts a goroutine that recovers from nothing. The server
// recovers from panics of the handler itself; this one ends the whole process.
//
// # Limits
//
// Off by default: most findings are true as far as they go, but many of them are
// meant. Goroutines of functions that are not known, or of other packages, are
// taken to end and to signal that. Tests are not looked at.
package goexit
