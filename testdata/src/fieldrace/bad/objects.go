package bad

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

// To move an element is to write.
func (c *lru) Get(key string) any {
	c.mu.RLock()
	defer c.mu.RUnlock()
	e := c.items[key]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e) // want `write of c.order by MoveToFront under c.mu.RLock races with the same write in another goroutine, which can hold it too; take c.mu.Lock`
	return e.Value
}

func (c *lru) Put(key string, v any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.items[key] = c.order.PushFront(v)
	for c.order.Len() > 100 {
		c.order.Remove(c.order.Back())
	}
}

// output keeps what a process says.
type output struct {
	said bytes.Buffer
}

func follow(r io.Reader) *output {
	o := new(output)
	go o.copy(r)
	return o
}

func (o *output) copy(r io.Reader) {
	for {
		if n, err := o.said.ReadFrom(io.LimitReader(r, 10)); n == 0 || err != nil {
			return
		}
	}
}

func (o *output) Text() string {
	return o.said.String() // want `read of o.said by String races with the write by ReadFrom on line 52: nothing orders it with the goroutine of line 46; guard both by a mutex`
}
