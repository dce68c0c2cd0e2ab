package bad

import "sync"

// The last ones can still work when the loop has ended.
func uploadAll(files []string, upload func(string) error, n int, dry bool) error {
	var mu sync.Mutex
	var errs []error
	slots := make(chan struct{}, n)
	for _, f := range files {
		if dry {
			continue
		}
		slots <- struct{}{}
		go func() {
			if err := upload(f); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err) // want `write of errs races with the read on line 24: nothing on the way there waits for the goroutine of line 15; wait for it first`
			}
			<-slots
		}()
	}
	if len(errs) > 0 {
		return errs[0]
	}
	return nil
}

// A result that a return statement sets is told of there.
func fetchInto(fetch func() (int, error), send func() error) (total int, err error) {
	totals := make(chan int, 1)
	go func() {
		n, _ := fetch()
		totals <- n + total
	}()
	if err := send(); err != nil {
		return len(totals), err // want `write of total races with the read on line 35`
	}
	total = <-totals
	return total, nil
}

// Work that is sent in a loop is no semaphore: the last of it can be under way.
func sumAll(list []int, weigh func(int) int) int {
	total := 0
	work := make(chan int, 10)
	go func() {
		for x := range work {
			total += weigh(x) // want `write of total races with the read on line 57: nothing on the way there waits for the goroutine of line 48; wait for it first`
		}
	}()
	for _, x := range list {
		work <- x
	}
	close(work)
	return total
}
