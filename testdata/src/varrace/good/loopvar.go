//go:build go1.21

package good

import "sync"

// The goroutine is given the value of its turn.
func loopVariable(urls []int) {
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Add(1)
		go func(u int) {
			defer wg.Done()
			fetch(u)
		}(u)
		println("started")
	}
	wg.Wait()
}
