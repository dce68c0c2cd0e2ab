package good

import (
	"fmt"
	"sync"
)

// A latency keeps a summary, which is complete when it says so.
type latency struct {
	mu    sync.Mutex
	full  bool
	worst int
}

func (l *latency) fill(n int) {
	for d := range n {
		if d > l.worst {
			l.worst = d
		}
	}
	l.mu.Lock()
	l.full = true
	l.mu.Unlock()
}

func (l *latency) complete() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.full
}

func (l *latency) peak() int {
	return l.worst
}

func between(n int) {
	l := &latency{}
	var wg sync.WaitGroup
	wg.Go(func() { l.fill(n) })
	wg.Go(func() {
		for range n {
			if l.complete() { // what it says decides
				fmt.Println(l.peak())
			}
		}
	})
	wg.Wait()
}
