package bad

import (
	"sync"
	"sync/atomic"
)

// A mailbox tells of single letters, and not of many, nor of its end.
type mailbox[T any] struct {
	mu      sync.Mutex
	arrived *sync.Cond
	letters []T
	closed  bool
}

func newMailbox[T any]() *mailbox[T] {
	m := &mailbox[T]{}
	m.arrived = sync.NewCond(&m.mu)
	return m
}

func (m *mailbox[T]) Post(letter T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, letter)
	m.arrived.Signal()
}

func (m *mailbox[T]) Fetch() (letter T, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.letters) == 0 && !m.closed {
		m.arrived.Wait() // want `m\.arrived\.Wait sleeps on when m\.letters is changed on line \d+, which would end its loop: nobody is woken there; call Signal after it`
	}
	if len(m.letters) == 0 {
		return letter, false
	}
	letter = m.letters[0]
	m.letters = m.letters[1:]
	return letter, true
}

func (m *mailbox[T]) PostAll(letters []T) {
	m.mu.Lock()
	m.letters = append(m.letters, letters...)
	m.mu.Unlock()
}

func (m *mailbox[T]) Close() {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
}

// A barrier counts down; who gives up is forgotten.
type barrier struct {
	mu      sync.Mutex
	idle    sync.Cond
	running int
}

func newBarrier() *barrier {
	b := new(barrier)
	b.idle.L = &b.mu
	return b
}

func (b *barrier) Begin() {
	b.mu.Lock()
	b.running++
	b.mu.Unlock()
}

func (b *barrier) End() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running--
	if b.running == 0 {
		b.idle.Broadcast()
	}
}

func (b *barrier) Abort() {
	b.mu.Lock()
	b.running--
	b.mu.Unlock()
}

func (b *barrier) WaitIdle() {
	b.mu.Lock()
	for b.running > 0 {
		b.idle.Wait() // want `b\.idle\.Wait sleeps on when b\.running is changed on line \d+, .*; call Broadcast after it`
	}
	b.mu.Unlock()
}

// A gate has an atomic flag, which wakes nobody either.
type gate struct {
	mu    sync.Mutex
	moved *sync.Cond
	open  atomic.Bool
}

func newGate() *gate {
	g := new(gate)
	g.moved = sync.NewCond(&g.mu)
	return g
}

func (g *gate) Pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for {
		if g.open.Load() {
			return
		}
		g.moved.Wait() // want `g\.moved\.Wait sleeps on when g\.open is changed on line \d+, .*; call Broadcast after it`
	}
}

func (g *gate) Open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open.Store(true)
	g.moved.Broadcast()
}

func (g *gate) Force() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open.Store(true)
}
