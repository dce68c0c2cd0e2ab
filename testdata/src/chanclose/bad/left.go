package bad

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

// Part closes it, and forgets to take it out.
func (c *Chat) Part(id int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch, ok := c.all[id]
	if ok {
		close(ch) // want `^the closed channel stays in all: the next send of Chat.Tell on it \(line \d+\) panics, as does a second close; delete it there$`
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
