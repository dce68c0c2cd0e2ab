// Package good holds the loops of bad, repaired.
package good

import (
	"context"
	"log"
	"time"
)

type item struct{ n int }

func (item) work() {}

// A label names the loop.
func breakThenWork(ctx context.Context, items []item) {
items:
	for _, it := range items {
		select {
		case <-ctx.Done():
			log.Print("cancelled")
			break items
		default:
		}
		it.work()
	}
}

func retryAfterCancel(ctx context.Context, try func() error) {
	for {
		if try() == nil {
			return
		}
		select {
		case <-ctx.Done():
			return
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
			return
		case it := <-s.jobs:
			it.work()
		}
	}
}

// A nil channel is never ready.
func closedFeed(feed <-chan item, stop <-chan struct{}) {
	for {
		select {
		case it, ok := <-feed:
			if !ok {
				log.Print("feed is closed")
				feed = nil
				break
			}
			it.work()
		case <-stop:
			return
		}
	}
}

// One way out is enough: the rest is the author's affair.
func breakWhenIdle(ctx context.Context, jobs <-chan item, verbose bool) {
	for {
		select {
		case it := <-jobs:
			it.work()
		case <-ctx.Done():
			if verbose {
				break
			}
			return
		}
	}
}

// What follows the select leaves the loop.
func breakThenReturn(ctx context.Context, jobs <-chan item) error {
	for {
		select {
		case <-ctx.Done():
			break
		case it := <-jobs:
			it.work()
			continue
		}
		log.Print("stopped")
		return ctx.Err()
	}
}

// A break at the end of each case is a habit; the loop ends by the flag.
func habit(ctx context.Context, jobs <-chan item, over func() bool) {
	for !over() {
		select {
		case <-ctx.Done():
			log.Print("hurry")
			break
		case it := <-jobs:
			it.work()
			break
		}
	}
}
