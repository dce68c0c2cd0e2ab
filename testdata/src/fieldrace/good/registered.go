package good

import "sync"

// A peer is found in the registry when it is complete.
type Peer struct {
	name *string
}

// Name is for those that have found it.
func (p *Peer) Name() string { return *p.name }

// Peers is the registry.
type Peers struct {
	mu   sync.Mutex
	list map[string]*Peer
}

func (r *Peers) add(key string, p *Peer) {
	r.mu.Lock()
	r.list[key] = p
	r.mu.Unlock()
}

func (r *Peers) receive(p *Peer, next func() string) {
	name := next()
	p.name = &name
	r.add(name, p)
}

// Serve takes a peer on.
func (r *Peers) Serve(next func() string) {
	p := &Peer{}
	go r.receive(p, next)
}

// Find is for anybody.
func (r *Peers) Find(key string) *Peer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.list[key]
}
