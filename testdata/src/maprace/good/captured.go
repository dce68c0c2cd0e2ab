// Package good holds the scenarios of bad, with their locks.
package good

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

func size(name string) int { return len(name) }

// All goroutines lock.
func fillInParallel(names []string) map[string]int {
	sizes := make(map[string]int)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, n := range names {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			sizes[n] = size(n)
		})
	}
	wg.Wait()
	return sizes
}

// Counting under a lock.
func countInGroup(names []string) map[int]int {
	counts := map[int]int{}
	var mu sync.Mutex
	var g errgroup.Group
	for _, n := range names {
		g.Go(func() error {
			mu.Lock()
			counts[len(n)]++
			mu.Unlock()
			return nil
		})
	}
	_ = g.Wait()
	return counts
}

// The function waits first.
func rangeWhileFilled(names []string) int {
	sizes := make(map[string]int)
	done := make(chan bool)
	go func() {
		for _, n := range names {
			sizes[n] = size(n)
		}
		done <- true
	}()
	<-done
	for _, n := range sizes {
		println(n)
	}
	return len(sizes)
}

// The worker is handed a lock with the map.
func worker(mu *sync.Mutex, sizes map[string]int, names <-chan string, wg *sync.WaitGroup) {
	defer wg.Done()
	for n := range names {
		mu.Lock()
		sizes[n] = size(n)
		mu.Unlock()
	}
}

func workers(names chan string) map[string]int {
	sizes := make(map[string]int)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go worker(&mu, sizes, names, &wg)
	}
	wg.Wait()
	return sizes
}

// The second waits for the first.
func deleteBeside(seen map[string]bool, names []string) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, n := range names {
			delete(seen, n)
		}
	})
	wg.Wait()
	wg.Go(func() {
		println(len(seen), seen["a"])
	})
	wg.Wait()
}

// A write takes the write lock.
func writeUnderReadLock(names []string) map[string]int {
	sizes := make(map[string]int)
	var mu sync.RWMutex
	var wg sync.WaitGroup
	for _, n := range names {
		wg.Go(func() {
			mu.Lock()
			sizes[n] = size(n)
			mu.Unlock()
		})
	}
	wg.Wait()
	return sizes
}

type index struct {
	mu    sync.Mutex
	sizes map[string]int
}

// The lock of the struct guards its map.
func (x *index) build(names []string) {
	var wg sync.WaitGroup
	for _, n := range names {
		wg.Add(1)
		go func() {
			defer wg.Done()
			x.mu.Lock()
			defer x.mu.Unlock()
			x.sizes[n] = size(n)
		}()
	}
	wg.Wait()
}
