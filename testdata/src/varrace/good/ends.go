package good

import (
	"sync"
	"testing"
	"time"

	"fixtures/varrace/helper"
)

// What comes after the select has waited: the other arm ends the test.
func waitOrStop(tb testing.TB, work func() error) error {
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		err = work()
	}()
	select {
	case <-time.After(time.Minute):
		helper.Stop(tb, "timeout")
	case <-done:
	}
	return err
}

// limiter says yes to one of those who ask at the same time.
type limiter struct {
	mu   sync.Mutex
	last time.Time
}

func (l *limiter) allow() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(l.last) < time.Minute {
		return false
	}
	l.last = time.Now()
	return true
}

// Only the one that is let in counts.
func countLimited(l *limiter) int {
	count := 0
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if l.allow() {
				count++
			}
		}()
	}
	wg.Wait()
	return count
}

// The first goroutine waits for the third, which is started when the name is set.
func startedAfter(read func() string) string {
	var name string
	done := make(chan struct{})
	out := make(chan string, 1)
	go func() {
		<-done
		out <- name
	}()
	name = read()
	go func() {
		defer close(done)
		read()
	}()
	return <-out
}

// The same, with what reports to the test.
func waitOrReport(r *helper.Reporter, work func() error) error {
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		err = work()
	}()
	select {
	case <-time.After(time.Minute):
		r.Fail("timeout")
	case <-done:
	}
	return err
}

// What is made the first time is not made again while the goroutines use it.
func madeOnce(n int, use func(int, chan int)) {
	var first int
	var chans []chan int
	for i := range n {
		if chans == nil {
			first = i
			chans = make([]chan int, n)
		}
		go func() { use(first, chans[0]) }()
	}
}

// The goroutine tells by another one, which it is given, that it has read.
func toldByAnother(start func(func()) error) error {
	ready := make(chan struct{}, 1)
	probe := func() { ready <- struct{}{} }
	run := func() {
		go func() {
			if probe != nil {
				go probe()
			}
		}()
	}
	if err := start(run); err != nil {
		return err
	}
	run()
	<-ready
	probe = nil
	return nil
}
