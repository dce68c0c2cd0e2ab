package good

import "time"

type poller struct {
	ticker *time.Ticker
	done   chan struct{}
	n      int
}

func (p *poller) rangeAfterStop() {
	go func() {
		for {
			select {
			case <-p.ticker.C:
				p.n++
			case <-p.done:
				return
			}
		}
	}()
}

func (p *poller) stop() { p.ticker.Stop(); close(p.done) }

func stopInCaller(work, show func()) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	done := make(chan struct{})
	defer close(done)
	go func() {
		for range ticker.C {
			select {
			case <-done:
				return
			default:
			}
			show()
		}
	}()
	work()
}

type owner struct {
	quit chan struct{}
	n    int
}

func (o *owner) start() { go o.ignoreQuit() }

func (o *owner) ignoreQuit() {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for range ticker.C {
		select {
		case <-o.quit:
			return
		default:
		}
		o.n++
	}
}

func (o *owner) ignoreQuitInLiteral(show func()) {
	go func() {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				show()
			case <-o.quit:
				return
			}
		}
	}()
}

func (o *owner) Close() { close(o.quit) }

// breakLabelled leaves by a label.
func breakLabelled(done chan struct{}) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	go func() {
	loop:
		for range t.C {
			select {
			case <-done:
				break loop
			default:
			}
		}
	}()
}
