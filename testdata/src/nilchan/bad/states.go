package bad

import "sync"

type state uint32

const (
	disconnected state = iota
	disconnecting
	connecting
	reconnecting
	connected
)

type link struct {
	sync.RWMutex
	state state
	done  chan struct{}
}

func (l *link) Lost() {
	l.Lock()
	defer l.Unlock()
	if l.state == disconnected {
		return
	}
	before := l.state
	l.state = disconnecting
	if before == connecting || before == reconnecting {
		done := l.done
		l.Unlock()
		<-done // want `receive from done blocks forever: done is nil here; make it first`
		l.Lock()
	}
	l.done = make(chan struct{})
}

// It starts in a state in which there should be a channel to wait for.
func loses() {
	l := link{state: reconnecting}
	l.Lost()
	if l.state == connected {
		panic("still there")
	}
}

var _ = loses
