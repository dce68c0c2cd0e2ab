package bad

import "time"

// poller is asked while it polls.
type poller struct {
	quit chan struct{}
	last time.Time
	errs int
}

func newPoller(check func() error) *poller {
	p := &poller{quit: make(chan struct{})}
	go p.run(check)
	return p
}

func (p *poller) run(check func() error) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-p.quit:
			return
		case now := <-t.C:
			p.note(now)
		}
	}
}

func (p *poller) note(now time.Time) {
	p.last = now
	p.errs++
}

// Last sees the half of a time, or an old one for ever.
func (p *poller) Last() time.Time {
	return p.last // want `read of p.last races with the write on line 32: nothing orders it with the goroutine of line 14; guard both by a mutex`
}

func (p *poller) Reset() {
	p.errs = 0 // want `write of p.errs races with the write on line 33`
}

func (p *poller) Close() { close(p.quit) }

type cache struct{ entry *int }

// Refresh returns before the entry is there.
func (c *cache) Refresh(load func() int) {
	go func() {
		n := 1
		c.entry = &n
	}()
}

func (c *cache) Entry() *int {
	return c.entry // want `read of c.entry races with the write on line 53`
}
