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

// batcher fills its batch under mu, and its helper takes it away under the other lock.
type batcher struct {
	writeMu sync.Mutex
	write   func([]string)

	mu    sync.Mutex
	batch []string
}

func (b *batcher) Add(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.batch = append(b.batch, line) // want `write of b\.batch under b\.mu races with the read on line 53, under b\.writeMu: two locks keep nobody apart; take the same one`
}

func (b *batcher) take() []string {
	batch := b.batch
	b.batch = nil
	return batch
}

func (b *batcher) Flush() {
	b.writeMu.Lock()
	defer b.writeMu.Unlock()
	b.write(b.take())
}

func (b *batcher) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.batch)
}
