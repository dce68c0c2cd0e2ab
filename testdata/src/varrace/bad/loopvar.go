//go:build go1.21

package bad

import "sync"

// Before Go 1.22 all turns of a loop have one variable.
func loopVariable(urls []int) {
	var wg sync.WaitGroup
	for _, u := range urls { // want `the loop sets u for its next turn, which races with the read on line 14 in the goroutine of line 12; pass u as an argument`
		wg.Add(1)
		go func() {
			defer wg.Done()
			fetch(u)
		}()
		println("started")
	}
	wg.Wait()
}
