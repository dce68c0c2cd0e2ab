package good

import "sync"

// requests counts one that has got the lock: who waits for that is not counted.
type requests struct {
	mu sync.RWMutex
	wg sync.WaitGroup
}

func (r *requests) process(work func()) {
	r.mu.RLock()
	r.wg.Add(1)
	defer r.wg.Done()
	r.mu.RUnlock()
	work()
}

func (r *requests) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wg.Wait()
}

type closer struct {
	mu     sync.Mutex
	wg     sync.WaitGroup
	closed bool
}

func newCloser() *closer {
	c := new(closer)
	c.wg.Add(1)
	return c
}

// The one that closes is done before it waits, and so is each that comes later.
func (c *closer) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.closed = true
		c.wg.Done()
	}
	c.wg.Wait()
}
