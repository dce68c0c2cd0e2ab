package good

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

type spinner struct {
	stop  atomic.Bool
	ready chan struct{}
	mu    sync.Mutex
	queue []int
	state atomic.Int32
}

func startSpinner() *spinner {
	w := &spinner{ready: make(chan struct{})}
	w.state.Store(1)
	go w.run()
	return w
}

func (w *spinner) run() {
	close(w.ready)
	for !w.stop.Load() {
	}
}

func (w *spinner) Stop() { w.stop.Store(true) }

func (w *spinner) WaitReady() {
	<-w.ready
}

func (w *spinner) Push(x int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = append(w.queue, x)
}

func (w *spinner) Next() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.queue) == 0 {
		w.mu.Unlock()
		runtime.Gosched()
		w.mu.Lock()
	}
	return w.queue[0]
}

func (w *spinner) settle() {
	for w.state.Load() != 0 && !w.stop.Load() {
		<-time.After(time.Millisecond)
	}
}

func (w *spinner) Settle() { w.settle() }

func (w *spinner) Idle() { w.state.Store(0) }

var shutdown atomic.Bool

func Shutdown() { shutdown.Store(true) }

func AwaitShutdown() {
	for !shutdown.Load() {
		time.Sleep(time.Second)
	}
}

// The loop itself changes what it asks for.
type scanner struct {
	src      []byte
	pos, end int
	debug    bool
	slots    chan int
}

func (s *scanner) Skip() {
	for s.pos < s.end {
		s.pos++
	}
	for s.src[s.pos] == ' ' && s.more() {
	}
}

func (s *scanner) more() bool { s.pos++; return s.pos < s.end }

func (s *scanner) Reset(src []byte) { s.src, s.pos, s.end = src, 0, len(src) }

// Nothing sets debug: it is for a debugger to do.
func (s *scanner) Attach() {
	for !s.debug {
		time.Sleep(time.Second)
	}
}

// How full a channel is can be asked without a lock.
func (s *scanner) Drain() {
	for len(s.slots) > 0 {
		time.Sleep(time.Millisecond)
	}
}

func (s *scanner) Start() { s.slots = make(chan int, 4) }

// Only what keeps the loop going is written elsewhere, and before it starts.
type ticker struct{ on bool }

func (t *ticker) Start() {
	t.on = true
	go t.loop()
}

func (t *ticker) loop() {
	for t.on {
		time.Sleep(time.Hour)
	}
}
