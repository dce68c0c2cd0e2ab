package bad

// A Balancer is given its policy when it is made, and uses it at once.
type Balancer struct {
	policy func(int)
	states chan int
	done   chan struct{}
}

func NewBalancer(build func(*Balancer) func(int)) *Balancer {
	b := &Balancer{states: make(chan int, 1), done: make(chan struct{})}
	go b.watch()
	b.policy = build(b) // want `write of b.policy races with the read on line 18`
	return b
}

func (b *Balancer) watch() {
	b.policy(0)
	for {
		select {
		case n := <-b.states:
			b.policy(n)
		case <-b.done:
			return
		}
	}
}

func (b *Balancer) Report(n int) { b.states <- n }

func (b *Balancer) Close() { close(b.done) }
