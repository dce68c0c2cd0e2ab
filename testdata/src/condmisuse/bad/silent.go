package bad

import "sync"

// A plugin is active once it has a manifest, which others set.
type plugin struct {
	Manifest *string
	active   *sync.Cond
}

func newPlugin() *plugin { return &plugin{active: sync.NewCond(&sync.Mutex{})} }

func (p *plugin) WaitActive() {
	p.active.L.Lock()
	defer p.active.L.Unlock()
	for p.Manifest == nil {
		p.active.Wait() // want `p.active.Wait blocks forever: nothing calls Signal or Broadcast of it; call Broadcast where what it waits for comes`
	}
}

type pausable struct {
	mu     sync.Mutex
	cond   *sync.Cond
	paused bool
	seq    int
}

func newPausable() *pausable {
	p := &pausable{paused: true}
	p.cond = sync.NewCond(&p.mu)
	return p
}

func (p *pausable) next() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.paused {
		p.cond.Wait() // want `p.cond.Wait blocks forever: nothing calls Signal or Broadcast of it; call Broadcast after the change of p.paused on line \d+`
	}
	p.seq++
	return p.seq
}

// Whoever waits is not told.
func (p *pausable) resume() {
	p.mu.Lock()
	p.paused = false
	p.mu.Unlock()
}
