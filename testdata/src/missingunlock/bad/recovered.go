package bad

import (
	"fmt"
	"sync"
)

// A host survives the panics of what it calls.
type host struct {
	mu    sync.Mutex
	funcs map[string]func(string) string
	calls int
}

func (h *host) find(name string) func(string) string {
	h.mu.Lock()
	f, ok := h.funcs[name]
	if !ok {
		panic("no extension " + name) // want `panic leaves h\.mu locked, since line \d+, and is recovered: the next h\.mu\.Lock blocks forever; defer h\.mu\.Unlock`
	}
	h.calls++
	h.mu.Unlock()
	return f
}

func (h *host) Call(name, input string) (out string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: %v", name, p)
		}
	}()
	return h.find(name)(input), nil
}

// The parser is of all calls.
type parser struct {
	mu  sync.Mutex
	pos int
	in  string
}

func (p *parser) parse(in string) (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("parse: %v", r)
		}
	}()
	return p.run(), nil
}

func (p *parser) run() int {
	p.mu.Lock()
	for p.pos < len(p.in) {
		if p.in[p.pos] == '!' {
			panic("unexpected !") // want `panic leaves p\.mu locked, since line \d+, and is recovered`
		}
		p.pos++
	}
	p.mu.Unlock()
	return p.pos
}

// The lock does not start anew with the rest.
type pad struct {
	mu   sync.Mutex
	data []byte
	gen  int
}

func (p *pad) reset() {
	p.mu.Lock()
	gen := p.gen
	if gen < 0 {
		p.mu.Unlock()
		return
	}
	p.data, p.gen = nil, gen+1
} // want `the end of the function leaves p\.mu locked`
