// Package good holds the scenarios of bad, put in order.
package good

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

func fetch(n int) (int, error) {
	if n < 0 {
		return 0, errors.New("negative")
	}
	return n * n, nil
}

// Every goroutine has its err.
func sharedErr(urls []int) {
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, err := fetch(u)
			if err != nil {
				return
			}
		}()
	}
	wg.Wait()
}

// An atomic counter.
func sharedCounter(urls []int) int {
	var total atomic.Int64
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Go(func() {
			n, _ := fetch(u)
			total.Add(int64(n))
		})
	}
	wg.Wait()
	return int(total.Load())
}

// Each goroutine writes an element of its own.
func sharedAppend(urls []int) []int {
	results := make([]int, len(urls))
	var g errgroup.Group
	for i, u := range urls {
		g.Go(func() error {
			n, err := fetch(u)
			if err != nil {
				return err
			}
			results[i] = n
			return nil
		})
	}
	_ = g.Wait()
	return results
}

// The lock is one for all.
func ownLock(urls []int) int {
	total := 0
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range urls {
		wg.Go(func() {
			mu.Lock()
			total++
			mu.Unlock()
		})
	}
	wg.Wait()
	return total
}

// A write takes the write lock.
func readLock(urls []int) int {
	total := 0
	var mu sync.RWMutex
	var wg sync.WaitGroup
	for range urls {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			total++
		})
	}
	wg.Wait()
	return total
}

// A channel of capacity one is a lock.
func wideSemaphore(urls []int) int {
	total := 0
	sem := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for range urls {
		wg.Go(func() {
			sem <- struct{}{}
			time.Sleep(time.Millisecond)
			total++
			<-sem
		})
	}
	wg.Wait()
	return total
}

// The local function locks.
func sharedHelper(urls []int) error {
	var first error
	var mu sync.Mutex
	report := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			first = err
		}
	}
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Go(func() {
			_, err := fetch(u)
			report(err)
		})
	}
	wg.Wait()
	return first
}

type stats struct{ hits, misses int }

// The parts are guarded like the whole.
func sharedStruct(urls []int) int {
	var st stats
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range urls {
		wg.Go(func() {
			mu.Lock()
			st.hits++
			mu.Unlock()
		})
	}
	wg.Wait()
	return st.hits
}
