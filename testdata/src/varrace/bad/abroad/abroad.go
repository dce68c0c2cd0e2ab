// Package bad starts its goroutines by functions of another package.
package bad

import (
	"context"

	"fixtures/sendleak/safe"
)

func Count(rows []string) int {
	n := 0
	safe.Go(func() {
		for range rows {
			n++ // want `write of n races with the read on line 17`
		}
	})
	return n
}

func Sum(p *safe.Pool, rows []string) int {
	n := 0
	p.GoCtx(func(context.Context) {
		n += len(rows) // want `write of n races with the read on line 25`
	})
	return n
}
