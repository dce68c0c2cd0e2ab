package bad

import "sync"

type crew struct {
	jobs chan func()
	quit chan bool
	wg   sync.WaitGroup
	once sync.Once
}

func newCrew() *crew { return &crew{jobs: make(chan func()), quit: make(chan bool)} }

func (c *crew) start(n int) {
	for range n {
		c.wg.Add(1)
		go c.work()
	}
}

func (c *crew) work() {
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

func (c *crew) stop() {
	c.once.Do(func() {
		c.quit <- true // want `^one value on c.quit ends one of the goroutines that the loop on line \d+ starts: the Wait on line \d+ blocks forever for the others; close it$`
		c.wg.Wait()
	})
}
