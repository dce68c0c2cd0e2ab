package stopped

import (
	"context"
	"sync"
	"time"
)

// A collector runs when it is told of changes, until its context ends. The callbacks that
// tell it are called by the database, which lives longer.
type collector struct {
	changes chan time.Time
}

func newCollector(ctx context.Context, onChange func(func())) *collector {
	c := &collector{changes: make(chan time.Time)}
	onChange(c.changed)
	go c.run(ctx)
	return c
}

// changed leaves a goroutine behind for each change that comes after the end of run.
func (c *collector) changed() {
	now := time.Now()
	go func() {
		c.changes <- now // want `^send on c.changes blocks forever once collector.run has taken <-ctx.Done\(\) on line \d+; select on that here too$`
	}()
}

func (c *collector) run(ctx context.Context) {
	for {
		select {
		case t := <-c.changes:
			collect(t)
		case <-ctx.Done():
			return
		}
	}
}

func collect(time.Time) {}

// A meter adds up what its probes read, until it is closed. The probes are not told.
type meter struct {
	readings chan int
	done     chan struct{}
	once     sync.Once
	sum      int
}

func startMeter(probes []func() int) *meter {
	m := &meter{readings: make(chan int, 4), done: make(chan struct{})}
	for _, p := range probes {
		go m.watch(p)
	}
	go m.add()
	return m
}

func (m *meter) watch(probe func() int) {
	for {
		r := probe()
		if r < 0 {
			return
		}
		m.readings <- r // want `^send on m.readings, when that is full, blocks forever once meter.add has taken <-m.done on line \d+; select on that here too$`
	}
}

func (m *meter) add() {
	for {
		select {
		case r := <-m.readings:
			m.sum += r
		case <-m.done:
			return
		}
	}
}

func (m *meter) Close() { m.once.Do(func() { close(m.done) }) }
