package good

import "sync"

// A Chat passes texts to those who have joined.
type Chat struct {
	mu   sync.Mutex
	last int
	all  map[int]chan string
}

// NewChat makes one.
func NewChat() *Chat { return &Chat{all: make(map[int]chan string)} }

// Join returns the channel of a new member.
func (c *Chat) Join() (int, <-chan string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	ch := make(chan string, 8)
	c.all[c.last] = ch
	return c.last, ch
}

// Part closes it and takes it out.
func (c *Chat) Part(id int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch, ok := c.all[id]
	if ok {
		close(ch)
		delete(c.all, id)
	}
	return ok
}

// Tell gives a text to all who can take it.
func (c *Chat) Tell(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ch := range c.all {
		select {
		case ch <- text:
		default:
		}
	}
}

type guest struct {
	texts chan string
	gone  bool
}

// A Hall says of each guest whether he has gone.
type Hall struct {
	mu     sync.Mutex
	guests map[int]*guest
}

// Part marks what it closes.
func (h *Hall) Part(id int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if g := h.guests[id]; g != nil && !g.gone {
		g.gone = true
		close(g.texts)
	}
}

// Tell looks at the mark.
func (h *Hall) Tell(text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.guests {
		if !g.gone {
			g.texts <- text
		}
	}
}

// A Desk closes what its caller takes out.
type Desk struct {
	mu   sync.Mutex
	open map[int]chan string
}

func (d *Desk) shut(id int) {
	if ch := d.open[id]; ch != nil {
		close(ch)
	}
}

// Leave shuts and takes out.
func (d *Desk) Leave(id int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut(id)
	delete(d.open, id)
}

// Tell sends to one.
func (d *Desk) Tell(id int, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ch := d.open[id]; ch != nil {
		ch <- text
	}
}
