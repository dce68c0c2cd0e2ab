package good

import (
	"hash/maphash"
	"sync"
)

type countShard struct {
	mu   sync.Mutex
	data map[string]int
}

type counters struct {
	seed   maphash.Seed
	shards [16]countShard
}

func newCounters() *counters {
	c := &counters{seed: maphash.MakeSeed()}
	for i := range c.shards {
		c.shards[i].data = make(map[string]int)
	}
	return c
}

func (c *counters) shard(key string) *countShard {
	return &c.shards[maphash.String(c.seed, key)%16]
}

func (c *counters) Add(key string, n int) {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data[key] += n
}

func (c *counters) Get(key string) int {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data[key]
}

// Each under the lock of its shard.
func (c *counters) Rename(from, to string) {
	s := c.shard(from)
	s.mu.Lock()
	n := s.data[from]
	delete(s.data, from)
	s.mu.Unlock()
	c.Add(to, n)
}

// The same key is the same shard.
func (c *counters) Take(key string) int {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	n := c.shard(key).data[key]
	delete(s.data, key)
	return n
}
