package bad

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
	t.sum = f(t.sum) // want `write of t.sum races with the read on line \d+, under accounts.mu: t was taken out from under that lock on line \d+; write it while the lock is held`
	t.last = time.Now()
}

func Each[K comparable, V any](l *accounts[K, V], f func(K, V)) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for k, t := range l.lines {
		f(k, t.sum)
	}
}

// permit lies with its counterDesk. prolong is called with the lock, and by Stretch without.
type permit struct {
	until time.Time
	times int
}

type counterDesk struct {
	mu      sync.Mutex
	permits map[string]*permit
}

func (d *counterDesk) lookUp(name string) (*permit, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
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
	p.until = time.Now().Add(ttl) // want `write of p.until races with the read on line \d+, under counterDesk.mu: p was taken out from under that lock on line \d+; write it while the lock is held`
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

func (f *farm) named(name string) (*build, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	b, ok := f.builds[name]
	return b, ok
}

func (f *farm) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, ok := f.named(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	json.NewEncoder(w).Encode(b) // want `read of b.Stage by Encode races with the write on line \d+, under farm.mu: b was taken out from under that lock on line \d+; copy it while that is held`
}

func (f *farm) Dump(name string) ([]byte, error) {
	f.mu.RLock()
	b := f.builds[name]
	f.mu.RUnlock()
	return json.MarshalIndent(b, "", " ") // want `read of b.Stage by MarshalIndent races with the write on line \d+, under farm.mu`
}

func (f *farm) Print(w io.Writer, name string) {
	b, _ := f.named(name)
	fmt.Fprintf(w, "build %+v\n", b) // want `read of b.Stage by Fprintf races with the write on line \d+, under farm.mu`
}

func (f *farm) Show(w http.ResponseWriter, name string) {
	b, _ := f.named(name)
	answer(w, b) // want `read of b.Stage by answer races with the write on line \d+, under farm.mu`
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}
