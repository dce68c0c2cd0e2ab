package bad

import "sync"

type letter struct{ to, text string }

// A Post delivers letters in a goroutine.
type Post struct {
	mu     sync.Mutex
	known  map[string]int
	closed bool
	queue  chan letter
}

// NewPost makes one with room for some letters.
func NewPost(room int, deliver func(string, int)) *Post {
	p := &Post{known: make(map[string]int), queue: make(chan letter, room)}
	go p.run(deliver)
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

// Send queues a letter.
func (p *Post) Send(to, text string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.queue <- letter{to, text} // want `^send on p.queue, once full, blocks forever: its receiver comes to the Lock \(line \d+\) of p.mu, held since line \d+; unlock it before$`
	return true
}

// SendAll queues a letter to each.
func (p *Post) SendAll(to []string, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range to {
		p.put(letter{t, text}) // want `^the send on p.queue \(line \d+\) in this call, once full, blocks forever: its receiver comes to the Lock`
	}
}

func (p *Post) put(l letter) {
	p.queue <- l
}
