package good

import (
	"log"
	"sync"
)

func work() error { return nil }

func addInGoroutine() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		log.Print("starting")
		defer wg.Done()
		_ = work()
	}()
	wg.Wait()
}

func addInCallee() {
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go counted(&wg)
	}
	wg.Wait()
}

func counted(wg *sync.WaitGroup) {
	defer wg.Done()
	if err := work(); err != nil {
		return
	}
}

func doneSkipped() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		if err := work(); err != nil {
			return
		}
	}()
	wg.Wait()
}

func oneTooMany(n int) {
	var wg sync.WaitGroup
	wg.Add(n)
	for range n {
		go func() {
			defer wg.Done()
			_ = work()
		}()
	}
	wg.Wait()
}

func doneInGo() {
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = work()
	})
	wg.Wait()
}

func doneTwice() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		if err := work(); err != nil {
			return
		}
	}()
	wg.Wait()
}

// An Add while the own count is held is in time.
func addWhileCounted() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		wg.Add(1)
		go func() {
			defer wg.Done()
			_ = work()
		}()
	}()
	wg.Wait()
}

// Two rounds, one after the other.
func reusedAfterWait() {
	var wg sync.WaitGroup
	for range 2 {
		for range 2 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				_ = work()
			}()
		}
		wg.Wait()
	}
}
