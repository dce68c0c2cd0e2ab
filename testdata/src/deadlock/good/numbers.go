package good

import (
	"runtime"
	"sync"
)

// There are as many references as names, or less, which the text does not show.
func pullAll(names []string, resolve func([]string) (map[string]string, error), pull func(string) error) error {
	refs, err := resolve(names)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	failed := make(chan error, len(names))
	for _, ref := range refs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := pull(ref); err != nil {
				failed <- err
			}
		}()
	}
	wg.Wait()
	close(failed)
	return <-failed
}

type coder struct {
	readers []func() error
	needed  int // not more than there are readers
}

// The fields of one object go together.
func (c *coder) read() error {
	next := make(chan bool, len(c.readers))
	for i := 0; i < c.needed; i++ {
		next <- true
	}
	close(next)
	i := 0
	for range next {
		if err := c.readers[i](); err != nil {
			return err
		}
		i++
	}
	return nil
}

// This is what to write when nothing is to happen any more.
func freeze() {
	<-make(chan struct{})
}

type limits struct {
	workers int
	wide    bool
}

func (l limits) count() int {
	if l.workers > 0 {
		return l.workers
	}
	n := 1
	if l.wide {
		n = runtime.GOMAXPROCS(-1)
	}
	return n
}

// What a function returns twice may be the same.
func runAll(l limits, work func(int) error) (failed int) {
	results := make(chan error)
	for i := 0; i < l.count(); i++ {
		go func() { results <- work(i) }()
	}
	for i := 0; i < l.count(); i++ {
		if err := <-results; err != nil {
			failed++
		}
	}
	return failed
}

// That the one is not more than the other was asked for.
func newSlots(free, most int) chan struct{} {
	if free <= 0 || most <= 0 || free > most {
		panic("out of range")
	}
	slots := make(chan struct{}, most)
	for i := 0; i < free; i++ {
		slots <- struct{}{}
	}
	return slots
}
