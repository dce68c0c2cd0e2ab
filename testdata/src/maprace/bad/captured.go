// Package bad holds maps that goroutines share without a lock.
package bad

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

func size(name string) int { return len(name) }

// All goroutines write the one map.
func fillInParallel(names []string) map[string]int {
	sizes := make(map[string]int)
	var wg sync.WaitGroup
	for _, n := range names {
		wg.Go(func() {
			sizes[n] = size(n) // want `write to sizes races with itself: line 17 starts a goroutine in each turn of the loop, and no map is safe for that; guard sizes by a mutex`
		})
	}
	wg.Wait()
	return sizes
}

// Counting reads and writes.
func countInGroup(names []string) map[int]int {
	counts := map[int]int{}
	var g errgroup.Group
	for _, n := range names {
		g.Go(func() error {
			counts[len(n)]++ // want `write to counts races with`
			return nil
		})
	}
	_ = g.Wait()
	return counts
}

// The function goes through the map while the goroutine fills it.
func rangeWhileFilled(names []string) int {
	sizes := make(map[string]int)
	done := make(chan bool)
	go func() {
		for _, n := range names {
			sizes[n] = size(n) // want `write to sizes races with the read on line 49: nothing on the way there waits for the goroutine of line 43`
		}
		done <- true
	}()
	for _, n := range sizes {
		println(n)
	}
	<-done
	return len(sizes)
}

// The worker is handed the map itself.
func worker(sizes map[string]int, names <-chan string, wg *sync.WaitGroup) {
	defer wg.Done()
	for n := range names {
		sizes[n] = size(n) // want `write to sizes races with itself`
	}
}

func workers(names chan string) map[string]int {
	sizes := make(map[string]int)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go worker(sizes, names, &wg)
	}
	wg.Wait()
	return sizes
}

// One of two goroutines deletes.
func deleteBeside(seen map[string]bool, names []string) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, n := range names {
			delete(seen, n) // want `write to seen races with the read on line 84`
		}
	})
	wg.Go(func() {
		println(len(seen), seen["a"])
	})
	wg.Wait()
}

// A read lock keeps no other reader out.
func writeUnderReadLock(names []string) map[string]int {
	sizes := make(map[string]int)
	var mu sync.RWMutex
	var wg sync.WaitGroup
	for _, n := range names {
		wg.Go(func() {
			mu.RLock()
			sizes[n] = size(n) // want `write to sizes races with itself: .*; take the lock by Lock, not RLock`
			mu.RUnlock()
		})
	}
	wg.Wait()
	return sizes
}

type index struct {
	mu    sync.Mutex
	sizes map[string]int
}

// The map of a struct that the goroutines share.
func (x *index) build(names []string) {
	var wg sync.WaitGroup
	for _, n := range names {
		wg.Add(1)
		go func() {
			defer wg.Done()
			x.sizes[n] = size(n) // want `write to x.sizes races with itself`
		}()
	}
	wg.Wait()
}
