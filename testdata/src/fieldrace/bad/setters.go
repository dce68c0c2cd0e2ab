package bad

import (
	"log"
	"time"
)

type probeConfig struct {
	every  time.Duration
	target string
}

// A Prober probes from the moment that it is made.
type Prober struct {
	cfg  probeConfig
	dial func(target string) error
	quit chan struct{}
}

func NewProber(cfg probeConfig, dial func(string) error) *Prober {
	p := &Prober{cfg: cfg, dial: dial, quit: make(chan struct{})}
	go p.loop()
	return p
}

func (p *Prober) loop() {
	for {
		cfg := p.cfg
		if err := p.dial(cfg.target); err != nil {
			log.Print(err)
		}
		select {
		case <-time.After(cfg.every):
		case <-p.quit:
			return
		}
	}
}

// SetConfig changes what is probed.
func (p *Prober) SetConfig(cfg probeConfig) {
	p.cfg = cfg // want `write of p\.cfg races with the read on line 28: nothing orders it with the goroutine of line 22; guard both by a mutex`
}

// A Beat logs its name now and then.
type Beat struct {
	name string
}

func NewBeat() *Beat {
	b := &Beat{name: "beat"}
	go func() {
		for range time.Tick(time.Second) {
			b.line()
		}
	}()
	return b
}

func (b *Beat) line() { log.Print(b.name) }

func (b *Beat) Rename(name string) {
	b.name = name // want `write of b\.name races with the read on line 60`
}
