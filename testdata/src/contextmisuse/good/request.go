package good

import (
	"context"
	"fmt"
	"net/http"
	"sync"
)

func store(ctx context.Context, key string) error { return ctx.Err() }

func storeLater(w http.ResponseWriter, r *http.Request) {
	go func() {
		if err := store(context.WithoutCancel(r.Context()), "a"); err != nil {
			fmt.Println(err)
		}
	}()
	w.WriteHeader(http.StatusAccepted)
}

func storeInVariable(w http.ResponseWriter, r *http.Request) {
	ctx := context.WithoutCancel(r.Context())
	go store(ctx, "a")
	fmt.Fprintln(w, "ok")
}

// storeAndWait is there until the work is done.
func storeAndWait(w http.ResponseWriter, r *http.Request) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		_ = store(r.Context(), "a")
	}()
	wg.Wait()
	fmt.Fprintln(w, "ok")
}

// pump works beside the handler for as long as the request lasts.
func pump(w http.ResponseWriter, r *http.Request, copyAll func(http.ResponseWriter)) {
	go func() { _ = store(r.Context(), "a") }()
	for range 10 {
		copyAll(w)
	}
}
