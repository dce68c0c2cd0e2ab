package good

type pump struct {
	out  chan int
	quit chan struct{}
}

func newPump() *pump {
	p := &pump{out: make(chan int), quit: make(chan struct{})}
	go p.run()
	return p
}

// Who sends closes.
func (p *pump) run() {
	defer close(p.out)
	for i := 0; ; i++ {
		select {
		case p.out <- i:
		case <-p.quit:
			return
		}
	}
}

func (p *pump) Out() <-chan int { return p.out }

func (p *pump) Close() { close(p.quit) }

// waited ends the goroutine before it closes.
type waited struct {
	out         chan int
	quit, ended chan struct{}
}

func newWaited() *waited {
	w := &waited{out: make(chan int), quit: make(chan struct{}), ended: make(chan struct{})}
	go w.run()
	return w
}

func (w *waited) run() {
	defer close(w.ended)
	for i := 0; ; i++ {
		select {
		case w.out <- i:
		case <-w.quit:
			return
		}
	}
}

func (w *waited) Out() <-chan int { return w.out }

func (w *waited) Close() {
	close(w.quit)
	<-w.ended
	close(w.out)
}
