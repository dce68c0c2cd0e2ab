// Package good starts its goroutines by functions of another package.
package good

import (
	"context"
	"errors"
	"time"

	"fixtures/sendleak/safe"
)

func quote(symbol string) int { time.Sleep(time.Second); return len(symbol) }

func Price(ctx context.Context, symbol string) (int, error) {
	prices := make(chan int, 1)
	safe.Go(func() {
		prices <- quote(symbol)
	})
	select {
	case p := <-prices:
		return p, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func PriceOf(p *safe.Pool, symbol string) (int, error) {
	prices := make(chan int, 1)
	p.GoCtx(func(context.Context) {
		prices <- quote(symbol)
	})
	select {
	case v := <-prices:
		return v, nil
	case <-time.After(time.Second):
		return 0, errors.New("no price")
	}
}

func First(symbols []string) int {
	prices := make(chan int, len(symbols))
	safe.Timed("first", func() {
		for _, s := range symbols {
			go func() {
				prices <- quote(s)
			}()
		}
	})
	return <-prices
}

// Retried sends as often as Try calls it, which is not known here.
func Retried(symbol string) int {
	prices := make(chan int, 2)
	safe.Try(func() bool {
		prices <- quote(symbol)
		return len(prices) == cap(prices)
	})
	return <-prices + <-prices
}

// All has a goroutine for each, one at a time.
func All(l *safe.Limited, symbols []string) int {
	prices := make(chan int)
	for _, s := range symbols {
		l.Go(func() { prices <- quote(s) })
	}
	sum := 0
	for range symbols {
		sum += <-prices
	}
	return sum
}
