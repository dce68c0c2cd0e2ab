package bad

import (
	"sync"
	"time"
)

type ticker struct {
	mu      sync.Mutex
	n       int
	stop    chan struct{}
	stopped chan struct{}
	wg      sync.WaitGroup
}

func newTicker() *ticker {
	t := &ticker{stop: make(chan struct{}), stopped: make(chan struct{})}
	go t.run()
	return t
}

func (t *ticker) run() {
	defer close(t.stopped)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			t.count()
		case <-t.stop:
			return
		}
	}
}

func (t *ticker) count() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
}

// The goroutine can be in count when the lock is taken here.
func (t *ticker) Stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.stop)
	<-t.stopped // want `receive from t\.stopped blocks forever if the goroutine \(line \d+\) is at its Lock \(line \d+\): t\.mu is held since line \d+; unlock it before`
}

func (t *ticker) work(jobs <-chan int) {
	for range 4 {
		t.wg.Add(1)
		go t.worker(jobs)
	}
}

func (t *ticker) worker(jobs <-chan int) {
	defer t.wg.Done()
	for range jobs {
		t.mu.Lock()
		t.n++
		t.mu.Unlock()
	}
}

func (t *ticker) wait() {
	if t.n > 0 {
		t.wg.Wait()
	}
}

// It waits in a function that it calls, not in each case.
func (t *ticker) Drain() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wait() // want `the t\.wg\.Wait \(line \d+\) in this call blocks forever if the goroutine \(line \d+\) is at its Lock \(line \d+\): t\.mu is held; unlock it before`
}
