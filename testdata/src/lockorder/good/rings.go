package good

import (
	"slices"
	"sync"
)

// The panel asks with its lock released.
type reporter interface{ wagons() int }

type panel struct {
	mu    sync.Mutex
	moves int
	asked []reporter
}

func (p *panel) register(r reporter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, r)
}

func (p *panel) moved() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.moves++
}

func (p *panel) total() (n int) {
	p.mu.Lock()
	asked := slices.Clone(p.asked)
	p.mu.Unlock()
	for _, r := range asked {
		n += r.wagons()
	}
	return n
}

type siding struct {
	mu    sync.Mutex
	cars  []string
	panel *panel
}

func (s *siding) park(car string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cars = append(s.cars, car)
	s.panel.moved()
}

func (s *siding) empty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.cars) == 0
}

type Yard struct {
	mu     sync.Mutex
	n      int
	siding *siding
	panel  *panel
}

func NewYard() *Yard {
	p := &panel{}
	y := &Yard{panel: p, siding: &siding{panel: p}}
	p.register(y)
	return y
}

func (y *Yard) wagons() int {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.n
}

func (y *Yard) Depart() bool {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.siding.empty() {
		return false
	}
	y.n--
	return true
}

// Three parts of one engine, in one order.
type (
	feed  struct{ mu sync.Mutex }
	press struct{ mu sync.Mutex }
	stack struct{ mu sync.Mutex }
)

type engine struct {
	feed  *feed
	press *press
	stack *stack
}

func (e *engine) load() {
	e.feed.mu.Lock()
	defer e.feed.mu.Unlock()
	e.press.mu.Lock()
	defer e.press.mu.Unlock()
}

func (e *engine) print() {
	e.press.mu.Lock()
	defer e.press.mu.Unlock()
	e.stack.mu.Lock()
	defer e.stack.mu.Unlock()
}

func (e *engine) unload() {
	e.feed.mu.Lock()
	defer e.feed.mu.Unlock()
	e.stack.mu.Lock()
	defer e.stack.mu.Unlock()
}
