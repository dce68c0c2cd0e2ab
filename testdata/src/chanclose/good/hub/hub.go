// Package good has hubs that throw out who is slow, and close who leaves.
package good

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
			if h.members[m] {
				h.drop(m)
			}
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
	close(m.out)
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
	if _, ok := f.all[ch]; !ok {
		return
	}
	delete(f.all, ch)
	close(ch)
}

func (f *feeds) Remove(ch chan int) { f.remove <- ch }

// rooms closes all that are left when it ends itself, after which nobody is heard.
type rooms struct {
	enter, exit chan *member
	quit        chan struct{}
	inside      map[*member]bool
}

func NewRooms() *rooms {
	r := &rooms{enter: make(chan *member), exit: make(chan *member), quit: make(chan struct{}), inside: make(map[*member]bool)}
	go r.run()
	return r
}

func (r *rooms) run() {
	for {
		select {
		case m := <-r.enter:
			r.inside[m] = true
		case m := <-r.exit:
			r.drop(m)
		case <-r.quit:
			for m := range r.inside {
				r.drop(m)
			}
			return
		}
	}
}

func (r *rooms) drop(m *member) {
	delete(r.inside, m)
	close(m.out)
}

func (r *rooms) Exit(m *member) { r.exit <- m }
