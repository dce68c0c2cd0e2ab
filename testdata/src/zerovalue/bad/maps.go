package bad

import "sync"

type cache struct {
	mu sync.Mutex
	m  map[string]int
}

func newCache() *cache { return &cache{} }

// The panic leaves c.mu locked.
func (c *cache) inc(key string) {
	c.mu.Lock()
	c.m[key]++ // want `write to c.m panics: the map is nil and nothing in this package sets it; make it first`
	c.mu.Unlock()
}

// The panic in the goroutine ends the program.
func lengths(words []string) map[string]int {
	var out map[string]int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, w := range words {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			out[w] = len(w) // want `write to out panics: the map is nil and nothing sets it; make it first`
		}()
	}
	wg.Wait()
	return out
}

var (
	sessionsMu sync.RWMutex
	sessions   map[string]func()
)

// A package variable is as nil.
func register(id string, stop func()) {
	sessionsMu.Lock()
	defer sessionsMu.Unlock()
	sessions[id] = stop // want `write to sessions panics`
}

type event struct {
	tenant string
	units  int
}

func collect(events <-chan event) <-chan map[string]int {
	result := make(chan map[string]int, 1)
	go total(events, result)
	return result
}

// total is started elsewhere.
func total(events <-chan event, result chan<- map[string]int) {
	var totals map[string]int
	for ev := range events {
		totals[ev.tenant] += ev.units // want `write to totals panics: the map is nil and nothing sets it; make it first`
	}
	result <- totals
}
