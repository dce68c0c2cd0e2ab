package good

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

// Each goroutine has an err of its own.
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
			err := copyTo(ctx, d, key, open)
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

// The goroutine has a copy.
func forgetListing(ctx context.Context, rm *remote, o *listing) error {
	if o.ID != "" {
		go func(o listing) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			_ = rm.call(ctx, o)
		}(*o)
		o.ID = ""
	}
	return ctx.Err()
}

// The part is written once, before.
func removeAtAll(wg *sync.WaitGroup, removers []*remote, l listing) {
	l.Bucket = "own"
	for _, r := range removers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_ = r.call(context.Background(), l)
		}()
	}
	wg.Wait()
}

// What the goroutine writes into the pipe, the function has read, to its end.
func countPiped(parts []string) int {
	part, total := 0, 0
	for part < len(parts) {
		r, w := io.Pipe()
		go func() {
			_, err := io.WriteString(w, parts[part])
			w.CloseWithError(err)
		}()
		text, _ := io.ReadAll(r)
		total += len(text)
		part++
	}
	return total
}

// The ends can be of a type that has those of io embedded.
type inlet struct{ *io.PipeReader }

type outlet struct{ *io.PipeWriter }

func connected() (*inlet, *outlet) {
	r, w := io.Pipe()
	return &inlet{r}, &outlet{w}
}

type tier interface {
	Store(name string, r io.Reader) error
}

func moveToTier(t tier, l listing, write func(listing, io.Writer) error) (listing, error) {
	r, w := connected()
	go func() {
		w.CloseWithError(write(l, w))
	}()
	err := t.Store(l.Bucket, r)
	r.CloseWithError(err)
	if err != nil {
		return l, err
	}
	l.ID = "moved"
	return l, nil
}

type session interface{ Close() error }

// A method of the same type of object, which has no name here, can wait for the goroutine.
func closeFirst(dial func() session, run func()) string {
	state := "new"
	go func() {
		state = "running"
		run()
		hangUp(dial)
	}()
	hangUp(dial)
	return state
}

func hangUp(dial func() session) { dial().Close() }
