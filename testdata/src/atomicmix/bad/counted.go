package bad

import (
	"sync"
	"sync/atomic"
	"time"
)

// traffic is counted by whoever receives, without the lock.
type traffic struct {
	mu    sync.Mutex
	bytes uint64
	since time.Time
}

func (t *traffic) Start() {
	t.mu.Lock()
	defer t.mu.Unlock()
	atomic.StoreUint64(&t.bytes, 0)
	t.since = time.Now()
}

func (t *traffic) Count(n int) { atomic.AddUint64(&t.bytes, uint64(n)) }

func (t *traffic) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bytes = 0 // want `plain write of t.bytes races with the atomic write on line 23; use package atomic for both`
	t.since = time.Time{}
}
