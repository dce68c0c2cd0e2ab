package patterns

import (
	"context"
	"time"
)

// Paced calls f for each item, at most once in an interval. The ticker is stopped
// on every way out.
func Paced(ctx context.Context, items []string, interval time.Duration, f func(string)) error {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for _, item := range items {
		select {
		case <-ticker.C:
			f(item)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
