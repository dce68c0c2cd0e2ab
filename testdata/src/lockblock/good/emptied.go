package good

import "sync"

// A broker answers each order once, and its channel has room for that.
type broker struct {
	mu   sync.Mutex
	open map[int]*order
}

type order struct {
	b    *broker
	id   int
	done chan int
}

func (b *broker) Place(id int) *order {
	o := &order{b, id, make(chan int, 1)}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open == nil {
		b.open = make(map[int]*order)
	}
	b.open[id] = o
	return o
}

func (o *order) Withdraw() {
	o.b.mu.Lock()
	delete(o.b.open, o.id)
	o.b.mu.Unlock()
}

func (o *order) Wait() int { return <-o.done }

// Close takes all orders out of the map at once, under the lock.
func (b *broker) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, o := range b.open {
		o.done <- -1
	}
	b.open = nil
}

// Reset does so as well.
func (b *broker) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, o := range b.open {
		o.done <- 0
	}
	clear(b.open)
}
