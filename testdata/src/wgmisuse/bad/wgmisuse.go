package bad

import (
	"log"
	"sync"
)

func work() error { return nil }

// Wait can return before the goroutine has got to its Add.
func addInGoroutine() {
	var wg sync.WaitGroup
	go func() {
		log.Print("starting")
		wg.Add(1) // want `wg.Add can run after wg.Wait on line \d+ has returned`
		defer wg.Done()
		_ = work()
	}()
	wg.Wait()
}

// The same, in a function that the goroutine calls.
func addInCallee() {
	var wg sync.WaitGroup
	for range 3 {
		go counted(&wg)
	}
	wg.Wait()
}

func counted(wg *sync.WaitGroup) {
	if err := work(); err != nil {
		return
	}
	wg.Add(1) // want `wg.Add can run after wg.Wait on line \d+ has returned`
	defer wg.Done()
}

// The path with the error skips Done.
func doneSkipped() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if err := work(); err != nil {
			return
		}
		wg.Done()
	}()
	wg.Wait() // want `wg.Wait blocks forever if the function literal returns on line \d+; call wg.Done on every path`
}

// One goroutine is started less than is counted.
func oneTooMany(n int) {
	var wg sync.WaitGroup
	wg.Add(n + 1)
	for range n {
		go func() {
			defer wg.Done()
			_ = work()
		}()
	}
	wg.Wait() // want `wg.Wait blocks forever`
}

// Go counts by itself.
func doneInGo() {
	var wg sync.WaitGroup
	wg.Go(func() {
		defer wg.Done() // want `wg.Done panics: the counter is zero already`
		_ = work()
	})
	wg.Wait()
}

// The deferred Done and the other one count the same goroutine.
func doneTwice() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done() // want `wg.Done panics: the counter is zero already`
		if err := work(); err != nil {
			wg.Done()
			return
		}
	}()
	wg.Wait()
}

type link struct {
	wg   sync.WaitGroup
	once sync.Once
	gone chan struct{}
}

func (l *link) start() {
	l.wg.Add(1)
	go l.loop()
}

// After an error the loop closes the link, which waits for the loop.
func (l *link) loop() {
	defer l.wg.Done()
	for {
		select {
		case <-l.gone:
			return
		default:
			if err := work(); err != nil {
				l.close()
				return
			}
		}
	}
}

func (l *link) close() {
	l.once.Do(func() {
		close(l.gone)
		l.wg.Wait() // want `l.wg.Wait blocks forever in link.loop, by the call on line \d+: what it counts there is done when that returns \(line \d+\); wait in another goroutine`
	})
}

func (l *link) each(n int) {
	l.wg.Go(func() {
		if n > 0 {
			l.wg.Wait() // want `l.wg.Wait blocks forever in the function literal: what it counts there is done when that returns \(line \d+\); wait in another goroutine`
		}
		_ = work()
	})
}
