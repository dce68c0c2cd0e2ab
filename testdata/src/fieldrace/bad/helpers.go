package bad

import (
	"container/list"
	"sync"
)

// The part of a struct that a method of its own type works on is guarded by the lock of the
// struct: who calls the method holds it.

type recent struct {
	order list.List
	hits  int
	limit int
}

func (r *recent) touch(e *list.Element) {
	r.hits++
	r.order.MoveToFront(e)
}

func (r *recent) push(v string) *list.Element {
	return r.order.PushFront(v)
}

type Plans struct {
	mu     sync.RWMutex
	index  map[string]*list.Element
	recent recent
}

func (p *Plans) Get(name string) (string, bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	e, ok := p.index[name]
	if !ok {
		return "", false
	}
	p.recent.touch(e) // want `write of p\.recent by touch under p\.mu\.RLock races with the same write in another goroutine, which can hold it too; take p\.mu\.Lock`
	return e.Value.(string), true
}

func (p *Plans) Put(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.index[name] = p.recent.push(name)
}

type score struct {
	sent, failed int
}

func (t *score) ok()      { t.sent++ }
func (t *score) bad()     { t.failed++ }
func (t *score) sum() int { return t.sent + t.failed }

type postman struct {
	mu    sync.Mutex
	score score
	jobs  chan string
	quit  chan struct{}
}

func newPostman() *postman {
	p := &postman{jobs: make(chan string), quit: make(chan struct{})}
	go p.run()
	return p
}

func (p *postman) run() {
	for {
		select {
		case <-p.quit:
			return
		case <-p.jobs:
			p.score.ok() // want `write of p\.score by ok without p\.mu races with the read by sum on line 90: 2 of 3 accesses hold mu; lock it here too`
		}
	}
}

func (p *postman) Refuse() {
	p.mu.Lock()
	p.score.bad()
	p.mu.Unlock()
}

func (p *postman) Sum() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.score.sum()
}

func (p *postman) Close() { close(p.quit) }

var _ = newPostman

// A part behind a pointer that only the struct has is no different.

type window struct {
	sum, n int
}

func (w *window) add(v int) { w.sum += v; w.n++ }
func (w *window) mean() int { return w.sum / max(w.n, 1) }

type Meter struct {
	mu     sync.Mutex
	recent *window
}

func NewMeter(readings <-chan int) *Meter {
	m := &Meter{recent: &window{}}
	go func() {
		for v := range readings {
			m.recent.add(v) // want `write of m\.recent by add without m\.mu races with the write on line 130: 2 of 3 accesses hold mu; lock it here too`
		}
	}()
	return m
}

func (m *Meter) Mean() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.recent.mean()
}

func (m *Meter) Reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.recent.sum, m.recent.n = 0, 0
}
