// Package farm closes when its group says that all workers are done.
package farm

import "sync"

type Farm struct {
	out chan int
	wg  sync.WaitGroup
}

func NewFarm(n int) *Farm {
	f := &Farm{out: make(chan int)}
	f.wg.Add(n)
	for range n {
		go f.worker()
	}
	go func() {
		f.wg.Wait()
		close(f.out)
	}()
	return f
}

func (f *Farm) worker() {
	defer f.wg.Done()
	f.out <- 1
}

func (f *Farm) Sum() (sum int) {
	for j := range f.out {
		sum += j
	}
	return sum
}
