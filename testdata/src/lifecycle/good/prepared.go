package good

import "sync"

type pauser struct {
	mu         sync.Mutex
	active     bool
	work       func(<-chan struct{})
	quit, done chan struct{}
}

func NewPauser(work func(<-chan struct{})) *pauser {
	t := &pauser{work: work}
	t.prepare()
	return t
}

func (t *pauser) prepare() { t.quit, t.done = make(chan struct{}), make(chan struct{}) }

func (t *pauser) Resume() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.active {
		return
	}
	t.active = true
	t.prepare()
	quit, done := t.quit, t.done
	go func() {
		defer close(done)
		t.work(quit)
	}()
}

func (t *pauser) Pause() {
	t.mu.Lock()
	if !t.active {
		t.mu.Unlock()
		return
	}
	t.active = false
	close(t.quit)
	done := t.done
	t.mu.Unlock()
	<-done
}
