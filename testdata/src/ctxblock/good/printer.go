package good

import (
	"context"
	"fmt"
	"io"
	"sync"
)

type rowPrinter struct {
	in <-chan int
	w  io.Writer
}

func (p *rowPrinter) run() {
	for v := range p.in { // until it is closed
		fmt.Fprintln(p.w, v)
	}
}

func exportRows(ctx context.Context, w io.Writer, next func() (int, bool)) error {
	rows := make(chan int)
	p := &rowPrinter{rows, w}
	var wg sync.WaitGroup
	wg.Go(p.run)
	err := produceRows(ctx, rows, next)
	close(rows)
	wg.Wait()
	return err
}

func produceRows(ctx context.Context, rows chan<- int, next func() (int, bool)) error {
	for {
		v, ok := next()
		if !ok {
			return nil
		}
		if v == 0 {
			rows <- v
			continue
		}
		select {
		case rows <- v:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
