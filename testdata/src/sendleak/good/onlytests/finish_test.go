// Package onlytests has no file but this.
package onlytests

import (
	"errors"
	"testing"
	"time"
)

func finish(timeout time.Duration, fn func() error) error {
	errc := make(chan error, 1)
	go func() {
		errc <- fn()
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
