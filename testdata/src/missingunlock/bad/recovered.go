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
