package bad

import "sync"

// A Collection is filled by handlers that run side by side.
type Collection struct {
	mu     sync.Mutex
	layers map[string]int
}

func NewCollection() *Collection { return &Collection{layers: make(map[string]int)} }

func (c *Collection) Handle(name string, fetch func(string) (int, error)) error {
	n, err := fetch(name)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.layers[name] = n
	c.mu.Unlock()
	return nil
}

func (c *Collection) HandleEmpty(name string) {
	c.mu.Lock()
	c.layers[name] = 0
	c.mu.Unlock()
}

// Others read under the lock: they are not done yet.
func (c *Collection) Has(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.layers[name]
	return ok
}

func (c *Collection) Convert(names []string) (list []int) {
	for _, n := range names {
		list = append(list, c.layers[n]) // want `read of c.layers without c.mu races with the write on line \d+: 3 of 4 accesses hold mu; lock it here too`
	}
	return list
}
