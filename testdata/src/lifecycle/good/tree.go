package good

import (
	"sync"
	"time"
)

type branch struct {
	mu   sync.Mutex
	kids []*branch
	wg   sync.WaitGroup
	quit chan struct{}
}

func NewBranch(work func()) *branch {
	n := &branch{quit: make(chan struct{})}
	n.wg.Add(1)
	go n.loop(work)
	return n
}

func (n *branch) Add(work func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.kids = append(n.kids, NewBranch(work))
}

func (n *branch) loop(work func()) {
	defer n.wg.Done()
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			work()
		case <-n.quit:
			return
		}
	}
}

// Prune ends the children, and not the node.
func (n *branch) Prune() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, k := range n.kids {
		k.Close()
	}
	n.kids = nil
}

// Close ends all.
func (n *branch) Close() {
	n.Prune()
	close(n.quit)
	n.wg.Wait()
}
