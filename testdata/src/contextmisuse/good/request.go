package good

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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

// A notifier tells other systems.
type notifier interface {
	Notify(ctx context.Context, id string) error
}

type orders struct{ hook notifier }

// accept answers, and the method gets a context that stays.
func (o *orders) accept(w http.ResponseWriter, r *http.Request) {
	go o.notify(context.WithoutCancel(r.Context()), r.FormValue("id"))
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
	t := task{ctx: context.WithoutCancel(r.Context()), name: r.FormValue("id")}
	select {
	case q.tasks <- t:
		w.WriteHeader(http.StatusAccepted)
	default:
		http.Error(w, "full", http.StatusServiceUnavailable)
	}
}

// enqueueNow does it in one statement.
func (q *queue) enqueueNow(w http.ResponseWriter, r *http.Request) {
	q.tasks <- task{name: "now", ctx: context.WithoutCancel(r.Context())}
	fmt.Fprintln(w, "ok")
}

// A waiting task says when it is done.
type waiting struct {
	ctx  context.Context
	done chan error
}

func workOne(hook notifier, tasks <-chan waiting) {
	t := <-tasks
	t.done <- hook.Notify(t.ctx, "a")
}

// enqueueAndWait answers when the work is done.
func enqueueAndWait(w http.ResponseWriter, r *http.Request, tasks chan<- waiting) {
	t := waiting{ctx: r.Context(), done: make(chan error, 1)}
	select {
	case tasks <- t:
	default:
		http.Error(w, "full", http.StatusServiceUnavailable)
		return
	}
	select {
	case err := <-t.done:
		fmt.Fprintln(w, err)
	case <-r.Context().Done():
	}
}

// An entry of the log has the context for the sake of a value in it.
type entry struct {
	ctx  context.Context
	line string
}

type traceKey struct{}

func writeLog(entries <-chan entry) {
	for e := range entries {
		fmt.Println(e.ctx.Value(traceKey{}), e.line)
	}
}

func logged(w http.ResponseWriter, r *http.Request, entries chan<- entry) {
	entries <- entry{ctx: r.Context(), line: r.URL.Path}
	fmt.Fprintln(w, "ok")
}

// detached replaces the request by one that does not end.
func (o *orders) detached(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(context.WithoutCancel(r.Context()))
	go o.notify(r.Context(), "a")
	w.WriteHeader(http.StatusAccepted)
}

func (o *orders) answerJSON(w http.ResponseWriter, r *http.Request) {
	go o.notify(context.WithoutCancel(r.Context()), "a")
	writeJSON(w, map[string]string{"state": "accepted"})
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		fmt.Println(err)
	}
}

// beside works as long as the handler behind it does, and is to end with it.
func (o *orders) beside(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		go o.notify(r.Context(), "a")
		next.ServeHTTP(w, r)
	})
}

// streaming answers for as long as there is something to say.
func (o *orders) streaming(w http.ResponseWriter, r *http.Request) {
	go o.notify(r.Context(), "a")
	stream(w, r.Body)
}

func stream(w http.ResponseWriter, from io.Reader) {
	_, _ = io.Copy(w, from)
}

// copying does it itself.
func (o *orders) copying(w http.ResponseWriter, r *http.Request) {
	go o.notify(r.Context(), "a")
	_, _ = io.Copy(w, r.Body)
}

// A helper that is given both returns while the request goes on.
func openStream(w http.ResponseWriter, r *http.Request, lines chan<- string) bool {
	if r.Body == nil {
		http.Error(w, "no body", http.StatusBadRequest)
		return false
	}
	go copyLines(r.Context(), lines)
	return true
}

func copyLines(ctx context.Context, lines chan<- string) {
	select {
	case lines <- "first":
	case <-ctx.Done():
	}
}

type greeter struct {
	mail interface {
		Send(ctx context.Context, to string) error
	}
	wg sync.WaitGroup
}

func (g *greeter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, to := context.WithoutCancel(r.Context()), r.FormValue("to")
	g.wg.Go(func() {
		g.greet(ctx, to)
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

// Waits before it returns.
func both(w http.ResponseWriter, r *http.Request, g *greeter) {
	var wg sync.WaitGroup
	wg.Go(func() { g.greet(r.Context(), "a") })
	wg.Go(func() { g.greet(r.Context(), "b") })
	wg.Wait()
	w.WriteHeader(http.StatusOK)
}
