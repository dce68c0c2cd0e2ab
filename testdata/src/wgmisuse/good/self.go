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

// The hook only asks for the end; who waits is another goroutine.
type consumer struct {
	wg      sync.WaitGroup
	in      chan string
	quit    chan struct{}
	once    sync.Once
	onError func(error)
	handle  func(string) error
}

func newConsumer(handle func(string) error, onError func(error)) *consumer {
	c := &consumer{in: make(chan string), quit: make(chan struct{}), handle: handle}
	c.onError = c.failed
	if onError != nil {
		c.onError = onError
	}
	return c
}

func (c *consumer) Start(n int) {
	for range n {
		c.wg.Go(c.work)
	}
}

func (c *consumer) work() {
	for {
		select {
		case m := <-c.in:
			if err := c.handle(m); err != nil {
				c.onError(err)
			}
		case <-c.quit:
			return
		}
	}
}

func (c *consumer) failed(error) { c.stop() }

func (c *consumer) stop() { c.once.Do(func() { close(c.quit) }) }

func (c *consumer) Shutdown() {
	c.stop()
	c.wg.Wait()
}
