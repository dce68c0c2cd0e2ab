package good

import (
	"context"
	"sync"
)

// Stop waits for a goroutine that waits for all of them.
type acceptor struct {
	mu   sync.Mutex
	wg   sync.WaitGroup
	quit chan struct{}
}

func newAcceptor() *acceptor { return &acceptor{quit: make(chan struct{})} }

func (a *acceptor) Accept(serve func(), end func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	a.wg.Add(2)
	go func() {
		defer a.wg.Done()
		defer cancel()
		serve()
	}()
	go func() {
		defer a.wg.Done()
		select {
		case <-ctx.Done():
		case <-a.quit:
			end()
		}
	}()
}

func (a *acceptor) Stop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer cancel()
		a.wg.Wait()
	}()
	close(a.quit)
	<-ctx.Done()
	a.quit = make(chan struct{})
}

func (a *acceptor) Restart() {
	a.mu.Lock()
	defer a.mu.Unlock()
	waited := make(chan struct{})
	go func() {
		a.wg.Wait()
		close(waited)
	}()
	close(a.quit)
	<-waited
	a.quit = make(chan struct{})
}
