package good

import (
	"sync"
	"time"
)

type redialled struct {
	mu   sync.Mutex
	once *sync.Once
	err  error
	dial func() error
}

func newRedialled(dial func() error) *redialled { return &redialled{once: new(sync.Once), dial: dial} }

func (l *redialled) current() *sync.Once { l.mu.Lock(); defer l.mu.Unlock(); return l.once }
func (l *redialled) reset()              { l.mu.Lock(); defer l.mu.Unlock(); l.once = new(sync.Once) }

func (l *redialled) connect() error {
	l.current().Do(func() { l.err = l.dial() })
	return l.err
}

func (l *redialled) Ensure() {
	for l.connect() != nil {
		l.reset() // the next turn has another Once
		time.Sleep(time.Second)
	}
}

func (l *redialled) Ensure2() error {
	for {
		if err := l.connect(); err == nil {
			return nil
		}
		l.reset()
		time.Sleep(time.Second)
	}
}
