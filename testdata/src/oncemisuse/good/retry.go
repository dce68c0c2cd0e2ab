package good

import (
	"sync"
	"time"
)

type link struct {
	mu   sync.Mutex
	conn *client
	err  error
}

func (l *link) connect(addr string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn == nil {
		l.conn, l.err = dial(addr)
	}
	return l.err
}

// Each turn is another try.
func (l *link) connectPatiently(addr string) {
	for {
		if err := l.connect(addr); err == nil {
			return
		}
		time.Sleep(time.Second)
	}
}

type onceLink struct {
	once sync.Once
	conn *client
	err  error
}

func (l *onceLink) connect(addr string) error {
	l.once.Do(func() { l.conn, l.err = dial(addr) })
	return l.err
}

// Another link in each turn.
func connectAny(addr string) *onceLink {
	for {
		l := new(onceLink)
		if err := l.connect(addr); err == nil {
			return l
		}
		time.Sleep(time.Second)
	}
}

// Others are waited for; the link is there or not.
func useAll(l *onceLink, addrs []string, use func(*client)) {
	for range addrs {
		if err := l.connect(""); err != nil {
			return
		}
		use(l.conn)
	}
}
