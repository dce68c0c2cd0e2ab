// Package ctxwatch waits for the function of context.AfterFunc where it cannot be stopped any more.
package ctxwatch

import (
	"context"
	"sync"
)

// A Watcher calls cancel when the context that it watches is done.
type Watcher struct {
	cancel func()

	mu   sync.Mutex
	done chan struct{}
	stop func() bool
}

// New makes a Watcher.
func New(cancel func()) *Watcher { return &Watcher{cancel: cancel} }

// Watch starts to watch.
func (w *Watcher) Watch(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Done() == nil || w.stop != nil {
		return
	}
	w.done = make(chan struct{})
	w.stop = context.AfterFunc(ctx, func() {
		w.cancel()
		close(w.done) // nobody sets the field before he has stopped this or waited for it
	})
}

// Unwatch ends what Watch has started.
func (w *Watcher) Unwatch() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stop == nil {
		return
	}
	if !w.stop() {
		<-w.done
	}
	w.stop = nil
	w.done = nil
}
