package good

import (
	"container/list"
	"sync"
)

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

// room only reads what is set once.
func (r *recent) room() int { return r.limit }

type Plans struct {
	mu     sync.RWMutex
	index  map[string]*list.Element
	recent recent
}

func NewPlans(limit int) *Plans {
	p := &Plans{index: make(map[string]*list.Element)}
	p.recent.limit = limit
	p.recent.push("first") // nobody else knows it yet
	return p
}

func (p *Plans) Get(name string) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.index[name]
	if !ok {
		return "", false
	}
	p.recent.touch(e)
	return e.Value.(string), true
}

func (p *Plans) Put(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.index[name] = p.recent.push(name)
}

// Room is of a part that never changes.
func (p *Plans) Room() int { return p.recent.room() }

// Peek only reads, under the read lock.
func (p *Plans) Peek() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.recent.hits
}

type score struct {
	mu           sync.Mutex // has a lock of its own
	sent, failed int
}

func (t *score) ok() {
	t.mu.Lock()
	t.sent++
	t.mu.Unlock()
}

func (t *score) bad() {
	t.mu.Lock()
	t.failed++
	t.mu.Unlock()
}

func (t *score) sum() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sent + t.failed
}

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
			p.score.ok()
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

type window struct {
	sum, n int
}

func (w *window) add(v int) { w.sum += v; w.n++ }
func (w *window) mean() int { return w.sum / max(w.n, 1) }

type Meter struct {
	mu     sync.Mutex
	recent *window
	own    *window // of the goroutine
}

func NewMeter(readings <-chan int) *Meter {
	m := &Meter{recent: &window{}, own: &window{}}
	go func() {
		for v := range readings {
			m.own.add(v)
			m.mu.Lock()
			m.recent.add(v)
			m.mu.Unlock()
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
