package good

import (
	"fmt"
	"log"
	"sync"
)

type bus struct {
	mu       sync.Mutex
	handlers []func(string) error
	count    int
}

func (b *bus) each(event string) error {
	for _, h := range b.handlers {
		if err := h(event); err != nil {
			return err
		}
	}
	return nil
}

// The unlock is deferred.
func (b *bus) Publish(event string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("handler: %v", p)
		}
	}()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count++
	return b.each(event)
}

type cron struct {
	mu  sync.RWMutex
	job func()
	now func() int64
	at  int64
}

// The job is called when the lock is let go; the clock is not what the recover is for.
func (c *cron) Tick() {
	defer func() {
		if p := recover(); p != nil {
			log.Print(p)
		}
	}()
	c.mu.Lock()
	job := c.job
	c.at = c.now()
	c.mu.Unlock()
	job()
}

type plug struct {
	mu   sync.Mutex
	load func() error
}

func (p *plug) try() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("load: %v", r)
		}
	}()
	return p.load()
}

// The panic is caught before it gets here.
func (p *plug) Load() {
	defer func() {
		if r := recover(); r != nil {
			log.Print(r)
		}
	}()
	p.mu.Lock()
	if err := p.try(); err != nil {
		log.Print(err)
	}
	p.mu.Unlock()
}

// What recovers unlocks.
func (p *plug) Reload() {
	p.mu.Lock()
	defer func() {
		if r := recover(); r != nil {
			p.mu.Unlock()
		}
	}()
	if p.load() != nil {
		log.Print("not loaded")
	}
	p.mu.Unlock()
}
