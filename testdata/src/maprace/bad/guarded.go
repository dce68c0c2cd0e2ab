package bad

import (
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

// Reading a map while another goroutine writes it ends the program.
func (c *cache) Has(key string) bool {
	_, ok := c.entries[key] // want `read of c.entries without c.mu races with the write on line 16: 5 of 6 accesses hold mu; lock it here too`
	return ok
}

// A read lock keeps no other reader out.
func (c *cache) Hit(key string) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.entries[key]++ // want `write to c.entries under c.mu.RLock races with the read on line 28, which can hold it too; take c.mu.Lock`
}

// The reader goes through the map after the unlock.
func (c *cache) All() map[string]int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.entries // want `returning c.entries hands out the map itself: its reader races with the write on line 16, under c.mu; return a copy`
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
	v.count[r.URL.Path]++ // want `write to v.count without v.mu races with the write on line 64: 4 of 5 accesses hold mu`
}

// The copy is one of the reference: the loop goes through the map itself.
func (v *visits) Total() int {
	v.mu.Lock()
	count := v.count
	v.mu.Unlock()
	total := 0
	for _, n := range count { // want `the map taken from v.count on line 82 is used past the unlock, which races with the write on line 64, under v.mu; copy it first`
		total += n
	}
	return total
}

type hits struct {
	byPath map[string]int
	total  int
}

// Two requests write the map at the same time.
func (h *hits) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.byPath[r.URL.Path]++ // want `write to h.byPath races with itself: requests are served at the same time, and no map is safe for that; guard h.byPath by a mutex`
}

// A handler that is a literal shares the map around it.
func countPaths(mux *http.ServeMux) {
	counts := map[string]int{}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		counts[r.URL.Path]++ // want `write to counts races with`
	})
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
	return v.count[name] // want `read of v.count without v.mu races with the write on line \d+: 3 of 4 accesses hold mu; lock it here too`
}
