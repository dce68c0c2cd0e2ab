package bad

import "sync"

// The lines are loaded when somebody has the notebook.
type notebook struct {
	index sync.Mutex
	lines sync.Mutex
	at    map[string]int
	text  []string
}

func newNotebook(names []string) *notebook {
	n := &notebook{at: make(map[string]int)}
	go n.tick()
	n.load(names)
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
	n.lines.Lock() // want `n\.lines\.Lock while holding notebook\.index reverses the order in notebook\.load \(phases\.go:\d+\)`
	n.at[name] = len(n.text)
	n.lines.Unlock()
}

// The key is found in the ring before it is cut.
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
	r.mu.Lock()
	r.keys = append(r.keys, k)
	r.mu.Unlock()
	k.cut()
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
		k.mu.Lock() // want `r\.keys\[\.\.\.\]\.mu\.Lock while holding keyring\.mu reverses the order in key\.cut \(phases\.go:\d+\)`
		n += k.no
		k.mu.Unlock()
	}
	return n
}

// Who adds need not have waited for the one that loads.
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

func (g *glossary) find(name string) int {
	g.once.Do(g.load)
	return g.at[name]
}

func (g *glossary) add(name string) {
	g.index.Lock()
	defer g.index.Unlock()
	g.words.Lock() // want `g\.words\.Lock while holding glossary\.index reverses the order in glossary\.load \(phases\.go:\d+\)`
	g.at[name] = len(g.list)
	g.words.Unlock()
}

// Two goroutines take both locks in both orders.
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
	n.peers.Lock() // want `n\.peers\.Lock while holding relay\.state reverses the order in relay\.joined \(phases\.go:\d+\)`
	n.n--
	n.peers.Unlock()
}

// The one that works has not ended when the other order is taken.
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
	m.logs.Lock()
	m.jobs.Lock() // want `m\.jobs\.Lock while holding manager\.logs reverses the order in manager\.work \(phases\.go:\d+\)`
	m.n = 0
	m.jobs.Unlock()
	m.logs.Unlock()
	m.wg.Wait()
}

// Nor have those of a local group.
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
	b.flush()
	wg.Wait()
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
	b.in.Lock() // want `b\.in\.Lock while holding batch\.out reverses the order in batch\.work \(phases\.go:\d+\)`
	b.n = 0
	b.in.Unlock()
}

// What init does is not over before a goroutine is started.
var (
	confMu, traceMu sync.Mutex
	conf            = map[string]string{}
)

func init() {
	go setConf("k", "v")
	setup()
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
	traceMu.Lock() // want `traceMu\.Lock while holding confMu reverses the order in setup \(phases\.go:\d+\)`
	conf[k] = v
	traceMu.Unlock()
}

// Only one is run under the lock of what it is given to.
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
	t.data.Lock()
	defer t.data.Unlock()
	t.idx.Lock() // want `t\.idx\.Lock while holding tables\.data reverses the order in the function literal \(phases\.go:\d+\)`
	t.n += t.m
	t.idx.Unlock()
}

// There are two tokens.
type ledger struct {
	turn     chan struct{}
	idx, log sync.Mutex
	n        int
}

func newLedger() *ledger { return &ledger{turn: make(chan struct{}, 2)} }

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
	l.idx.Lock() // want `l\.idx\.Lock while holding ledger\.log reverses the order in ledger\.compact \(phases\.go:\d+\)`
	l.n++
	l.idx.Unlock()
	l.log.Unlock()
	<-l.turn
}

// ready changes under both locks, and both orders are for one value of it.
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
	if !s.ready {
		s.in.Lock() // want `s\.in\.Lock while holding stream\.out reverses the order in stream\.read \(phases\.go:\d+\)`
		s.r = 0
		s.in.Unlock()
	}
}

// The index is of the same level.
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
	p.levels[i].data.Lock()
	defer p.levels[i].data.Unlock()
	p.levels[i].index.Lock() // want `p\.levels\[i\]\.index\.Lock while holding level\.data reverses the order in pyramid\.count \(phases\.go:\d+\)`
	p.levels[i].n++
	p.levels[i].index.Unlock()
}

// The index is held while the disk is written to.
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
	c.disk.Lock()
	c.n++
	c.disk.Unlock()
}

func (c *cache) read() {
	c.disk.Lock()
	defer c.disk.Unlock()
	c.idx.Lock() // want `c\.idx\.Lock while holding cache\.disk reverses the order in cache\.put \(phases\.go:\d+\)`
	c.m["x"] = c.n
	c.idx.Unlock()
}

// The loop begins before all is set.
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
	go s.loop()
	s.tone.Lock()
	s.power.Lock()
	s.n++
	s.power.Unlock()
	s.tone.Unlock()
}

func (s *siren) loop() { s.sound() }

func (s *siren) sound() {
	s.power.Lock()
	defer s.power.Unlock()
	s.tone.Lock() // want `s\.tone\.Lock while holding siren\.power reverses the order in siren\.start`
	s.n = 0
	s.tone.Unlock()
}
