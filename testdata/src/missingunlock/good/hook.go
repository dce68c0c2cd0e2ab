package good

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
	defer v.mu.Unlock()
	v.calls++
	return method(v.state)
}

// A relay calls some of its hooks without the lock: the recover can be for those.
type relay struct {
	mu    sync.Mutex
	sent  int
	hook  func(int)
	trace func(int) int
}

func (b *relay) emit(n int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("hook failed")
		}
	}()
	b.hook(n)
	b.count(n)
	return nil
}

func (b *relay) count(n int) {
	b.mu.Lock()
	b.sent += b.trace(n)
	b.mu.Unlock()
}
