// Package bad holds variables that goroutines share without an order.
package bad

import (
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

func fetch(n int) (int, error) {
	if n < 0 {
		return 0, errors.New("negative")
	}
	return n * n, nil
}

// Every goroutine assigns the one err of the function: = where := is meant.
func sharedErr(urls []int) {
	var err error
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, err = fetch(u) // want `write of err races with itself: line 25 starts a goroutine in each turn of the loop; declare the error in the goroutine`
			if err != nil {
				return
			}
		}()
	}
	wg.Wait()
}

// Two increments can read the same value.
func sharedCounter(urls []int) int {
	total := 0
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Go(func() {
			n, _ := fetch(u)
			total += n // want `write of total races with itself: line 41 starts a goroutine in each turn of the loop; use sync/atomic or a mutex`
		})
	}
	wg.Wait()
	return total
}

// Two appends can write the same element and keep one of the lengths.
func sharedAppend(urls []int) []int {
	var results []int
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			n, err := fetch(u)
			if err != nil {
				return err
			}
			results = append(results, n) // want `write of results races with itself`
			return nil
		})
	}
	_ = g.Wait()
	return results
}

// The lock is one of the goroutine's own.
func ownLock(urls []int) int {
	total := 0
	var wg sync.WaitGroup
	for range urls {
		wg.Go(func() {
			var mu sync.Mutex
			mu.Lock()
			total++ // want `write of total races with itself`
			mu.Unlock()
		})
	}
	wg.Wait()
	return total
}

// A read lock keeps no other reader out.
func readLock(urls []int) int {
	total := 0
	var mu sync.RWMutex
	var wg sync.WaitGroup
	for range urls {
		wg.Go(func() {
			mu.RLock()
			defer mu.RUnlock()
			total++ // want `write of total races with itself: .*; take the lock by Lock, not RLock`
		})
	}
	wg.Wait()
	return total
}

// The semaphore lets three in.
func wideSemaphore(urls []int) int {
	total := 0
	sem := make(chan struct{}, 3)
	var wg sync.WaitGroup
	for range urls {
		wg.Go(func() {
			sem <- struct{}{}
			time.Sleep(time.Millisecond)
			total++ // want `write of total races with itself`
			<-sem
		})
	}
	wg.Wait()
	return total
}

// The local function is run by every goroutine.
func sharedHelper(urls []int) error {
	var first error
	report := func(err error) {
		if err != nil {
			first = err // want `write of first races with itself`
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

// A part of a variable is shared like the whole.
func sharedStruct(urls []int) int {
	var st stats
	var wg sync.WaitGroup
	for range urls {
		wg.Go(func() {
			st.hits++ // want `write of st.hits races with itself`
		})
	}
	wg.Wait()
	return st.hits
}
