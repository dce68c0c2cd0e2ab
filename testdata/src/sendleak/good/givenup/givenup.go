// Package good has servers whose answers have room.
package good

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
	v.answer <- v.look(*t)
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
	c := view[T, V]{look: look, answer: make(chan V, 1)}
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
	g.answer <- v
}

// Glance waits for a while only.
func Glance[T, V any](d time.Duration, b *Box[T], look func(*T) V) (v V, err error) {
	answer := make(chan V, 1)
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

// A Slow has who gives up take the answer after all.
type Slow struct{ asked chan *demand }

type demand struct{ got chan int }

func NewSlow(count func() int) *Slow {
	s := &Slow{make(chan *demand)}
	go func() {
		for d := range s.asked {
			d.got <- count()
		}
	}()
	return s
}

func (s *Slow) Get(ctx context.Context) (int, error) {
	d := &demand{make(chan int)}
	s.asked <- d
	select {
	case n := <-d.got:
		return n, nil
	case <-ctx.Done():
		go func() { <-d.got }()
		return 0, ctx.Err()
	}
}

// A Service ends with the context of those that ask, which is its own.
type Service struct {
	ctx   context.Context
	asked chan *ask
}

type ask struct{ got chan int }

func NewService(ctx context.Context, count func() int) *Service {
	s := &Service{ctx, make(chan *ask)}
	go func() {
		for {
			select {
			case a := <-s.asked:
				select {
				case a.got <- count():
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return s
}

func (s *Service) Get(ctx context.Context) (int, error) {
	a := &ask{make(chan int)}
	select {
	case s.asked <- a:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	select {
	case n := <-a.got:
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// A Keen is told that it need not answer.
type Keen struct{ asked chan *wish }

type wish struct {
	got  chan int
	gone chan struct{}
}

func NewKeen(count func() int) *Keen {
	k := &Keen{make(chan *wish)}
	go func() {
		for w := range k.asked {
			n := count()
			select {
			case <-w.gone:
			case w.got <- n:
			}
		}
	}()
	return k
}

func (k *Keen) Get(ctx context.Context) (int, error) {
	w := &wish{make(chan int), make(chan struct{})}
	k.asked <- w
	select {
	case n := <-w.got:
		return n, nil
	case <-ctx.Done():
		close(w.gone)
		return 0, ctx.Err()
	}
}
