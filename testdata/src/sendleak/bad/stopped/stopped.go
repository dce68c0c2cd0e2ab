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

// An indexer gives each document to the worker of its shard.
type indexer struct {
	workers []*worker
	wg      sync.WaitGroup
}

type worker struct {
	write func(string) error
	docs  chan string
	err   error
}

func newIndexer(backlog int, shards ...func(string) error) *indexer {
	x := &indexer{}
	for _, write := range shards {
		w := &worker{write: write, docs: make(chan string, backlog)}
		x.workers = append(x.workers, w)
		x.wg.Go(w.run)
	}
	return x
}

func (w *worker) run() {
	for d := range w.docs {
		if err := w.write(d); err != nil {
			w.err = err
			return
		}
	}
}

// Add blocks for ever once the worker of the shard has given up.
func (x *indexer) Add(doc string) {
	w := x.workers[len(doc)%len(x.workers)]
	w.docs <- doc // want `^send on w.docs, when that is full, blocks forever once worker.run has returned for an error on line \d+; let it tell those that wait$`
}

func (x *indexer) Close() {
	for _, w := range x.workers {
		close(w.docs)
	}
	x.wg.Wait()
}
