// Package helper ends tests for other packages.
package helper

import "testing"

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
