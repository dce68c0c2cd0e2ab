// Package helper ends tests for other packages.
package helper

import (
	"sync"
	"testing"
)

// A Reporter ends the test that it reports to.
type Reporter struct {
	mu   sync.Mutex
	test interface {
		Errorf(format string, args ...any)
		FailNow()
	}
}

// Fail never returns: FailNow does not, of whatever implements it.
func (r *Reporter) Fail(message string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.test == nil {
		panic(message)
	}
	r.test.Errorf("%s", message)
	r.test.FailNow()
}

// Stop never returns: Fatal does not, of whatever implements it.
func Stop(tb testing.TB, message string) {
	tb.Helper()
	fail(tb, message)
}

func fail(tb testing.TB, message string) {
	if message == "" {
		tb.FailNow()
	}
	tb.Fatal(message)
}
