package bad

import (
	"sync"
	"time"
)

// traffic is counted under a lock for each direction.
type traffic struct {
	inMu  sync.Mutex
	outMu sync.Mutex
	in    int
	out   int
	last  time.Time
}

func (t *traffic) Received(n int) {
	t.inMu.Lock()
	defer t.inMu.Unlock()
	t.in += n
	t.last = time.Now() // want `write of t\.last under t\.inMu races with the write on line 28, under t\.outMu: two locks keep nobody apart; take the same one`
}

func (t *traffic) Sent(n int) {
	t.outMu.Lock()
	defer t.outMu.Unlock()
	t.out += n
	t.last = time.Now()
}

func (t *traffic) Last() time.Time {
	t.outMu.Lock()
	defer t.outMu.Unlock()
	return t.last
}
