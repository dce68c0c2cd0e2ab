package bad

import (
	"log"
	"time"
)

// The listeners run, but whatever their starter has to do next never happens.
func serveAll(start []func()) {
	for _, f := range start {
		go f()
	}
	select {} // want `select without cases blocks forever, so serveAll never returns`
}

func boot(start []func(), ready chan<- struct{}) {
	serveAll(start)
	close(ready)
}

type poller struct {
	quit chan struct{}
	wake chan struct{}
}

func (p *poller) start() {
	go p.listen()
	go p.tick()
}

func (p *poller) stop() { close(p.quit) }

func (p *poller) listen() {
	for {
		select {
		case <-p.wake:
			log.Print("awake")
		case <-p.quit:
			return
		}
	}
}

// This one does not end when the poller is stopped: it keeps the poller alive.
func (p *poller) tick() {
	t := time.NewTicker(time.Second)
	for { // want `no case leaves this loop: the goroutine outlives its poller, whose loop at line 38 ends by p.quit`
		select {
		case <-t.C:
			log.Print("tick")
		}
	}
}
