// Package limits holds what is known to be missed.
package limits

import (
	"context"
	"net/http"
)

func store(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	println(key)
	return nil
}

// background ignores that the client has gone, by way of a variable.
func background(w http.ResponseWriter, r *http.Request) {
	ctx := context.Background()
	if err := store(ctx, "a"); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// laterThanUnknown calls something after the go statement that may take as
// long as the work.
func laterThanUnknown(w http.ResponseWriter, r *http.Request, more func()) {
	go store(r.Context(), "a")
	more()
}

// cancelByField has its cancel function in a field of function type.
type cancelByField struct{ stop func() }

func newCancelByField(ctx context.Context) *cancelByField {
	_, cancel := context.WithCancel(ctx)
	return &cancelByField{cancel}
}
