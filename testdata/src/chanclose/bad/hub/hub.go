// Package bad has hubs that throw out who is slow, and close who leaves.
package bad

type member struct{ out chan string }

type hub struct {
	join, leave chan *member
	say         chan string
	members     map[*member]bool
}

func NewHub() *hub {
	h := &hub{join: make(chan *member), leave: make(chan *member), say: make(chan string), members: make(map[*member]bool)}
	go h.run()
	return h
}

func (h *hub) run() {
	for {
		select {
		case m := <-h.join:
			h.members[m] = true
		case m := <-h.leave:
			h.drop(m)
		case text := <-h.say:
			for m := range h.members {
				h.offer(m, text)
			}
		}
	}
}

func (h *hub) offer(m *member, text string) {
	select {
	case m.out <- text:
	default:
		h.drop(m)
	}
}

func (h *hub) drop(m *member) {
	delete(h.members, m)
	close(m.out) // want `close of m.out panics if line 27 has taken it out of the map and closed it before; look whether it is still there`
}

func (h *hub) Leave(m *member) { h.leave <- m }

// feeds keeps the channels themselves.
type feeds struct {
	add, remove chan chan int
	values      chan int
	all         map[chan int]struct{}
}

func NewFeeds() *feeds {
	f := &feeds{add: make(chan chan int), remove: make(chan chan int), values: make(chan int), all: make(map[chan int]struct{})}
	go f.run()
	return f
}

func (f *feeds) run() {
	for {
		select {
		case ch := <-f.add:
			f.all[ch] = struct{}{}
		case ch := <-f.remove:
			f.end(ch)
		case v := <-f.values:
			for ch := range f.all {
				select {
				case ch <- v:
				default:
					f.end(ch)
				}
			}
		}
	}
}

func (f *feeds) end(ch chan int) {
	delete(f.all, ch)
	close(ch) // want `close of ch panics if line 73 has taken it out of the map and closed it before`
}

func (f *feeds) Remove(ch chan int) { f.remove <- ch }
