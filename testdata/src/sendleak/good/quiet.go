package good

import (
	"log"
	"os"
	"os/signal"
	"sync"
	"time"
)

// As many sends as receives, over one slice.
func sendAndReceiveForEach(list []int) (sum int) {
	out := make(chan int)
	for range list {
		go func() { out <- work() }()
	}
	for range list {
		sum += <-out
	}
	return sum
}

// Room for all.
func roomForAll(list []int) int {
	out := make(chan int, len(list))
	for range list {
		go func() { out <- work() }()
	}
	if len(list) == 0 {
		return 0
	}
	return <-out
}

// A goroutine closes when all are done.
func closerGoroutine(list []int) (sum int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for range list {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- work()
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	for x := range out {
		sum += x
	}
	return sum
}

// A channel as a semaphore.
func semaphore(list []int) {
	places := make(chan struct{}, 2)
	var wg sync.WaitGroup
	for range list {
		wg.Add(1)
		places <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-places }()
			work()
		}()
	}
	wg.Wait()
}

// Branches that correlate.
func maybeAsync(async bool) {
	done := make(chan int)
	if async {
		go func() { done <- work() }()
	}
	if async {
		<-done
	}
}

// The process ends with the path that does not receive.
func exits(fail bool) int {
	done := make(chan int)
	go func() { done <- work() }()
	if fail {
		log.Fatal("failed")
	}
	return <-done
}

// Signals and time come from outside.
func outside() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	select {
	case <-c:
	case <-time.After(time.Second):
	}
	<-time.NewTimer(time.Second).C
}

// What is handed to unseen code may be served by it.
func handedOver(serve func(chan int)) {
	out := make(chan int)
	serve(out)
	go func() { out <- work() }()
}

// Errors that are drained.
func drained(list []int) (first error) {
	errs := make(chan error)
	for range list {
		go func() { errs <- nil }()
	}
	for range list {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}
