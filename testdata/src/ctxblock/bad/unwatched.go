package bad

import "context"

type change struct {
	path    string
	removed bool
}

// watchTree hands its channel to a goroutine that looks at ctx in one of two places.
func watchTree(ctx context.Context, raw <-chan change) <-chan change {
	out := make(chan change)
	go forwardChanges(ctx, raw, out)
	return out
}

func forwardChanges(ctx context.Context, raw <-chan change, out chan<- change) {
	for {
		if len(raw) == cap(raw) {
			out <- change{path: "."} // want `send on out blocks forever once <-ctx.Done\(\) has ended who receives, which line 28 reckons with; select on that here too`
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

// Rows sends its last row without a look at the context.
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
		rows <- trailer // want `send on rows blocks forever once <-ctx.Done\(\) has ended who receives`
	}()
	return rows
}

// Diff goes on with the next entry when the context is done, and sends what has failed.
func Diff(ctx context.Context, entries <-chan change, failed func(change) bool) <-chan string {
	diffs := make(chan string)
	go func() {
		defer close(diffs)
		for e := range entries {
			if failed(e) {
				diffs <- "failed: " + e.path // want `send on diffs blocks forever once <-ctx.Done\(\) has ended who receives`
				return
			}
			select {
			case diffs <- e.path:
			case <-ctx.Done():
				continue
			}
		}
	}()
	return diffs
}
