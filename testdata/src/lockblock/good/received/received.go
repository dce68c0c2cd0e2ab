// Package received has channels in a map, each of which is received from until it is closed.
package received

import "sync"

type Bus struct {
	mu    sync.RWMutex
	chans map[string]chan int
	sums  sync.Map
}

func New() *Bus { return &Bus{chans: map[string]chan int{}} }

func (b *Bus) Open(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := make(chan int)
	b.chans[name] = c
	go func() { // receives until it is closed, and takes no lock
		sum := 0
		for v := range c {
			sum += v
		}
		b.sums.Store(name, sum)
	}()
}

func (b *Bus) Send(name string, v int) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	c, ok := b.chans[name]
	if ok {
		c <- v
	}
	return ok
}

func (b *Bus) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for n, c := range b.chans {
		close(c)
		delete(b.chans, n)
	}
}
