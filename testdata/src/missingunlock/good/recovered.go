package good

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
	defer h.mu.Unlock()
	f, ok := h.funcs[name]
	if !ok {
		panic("no extension " + name)
	}
	h.calls++
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

// Nobody recovers from this one: the process ends.
func (h *host) must(name string) {
	h.mu.Lock()
	if h.funcs[name] == nil {
		panic("no extension " + name)
	}
	h.mu.Unlock()
}

// The parser is of the one call that recovers.
type parser struct {
	mu  sync.Mutex
	pos int
	in  string
}

func parse(in string) (n int, err error) {
	p := &parser{in: in}
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
			panic("unexpected !")
		}
		p.pos++
	}
	p.mu.Unlock()
	return p.pos
}

// The lock starts anew with the rest.
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
	*p = pad{gen: gen + 1}
}
