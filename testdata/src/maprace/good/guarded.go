package good

import (
	"maps"
	"net/http"
	"sync"
)

type cache struct {
	mu      sync.RWMutex
	entries map[string]int
}

func (c *cache) Put(key string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries[key] = n
}

func (c *cache) Drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.entries, key)
}

func (c *cache) Get(key string) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.entries[key]
}

// Has locks like the others.
func (c *cache) Has(key string) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	_, ok := c.entries[key]
	return ok
}

// A write takes the write lock.
func (c *cache) Hit(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries[key]++
}

// The caller goes through a copy.
func (c *cache) All() map[string]int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return maps.Clone(c.entries)
}

type visits struct {
	mu    sync.Mutex
	count map[string]int
}

func (v *visits) Seen(path string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.count[path]
}

func (v *visits) Forget(path string) {
	v.mu.Lock()
	delete(v.count, path)
	v.mu.Unlock()
}

func (v *visits) Note(path string) {
	v.mu.Lock()
	v.count[path]++
	v.mu.Unlock()
}

// A handler runs once for each request, many at a time.
func (v *visits) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.Note(r.URL.Path)
}

// The copy is one of the entries.
func (v *visits) Total() int {
	v.mu.Lock()
	count := maps.Clone(v.count)
	v.mu.Unlock()
	total := 0
	for _, n := range count {
		total += n
	}
	return total
}

type hits struct {
	mu     sync.Mutex
	byPath map[string]int
}

// One request at a time writes the map.
func (h *hits) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.byPath[r.URL.Path]++
}

// The map around the handler has its lock there.
func countPaths(mux *http.ServeMux) {
	var mu sync.Mutex
	counts := map[string]int{}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		counts[r.URL.Path]++
	})
}

// request is one of more kinds of requests than are looked at one by one.
type request interface{ handle(s *serial) }

type (
	addOne    struct{ key string }
	dropOne   struct{ key string }
	countAll  struct{ reply chan int }
	addTwice  struct{ key string }
	dropTwice struct{ key string }
	setTwice  struct{ key string }
	setThrice struct{ key string }
	dropAll   struct{}
	doNothing struct{}
)

func (r addOne) handle(s *serial)    { s.add(r.key) }
func (r dropOne) handle(s *serial)   { s.drop(r.key) }
func (r countAll) handle(s *serial)  { r.reply <- len(s.m) } // in the one goroutine that writes
func (r addTwice) handle(s *serial)  { s.add(r.key); s.add(r.key) }
func (r dropTwice) handle(s *serial) { s.drop(r.key); s.drop(r.key) }
func (r setTwice) handle(s *serial)  { s.add(r.key) }
func (r setThrice) handle(s *serial) { s.add(r.key) }
func (dropAll) handle(s *serial)     { s.drop("") }
func (doNothing) handle(*serial)     {}

type serial struct {
	mu sync.Mutex
	m  map[string]int
	c  chan request
}

func (s *serial) Start() { go s.run() }

func (s *serial) run() {
	for r := range s.c {
		r.handle(s)
	}
}

func (s *serial) Send(r request) { s.c <- r }

func (s *serial) add(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[key]++
}

func (s *serial) drop(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, key)
}

type visitors struct {
	mu    sync.RWMutex
	names map[string]string
	count map[string]int
}

func (v *visitors) Enter(id, name string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.names[id] = name
	v.count[name]++
}

func (v *visitors) Leave(id string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.drop(id)
}

func (v *visitors) Sweep(gone func(id string) bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for id := range v.names {
		if gone(id) {
			v.drop(id)
		}
	}
}

func (v *visitors) drop(id string) {
	if name, ok := v.names[id]; ok {
		delete(v.names, id)
		if v.count[name]--; v.count[name] == 0 {
			delete(v.count, name)
		}
	}
}

func (v *visitors) Count(name string) int {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.count[name]
}

type ward struct {
	sync.RWMutex
	beds map[string]int
}

type hospital struct{ wards [4]ward }

func (h *hospital) wardOf(name string) *ward { return &h.wards[len(name)%4] }

func (h *hospital) Admit(name string) {
	w := h.wardOf(name)
	w.Lock()
	defer w.Unlock()
	w.beds[name]++
}

func (h *hospital) Discharge(name string) {
	w := h.wardOf(name)
	w.Lock()
	defer w.Unlock()
	delete(w.beds, name)
}

func (h *hospital) Has(name string) bool {
	w := h.wardOf(name)
	w.RLock()
	defer w.RUnlock()
	return w.beds[name] > 0
}

func (h *hospital) lockAll() {
	for i := range h.wards {
		h.wards[i].RLock()
	}
}

func (h *hospital) unlockAll() {
	for i := range h.wards {
		h.wards[i].RUnlock()
	}
}

// The locks are held for the goroutines.
func (h *hospital) Beds() (n int) {
	h.lockAll()
	defer h.unlockAll()
	var sums [4]int
	var wg sync.WaitGroup
	for i := range h.wards {
		wg.Go(func() { sums[i] = len(h.wards[i].beds) })
	}
	wg.Wait()
	for _, s := range sums {
		n += s
	}
	return n
}
