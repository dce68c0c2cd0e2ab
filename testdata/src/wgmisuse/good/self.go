package good

import "sync"

type wire struct {
	wg    sync.WaitGroup
	other sync.WaitGroup
	gone  chan struct{}
}

func (l *wire) start() {
	l.wg.Add(2)
	go l.loop()
	go l.early()
}

// Another goroutine waits.
func (l *wire) loop() {
	defer l.wg.Done()
	if err := work(); err != nil {
		go l.close()
	}
}

func (l *wire) close() {
	close(l.gone)
	l.wg.Wait()
}

// It is counted only after what came before.
func (l *wire) early() {
	l.other.Wait()
	l.wg.Wait()
	l.wg.Add(1)
	defer l.wg.Done()
	_ = work()
}

// Wait of others, which this one counts none of.
func (l *wire) next(m *wire) {
	defer l.wg.Done()
	m.close()
}

// The Wait comes after the Done that is deferred later.
func (l *wire) last() {
	defer l.close()
	defer l.wg.Done()
	_ = work()
}

func groups(parent *sync.WaitGroup, items []int) {
	defer parent.Done()
	var wg sync.WaitGroup
	for range items {
		wg.Go(func() { _ = work() })
	}
	wg.Wait()
}

// Who is counted and who waits are two.
func (l *wire) either(first bool) {
	if !first {
		defer l.wg.Done()
	}
	_ = work()
	if first {
		l.wg.Wait()
	}
}
