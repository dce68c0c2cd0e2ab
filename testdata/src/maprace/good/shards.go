package good

import "sync"

// A shard is locked by who looks it up.
type shard struct {
	sync.Mutex
	index map[string]int
}

func (s *shard) init() { s.index = make(map[string]int) }

func (s *shard) drop(key string) { delete(s.index, key) }

// Shards is for many goroutines.
type Shards struct{ list []shard }

// NewShards makes n.
func NewShards(n int) *Shards {
	c := &Shards{list: make([]shard, n)}
	for i := range c.list {
		c.list[i].init()
	}
	return c
}

func (c *Shards) locked(key string) *shard {
	s := &c.list[len(key)%len(c.list)]
	s.Lock()
	return s
}

// Get returns what is there.
func (c *Shards) Get(key string) int {
	s := c.locked(key)
	defer s.Unlock()
	return s.index[key]
}

// Put replaces it.
func (c *Shards) Put(key string, v int) {
	s := c.locked(key)
	if len(s.index) > 100 {
		s.drop(key)
	}
	s.index[key] = v
	s.Unlock()
}

// Remove drops it.
func (c *Shards) Remove(key string) {
	s := c.locked(key)
	s.drop(key)
	s.Unlock()
}

// Purge begins anew.
func (c *Shards) Purge() {
	for i := range c.list {
		s := &c.list[i]
		s.Lock()
		s.init()
		s.Unlock()
	}
}
