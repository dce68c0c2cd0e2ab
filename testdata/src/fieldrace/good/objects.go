package good

import (
	"bytes"
	"container/list"
	"io"
	"sync"
)

type lru struct {
	mu    sync.RWMutex
	order *list.List
	items map[string]*list.Element
}

func newLRU() *lru { return &lru{order: list.New(), items: make(map[string]*list.Element)} }

func (c *lru) Get(key string) any {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.items[key]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value
}

func (c *lru) Len() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.order.Len()
}

func (c *lru) Put(key string, v any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.items[key] = c.order.PushFront(v)
	for c.order.Len() > 100 {
		c.order.Remove(c.order.Back())
	}
}

type output struct {
	mu   sync.Mutex
	said bytes.Buffer
}

func follow(r io.Reader) *output {
	o := new(output)
	go o.copy(r)
	return o
}

func (o *output) copy(r io.Reader) {
	for {
		o.mu.Lock()
		n, err := o.said.ReadFrom(io.LimitReader(r, 10))
		o.mu.Unlock()
		if n == 0 || err != nil {
			return
		}
	}
}

func (o *output) Text() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.said.String()
}

// Read can be read when it has been closed.
type closed struct {
	said bytes.Buffer
	done chan struct{}
}

func followToEnd(r io.Reader) *closed {
	c := &closed{done: make(chan struct{})}
	go func() {
		defer close(c.done)
		c.said.ReadFrom(r)
	}()
	return c
}

func (c *closed) Text() string {
	<-c.done
	return c.said.String()
}
