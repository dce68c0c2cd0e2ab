package good

import "sync"

// A queue that is closed when all who are about to send have done so: they are
// counted under the lock, and awaited by a condition.
type counted struct {
	mu      sync.Mutex
	gone    *sync.Cond
	senders int
	closing chan struct{}
	ch      chan int
}

func newCounted(n int) *counted {
	q := &counted{closing: make(chan struct{}), ch: make(chan int, n)}
	q.gone = sync.NewCond(&q.mu)
	return q
}

func (q *counted) put(n int) bool {
	q.mu.Lock()
	q.senders++
	q.mu.Unlock()
	defer func() {
		q.mu.Lock()
		q.senders--
		if q.senders == 0 {
			q.gone.Signal()
		}
		q.mu.Unlock()
	}()
	select {
	case <-q.closing:
		return false
	default:
	}
	select {
	case <-q.closing:
		return false
	case q.ch <- n:
		return true
	}
}

func (q *counted) shut() {
	q.mu.Lock()
	defer q.mu.Unlock()
	close(q.closing)
	for q.senders > 0 {
		q.gone.Wait()
	}
	close(q.ch)
}

// Other work goes on beside it, and makes this too large to be looked at as a whole.
func useCounted(names []string, work func(string) int, check func(int)) {
	q := newCounted(1)
	jobs := make(chan string)
	results := make(chan int)
	var workers, readers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for name := range jobs {
				results <- work(name)
			}
		})
	}
	for range 2 {
		readers.Go(func() {
			for n := range results {
				check(n)
			}
		})
	}
	go func() {
		for n := range q.ch {
			check(n)
		}
	}()
	var putting sync.WaitGroup
	putting.Go(func() { q.put(1) })
	putting.Go(func() { q.put(2) })
	go q.shut()
	for _, name := range names {
		jobs <- name
	}
	close(jobs)
	workers.Wait()
	close(results)
	readers.Wait()
	putting.Wait()
}
