package good

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

// discover closes found when all senders are done, whatever counts them.
func discover(providers []func() []int) []int {
	wg := newCounter()
	wg.Add(len(providers))
	found := make(chan int)
	done := make(chan struct{})
	for _, p := range providers {
		go func() {
			for _, x := range p() {
				found <- x
			}
			wg.Done()
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

// discoverBy has its counter from elsewhere.
func discoverBy(wg counter, providers []func() []int) (all []int) {
	wg.Add(len(providers))
	found := make(chan int)
	for _, p := range providers {
		go func() {
			for _, x := range p() {
				found <- x
			}
			wg.Done()
		}()
	}
	go func() {
		wg.Wait()
		close(found)
	}()
	for x := range found {
		all = append(all, x)
	}
	return all
}
