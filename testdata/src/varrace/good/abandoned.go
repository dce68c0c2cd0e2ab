package good

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

// It is read only where the call has told that the goroutine has ended.
func (d *disk) readWithin(limit time.Duration) (string, error) {
	var content string
	err := within(limit, func() error {
		var err error
		content, err = d.read()
		return err
	})
	if err != nil {
		return "", err
	}
	return content, nil
}

// always waits, whatever the context says.
func always(ctx context.Context, f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		<-done
	}
}

func (d *disk) readUntil(ctx context.Context) (string, error) {
	var content string
	var err error
	always(ctx, func() {
		content, err = d.read()
	})
	return content, err
}

// The result comes with the signal.
func (d *disk) readBeside(ctx context.Context) (string, error) {
	type result struct {
		content string
		err     error
	}
	done := make(chan result, 1)
	go func() {
		content, err := d.read()
		done <- result{content, err}
	}()
	select {
	case r := <-done:
		return r.content, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// What is there at the deadline is copied under the lock.
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
			found = append(found, f)
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
	mu.Lock()
	defer mu.Unlock()
	return append([]string(nil), found...)
}

// The goroutine does nothing but wait for the end of the context, and notes that.
func untilDone(wait func(context.Context) error, work func()) (ended bool) {
	ctx, cancel := context.WithCancel(context.Background())
	var told bool
	go func() {
		if wait(ctx) != nil {
			told = true
		}
	}()
	work()
	ended = told
	cancel()
	return ended
}
