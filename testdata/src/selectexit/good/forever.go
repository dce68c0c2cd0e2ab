package good

import (
	"log"
	"time"
)

func serveAll(start []func()) {
	for _, f := range start {
		go f()
	}
}

func boot(start []func(), ready chan<- struct{}) {
	serveAll(start)
	close(ready)
	select {}
}

// The result is there for the compiler: nothing waits for it.
func command(start []func()) error {
	serveAll(start)
	select {}
}

func execute(start []func()) error {
	return command(start)
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

func (p *poller) tick() {
	t := time.NewTicker(time.Second)
	for {
		select {
		case <-t.C:
			log.Print("tick")
		case <-p.quit:
			return
		}
	}
}

// A daemon of the package, which nothing stops.
func init() {
	go func() {
		t := time.NewTicker(time.Hour)
		for {
			select {
			case <-t.C:
				log.Print("still here")
			}
		}
	}()
}
