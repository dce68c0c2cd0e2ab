package good

import "sync"

// A reauth has its lock in it, and a Cond that is made with the whole.
type reauth struct {
	sync.RWMutex
	busy bool
	done *sync.Cond
}

// A Provider keeps the lock of its reauth where it waits for the Cond of that: Wait gives it up.
type Provider struct{ re *reauth }

func (p *Provider) Wait() {
	p.re.Lock()
	for p.re.busy {
		p.re.done.Wait()
	}
	p.re.Unlock()
}

func (p *Provider) Begin() {
	p.re.Lock()
	p.re.busy = true
	p.re.done = sync.NewCond(p.re)
	p.re.Unlock()
}

func (p *Provider) End() {
	p.re.Lock()
	p.re.busy = false
	p.re.done.Broadcast()
	p.re.Unlock()
}
