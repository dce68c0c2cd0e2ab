package bad

import (
	"errors"
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

// An endpoint answers requests; what a method does with its session may panic.
type endpoint struct {
	mu       sync.Mutex
	methods  map[string]func(map[string]string) string
	sessions map[string]*visit
}

type visit struct {
	mu    sync.Mutex
	state map[string]string
	calls int
}

func (e *endpoint) visit(id string) *visit {
	e.mu.Lock()
	defer e.mu.Unlock()
	v := e.sessions[id]
	if v == nil {
		v = &visit{state: make(map[string]string)}
		e.sessions[id] = v
	}
	return v
}

func (e *endpoint) answer(id, name string) (reply string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("internal error")
		}
	}()
	return e.visit(id).call(e.methods[name]), nil
}

func (v *visit) call(method func(map[string]string) string) string {
	v.mu.Lock()
	v.calls++
	reply := method(v.state) // want `^a panic in this call leaves v.mu locked, since line \d+, and is recovered: the next v.mu.Lock blocks forever; defer v.mu.Unlock$`
	v.mu.Unlock()
	return reply
}
