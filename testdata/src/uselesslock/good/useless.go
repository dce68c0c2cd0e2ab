// Package good locks what is shared.
package good

import "sync"

type counter struct {
	mu   sync.RWMutex
	n    int
	hits int
}

func (c *counter) local() {
	mu := &c.mu
	mu.Lock()
	c.n++
	mu.Unlock()
}

func (c *counter) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hits = 0
}

func (c *counter) get() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hits++
	return c.n
}

// Goroutines share the local mutex.
func sum(list []int) (n int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, i := range list {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			n += i
			mu.Unlock()
		}()
	}
	wg.Wait()
	return n
}

func (c *counter) empty() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hits = 1
}

// Waits for whoever holds it.
func (c *counter) barrier() int {
	c.mu.Lock()
	c.mu.Unlock()
	return c.n
}

type log struct {
	mu    sync.Mutex
	lines []string
}

func (l *log) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
}

type pinger struct {
	mu    sync.RWMutex
	once  bool
	asked bool
}

func (p *pinger) run(ticks <-chan bool) {
	for range ticks {
		p.ping()
	}
}

// Nobody else reads it, so there is nobody to be kept out.
func (p *pinger) ping() {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.asked {
		p.asked = false
	}
}

func (p *pinger) ask() {
	p.mu.Lock()
	p.asked = true
	p.mu.Unlock()
}

type processor struct {
	mu      sync.RWMutex
	started bool
}

// start is a value once, and the others exclude readers.
func start(p *processor, run func(func())) { run(p.run) }

func (p *processor) run() {
	p.mu.RLock()
	defer p.mu.RUnlock()
	p.started = true
}

func (p *processor) add() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.started
}

func (p *processor) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.started = false
}
