package bad

import (
	"sync"
	"time"
)

type job struct {
	err   error
	done  chan struct{}
	tries int
	timer *time.Timer
}

// The result is read although nobody has waited.
func runJob(work func() error) error {
	j := &job{done: make(chan struct{})}
	go func() {
		j.err = work() // want `write of j.err races with the read on line 22: nothing on the way there waits for the goroutine of line 18`
		close(j.done)
	}()
	return j.err
}

// Every goroutine counts in the same object.
func retryAll(works []func() error) int {
	j := &job{}
	var wg sync.WaitGroup
	for _, w := range works {
		wg.Go(func() {
			for w() != nil {
				j.tries++ // want `write of j.tries races with itself: line 30 starts a goroutine in each turn of the loop`
			}
		})
	}
	wg.Wait()
	return j.tries
}

// The method that the goroutine runs writes what the starter resets.
func (j *job) loop(work func() error) {
	for work() != nil {
		j.tries++ // want `write of j.tries races with the write on line 50: nothing on the way there waits for the goroutine of line 49`
	}
}

// The count is set to zero when the goroutine has begun to count.
func (j *job) start(work func() error) {
	go j.loop(work)
	j.tries = 0
}
