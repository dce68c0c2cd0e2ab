package bad

import (
	"fmt"
	"sync"
)

// A latency keeps a summary.
type latency struct {
	mu    sync.Mutex
	count int
	worst int
}

func (l *latency) observe(d int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count++
	if d > 100 {
		l.worst = d // want `write of l.worst races with the read on line 34: the goroutines of line 40 and line 45 run at the same time; guard both by a mutex`
	}
}

func (l *latency) mean() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count == 0 {
		return 0
	}
	return 100 / l.count
}

func (l *latency) peak() int {
	return l.worst
}

func between(n int) {
	l := &latency{}
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range n {
			l.observe(i)
		}
	})
	wg.Go(func() {
		for range n { // the lock that mean takes puts nothing in order
			fmt.Println(l.mean(), l.peak())
		}
	})
	wg.Wait()
}
