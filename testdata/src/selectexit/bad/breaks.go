// Package bad holds loops that do not end, spin, or wait in vain.
package bad

import (
	"context"
	"log"
	"time"
)

type item struct{ n int }

func (item) work() {}

// The break ends the select, not the loop: every further item is worked on
// although nobody waits for it any more.
func breakThenWork(ctx context.Context, items []item) {
	for _, it := range items {
		select {
		case <-ctx.Done():
			log.Print("cancelled")
			break // want `break leaves only the select, so the loop goes on after the context is done`
		default:
		}
		it.work()
	}
}

// After the cancellation the select is ready at once, for ever: the loop spins.
func retryAfterCancel(ctx context.Context, try func() error) {
	for {
		if try() == nil {
			return
		}
		select {
		case <-ctx.Done():
			break // want `break leaves only the select`
		case <-time.After(time.Second):
		}
	}
}

type server struct {
	quit chan struct{}
	jobs chan item
}

func (s *server) stop() { close(s.quit) }

// The loop is to end by quit, which stop closes.
func (s *server) serve() {
	for {
		select {
		case <-s.quit:
			break // want `the loop goes on after s.quit is closed`
		case it := <-s.jobs:
			it.work()
		}
	}
}

// When the feed is closed, the case is chosen again and again.
func closedFeed(feed <-chan item, stop <-chan struct{}) {
	for {
		select {
		case it, ok := <-feed:
			if !ok {
				log.Print("feed is closed")
				break // want `the loop goes on after feed is closed`
			}
			it.work()
		case <-stop:
			return
		}
	}
}

// A break in a branch is as short.
func breakWhenIdle(ctx context.Context, jobs <-chan item, verbose bool) {
	for {
		select {
		case it := <-jobs:
			it.work()
		case <-ctx.Done():
			if verbose {
				break // want `break leaves only the select`
			}
			log.Print("stopped")
		}
	}
}
