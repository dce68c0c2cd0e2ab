package good

import "sync"

func work(x int) int { return x }

// Wait has a goroutine of its own, so that the loop can receive.
func waitBeforeDrain(list []int) (sum int) {
	var wg sync.WaitGroup
	results := make(chan int)
	for _, x := range list {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results <- work(x)
		}()
	}
	go func() {
		wg.Wait()
		close(results)
	}()
	for r := range results {
		sum += r
	}
	return sum
}
