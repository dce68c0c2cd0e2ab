package bad

import "sync"

// A helper lists under the lock who listens, and the message goes to them past the unlock.

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
	e.mu.RLock()
	defer e.mu.RUnlock()
	var list []*caller
	for _, l := range e.listeners {
		if l.topic == topic {
			list = append(list, l)
		}
	}
	return list
}

func (e *Exchange) Tell(topic, text string) {
	for _, l := range e.of(topic) {
		select { // want `send on a channel of this select panics if Exchange\.leave closes it meanwhile \(line 35\): it was taken under Exchange\.mu, unlocked since; send under the lock`
		case l.mail <- text:
		default:
		}
	}
}
