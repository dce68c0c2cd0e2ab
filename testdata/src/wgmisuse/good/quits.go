package good

import "sync"

type gang struct {
	jobs chan func()
	quit chan bool
	wg   sync.WaitGroup
	once sync.Once
}

func newGang() *gang { return &gang{jobs: make(chan func()), quit: make(chan bool)} }

func (c *gang) start(n int) {
	for range n {
		c.wg.Add(1)
		go c.work()
	}
}

func (c *gang) work() {
	defer c.wg.Done()
	for {
		select {
		case f := <-c.jobs:
			f()
		case <-c.quit:
			return
		}
	}
}

// Closed for all of them.
func (c *gang) stop() {
	c.once.Do(func() {
		close(c.quit)
		c.wg.Wait()
	})
}

// One value for each.
type team struct {
	size int
	quit chan bool
	wg   sync.WaitGroup
}

func newTeam(size int) *team {
	t := &team{size: size, quit: make(chan bool)}
	for range size {
		t.wg.Add(1)
		go t.work()
	}
	return t
}

func (t *team) work() {
	defer t.wg.Done()
	<-t.quit
}

func (t *team) stop() {
	for range t.size {
		t.quit <- true
	}
	t.wg.Wait()
}

// Each has a channel of its own.
type hand struct {
	quit chan bool
	wg   *sync.WaitGroup
}

func (h *hand) work() {
	defer h.wg.Done()
	<-h.quit
}

func (h *hand) stop() {
	h.quit <- true
	h.wg.Wait()
}

func hands(n int) (list []*hand) {
	for range n {
		h := &hand{quit: make(chan bool), wg: new(sync.WaitGroup)}
		h.wg.Add(1)
		go h.work()
		list = append(list, h)
	}
	return list
}

// Who is told to end tells the next one.
type chain struct {
	quit chan bool
	wg   sync.WaitGroup
}

func newChain(n int) *chain {
	c := &chain{quit: make(chan bool, 1)}
	for range n {
		c.wg.Add(1)
		go c.work()
	}
	return c
}

func (c *chain) work() {
	defer c.wg.Done()
	c.quit <- <-c.quit
}

func (c *chain) stop() {
	c.quit <- true
	c.wg.Wait()
}
