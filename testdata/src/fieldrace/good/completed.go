package good

// A Balancer is given its policy when it is made, and used when it is told of something.
type Balancer struct {
	policy func(int)
	states chan int
	done   chan struct{}
}

func NewBalancer(build func(*Balancer) func(int)) *Balancer {
	b := &Balancer{states: make(chan int, 1), done: make(chan struct{})}
	go b.watch()
	b.policy = build(b)
	return b
}

func (b *Balancer) watch() {
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
