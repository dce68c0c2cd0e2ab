// Package bad starts its goroutines by functions of another package.
package bad

import (
	"context"
	"errors"
	"time"

	"fixtures/sendleak/safe"
)

func quote(symbol string) int { time.Sleep(time.Second); return len(symbol) }

func Price(ctx context.Context, symbol string) (int, error) {
	prices := make(chan int)
	safe.Go(func() {
		prices <- quote(symbol) // want `send on prices blocks forever if <-ctx.Done\(\) is taken on line 22`
	})
	select {
	case p := <-prices:
		return p, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func PriceOf(p *safe.Pool, symbol string) (int, error) {
	prices := make(chan int)
	p.GoCtx(func(context.Context) {
		prices <- quote(symbol) // want `send on prices blocks forever if <-time.After\(time.Second\) is taken on line 35`
	})
	select {
	case v := <-prices:
		return v, nil
	case <-time.After(time.Second):
		return 0, errors.New("no price")
	}
}

func First(symbols []string) int {
	prices := make(chan int)
	safe.Timed("first", func() {
		for _, s := range symbols {
			go func() {
				prices <- quote(s) // want `send on prices blocks forever`
			}()
		}
	})
	return <-prices
}
