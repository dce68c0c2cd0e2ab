package good

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
	atomic.StoreUint64(&t.bytes, 0)
	t.since = time.Time{}
}

// budget is counted under the lock, atomically for those that add under the read side.
type budget struct {
	mu   sync.RWMutex
	used int64
}

func (b *budget) Spend(n int64) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	atomic.AddInt64(&b.used, n)
}

func (b *budget) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	atomic.AddInt64(&b.used, 1)
}

func (b *budget) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.used = 0
}
