package bad

import (
	"sync"
	"sync/atomic"
)

// A noticeBoard looks under the lock, and sends past it.
type noticeBoard struct {
	mu     sync.RWMutex
	closed bool
	out    chan string
}

func (b *noticeBoard) Post(text string) bool {
	b.mu.RLock()
	closed := b.closed
	b.mu.RUnlock()
	if closed {
		return false
	}
	select { // want `send on b\.out panics if noticeBoard\.Close \(line \d+\) closes it after the look at b\.closed; hold noticeBoard\.mu over both, or signal by another channel`
	case b.out <- text:
		return true
	default:
		return false
	}
}

func (b *noticeBoard) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	b.closed = true
	close(b.out)
}

// A meter looks at an atomic, which holds up nobody.
type meter struct {
	stopped atomic.Bool
	samples chan int
}

func (m *meter) Record(n int) {
	if m.stopped.Load() {
		return
	}
	m.samples <- n // want `send on m\.samples panics if meter\.Stop \(line \d+\) closes it after the look at m\.stopped; hold a lock over both and the close, or signal by another channel`
}

func (m *meter) Stop() {
	if m.stopped.CompareAndSwap(false, true) {
		close(m.samples)
	}
}

// A courier asks a method, which lets go of the lock when it returns.
type courier struct {
	mu      sync.Mutex
	retired bool
	parcels chan string
}

func (c *courier) isRetired() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.retired
}

func (c *courier) Deliver(parcel string) bool {
	if c.isRetired() {
		return false
	}
	c.parcels <- parcel // want `send on c\.parcels panics if courier\.Retire \(line \d+\) closes it after the look at c\.retired; hold courier\.mu over both, .*`
	return true
}

func (c *courier) Retire() {
	c.mu.Lock()
	c.retired = true
	c.mu.Unlock()
	close(c.parcels)
}

// A relay has more than two states.
type relayState int

const (
	relayIdle relayState = iota
	relayRunning
	relayEnded
)

type relay struct {
	mu    sync.Mutex
	state relayState
	lines chan string
}

func (r *relay) Start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state = relayRunning
}

func (r *relay) Pass(line string) {
	r.mu.Lock()
	if r.state != relayRunning {
		r.mu.Unlock()
		return
	}
	r.mu.Unlock()
	r.lines <- line // want `send on r\.lines panics if relay\.End \(line \d+\) closes it after the look at r\.state; hold relay\.mu over both, .*`
}

func (r *relay) End() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == relayEnded {
		return
	}
	r.state = relayEnded
	close(r.lines)
}

// A tap is closed once, but not after those that send.
type tap struct {
	shut int32
	once sync.Once
	flow chan int
}

func (t *tap) Pour(n int) {
	if atomic.LoadInt32(&t.shut) == 0 {
		t.flow <- n // want `send on t\.flow panics if tap\.Shut \(line \d+\) closes it after the look at t\.shut; hold a lock over both and the close, .*`
	}
}

func (t *tap) Shut() {
	t.once.Do(func() {
		atomic.StoreInt32(&t.shut, 1)
		close(t.flow)
	})
}

// A slot has no mark but that the channel is gone.
type slot struct {
	mu   sync.Mutex
	next chan int
}

func (s *slot) Offer(n int) {
	s.mu.Lock()
	next := s.next
	s.mu.Unlock()
	if next != nil {
		next <- n // want `send on s\.next panics if slot\.Vacate \(line \d+\) closes it after the look at s\.next; hold slot\.mu over both, .*`
	}
}

func (s *slot) Vacate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next != nil {
		close(s.next)
		s.next = nil
	}
}
