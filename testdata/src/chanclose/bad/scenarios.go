package bad

import "sync"

// The receiver closes while the sender may send.
func closedByReceiver(stop bool) {
	ch := make(chan int, 2)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ch <- 1 // want `send on ch panics if it is closed on line \d+ before`
	}()
	if stop {
		close(ch)
	}
	<-done
}

// Each worker closes the channel that all of them share.
func closedByEachWorker() {
	out := make(chan int, 2)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			close(out) // want `close of out panics if it is closed by another turn or goroutine before`
		}()
	}
	wg.Wait()
}

// The channel is made on one path only.
func closedNil(async bool) {
	var done chan struct{}
	if async {
		done = make(chan struct{})
		go func() { <-done }()
	}
	close(done) // want `close of done panics: it is nil here`
}
