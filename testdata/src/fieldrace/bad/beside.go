package bad

import (
	"io"
	"sync"
)

// relay copies until it is told to swallow.
type relay struct {
	mu      sync.Mutex
	swallow chan struct{}
}

func newRelay(dst io.Writer, src io.Reader) *relay {
	r := &relay{swallow: make(chan struct{})}
	go r.copy(dst, src)
	return r
}

func (r *relay) Swallow() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.swallow)
}

// Pass replaces what the goroutine looks at.
func (r *relay) Pass() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.swallow = make(chan struct{})
}

func (r *relay) copy(dst io.Writer, src io.Reader) {
	buf := make([]byte, 1)
	for {
		select {
		case <-r.swallow: // want `read of r.swallow without r.mu races with the write on line 30: 2 of 3 accesses hold mu; lock it here too`
			io.Copy(io.Discard, src)
			return
		default:
		}
		n, err := src.Read(buf)
		dst.Write(buf[:n])
		if err != nil {
			return
		}
	}
}

type store struct{ version int }

// plant runs what it is given in goroutines that it waits for.
type plant struct {
	wg   sync.WaitGroup
	quit chan struct{}
	mu   sync.Mutex
	st   *store
}

func (n *plant) attach(f func()) {
	n.wg.Add(1)
	go func() {
		defer n.wg.Done()
		f()
	}()
}

func newPlant() *plant { return &plant{quit: make(chan struct{}), st: new(store)} }

func (n *plant) Start() { n.attach(n.monitor) }

func (n *plant) Store() *store {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.st
}

func (n *plant) Restore() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.st = new(store)
}

// view is what the monitor sees of the plant.
type view struct{ *plant }

type ages interface {
	oldest() int
	newest() int
}

type observer struct{ of ages }

func (n *plant) monitor() {
	w := &observer{&view{n}}
	for {
		select {
		case <-n.quit:
			return
		default:
		}
		if w.of.oldest()+w.of.newest() < 0 {
			return
		}
	}
}

// It sees the old one, or the half of it.
func (v *view) oldest() int {
	return v.st.version // want `read of v.st without v.mu races with the write on line 81: 2 of 3 accesses hold mu; lock it here too`
}

func (v *view) newest() int {
	return v.Store().version + 1
}

func (n *plant) Stop() {
	close(n.quit)
	n.wg.Wait()
}
