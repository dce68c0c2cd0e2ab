// Package limits holds what lockorder does not see.
package limits

import (
	"sync"
	"sync/atomic"
)

type account struct {
	mu sync.Mutex
	n  int
}

// Two elements can be the other way round in another call, of which there is none here.
func transfer(all []*account, from, to, n int) {
	all[from].mu.Lock()
	defer all[from].mu.Unlock()
	all[to].mu.Lock()
	defer all[to].mu.Unlock()
	all[from].n -= n
	all[to].n += n
}

// link takes its locks in one order until it is ready, and in the other then: an
// atomic tells the two apart. Nothing is said by default.
type link struct {
	setup sync.Mutex
	in    sync.Mutex
	ready atomic.Bool
	n     int
}

func (l *link) Setup() {
	l.setup.Lock()
	defer l.setup.Unlock()
	if l.isReady() {
		return
	}
	l.in.Lock()
	l.n = 1
	l.in.Unlock()
	l.ready.Store(true)
}

func (l *link) isReady() bool { return l.ready.Load() }

func (l *link) Again() {
	l.Setup()
	l.in.Lock()
	defer l.in.Unlock()
	l.setup.Lock() // want `l\.setup\.Lock while holding link\.in reverses the order in link\.Setup`
	l.n++
	l.setup.Unlock()
}

// Types that point to each other need not be of two objects that do: the next stage
// is another one. Nothing is said by default.
type phase struct {
	mu  sync.Mutex
	out *channel
}

type channel struct {
	mu   sync.Mutex
	next *phase
	jobs []int
}

func (p *phase) put(job int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out.mu.Lock()
	p.out.jobs = append(p.out.jobs, job)
	p.out.mu.Unlock()
}

func (c *channel) flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next.mu.Lock() // want `c\.next\.mu\.Lock while holding channel\.mu reverses the order in phase\.put`
	c.jobs = nil
	c.next.mu.Unlock()
}

// The index is of the next level, whose data waits for nobody here. Nothing is said by default.
type level struct {
	index, data sync.Mutex
	n, m        int
}

type pyramid struct{ levels []level }

func (p *pyramid) count(i int) int {
	l := &p.levels[i]
	l.index.Lock()
	defer l.index.Unlock()
	l.data.Lock()
	defer l.data.Unlock()
	return l.n + l.m
}

func (p *pyramid) spill(i int) {
	p.levels[i].data.Lock()
	defer p.levels[i].data.Unlock()
	p.levels[i+1].index.Lock() // want `index\.Lock while holding level\.data reverses the order in pyramid\.count`
	p.levels[i+1].n++
	p.levels[i+1].index.Unlock()
}
