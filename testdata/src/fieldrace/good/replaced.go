package good

import (
	"context"
	"sync"
	"time"
)

type mirror struct {
	mu    sync.Mutex
	ready chan struct{}
	stop  context.CancelFunc
	done  sync.WaitGroup
}

func newMirror() *mirror {
	ctx, stop := context.WithCancel(context.Background())
	m := &mirror{ready: make(chan struct{}), stop: stop}
	m.done.Add(1)
	go func() {
		defer m.done.Done()
		m.run(ctx)
	}()
	return m
}

func (m *mirror) run(ctx context.Context) {
	for ctx.Err() == nil {
		once := sync.Once{}
		once.Do(func() { close(m.current()) })
		time.Sleep(time.Microsecond)
		m.mu.Lock()
		m.ready = make(chan struct{})
		m.mu.Unlock()
	}
}

func (m *mirror) current() chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ready
}

func (m *mirror) Wait(ctx context.Context) error {
	select {
	case <-m.current():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (m *mirror) Close() {
	m.stop()
	m.done.Wait()
}
