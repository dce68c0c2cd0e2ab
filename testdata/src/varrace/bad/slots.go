package bad

import "sync"

// shardCounts asks each shard in a goroutine of its own.
func shardCounts(shards []func() int) int {
	counts := make([]int, len(shards))
	var wg sync.WaitGroup
	for i, count := range shards {
		wg.Add(1)
		go func() {
			defer wg.Done()
			counts[i] = count() // want `write of counts\[i\] races with the read on line 18: nothing on the way there waits for the goroutine of line 11; wait for it first`
		}()
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	wg.Wait()
	return total
}

// resetWhileSumming clears the slots that the goroutine is still adding up.
func resetWhileSumming(n int) int {
	slots := make([]int, n)
	sum := make(chan int)
	go func() {
		total := 0
		for i := 0; i < len(slots); i++ {
			total += slots[i]
		}
		sum <- total
	}()
	for i := range n / 2 {
		slots[i*2] = 0 // want `write of slots\[i \* 2\] races with the read on line 31`
	}
	return <-sum
}
