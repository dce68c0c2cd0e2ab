package good

import "sync"

// A helper lists who listens, for who holds the lock until the message has gone to them.

type caller struct {
	topic string
	mail  chan string
}

type Exchange struct {
	mu        sync.RWMutex
	listeners map[int]*caller
	next      int
}

func NewExchange() *Exchange { return &Exchange{listeners: make(map[int]*caller)} }

func (e *Exchange) Listen(topic string) (<-chan string, func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	id := e.next
	e.next++
	l := &caller{topic: topic, mail: make(chan string, 1)}
	e.listeners[id] = l
	return l.mail, func() { e.leave(id) }
}

func (e *Exchange) leave(id int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if l, ok := e.listeners[id]; ok {
		delete(e.listeners, id)
		close(l.mail)
	}
}

func (e *Exchange) of(topic string) []*caller {
	var list []*caller
	for _, l := range e.listeners {
		if l.topic == topic {
			list = append(list, l)
		}
	}
	return list
}

func (e *Exchange) Tell(topic, text string) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	for _, l := range e.of(topic) {
		select {
		case l.mail <- text:
		default:
		}
	}
}
