package good

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
		<-done
		l.Lock()
	}
	l.done = make(chan struct{})
}

// Its state is none of those in which there is a channel to wait for.
func loses() {
	l := link{state: connected}
	l.Lost()
	if l.state == connected {
		panic("still there")
	}
}

var _ = loses
