package bad

import "time"

// A poller takes its goroutine for ended once the ticker is stopped.
type poller struct {
	ticker *time.Ticker
	done   chan struct{}
	n      int
}

// rangeAfterStop never learns of the Stop: it does not close the channel.
func (p *poller) rangeAfterStop() {
	go func() {
		for range p.ticker.C { // want `range over p.ticker.C never returns: p.ticker.Stop on line \d+ does not close the channel, which leaks the goroutine; select on a stop channel too`
			p.n++
		}
	}()
}

func (p *poller) stop() { p.ticker.Stop() }

// stopInCaller leaves a goroutine behind with each call.
func stopInCaller(work, show func()) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	go func() {
		for range ticker.C { // want `range over ticker.C never returns: ticker.Stop on line \d+ does not close the channel`
			show()
		}
	}()
	work()
}

// An owner has a stop signal that this goroutine does not look at.
type owner struct {
	quit chan struct{}
	n    int
}

func (o *owner) start() { go o.ignoreQuit() }

func (o *owner) ignoreQuit() {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for range ticker.C { // want `range over ticker.C never returns, though o.quit is closed on line \d+: leaks the goroutine; select on both`
		o.n++
	}
}

// ignoreQuitInLiteral does so in a function literal.
func (o *owner) ignoreQuitInLiteral(show func()) {
	go func() {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for range t.C { // want `range over t.C never returns, though o.quit is closed on line \d+: leaks the goroutine; select on both`
			show()
		}
	}()
}

func (o *owner) Close() { close(o.quit) }
