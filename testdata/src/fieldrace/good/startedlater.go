package good

import "sync"

// The helper sets the field before its caller starts the goroutine that reads it.
type epoll struct {
	mu   sync.Mutex
	fd   int
	ends chan int
}

func (p *epoll) Watch() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ends == nil {
		if !p.connect() {
			p.disconnect()
			return false
		}
		p.ends = make(chan int)
		go p.loop(p.ends)
	}
	return true
}

func (p *epoll) connect() bool {
	p.fd = len("fd")
	return p.fd > 0
}

func (p *epoll) disconnect() {
	if p.fd > 0 {
		p.fd = -1
	}
}

func (p *epoll) loop(ends chan int) {
	for {
		if wait(p.fd) {
			continue
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.disconnect()
		p.ends = nil
		return
	}
}

func wait(fd int) bool { return fd > 0 }
