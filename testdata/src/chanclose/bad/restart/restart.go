// Package bad has a type that can be started anew, and one channel to stop it.
package bad

import (
	"sync"
	"time"
)

type Poller struct {
	mu      sync.Mutex
	running bool
	quit    chan struct{}
	every   time.Duration
}

func NewPoller(every time.Duration) *Poller {
	return &Poller{quit: make(chan struct{}), every: every}
}

func (p *Poller) Resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running {
		return
	}
	p.running = true
	go p.loop()
}

func (p *Poller) loop() {
	for {
		select {
		case <-time.After(p.every):
		case <-p.quit:
			return
		}
	}
}

func (p *Poller) Pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.running {
		return
	}
	p.running = false
	close(p.quit) // want `close of p.quit panics the second time: Poller.Resume sets p.running anew \(line 26\) without another channel; make one there`
}

func (p *Poller) Reset(every time.Duration) {
	p.Pause()
	p.mu.Lock()
	p.every = every
	p.mu.Unlock()
	p.Resume()
}
