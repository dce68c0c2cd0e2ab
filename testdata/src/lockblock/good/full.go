package good

import "sync"

type letter struct{ to, text string }

// A Post delivers letters in a goroutine.
type Post struct {
	mu     sync.Mutex
	known  map[string]int
	closed bool
	queue  chan letter
	last   chan letter
}

// NewPost makes one with room for some letters.
func NewPost(room int, deliver func(string, int)) *Post {
	p := &Post{known: make(map[string]int), queue: make(chan letter, room), last: make(chan letter, 1)}
	go p.run(deliver)
	go p.end(deliver)
	return p
}

func (p *Post) run(deliver func(string, int)) {
	for l := range p.queue {
		deliver(l.text, p.count(l.to))
	}
}

func (p *Post) count(to string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[to]++
	return p.known[to]
}

// Send queues a letter when the lock is free again.
func (p *Post) Send(to, text string) bool {
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		return false
	}
	p.queue <- letter{to, text}
	return true
}

// There is one of these, and room for it.
func (p *Post) end(deliver func(string, int)) {
	for l := range p.last {
		deliver(l.text, p.count(l.to))
	}
}

// Close sends the last one.
func (p *Post) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.closed = true
	p.last <- letter{"all", "the end"}
}
