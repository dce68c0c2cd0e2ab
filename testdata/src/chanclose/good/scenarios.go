package good

import "sync"

func closedByReceiver(stop bool) {
	ch := make(chan int, 2)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ch <- 1
	}()
	<-done
	if stop {
		close(ch)
	}
}

func closedByEachWorker() {
	out := make(chan int, 2)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
		}()
	}
	wg.Wait()
	close(out)
}

func closedNil(async bool) {
	done := make(chan struct{})
	if async {
		go func() { <-done }()
	}
	close(done)
}
