// Package grouped closes when its errgroup says that all are done.
package grouped

import "golang.org/x/sync/errgroup"

type A struct {
	out chan int
	g   errgroup.Group
}

func NewA(n int) *A {
	a := &A{out: make(chan int)}
	for i := range n {
		a.g.Go(func() error { a.out <- i; return nil })
	}
	go func() { a.g.Wait(); close(a.out) }()
	return a
}

func (a *A) Next() (int, bool) { v, ok := <-a.out; return v, ok }
