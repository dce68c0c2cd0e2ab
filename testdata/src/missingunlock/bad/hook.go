package bad

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

// A handler that panics leaves the bus locked for ever.
func (b *bus) Publish(event string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("handler: %v", p)
		}
	}()
	b.mu.Lock()
	b.count++
	err = b.each(event) // want `a panic in this call leaves b\.mu locked, since line \d+, and is recovered: the next b\.mu\.Lock blocks forever; defer b\.mu\.Unlock`
	b.mu.Unlock()
	return err
}

type cron struct {
	mu  sync.RWMutex
	job func()
}

func (c *cron) Tick() {
	defer func() {
		if p := recover(); p != nil {
			log.Print(p)
		}
	}()
	c.mu.RLock()
	c.job() // want `a panic in this call leaves c\.mu locked, since line \d+, and is recovered: the next c\.mu\.Lock blocks forever; defer c\.mu\.RUnlock`
	c.mu.RUnlock()
}
