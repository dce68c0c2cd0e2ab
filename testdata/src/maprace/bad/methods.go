package bad

import "time"

// collector counts in a goroutine of its own.
type collector struct {
	counts map[string]int
	names  chan string
}

func newCollector(names chan string) *collector {
	c := &collector{counts: make(map[string]int), names: names}
	go c.collect()
	return c
}

func (c *collector) collect() {
	for range time.Tick(time.Second) {
		c.counts["ticks"]++
	}
}

// Count reads while the goroutine writes.
func (c *collector) Count(name string) int {
	return c.counts[name] // want `read of c.counts races with the write on line 19: nothing orders it with the goroutine of line 13, and no map is safe for that; guard both by a mutex`
}
