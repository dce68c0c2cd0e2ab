package good

// A hub knows its listeners by themselves.
type hub struct {
	listeners map[*listener]bool
}

type listener struct{ events chan int }

// The goroutine waits for what others find in the map's keys.
func (h *hub) add() {
	l := &listener{events: make(chan int)}
	h.listeners[l] = true
	go func() {
		for range l.events {
		}
	}()
}

func (h *hub) publish(n int) {
	for l := range h.listeners {
		l.events <- n
	}
}
