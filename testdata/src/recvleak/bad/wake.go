package bad

import "sync"

// An inbox is emptied by a goroutine.
type inbox struct {
	mu   sync.Mutex
	jobs []func()
	wake chan struct{}
	quit chan struct{}
}

func newInbox() *inbox {
	b := &inbox{wake: make(chan struct{}), quit: make(chan struct{})}
	go b.run()
	return b
}

func (b *inbox) take() (jobs []func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	jobs, b.jobs = b.jobs, nil
	return jobs
}

func (b *inbox) run() {
	for {
		for _, f := range b.take() {
			f()
		}
		select { // want `^a wakeup on b.wake between the look on line \d+ and this receive is lost: the select on line \d+ drops it; make the channel with room for one$`
		case <-b.wake:
		case <-b.quit:
			return
		}
	}
}

func (b *inbox) put(f func()) {
	b.mu.Lock()
	b.jobs = append(b.jobs, f)
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *inbox) stop() { close(b.quit) }
