package good

import "sync"

// shardCounts asks each shard in a goroutine of its own.
func shardCounts(shards []func() int) int {
	counts := make([]int, len(shards))
	var wg sync.WaitGroup
	for i, count := range shards {
		wg.Add(1)
		go func() {
			defer wg.Done()
			counts[i] = count()
		}()
	}
	wg.Wait()
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}

// resetWhileSumming clears the slots when they are added up.
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
	total := <-sum
	for i := range n / 2 {
		slots[i*2] = 0
	}
	return total
}

// eachInTurn waits for each slot before it reads that.
func eachInTurn(work []func() int) int {
	slots := make([]int, len(work))
	done := make([]chan struct{}, len(work))
	for i, f := range work {
		done[i] = make(chan struct{})
		go func() {
			defer close(done[i])
			slots[i] = f()
		}()
	}
	total := 0
	for i := range slots {
		<-done[i]
		total += slots[i]
	}
	return total
}

// slotBySlot starts the next when the one before is in.
func slotBySlot(work []func() int) []int {
	slots := make([]int, len(work))
	for i, f := range work {
		c := make(chan struct{})
		go func() {
			slots[i] = f()
			close(c)
		}()
		<-c
	}
	sum := 0
	for _, n := range slots {
		sum += n
	}
	return append(slots, sum)
}

// halves reads the half that nobody writes.
func halves(n int) int {
	slots := make([]int, n)
	var wg sync.WaitGroup
	low, high := slots[:n/2], slots[n/2:]
	wg.Go(func() {
		for i := range low {
			low[i] = 1
		}
	})
	total := 0
	for _, v := range high {
		total += v
	}
	wg.Wait()
	return total
}

// prefixes gives each goroutine what was filled before it was started.
func prefixes(n int) []int {
	filled := make([]int, n)
	for i := range filled {
		filled[i] = i
	}
	out := make([]int, n)
	var wg sync.WaitGroup
	for i := range out {
		wg.Go(func() {
			for _, v := range filled {
				out[i] += v
			}
		})
	}
	wg.Wait()
	return out
}
