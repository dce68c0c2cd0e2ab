package good

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// tally lies with its accounts; open finds it or makes it.
type tally[V any] struct {
	name string
	sum  V
	last time.Time
}

type accounts[K comparable, V any] struct {
	mu    sync.RWMutex
	lines map[K]*tally[V]
}

func (l *accounts[K, V]) open(k K) *tally[V] {
	l.mu.RLock()
	t := l.lines[k]
	l.mu.RUnlock()
	if t != nil {
		return t
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if t, ok := l.lines[k]; ok {
		return t
	}
	t = &tally[V]{name: fmt.Sprint(k)}
	l.lines[k] = t
	return t
}

func (l *accounts[K, V]) Apply(k K, f func(V) V) {
	t := l.open(k)
	l.mu.Lock()
	defer l.mu.Unlock()
	t.sum = f(t.sum)
	t.last = time.Now()
}

func Each[K comparable, V any](l *accounts[K, V], f func(K, V)) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for k, t := range l.lines {
		f(k, t.sum)
	}
}

// permit lies with its counterDesk. prolong is called with the lock.
type permit struct {
	until time.Time
	times int
}

type counterDesk struct {
	mu      sync.Mutex
	permits map[string]*permit
}

func (d *counterDesk) lookUp(name string) (*permit, bool) {
	p, ok := d.permits[name]
	return p, ok
}

func (d *counterDesk) Issue(name string, ttl time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := &permit{}
	d.prolong(p, ttl)
	d.permits[name] = p
}

func (d *counterDesk) Stretch(name string, ttl time.Duration) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.lookUp(name)
	if ok {
		d.grow(p, ttl)
	}
	return ok
}

func (d *counterDesk) grow(p *permit, ttl time.Duration) {
	if ttl > 0 {
		d.prolong(p, ttl)
	}
}

func (d *counterDesk) prolong(p *permit, ttl time.Duration) {
	p.until = time.Now().Add(ttl)
	p.times++
}

func (d *counterDesk) Over() (names []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name, p := range d.permits {
		if time.Now().After(p.until) {
			names = append(names, name)
		}
	}
	return names
}

// build is written by its goroutine while others show it.
type build struct {
	Name  string
	Stage string
	Done  int
}

type farm struct {
	mu     sync.RWMutex
	builds map[string]*build
}

func (f *farm) Start(name string, steps []func()) {
	b := &build{Name: name}
	f.mu.Lock()
	f.builds[name] = b
	f.mu.Unlock()
	go func() { f.work(b, steps) }()
}

func (f *farm) work(b *build, steps []func()) {
	for _, step := range steps {
		step()
		f.locked(func() { b.Done++ })
	}
	f.locked(func() { b.Stage = "over" })
}

func (f *farm) locked(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func (f *farm) named(name string) (build, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	b, ok := f.builds[name]
	if !ok {
		return build{}, false
	}
	return *b, true
}

func (f *farm) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, ok := f.named(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	json.NewEncoder(w).Encode(b)
}

func (f *farm) Dump(name string) ([]byte, error) {
	f.mu.RLock()
	b := *f.builds[name]
	f.mu.RUnlock()
	return json.MarshalIndent(b, "", " ")
}

func (f *farm) Print(w io.Writer, name string) {
	b, _ := f.named(name)
	fmt.Fprintf(w, "build %+v\n", b)
}

func (f *farm) Show(w http.ResponseWriter, name string) {
	b, _ := f.named(name)
	answer(w, b)
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

// A badge shows itself, under the lock that it knows.
type badge struct {
	hall *hall
	Name string
	Uses int
}

type hall struct {
	mu     sync.Mutex
	badges map[string]*badge
}

func (b *badge) String() string {
	b.hall.mu.Lock()
	defer b.hall.mu.Unlock()
	return fmt.Sprint(b.Name, b.Uses)
}

func (h *hall) Use(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.badges[name].Uses++
}

func (h *hall) badge(name string) *badge {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.badges[name]
}

func (h *hall) Print(name string) { fmt.Println(h.badge(name)) }

// Where prints no more than where it is.
func (h *hall) Where(name string) string { return fmt.Sprintf("%p", h.badge(name)) }

// token is not shown but for its name.
type token struct {
	Name string
	uses int
	Left int `json:"-"`
}

type mint struct {
	mu     sync.Mutex
	tokens map[string]*token
	minted map[string]*token
	spares []*token
}

func (m *mint) Spend(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tokens[name].uses++
	m.tokens[name].Left--
}

func (m *mint) token(name string) *token {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.tokens[name]
}

func (m *mint) Dump(name string) ([]byte, error) { return json.Marshal(m.token(name)) }

// ride is for whoever has reserved it.
type ride struct {
	busy  bool
	miles int
	fuel  int
	owner string
}

type stable struct {
	mu      sync.Mutex
	rides   map[string]*ride
	resting map[string]*ride
}

func (s *stable) reserve(name string) *ride {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rides[name]
	if r == nil || r.busy {
		return nil
	}
	r.busy = true
	return r
}

func (s *stable) Ride(name string, miles int) {
	if r := s.reserve(name); r != nil {
		r.miles += miles
	}
}

func (s *stable) Miles() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rides {
		n += r.miles
	}
	return n
}

func (s *stable) rested(name string) *ride {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.resting[name]
}

// Feed is for those that rest, and Fuel for the others.
func (s *stable) Feed(name string) {
	if r := s.rested(name); r != nil {
		r.fuel++
	}
}

func (s *stable) Fuel() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rides {
		n += r.fuel
	}
	return n
}

func (s *stable) fetch(name string) *ride {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rides[name]
	delete(s.rides, name)
	return r
}

// Sell has the ride for itself: it is in the map no more.
func (s *stable) Sell(name, owner string) {
	if r := s.fetch(name); r != nil {
		r.owner = owner
	}
}

func (s *stable) Owners() (list []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rides {
		list = append(list, r.owner)
	}
	return list
}
