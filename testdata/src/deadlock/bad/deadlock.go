package bad

import "sync"

func work(x int) int { return x }

// Wait waits for sends that wait for the receive below it.
func waitBeforeDrain(list []int) (sum int) {
	var wg sync.WaitGroup
	results := make(chan int)
	for _, x := range list {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results <- work(x) // want `send on results blocks forever: wg.Wait on line \d+ waits too`
		}()
	}
	wg.Wait()
	close(results)
	for r := range results {
		sum += r
	}
	return sum
}
