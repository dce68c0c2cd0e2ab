package good

import (
	"sync"
	"sync/atomic"
)

// server uses the idioms that people really write.
type server struct {
	mu      sync.RWMutex
	name    string // set before the server starts, read ever after
	conns   int
	state   string
	hits    atomic.Int64
	wg      sync.WaitGroup
	log     []string
	results []int
}

// The object is nobody else's yet.
func newServer(name string) *server {
	s := &server{name: name}
	s.conns = 0
	s.state = "new"
	s.init()
	return s
}

// Only the constructor calls it.
func (s *server) init() { s.state = "initialised" }

func (s *server) Open() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns++
	s.setState("open")
}

func (s *server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns--
	s.setState("closed")
}

// All its callers hold the lock.
func (s *server) setState(state string) {
	s.state = state
	s.log = append(s.log, state+s.name)
}

// connsLocked says so by its name.
func (s *server) connsLocked() int { return s.conns }

// State is read under the read lock.
func (s *server) State() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state
}

// unsafeConns must be called with the lock held.
func (s *server) unsafeConns() int { return s.conns }

// Name never changes.
func (s *server) Name() string { return s.name }

// Start works on its own before it starts others.
func (s *server) Start() {
	s.state = "starting"
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		s.mu.Lock()
		s.results = append(s.results, s.conns)
		s.mu.Unlock()
	}()
}

// Stop reads when the goroutine has ended.
func (s *server) Stop() []int {
	s.wg.Wait()
	return s.results
}

type loop struct {
	mu   sync.Mutex
	last int
	in   chan int
}

func newLoop() *loop {
	l := &loop{in: make(chan int)}
	go l.run()
	return l
}

// The only writer may read without the lock.
func (l *loop) run() {
	for n := range l.in {
		if n == l.last {
			continue
		}
		l.mu.Lock()
		l.last = n
		l.mu.Unlock()
	}
}

func (l *loop) Last() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

func (l *loop) Twice() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return 2 * l.last
}

// Either of two locks is enough to read what is written under both.
type twoLocks struct {
	a, b sync.Mutex
	n    int
}

func (t *twoLocks) Set(n int) {
	t.a.Lock()
	defer t.a.Unlock()
	t.b.Lock()
	defer t.b.Unlock()
	t.n = n
}

func (t *twoLocks) Add(n int) {
	t.a.Lock()
	defer t.a.Unlock()
	t.b.Lock()
	defer t.b.Unlock()
	t.n += n
}

func (t *twoLocks) Get() int {
	t.b.Lock()
	defer t.b.Unlock()
	return t.n
}

// provider is made by its users, who call Init before anything else.
type provider struct {
	mu    sync.Mutex
	certs []int
}

func (p *provider) Init() { p.certs = make([]int, 0, 4) }

func (p *provider) Add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.certs = append(p.certs, n)
}

func (p *provider) Purge() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.certs = append([]int(nil), p.certs[1:]...)
}

// ring locks only for those who have not.
type ring struct {
	mu    sync.Mutex
	err   error
	count int
}

func (r *ring) setErr(err error, locked bool) {
	if !locked {
		r.mu.Lock()
		defer r.mu.Unlock()
	}
	r.err = err
}

func (r *ring) Write(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	r.setErr(err, true)
}

func (r *ring) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

func (r *ring) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = nil
}

func (r *ring) CloseWith(err error) { r.setErr(err, false) }

// directory hands its map to a copy: that reads the variable, which is never
// set again, and no entry.
type directory struct {
	mu     *sync.RWMutex
	static map[string]int
	sorted []string
}

func newDirectory() *directory {
	return &directory{mu: new(sync.RWMutex), static: make(map[string]int), sorted: make([]string, 8)}
}

func (r *directory) Copy() *directory {
	return &directory{mu: r.mu, static: r.static, sorted: r.sorted}
}

func (r *directory) Len() int { return len(r.sorted) }

func (r *directory) Set(k string, v int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.static[k] = v
	r.sorted[0] = k
}

func (r *directory) Get(k string) int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.static[k] + len(r.sorted[0])
}

func (r *directory) Delete(k string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.static, k)
	r.sorted[0] = ""
}

// process is watched by a goroutine that Close has waited for.
type process struct {
	mu   sync.Mutex
	wg   sync.WaitGroup
	id   *int
	code int
}

func startProcess(id int) *process {
	p := &process{id: &id}
	p.wg.Add(1)
	go p.watch()
	return p
}

func (p *process) watch() {
	defer p.wg.Done()
	p.wait()
}

func (p *process) wait() {
	code := *p.id
	p.mu.Lock()
	p.code = code
	p.mu.Unlock()
}

func (p *process) Running() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.id != nil
}

func (p *process) ID() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.id == nil {
		return 0
	}
	return *p.id
}

func (p *process) Close() int {
	p.wg.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.id = nil
	return p.code
}

// service is started before anybody else knows of it.
type service struct {
	mu   sync.Mutex
	conn *int
}

func (s *service) Start() int { return *s.conn }

func (s *service) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn = nil
}

func (s *service) Conn() *int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn
}

func (s *service) Reset(conn *int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn = conn
}

type calls struct{ first, entries int }

// storage guards one part of a struct, and nobody writes the other.
type storage struct {
	mu    sync.Mutex
	calls calls
}

func (s *storage) First() int { return s.calls.first }

func (s *storage) Entries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls.entries++
	return s.calls.entries
}

func (s *storage) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls.entries = 0
}

func (s *storage) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls.entries
}

// tree reaches its helpers by an interface, and by each other.
type walker interface{ visit(n int) }

type tree struct {
	mu   sync.Mutex
	seen map[int]bool
	last int
}

func (t *tree) Walk(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.visit(n)
}

func (t *tree) Again(w walker) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.down(1)
}

func (t *tree) Last() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}

func (t *tree) visit(n int) {
	if t.last < n {
		t.down(n - 1)
	}
}

func (t *tree) down(n int) {
	t.last = n
	t.visit(n)
}

// decoder gets what it reads before anybody else has it.
type decoder struct {
	mu   sync.Mutex
	text string
}

func (d *decoder) UnmarshalText(b []byte) error {
	if d.text == "" {
		d.text = string(b)
	}
	return nil
}

func (d *decoder) Text() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text
}

func (d *decoder) SetText(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.text = s
}

// once is seen set under the lock, and never set again.
type outcome struct {
	mu  sync.Mutex
	err error
}

func (o *outcome) Fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = err
	}
}

func (o *outcome) Err() error {
	o.mu.Lock()
	failed := o.err != nil
	o.mu.Unlock()
	if failed {
		return o.err
	}
	return nil
}

func (o *outcome) Failed() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err != nil
}
