package good

import "sync"

// A Collection is filled by handlers that run side by side, and read when they are all done:
// what waits for them is in another package.
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

func (c *Collection) Convert(names []string) (list []int) {
	for _, n := range names {
		list = append(list, c.layers[n])
	}
	return list
}
