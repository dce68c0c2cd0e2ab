package bad

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"sync"
	"time"
)

func store(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	println(key)
	return nil
}

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

// A notifier tells other systems.
type notifier interface {
	Notify(ctx context.Context, id string) error
}

type orders struct{ hook notifier }

// accept answers, and the method gets the context that ends with that.
func (o *orders) accept(w http.ResponseWriter, r *http.Request) {
	go o.notify(r.Context(), r.FormValue("id")) // want `o.notify in this goroutine gets the request's context, which is canceled when the handler returns; pass context.WithoutCancel of it`
	w.WriteHeader(http.StatusAccepted)
}

func (o *orders) notify(ctx context.Context, id string) {
	if err := o.hook.Notify(ctx, id); err != nil {
		fmt.Println(err)
	}
}

type task struct {
	ctx  context.Context
	name string
}

type queue struct {
	hook  notifier
	tasks chan task
}

func (q *queue) work() {
	for t := range q.tasks {
		if err := q.hook.Notify(t.ctx, t.name); err != nil {
			fmt.Println(err)
		}
	}
}

// enqueue leaves the task to a worker and returns.
func (q *queue) enqueue(w http.ResponseWriter, r *http.Request) {
	t := task{ctx: r.Context(), name: r.FormValue("id")} // want `q.tasks <- sends the request's context along, which is canceled when the handler returns: q.hook.Notify on line \d+ gives up; use context.WithoutCancel`
	select {
	case q.tasks <- t:
		w.WriteHeader(http.StatusAccepted)
	default:
		http.Error(w, "full", http.StatusServiceUnavailable)
	}
}

// enqueueNow does it in one statement.
func (q *queue) enqueueNow(w http.ResponseWriter, r *http.Request) {
	q.tasks <- task{name: "now", ctx: r.Context()} // want `q.tasks <- sends the request's context along`
	fmt.Fprintln(w, "ok")
}

// answerJSON has the answer written by a function that does nothing else.
func (o *orders) answerJSON(w http.ResponseWriter, r *http.Request) {
	go o.notify(r.Context(), "a") // want `o.notify in this goroutine gets the request's context`
	writeJSON(w, map[string]string{"state": "accepted"})
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		fmt.Println(err)
	}
}

type greeter struct {
	mail interface {
		Send(ctx context.Context, to string) error
	}
	wg sync.WaitGroup
}

func (g *greeter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, to := r.Context(), r.FormValue("to")
	g.wg.Go(func() {
		g.greet(ctx, to) // want `g.greet in this goroutine gets the request's context, which is canceled when the handler returns; pass context.WithoutCancel of it`
	})
	w.WriteHeader(http.StatusAccepted)
}

func (g *greeter) greet(ctx context.Context, to string) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := g.mail.Send(ctx, to); err != nil {
		log.Print(err)
	}
}
