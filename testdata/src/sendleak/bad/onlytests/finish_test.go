// Package onlytests has no file but this.
package onlytests

import (
	"errors"
	"testing"
	"time"
)

func finish(timeout time.Duration, fn func() error) error {
	errc := make(chan error)
	go func() {
		errc <- fn() // want `send on errc blocks forever if <-time.After\(timeout\) is taken on line 18; make errc with capacity 1`
	}()
	select {
	case err := <-errc:
		return err
	case <-time.After(timeout):
		return errors.New("timeout")
	}
}

func TestFinish(t *testing.T) {
	if err := finish(time.Second, func() error { return nil }); err != nil {
		t.Fatal(err)
	}
}
