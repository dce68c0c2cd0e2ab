package good

import (
	"maps"
	"sync"
)

type tallyVisitor interface {
	visit(r *tally, k string, n int)
}

type tally struct {
	mu sync.Mutex
	m  map[string]int
}

func newTally() *tally { return &tally{m: map[string]int{}} }

func (r *tally) Add(k string, n int) { r.mu.Lock(); defer r.mu.Unlock(); r.m[k] += n }

func (r *tally) locked(v tallyVisitor) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k, n := range r.m {
		v.visit(r, k, n) // *summer only
	}
}

func (r *tally) copied(v tallyVisitor) {
	r.mu.Lock()
	c := maps.Clone(r.m)
	r.mu.Unlock()
	for k, n := range c {
		v.visit(r, k, n)
	}
}

type summer int

func (s *summer) visit(_ *tally, _ string, n int) { *s += summer(n) }

type doubler struct{}

func (doubler) visit(r *tally, k string, n int) { r.Add(k, n) }

func (r *tally) Sum() (s summer) { r.locked(&s); return s }
func (r *tally) Double()         { r.copied(doubler{}) }
