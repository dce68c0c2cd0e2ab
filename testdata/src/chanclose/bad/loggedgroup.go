package bad

import "sync"

// counter is what a WaitGroup and one that logs have in common.
type counter interface {
	Add(n int)
	Done()
	Wait()
}

var logCounters bool

// loggedCounter has its Add and Done from the group in it.
type loggedCounter struct {
	sync.WaitGroup
}

func (l *loggedCounter) Wait() {
	println("waiting")
	l.WaitGroup.Wait()
}

func newCounter() counter {
	if logCounters {
		return &loggedCounter{}
	}
	return &sync.WaitGroup{}
}

// discover counts the goroutines down before they have sent what they found.
func discover(providers []func() []int) []int {
	wg := newCounter()
	wg.Add(len(providers))
	found := make(chan int)
	done := make(chan struct{})
	for _, p := range providers {
		go func() {
			wg.Done()
			for _, x := range p() {
				found <- x // want `send on found panics if it is closed on line 53 before`
			}
		}()
	}
	var all []int
	go func() {
		for x := range found {
			all = append(all, x)
		}
		close(done)
	}()
	wg.Wait()
	close(found)
	<-done
	return all
}
