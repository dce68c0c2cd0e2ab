package bad

import (
	"iter"
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

// Under yields the hosts of a domain, when the lock is free again.
func (h *Hosts) Under(domain string) iter.Seq2[string, string] {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return func(yield func(string, string) bool) {
		for name, addr := range h.addr { // want `^read of h.addr without h.mu races with the write on line \d+: \d of \d accesses hold mu; lock it here too$`
			if strings.HasSuffix(name, domain) && !yield(name, addr) {
				return
			}
		}
	}
}
