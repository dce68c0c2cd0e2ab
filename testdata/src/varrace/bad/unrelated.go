package bad

import (
	"context"
	"io"
	"sync"
	"time"
)

type depot interface {
	Name() string
	Put(ctx context.Context, key string, r io.Reader) error
}

// What a goroutine closes, and what it asks another object for its name, is nothing that the
// instances of it wait for.
func copyToAll(ctx context.Context, depots []depot, key string, open func() (io.ReadCloser, error)) []string {
	_, err := open()
	if err != nil {
		return nil
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	var failed []string
	for _, d := range depots {
		wg.Add(1)
		go func() {
			defer wg.Done()
			err = copyTo(ctx, d, key, open) // want `write of err races with itself: line 27 starts a goroutine in each turn of the loop`
			if err != nil {
				mu.Lock()
				failed = append(failed, d.Name())
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	return failed
}

func copyTo(ctx context.Context, d depot, key string, open func() (io.ReadCloser, error)) error {
	r, err := open()
	if err != nil {
		return err
	}
	defer r.Close()
	return d.Put(ctx, key, r)
}

type listing struct{ ID, Bucket string }

type remote struct {
	call func(context.Context, listing) error
}

// The goroutine ends a context of its own, which the function does not wait for; and it
// copies all of the options when the function has gone on.
func forgetListing(ctx context.Context, rm *remote, o *listing) error {
	if o.ID != "" {
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			_ = rm.call(ctx, *o)
		}()
		o.ID = "" // want `write of o.ID races with the read on line 63: nothing on the way there waits for the goroutine of line 60`
	}
	return ctx.Err()
}

// A part of the object is written by each instance, which then reads the whole.
func removeAtAll(wg *sync.WaitGroup, removers []*remote, l listing) {
	for _, r := range removers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			l.Bucket = "own" // want `write of l.Bucket races with itself: line 74 starts a goroutine in each turn of the loop`
			_ = r.call(context.Background(), l)
		}()
	}
	wg.Wait()
}
