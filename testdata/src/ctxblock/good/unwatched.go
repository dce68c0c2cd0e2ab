package good

import (
	"context"
	"errors"
)

type change struct {
	path    string
	removed bool
}

func watchTree(ctx context.Context, raw <-chan change) <-chan change {
	out := make(chan change)
	go forwardChanges(ctx, raw, out)
	return out
}

func forwardChanges(ctx context.Context, raw <-chan change, out chan<- change) {
	for {
		if len(raw) == cap(raw) {
			select {
			case out <- change{path: "."}:
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-ctx.Done():
			return
		case c := <-raw:
			select {
			case out <- c:
			case <-ctx.Done():
				return
			}
		}
	}
}

func Rows(ctx context.Context, pages [][]string, trailer string) <-chan string {
	rows := make(chan string)
	go func() {
		defer close(rows)
		for _, page := range pages {
			for _, row := range page {
				select {
				case rows <- row:
				case <-ctx.Done():
					return
				}
			}
		}
		select {
		case rows <- trailer:
		case <-ctx.Done():
		}
	}()
	return rows
}

// Results sends why it ends: who receives goes on until the channel is closed.
func Results(ctx context.Context, keys []string) <-chan error {
	results := make(chan error)
	go func() {
		defer close(results)
		for _, k := range keys {
			select {
			case results <- errors.New(k):
			case <-ctx.Done():
				results <- ctx.Err()
				return
			}
		}
		results <- nil
	}()
	return results
}

// drainAll receives until the channel is closed, whatever becomes of ctx.
func drainAll(ctx context.Context, keys []string) (n int) {
	out := make(chan string)
	go produceKeys(ctx, keys, out)
	for range out {
		n++
	}
	return n
}

func produceKeys(ctx context.Context, keys []string, out chan<- string) {
	defer close(out)
	for _, k := range keys {
		select {
		case out <- k:
		case <-ctx.Done():
			return
		}
	}
	out <- "end"
}

// Announce has room for the first.
func Announce(ctx context.Context, ids <-chan int, out chan<- int) {
	out <- 0
	for id := range ids {
		select {
		case out <- id:
		case <-ctx.Done():
			return
		}
	}
}

func Diff(ctx context.Context, entries <-chan change, failed func(change) bool) <-chan string {
	diffs := make(chan string)
	go func() {
		defer close(diffs)
		for e := range entries {
			text := e.path
			bad := failed(e)
			if bad {
				text = "failed: " + e.path
			}
			select {
			case diffs <- text:
			case <-ctx.Done():
				continue
			}
			if bad {
				return
			}
		}
	}()
	return diffs
}

// Objects tells of the end of the context, too: who receives goes on.
func Objects(ctx context.Context, pages [][]string) <-chan error {
	objects := make(chan error)
	go func() {
		defer close(objects)
		for _, page := range pages {
			if ctx.Err() != nil {
				objects <- ctx.Err()
				return
			}
			if len(page) == 0 {
				objects <- errors.New("empty")
				return
			}
			select {
			case objects <- nil:
			case <-ctx.Done():
				return
			}
		}
	}()
	return objects
}
