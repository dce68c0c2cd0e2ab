package good

import "sync"

// The lines are loaded before anybody has the notebook.
type notebook struct {
	index sync.Mutex
	lines sync.Mutex
	at    map[string]int
	text  []string
}

func newNotebook(names []string) *notebook {
	n := &notebook{at: make(map[string]int)}
	n.load(names)
	go n.tick()
	return n
}

func (n *notebook) load(names []string) {
	n.lines.Lock()
	defer n.lines.Unlock()
	for i, name := range names {
		n.text = append(n.text, name)
		n.index.Lock()
		n.at[name] = i
		n.index.Unlock()
	}
}

func (n *notebook) tick() { n.add("tick") }

func (n *notebook) add(name string) {
	n.index.Lock()
	defer n.index.Unlock()
	n.lines.Lock()
	n.at[name] = len(n.text)
	n.lines.Unlock()
}

// Nobody finds the key in the ring before it is cut.
type keyring struct {
	mu   sync.Mutex
	keys []*key
}

type key struct {
	mu   sync.Mutex
	ring *keyring
	no   int
}

func (r *keyring) add() *key {
	k := &key{ring: r}
	k.cut()
	r.mu.Lock()
	r.keys = append(r.keys, k)
	r.mu.Unlock()
	return k
}

func (k *key) cut() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ring.mu.Lock()
	k.no = len(k.ring.keys)
	k.ring.mu.Unlock()
}

func (r *keyring) sum() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range r.keys {
		k.mu.Lock()
		n += k.no
		k.mu.Unlock()
	}
	return n
}

// Who adds has waited for the one that loads.
type glossary struct {
	once  sync.Once
	index sync.Mutex
	words sync.Mutex
	at    map[string]int
	list  []string
}

func (g *glossary) load() {
	g.words.Lock()
	defer g.words.Unlock()
	g.list = []string{"a"}
	g.index.Lock()
	g.at = map[string]int{"a": 0}
	g.index.Unlock()
}

func (g *glossary) add(name string) {
	g.once.Do(g.load)
	g.index.Lock()
	defer g.index.Unlock()
	g.words.Lock()
	g.at[name] = len(g.list)
	g.words.Unlock()
}

// One goroutine takes both locks in both orders.
type relay struct {
	peers sync.Mutex
	state sync.Mutex
	n     int
	join  chan string
	leave chan string
}

func newRelay() *relay {
	n := &relay{join: make(chan string), leave: make(chan string)}
	go n.loop()
	return n
}

func (n *relay) loop() {
	for {
		select {
		case <-n.join:
			n.joined()
		case <-n.leave:
			n.left()
		}
	}
}

func (n *relay) joined() {
	n.peers.Lock()
	defer n.peers.Unlock()
	n.state.Lock()
	n.n++
	n.state.Unlock()
}

func (n *relay) left() {
	n.state.Lock()
	defer n.state.Unlock()
	n.peers.Lock()
	n.n--
	n.peers.Unlock()
}

// The one that works has ended when the other order is taken.
type manager struct {
	jobs sync.Mutex
	logs sync.Mutex
	wg   sync.WaitGroup
	n    int
}

func newManager() *manager {
	m := &manager{}
	m.wg.Go(m.work)
	return m
}

func (m *manager) work() {
	for range 8 {
		m.jobs.Lock()
		m.logs.Lock()
		m.n++
		m.logs.Unlock()
		m.jobs.Unlock()
	}
}

func (m *manager) close() {
	m.wg.Wait()
	m.logs.Lock()
	defer m.logs.Unlock()
	m.jobs.Lock()
	m.n = 0
	m.jobs.Unlock()
}

// So have those of a local group.
type batch struct {
	in, out sync.Mutex
	n       int
}

func runBatch() {
	b := &batch{}
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			b.work()
		}()
	}
	wg.Wait()
	b.flush()
}

func (b *batch) work() {
	b.in.Lock()
	defer b.in.Unlock()
	b.out.Lock()
	b.n++
	b.out.Unlock()
}

func (b *batch) flush() {
	b.out.Lock()
	defer b.out.Unlock()
	b.in.Lock()
	b.n = 0
	b.in.Unlock()
}

// What init does is over before a goroutine is started.
var (
	confMu, traceMu sync.Mutex
	conf            = map[string]string{}
)

func init() {
	setup()
	go setConf("k", "v")
}

func setup() {
	traceMu.Lock()
	defer traceMu.Unlock()
	confMu.Lock()
	conf["a"] = "b"
	confMu.Unlock()
}

func setConf(k, v string) {
	confMu.Lock()
	defer confMu.Unlock()
	traceMu.Lock()
	conf[k] = v
	traceMu.Unlock()
}

// Both are run under the lock of what they are given to.
type tables struct {
	all       sync.Mutex
	idx, data sync.Mutex
	n, m      int
}

func (t *tables) do(f func()) {
	t.all.Lock()
	defer t.all.Unlock()
	f()
}

func (t *tables) swap() {
	t.do(func() {
		t.idx.Lock()
		defer t.idx.Unlock()
		t.data.Lock()
		t.n, t.m = t.m, t.n
		t.data.Unlock()
	})
}

func (t *tables) move() {
	t.do(func() {
		t.data.Lock()
		defer t.data.Unlock()
		t.idx.Lock()
		t.n += t.m
		t.idx.Unlock()
	})
}

// Who takes both locks has the token.
type ledger struct {
	turn     chan struct{}
	idx, log sync.Mutex
	n        int
}

func newLedger() *ledger { return &ledger{turn: make(chan struct{}, 1)} }

func (l *ledger) compact() {
	l.turn <- struct{}{}
	defer func() { <-l.turn }()
	l.idx.Lock()
	defer l.idx.Unlock()
	l.log.Lock()
	l.n = 0
	l.log.Unlock()
}

func (l *ledger) replay() {
	l.turn <- struct{}{}
	l.log.Lock()
	l.idx.Lock()
	l.n++
	l.idx.Unlock()
	l.log.Unlock()
	<-l.turn
}

// ready changes under both locks, and each order is for one value of it.
type stream struct {
	in, out sync.Mutex
	ready   bool
	r, w    int
}

func (s *stream) read() {
	s.in.Lock()
	defer s.in.Unlock()
	if !s.ready {
		s.out.Lock()
		s.ready = true
		s.out.Unlock()
	}
}

func (s *stream) write() {
	s.out.Lock()
	defer s.out.Unlock()
	if s.ready {
		s.in.Lock()
		s.r = 0
		s.in.Unlock()
	}
}

// The index is of the same level, and let go.
type level struct {
	index, data sync.Mutex
	n, m        int
}

type pyramid struct{ levels []level }

func (p *pyramid) count(i int) int {
	l := &p.levels[i]
	l.index.Lock()
	defer l.index.Unlock()
	l.data.Lock()
	defer l.data.Unlock()
	return l.n + l.m
}

func (p *pyramid) spill(i int) {
	p.levels[i].index.Lock()
	p.levels[i].n++
	p.levels[i].index.Unlock()
	p.levels[i].data.Lock()
	p.levels[i].m--
	p.levels[i].data.Unlock()
}

// The index is let go while the disk is written to.
type cache struct {
	idx, disk sync.Mutex
	m         map[string]int
	n         int
}

func (c *cache) put(k string) {
	c.idx.Lock()
	defer c.idx.Unlock()
	c.m[k]++
	c.shrink()
}

func (c *cache) shrink() {
	for k := range c.m {
		delete(c.m, k)
		c.spill()
	}
}

func (c *cache) spill() {
	c.idx.Unlock()
	defer c.idx.Lock()
	c.disk.Lock()
	c.n++
	c.disk.Unlock()
}

func (c *cache) read() {
	c.disk.Lock()
	defer c.disk.Unlock()
	c.idx.Lock()
	c.m["x"] = c.n
	c.idx.Unlock()
}

// The loop begins when all is set.
type siren struct {
	tone, power sync.Mutex
	n           int
}

func newSiren() *siren {
	s := &siren{}
	s.start()
	return s
}

func (s *siren) start() {
	s.tone.Lock()
	s.power.Lock()
	s.n++
	s.power.Unlock()
	s.tone.Unlock()
	go s.loop()
}

func (s *siren) loop() { s.sound() }

func (s *siren) sound() {
	s.power.Lock()
	defer s.power.Unlock()
	s.tone.Lock()
	s.n = 0
	s.tone.Unlock()
}
