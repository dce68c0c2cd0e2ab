package stopped

import (
	"context"
	"sync"
	"time"
)

// A collector runs when it is told of changes, until its context ends.
type collector struct {
	ctx     context.Context
	changes chan time.Time
}

func newCollector(ctx context.Context, onChange func(func())) *collector {
	c := &collector{ctx: ctx, changes: make(chan time.Time)}
	onChange(c.changed)
	go c.run(ctx)
	return c
}

func (c *collector) changed() {
	now := time.Now()
	go func() {
		select {
		case c.changes <- now:
		case <-c.ctx.Done():
		}
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

// A meter adds up what its probes read, until it is closed.
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
		select {
		case m.readings <- r:
		case <-m.done:
			return
		}
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

// A tally waits for its probes before it ends the goroutine that receives.
type tally struct {
	readings chan int
	done     chan struct{}
	probes   sync.WaitGroup
	sum      int
}

func startTally(probes []func() int) *tally {
	t := &tally{readings: make(chan int), done: make(chan struct{})}
	go t.add()
	for _, p := range probes {
		t.probes.Add(1)
		go func() {
			defer t.probes.Done()
			for r := p(); r >= 0; r = p() {
				t.readings <- r
			}
		}()
	}
	return t
}

func (t *tally) add() {
	for {
		select {
		case r := <-t.readings:
			t.sum += r
		case <-t.done:
			return
		}
	}
}

func (t *tally) Close() {
	t.probes.Wait()
	close(t.done)
}

// A ledger that is told to stop takes what is still on its way.
type ledger struct {
	entries chan int
	done    chan struct{}
	open    sync.WaitGroup
	sum     int
}

func startLedger(sources []func() int) *ledger {
	l := &ledger{entries: make(chan int), done: make(chan struct{})}
	go l.write()
	for _, src := range sources {
		l.open.Add(1)
		go func() {
			defer l.open.Done()
			l.entries <- src()
		}()
	}
	return l
}

func (l *ledger) write() {
	for {
		select {
		case e := <-l.entries:
			l.sum += e
		case <-l.done:
			go func() {
				l.open.Wait()
				close(l.entries)
			}()
			for e := range l.entries {
				l.sum += e
			}
			return
		}
	}
}

func (l *ledger) Close() { close(l.done) }

// A spooler is restarted by its owner; what waits is served by the next run.
type spooler struct {
	jobs chan string
	quit chan struct{}
}

func newSpooler(names []string) *spooler {
	s := &spooler{jobs: make(chan string), quit: make(chan struct{})}
	for _, n := range names {
		go func() { s.jobs <- n }()
	}
	go s.serve()
	return s
}

func (s *spooler) serve() {
	for {
		s.once()
	}
}

func (s *spooler) once() {
	for {
		select {
		case j := <-s.jobs:
			collectJob(j)
		case <-s.quit:
			return
		}
	}
}

func (s *spooler) Pause() { close(s.quit) }

func collectJob(string) {}

// A feed sends only while it is open, and is closed under the same lock.
type feed struct {
	mu     sync.Mutex
	closed bool
	items  chan int
	done   chan struct{}
}

func startFeed(sources []func() int) *feed {
	f := &feed{items: make(chan int), done: make(chan struct{})}
	go f.deliver()
	for _, src := range sources {
		go f.pump(src)
	}
	return f
}

func (f *feed) pump(src func() int) {
	for {
		v := src()
		f.mu.Lock()
		if f.closed {
			f.mu.Unlock()
			return
		}
		f.items <- v
		f.mu.Unlock()
	}
}

func (f *feed) deliver() {
	for {
		select {
		case v := <-f.items:
			collect(time.Unix(int64(v), 0))
		case <-f.done:
			return
		}
	}
}

func (f *feed) Close() {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	close(f.done)
}

// An indexer gives each document to the worker of its shard, which goes on after an error.
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
		if err := w.write(d); err != nil && w.err == nil {
			w.err = err
		}
	}
}

func (x *indexer) Add(doc string) {
	w := x.workers[len(doc)%len(x.workers)]
	w.docs <- doc
}

func (x *indexer) Close() {
	for _, w := range x.workers {
		close(w.docs)
	}
	x.wg.Wait()
}

// An uploader takes what is left when it has failed, so nobody is left waiting.
type uploader struct {
	put   func(string) error
	parts chan string
	err   error
}

func newUploader(put func(string) error) *uploader {
	u := &uploader{put: put, parts: make(chan string)}
	go u.run()
	return u
}

func (u *uploader) run() {
	for p := range u.parts {
		if u.err = u.put(p); u.err != nil {
			break
		}
	}
	for range u.parts {
	}
}

func (u *uploader) Part(p string) { u.parts <- p }

// A mailer says that it is over, and who sends looks.
type mailer struct {
	post func(string) error
	out  chan string
	over chan struct{}
}

func newMailer(post func(string) error) *mailer {
	m := &mailer{post: post, out: make(chan string), over: make(chan struct{})}
	go m.run()
	return m
}

func (m *mailer) run() {
	defer close(m.over)
	for s := range m.out {
		if err := m.post(s); err != nil {
			return
		}
	}
}

func (m *mailer) Send(s string) bool {
	select {
	case m.out <- s:
		return true
	case <-m.over:
		return false
	}
}

// A keeper runs its worker again when that has failed.
type keeper struct {
	try  func(string) error
	jobs chan string
}

func newKeeper(try func(string) error) *keeper {
	k := &keeper{try: try, jobs: make(chan string)}
	go k.keep()
	return k
}

func (k *keeper) keep() {
	for {
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			k.work()
		}()
		<-ended
	}
}

func (k *keeper) work() {
	for j := range k.jobs {
		if err := k.try(j); err != nil {
			return
		}
	}
}

func (k *keeper) Push(j string) { k.jobs <- j }

// A server answers who asks; the answer has room, whether he waits or not.
type server struct {
	asked chan question
	quit  chan struct{}
	once  sync.Once
}

type question struct {
	key   string
	reply chan string
}

func newServer(data map[string]string) *server {
	s := &server{asked: make(chan question), quit: make(chan struct{})}
	go s.loop(data)
	return s
}

func (s *server) loop(data map[string]string) {
	for {
		select {
		case q := <-s.asked:
			q.reply <- data[q.key]
		case <-s.quit:
			return
		}
	}
}

func (s *server) Ask(ctx context.Context, key string) string {
	q := question{key, make(chan string, 1)}
	select {
	case s.asked <- q:
	case <-s.quit:
		return ""
	}
	select {
	case v := <-q.reply:
		return v
	case <-ctx.Done():
		return ""
	}
}

func (s *server) Close() { s.once.Do(func() { close(s.quit) }) }
