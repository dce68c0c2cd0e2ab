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
