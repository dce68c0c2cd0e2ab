package bad

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"
)

type picture []byte

type source interface{ Decode() (picture, error) }

type sink interface{ Encode(picture) error }

func decodeAll(ctx context.Context, d source, pictures chan<- picture) error {
	defer close(pictures)
	for {
		p, err := d.Decode()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("decode: %w", err)
		}
		select { // want `select blocks forever: g\.Wait on line 54 waits too`
		case pictures <- p:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func encodeAll(e sink, pictures <-chan picture) error {
	n := 0
	for p := range pictures {
		if err := e.Encode(p); err != nil {
			return fmt.Errorf("picture %d: %w", n, err)
		}
		n++
	}
	return nil
}

// transcode has a group without a context: nobody tells the one when the other fails.
func transcode(d source, e sink) error {
	var g errgroup.Group
	ctx := context.Background()
	pictures := make(chan picture, 2)
	g.Go(func() error { return decodeAll(ctx, d, pictures) })
	g.Go(func() error { return encodeAll(e, pictures) })
	return g.Wait()
}
