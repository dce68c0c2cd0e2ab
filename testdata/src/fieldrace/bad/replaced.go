package bad

import (
	"context"
	"sync"
	"time"
)

// mirror is ready when its goroutine has loaded it, and is not when that is lost again.
type mirror struct {
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
		once.Do(func() { close(m.ready) })
		time.Sleep(time.Microsecond)
		m.ready = make(chan struct{})
	}
}

func (m *mirror) Wait(ctx context.Context) error {
	select {
	case <-m.ready: // want `read of m.ready races with the write on line 32: nothing orders it with the goroutine of line 20`
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (m *mirror) Close() {
	m.stop()
	m.done.Wait()
}
