package good

import (
	"log"
	"sync"
	"time"
)

type probeConfig struct {
	every  time.Duration
	target string
}

// A Prober probes from the moment that it is made.
type Prober struct {
	mu   sync.Mutex
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
		p.mu.Lock()
		cfg := p.cfg
		p.mu.Unlock()
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
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cfg = cfg
}

// A Beat logs its name now and then; it is named before it starts.
type Beat struct {
	name string
}

func NewBeat() *Beat { return &Beat{name: "beat"} }

func (b *Beat) Rename(name string) { b.name = name }

func (b *Beat) Go() {
	go func() {
		for range time.Tick(time.Second) {
			b.line()
		}
	}()
}

func (b *Beat) line() { log.Print(b.name) }

// An Asker reads its prefix when it is asked, and who asks has set that before.
type Asker struct {
	prefix string
	asks   chan string
}

func NewAsker() *Asker {
	a := &Asker{asks: make(chan string)}
	go func() {
		for q := range a.asks {
			log.Print(a.prefix, q)
		}
	}()
	return a
}

func (a *Asker) SetPrefix(p string) { a.prefix = p }

func (a *Asker) Ask(q string) { a.asks <- q }

// A Pulse can only be given its step by the function that its own goroutine calls.
type Pulse struct {
	step time.Duration
	// OnBeat may call SetStep.
	OnBeat func(*Pulse)
}

func NewPulse(f func(*Pulse)) *Pulse {
	p := &Pulse{step: time.Second, OnBeat: f}
	go p.run()
	return p
}

func (p *Pulse) run() {
	for {
		time.Sleep(p.step)
		p.OnBeat(p)
	}
}

func (p *Pulse) SetStep(d time.Duration) { p.step = d }

// A Sink is stopped before its writer is changed, and then started again.
type Sink struct {
	name       string
	quit, done chan struct{}
}

func NewSink() *Sink {
	s := new(Sink)
	s.Restart()
	return s
}

func (s *Sink) Restart() {
	s.quit, s.done = make(chan struct{}), make(chan struct{})
	go s.run()
}

func (s *Sink) run() {
	defer close(s.done)
	for {
		log.Print(s.name)
		select {
		case <-s.quit:
			return
		case <-time.After(time.Second):
		}
	}
}

func (s *Sink) Stop() {
	close(s.quit)
	<-s.done
}

func (s *Sink) Rename(name string) { s.name = name }
