package bad

import (
	"context"
	"fmt"
	"net/http"
)

func store(ctx context.Context, key string) error { return ctx.Err() }

// storeLater answers at once, and with that the context of the work is
// canceled.
func storeLater(w http.ResponseWriter, r *http.Request) {
	go func() {
		if err := store(r.Context(), "a"); err != nil { // want `store in this goroutine gets the request's context, which is canceled when the handler returns; pass context.WithoutCancel of it`
			fmt.Println(err)
		}
	}()
	w.WriteHeader(http.StatusAccepted)
}

// storeInVariable does the same by a variable.
func storeInVariable(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	go store(ctx, "a") // want `store in this goroutine gets the request's context`
	fmt.Fprintln(w, "ok")
}
