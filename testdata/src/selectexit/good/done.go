package good

import (
	"context"
	"log"
	"os"
	"time"
)

func logsForEver(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			log.Print("stopping")
			return
		case <-tick:
			log.Print("tick")
		}
	}
}

func continueWhenDone(ctx context.Context, jobs <-chan item, quit <-chan struct{}) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			continue
		case it := <-jobs:
			it.work()
		case <-quit:
			return
		}
	}
}

func reportsCancel(ctx context.Context, report func(error)) {
	for {
		<-ctx.Done()
		report(ctx.Err())
		return
	}
}

type stream interface {
	Context() context.Context
	Send(item) error
}

func pump(s stream, items <-chan item) {
	for {
		select {
		case <-s.Context().Done():
			log.Fatal("client is gone")
		case it := <-items:
			if s.Send(it) != nil {
				log.Print("lost an item")
			}
		}
	}
}

// A variable set to nil switches the case off.
func drainsAfterCancel(ctx context.Context, jobs <-chan item, drained <-chan struct{}) {
	done := ctx.Done()
	for {
		select {
		case <-done:
			log.Print("draining")
			done = nil
		case it := <-jobs:
			it.work()
		case <-drained:
			return
		}
	}
}

// The condition of the loop, or a statement below the select, sees the flag.
func flags(ctx context.Context, jobs <-chan item) {
	stop := false
	for !stop {
		select {
		case <-ctx.Done():
			stop = true
		case it := <-jobs:
			it.work()
		}
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case it := <-jobs:
			it.work()
		}
		if err != nil {
			return
		}
	}
}

// The break is followed by a question for the same.
func asksBelow(ctx context.Context, jobs <-chan item) {
	for {
		select {
		case <-ctx.Done():
			break
		case it := <-jobs:
			it.work()
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// Each turn has a context of its own.
func perTurn(parent context.Context, jobs <-chan item) {
	for {
		ctx, cancel := context.WithTimeout(parent, time.Second)
		select {
		case <-ctx.Done():
			log.Print("no job for a second")
		case it := <-jobs:
			it.work()
		}
		cancel()
		if parent.Err() != nil {
			return
		}
	}
}

func reconnects(ctx context.Context, dial func() context.Context) {
	for {
		select {
		case <-ctx.Done():
			ctx = dial()
		case <-time.After(time.Minute):
			os.Exit(1)
		}
	}
}

// The case makes another one ready, by which the loop ends.
func asksToEnd(ctx context.Context, kill func(), exited <-chan error) error {
	for {
		select {
		case <-ctx.Done():
			kill()
		case err := <-exited:
			return err
		}
	}
}

type testing interface {
	FailNow()
	Helper()
}

func requireNoError(t testing, err error, why string) {
	if err != nil {
		t.FailNow()
	}
}

// What is given the test may end it.
func waitsInTest(t testing, ctx context.Context, jobs <-chan item) {
	for {
		select {
		case <-ctx.Done():
			requireNoError(t, ctx.Err(), "no job")
		case it := <-jobs:
			it.work()
		}
	}
}
