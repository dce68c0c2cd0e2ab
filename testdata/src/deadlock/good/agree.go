package good

import "sync"

// The conversion of one string has the same length each time.
func runes(s string) chan rune {
	c := make(chan rune, len([]rune(s)))
	for _, r := range []rune(s) {
		c <- r
	}
	close(c)
	return c
}

// There are at least as many events as are taken: the comparison says so.
func takeSome(events []string, limit int, page func(string)) int {
	if limit > len(events) {
		limit = len(events)
	}
	out, done := make(chan string), make(chan struct{})
	defer close(done)
	go offer(events, out, done)
	n := 0
	for n < limit {
		select {
		case e := <-out:
			page(e)
		}
		n++
	}
	return n
}

func offer(events []string, out chan<- string, done <-chan struct{}) {
	for _, e := range events {
		select {
		case out <- e:
		case <-done:
			return
		}
	}
}

// All go the same number of rounds, which the machine cannot count.
type barrier struct {
	mu       sync.Mutex
	arrived  *sync.Cond
	n, count int
	round    int
}

func newBarrier(n int) *barrier {
	b := &barrier{n: n}
	b.arrived = sync.NewCond(&b.mu)
	return b
}

func (b *barrier) wait() {
	b.mu.Lock()
	defer b.mu.Unlock()
	round := b.round
	if b.count++; b.count == b.n {
		b.count = 0
		b.round++
		b.arrived.Broadcast()
		return
	}
	for round == b.round {
		b.arrived.Wait()
	}
}

func rounds(values []int, step func(i, d int)) {
	n := len(values)
	b := newBarrier(n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			for d := 1; d < n; d *= 2 {
				step(i, d)
				b.wait()
			}
		})
	}
	wg.Wait()
}
