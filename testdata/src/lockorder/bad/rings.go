package bad

import "sync"

// A yard asks its siding, the siding tells the board, and the board asks the yard
// by an interface: three goroutines, each with one of the locks.
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
	defer p.mu.Unlock()
	for _, r := range p.asked {
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
	s.panel.moved() // want `call that locks panel\.mu \(rings\.go:\d+\) while holding siding\.mu closes a circle with panel\.total \(rings\.go:\d+\) and rings\.go:\d+: all three can block forever`
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
	y := &Yard{panel: p, siding: newSiding(p)}
	p.register(y)
	return y
}

func newSiding(p *panel) *siding { return &siding{panel: p} }

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

// Another that the board asks holds nothing else.
type Depots struct {
	mu sync.Mutex
	n  int
}

func (d *Depots) wagons() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.n
}

// Three parts of one engine.
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
	e.stack.mu.Lock()
	defer e.stack.mu.Unlock()
	e.feed.mu.Lock() // want `e\.feed\.mu\.Lock while holding stack\.mu closes a circle with engine\.load \(rings\.go:\d+\) and rings\.go:\d+: all three can block forever`
	defer e.feed.mu.Unlock()
}
