// Package bad has servers that answer whoever has given up.
package bad

import (
	"context"
	"errors"
	"time"
)

type command[T any] interface{ run(*T) }

type view[T, V any] struct {
	look   func(T) V
	answer chan V
}

func (v view[T, V]) run(t *T) {
	v.answer <- v.look(*t) // want `send on v.answer blocks forever once See has taken <-ctx.Done\(\) on line 58; make the channel \(line 47\) with capacity 1`
}

type edit[T any] func(*T)

func (e edit[T]) run(t *T) { e(t) }

// A Box has a value that one goroutine owns.
type Box[T any] struct {
	commands chan command[T]
	closed   chan struct{}
}

func NewBox[T any](t T) *Box[T] {
	b := &Box[T]{commands: make(chan command[T]), closed: make(chan struct{})}
	go func() {
		for {
			select {
			case c := <-b.commands:
				c.run(&t)
			case <-b.closed:
				return
			}
		}
	}()
	return b
}

func See[T, V any](ctx context.Context, b *Box[T], look func(T) V) (v V, err error) {
	c := view[T, V]{look: look, answer: make(chan V)}
	select {
	case b.commands <- c:
	case <-b.closed:
		return v, errors.New("closed")
	}
	select {
	case v = <-c.answer:
		return v, nil
	case <-b.closed:
		return v, errors.New("closed")
	case <-ctx.Done():
		return v, ctx.Err()
	}
}

func (b *Box[T]) Edit(f func(*T)) { b.commands <- edit[T](f) }
func (b *Box[T]) Close()          { close(b.closed) }

type glance[T, V any] struct {
	look   func(*T) V
	answer chan<- V
}

func (g *glance[T, V]) run(t *T) {
	v := g.look(t)
	g.answer <- v // want `send on g.answer blocks forever once Glance has taken the timeout on line 88; make the channel \(line 78\) with capacity 1`
}

// Glance waits for a while only.
func Glance[T, V any](d time.Duration, b *Box[T], look func(*T) V) (v V, err error) {
	answer := make(chan V)
	g := &glance[T, V]{look, answer}
	select {
	case b.commands <- g:
	case <-b.closed:
		return v, errors.New("closed")
	}
	select {
	case v = <-answer:
		return v, nil
	case <-time.After(d):
		return v, errors.New("too late")
	}
}
