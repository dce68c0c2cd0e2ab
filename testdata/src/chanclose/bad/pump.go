package bad

// pump sends on until it is told to stop.
type pump struct {
	out  chan int
	quit chan struct{}
}

func newPump() *pump {
	p := &pump{out: make(chan int), quit: make(chan struct{})}
	go p.run()
	return p
}

func (p *pump) run() {
	for i := 0; ; i++ {
		select { // want `a send of this select panics if its channel is closed on line 30 before`
		case p.out <- i:
		case <-p.quit:
			return
		}
	}
}

func (p *pump) Out() <-chan int { return p.out }

// The goroutine need not have seen the first close when the second one comes.
func (p *pump) Close() {
	close(p.quit)
	close(p.out)
}
