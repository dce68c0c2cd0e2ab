package good

import "sync/atomic"

// The last worker closes: the counter says who that is.
func countdown(jobs <-chan int, work func(int) int) <-chan int {
	results := make(chan int)
	var left atomic.Int32
	left.Store(3)
	for range 3 {
		go func() {
			defer func() {
				if left.Add(-1) == 0 {
					close(results)
				}
			}()
			for job := range jobs {
				results <- work(job)
			}
		}()
	}
	return results
}

func drainAll(jobs <-chan int, work func(int) int) (sum int) {
	for r := range countdown(jobs, work) {
		sum += r
	}
	return sum
}
