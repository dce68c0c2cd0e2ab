package good

import (
	"iter"
	"maps"
	"strings"
	"sync"
)

// Hosts are known by their names.
type Hosts struct {
	mu   sync.RWMutex
	addr map[string]string
}

// NewHosts makes an empty one.
func NewHosts() *Hosts { return &Hosts{addr: make(map[string]string)} }

// Set sets the address of a host.
func (h *Hosts) Set(name, addr string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.addr[name] = addr
}

// Drop forgets a host.
func (h *Hosts) Drop(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.addr, name)
}

// Under yields the hosts of a domain, with the lock held.
func (h *Hosts) Under(domain string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		h.mu.RLock()
		defer h.mu.RUnlock()
		for name, addr := range h.addr {
			if strings.HasSuffix(name, domain) && !yield(name, addr) {
				return
			}
		}
	}
}

// All yields a copy.
func (h *Hosts) All() iter.Seq2[string, string] {
	h.mu.RLock()
	defer h.mu.RUnlock()
	addr := maps.Clone(h.addr)
	return func(yield func(string, string) bool) {
		for name, a := range addr {
			if !yield(name, a) {
				return
			}
		}
	}
}

// each is ranged over under the lock.
func (h *Hosts) each() iter.Seq[string] {
	return func(yield func(string) bool) {
		for name := range h.addr {
			if !yield(name) {
				return
			}
		}
	}
}

// Len counts.
func (h *Hosts) Len() (n int) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for range h.each() {
		n++
	}
	return n
}
