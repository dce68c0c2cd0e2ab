// Package limits holds what is known to be missed.
package limits

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// inHandler runs in a goroutine of the server.
func inHandler(t *testing.T, check func(*http.Request) error) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := check(r); err != nil {
			t.Fatal(err)
		}
	}))
	defer srv.Close()
}

// logAfterEnd may log when the test has ended: nothing tells how long it takes.
func logAfterEnd(t *testing.T, work func() error) {
	go func() {
		if err := work(); err != nil {
			t.Error(err)
		}
	}()
}
