package bad

import "sync"

// Who is given an object can fill it, before the goroutine looks that empties it.

type filler struct {
	out   chan<- string
	mu    sync.Mutex
	lines []string
}

func newFiller(out chan<- string) *filler {
	return &filler{out: out}
}

func (p *filler) put(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, line)
}

func (p *filler) run() {
	for _, line := range p.take() {
		p.out <- line
	}
}

func (p *filler) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	lines := p.lines
	p.lines = nil
	return lines
}

func eachFills() {
	for _, fill := range []func(*filler){
		func(p *filler) { p.put("a") },
		func(p *filler) { p.put("a"); p.put("b") },
	} {
		func() {
			out := make(chan string, 1)
			p := newFiller(out)
			_ = fill
			go p.run()
			<-out // want `receive from out blocks forever: no other goroutine can end it`
		}()
	}
}

var _ = eachFills
