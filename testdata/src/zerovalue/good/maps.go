package good

import "sync"

type cache struct {
	mu sync.Mutex
	m  map[string]int
}

func newCache() *cache { return &cache{m: make(map[string]int)} }

func (c *cache) inc(key string) {
	c.mu.Lock()
	c.m[key]++
	c.mu.Unlock()
}

func lengths(words []string) map[string]int {
	out := make(map[string]int)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, w := range words {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			out[w] = len(w)
		}()
	}
	wg.Wait()
	return out
}

var (
	sessionsMu sync.RWMutex
	sessions   map[string]func()
)

func register(id string, stop func()) {
	sessionsMu.Lock()
	defer sessionsMu.Unlock()
	if sessions == nil {
		sessions = make(map[string]func())
	}
	sessions[id] = stop
}

// Made by a function that is given its address.
func fill(read func(any) error) (int, error) {
	var m map[string]int
	var mu sync.Mutex
	if err := read(&m); err != nil {
		return 0, err
	}
	mu.Lock()
	defer mu.Unlock()
	m["total"] = len(m)
	return m["total"], nil
}

// Only read, and deleted from: nil does.
type index struct {
	mu sync.Mutex
	m  map[string]int
}

func (x *index) drop(key string) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.m, key)
	return x.m[key]
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

func total(events <-chan event, result chan<- map[string]int) {
	totals := make(map[string]int)
	for ev := range events {
		totals[ev.tenant] += ev.units
	}
	result <- totals
}

// Made with the first event.
func totalLazily(events <-chan event, result chan<- map[string]int) {
	var totals map[string]int
	for ev := range events {
		if totals == nil {
			totals = make(map[string]int)
		}
		totals[ev.tenant] += ev.units
	}
	result <- totals
}

// The closure that is called before makes it.
func totalPrepared(events <-chan event) map[string]int {
	var totals map[string]int
	prepare := func(n int) { totals = make(map[string]int, n) }
	prepare(len(events))
	for ev := range events {
		totals[ev.tenant] += ev.units
	}
	return totals
}
