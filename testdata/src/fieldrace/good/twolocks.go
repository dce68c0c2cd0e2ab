package good

import (
	"sync"
	"time"
)

// traffic is counted under a lock for each direction.
type traffic struct {
	inMu   sync.Mutex
	outMu  sync.Mutex
	lastMu sync.Mutex
	in     int
	out    int
	last   time.Time
}

func (t *traffic) Received(n int) {
	t.inMu.Lock()
	defer t.inMu.Unlock()
	t.in += n
	t.touch()
}

func (t *traffic) Sent(n int) {
	t.outMu.Lock()
	defer t.outMu.Unlock()
	t.out += n
	t.touch()
}

func (t *traffic) touch() {
	t.lastMu.Lock()
	t.last = time.Now()
	t.lastMu.Unlock()
}

func (t *traffic) Last() time.Time {
	t.lastMu.Lock()
	defer t.lastMu.Unlock()
	return t.last
}

// ledger is written under both of its locks, and read under either.
type ledger struct {
	readMu  sync.Mutex
	writeMu sync.Mutex
	total   int
}

func (l *ledger) Add(n int) {
	l.readMu.Lock()
	defer l.readMu.Unlock()
	l.writeMu.Lock()
	defer l.writeMu.Unlock()
	l.total += n
}

func (l *ledger) Total() int {
	l.readMu.Lock()
	defer l.readMu.Unlock()
	return l.total
}

func (l *ledger) Double() int {
	l.writeMu.Lock()
	defer l.writeMu.Unlock()
	return 2 * l.total
}

// spool is filled by its owner under mu, and then drained under drainMu, by the goroutine
// that its owner starts when it is full.
type spool struct {
	mu      sync.Mutex
	drainMu sync.Mutex
	lines   []string
	done    sync.WaitGroup
}

func (s *spool) Fill(lines []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, lines...)
	s.done.Go(s.drain)
	s.done.Wait()
}

func (s *spool) drain() {
	s.drainMu.Lock()
	defer s.drainMu.Unlock()
	s.lines = s.lines[:0]
}

// batcher has its batch taken away under the lock it is filled under.
type batcher struct {
	writeMu sync.Mutex
	write   func([]string)

	mu    sync.Mutex
	batch []string
}

func (b *batcher) Add(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.batch = append(b.batch, line)
}

func (b *batcher) take() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	batch := b.batch
	b.batch = nil
	return batch
}

func (b *batcher) Flush() {
	b.writeMu.Lock()
	defer b.writeMu.Unlock()
	b.write(b.take())
}

// informer can be set up until it has been started, and only then handles anything.
type informer struct {
	startMu sync.Mutex
	started bool

	handleMu sync.Mutex
	convert  func(string) string
}

func (i *informer) SetConvert(f func(string) string) bool {
	i.startMu.Lock()
	defer i.startMu.Unlock()
	if i.started {
		return false
	}
	i.convert = f
	return true
}

func (i *informer) Start() {
	i.startMu.Lock()
	defer i.startMu.Unlock()
	i.started = true
}

func (i *informer) Handle(s string) string {
	i.handleMu.Lock()
	defer i.handleMu.Unlock()
	return i.convert(s)
}
