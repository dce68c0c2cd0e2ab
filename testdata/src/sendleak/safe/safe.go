// Package safe starts goroutines and runs functions for others.
package safe

import (
	"context"
	"log"
	"sync"
)

// Go runs a function in a goroutine, whose panics are logged.
func Go(f func()) { withRecover(f, func(err any) { log.Println(err) }) }

func withRecover(f func(), recovered func(err any)) {
	go func() {
		defer func() {
			if err := recover(); err != nil {
				recovered(err)
			}
		}()
		f()
	}()
}

// A Pool waits for the goroutines it has started.
type Pool struct {
	wg  sync.WaitGroup
	ctx context.Context
}

// NewPool makes a pool.
func NewPool(ctx context.Context) *Pool { return &Pool{ctx: ctx} }

// GoCtx runs a function in a goroutine.
func (p *Pool) GoCtx(f func(ctx context.Context)) {
	p.wg.Add(1)
	Go(func() {
		defer p.wg.Done()
		f(p.ctx)
	})
}

// Stop waits for the goroutines.
func (p *Pool) Stop() { p.wg.Wait() }

// Timed runs a function.
func Timed(name string, f func()) {
	log.Println(name)
	f()
	log.Println(name, "done")
}

// Try runs a function until it succeeds.
func Try(f func() bool) {
	for !f() {
	}
}

// A Limited runs few functions at a time.
type Limited struct{ slots chan struct{} }

// Go runs a function in a goroutine, when it is its turn.
func (l *Limited) Go(f func()) {
	l.slots <- struct{}{}
	go func() {
		defer func() { <-l.slots }()
		f()
	}()
}
