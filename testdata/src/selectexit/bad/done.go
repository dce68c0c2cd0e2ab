package bad

import (
	"context"
	"log"
	"time"
)

// Once ctx is done the first case is always ready: the log fills up.
func logsForEver(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-ctx.Done(): // want `receive from ctx.Done\(\) does not leave the loop, which spins once the context is done`
			log.Print("stopping")
		case <-tick:
			log.Print("tick")
		}
	}
}

// The continue has the same effect.
func continueWhenDone(ctx context.Context, jobs <-chan item, quit <-chan struct{}) {
	for {
		select {
		case <-ctx.Done(): // want `does not leave the loop`
			continue
		case it := <-jobs:
			it.work()
		case <-quit:
			return
		}
	}
}

// Nothing follows the receive but the next one.
func reportsCancel(ctx context.Context, report func(error)) {
	for {
		<-ctx.Done() // want `receive from ctx.Done\(\) does not leave the loop`
		report(ctx.Err())
	}
}

type stream interface {
	Context() context.Context
	Send(item) error
}

// The context of a call is the same each time.
func pump(s stream, items <-chan item) {
	for {
		select {
		case <-s.Context().Done(): // want `receive from s.Context\(\).Done\(\) does not leave the loop`
			log.Print("client is gone")
		case it := <-items:
			if s.Send(it) != nil {
				log.Print("lost an item")
			}
		}
	}
}
