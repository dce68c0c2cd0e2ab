package bad

import (
	"context"
	"errors"
	"sync"
	"time"
)

var errLate = errors.New("late")

// within runs f in a goroutine, which it does not wait for any longer than d.
func within(d time.Duration, f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case err := <-done:
		return err
	case <-t.C:
		return errLate
	}
}

type disk struct{ wait time.Duration }

func (d *disk) read() (string, error) {
	time.Sleep(d.wait)
	return "content", nil
}

// After the timeout the goroutine still sets what is returned.
func (d *disk) readWithin(limit time.Duration) (content string, err error) {
	err = within(limit, func() error {
		var err error
		content, err = d.read() // want `write of content races with the read on line 40: the call on line 35 runs it in a goroutine, and can return before that ends; let the goroutine send its result`
		return err
	})
	return content, err
}

// until is the same with a context.
func until(ctx context.Context, f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// Whether it was done in time, the caller does not ask.
func (d *disk) readUntil(ctx context.Context) (string, error) {
	var content string
	var err error
	until(ctx, func() {
		content, err = d.read() // want `write of content races with the read on line 63: the call on line 60 runs it in a goroutine, and can return before that ends; let the goroutine send its result`
	})
	return content, err
}

// Who searches may go on after the deadline, whoever it was that set it.
func gather(ctx context.Context, searches []func(context.Context) string) []string {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	var (
		mu    sync.Mutex
		wg    sync.WaitGroup
		found []string
	)
	for _, search := range searches {
		wg.Go(func() {
			f := search(ctx)
			mu.Lock()
			defer mu.Unlock()
			found = append(found, f) // want `write of found races with the read on line \d+: nothing on the way there waits for the goroutine of line \d+; wait for it first`
		})
	}
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	return found
}
