// Package good starts its goroutines by functions of another package.
package good

import (
	"context"

	"fixtures/sendleak/safe"
)

func Count(rows []string) int {
	n, done := 0, make(chan struct{})
	safe.Go(func() {
		defer close(done)
		for range rows {
			n++
		}
	})
	<-done
	return n
}

func Sum(p *safe.Pool, rows []string) int {
	n := 0
	p.GoCtx(func(context.Context) {
		n += len(rows)
	})
	p.Stop()
	return n
}
