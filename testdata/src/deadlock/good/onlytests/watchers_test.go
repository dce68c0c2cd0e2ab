// Package onlytests has no file but this: what it declares is a program like any other.
package onlytests

import (
	"sync"
	"testing"
)

type watchers struct {
	mu   sync.Mutex
	list []*watched
}

type watched struct {
	mu    sync.Mutex
	owner *watchers
	seen  int
}

func (w *watchers) notify() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, x := range w.list {
		x.mu.Lock()
		x.seen++
		x.mu.Unlock()
	}
}

func (x *watched) leave() {
	x.owner.mu.Lock()
	x.owner.list = nil
	x.owner.mu.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.seen = 0
}

// The test does not wait for them; that they wait for each other was not meant.
func TestLeaves(t *testing.T) {
	w := &watchers{}
	x := &watched{owner: w}
	w.list = append(w.list, x)
	go w.notify()
	go x.leave()
}
