package good

import "sync"

type crew struct {
	size int
	wg   sync.WaitGroup
}

func (c *crew) count() int { return c.size }

// The same number twice, written out or got by a method.
func (c *crew) atLeastOne(n int, work func()) {
	c.wg.Add(max(n, 1))
	for range max(n, 1) {
		go func() {
			defer c.wg.Done()
			work()
		}()
	}
	c.wg.Wait()
}

func (c *crew) all(work func()) {
	var wg sync.WaitGroup
	wg.Add(c.count())
	for i := 0; i < c.count(); i++ {
		go func() {
			defer wg.Done()
			work()
		}()
	}
	wg.Wait()
}

func oneCrew(n int, work func()) {
	c := &crew{size: n}
	c.atLeastOne(n, work)
	c.all(work)
}
