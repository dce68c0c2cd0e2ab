package good

import (
	"sync"
)

// A map for each goroutine, merged by the one that waits.
func merge(names []string) map[string]int {
	ch := make(chan map[string]int, len(names))
	for _, n := range names {
		go func() {
			m := map[string]int{}
			m[n] = size(n)
			ch <- m
		}()
	}
	all := map[string]int{}
	for range names {
		for k, v := range <-ch {
			all[k] = v
		}
	}
	return all
}

// Read by all, filled before.
func lookupInParallel(names []string) int {
	sizes := map[string]int{}
	for _, n := range names {
		sizes[n] = size(n)
	}
	out := make([]int, len(names))
	var wg sync.WaitGroup
	for i, n := range names {
		wg.Go(func() { out[i] = sizes[n] })
	}
	wg.Wait()
	sizes["done"] = 1
	return len(sizes)
}

// A sync.Map, and a map that only its lock's holder gets at.
func synced(names []string) int {
	var m sync.Map
	var mu sync.Mutex
	seen := map[string]bool{}
	first := func(n string) bool {
		mu.Lock()
		defer mu.Unlock()
		if seen[n] {
			return false
		}
		seen[n] = true
		return true
	}
	var wg sync.WaitGroup
	for _, n := range names {
		wg.Go(func() {
			if first(n) {
				m.Store(n, size(n))
			}
		})
	}
	wg.Wait()
	return len(seen)
}

// The map is set anew, never written: whoever has the old one may go on.
type routes struct {
	mu    sync.Mutex
	table map[string]int
}

func (r *routes) Table() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.table
}

func (r *routes) Replace(table map[string]int) {
	fresh := make(map[string]int, len(table))
	for k, v := range table {
		fresh[k] = v
	}
	r.mu.Lock()
	r.table = fresh
	r.mu.Unlock()
}

// What is taken is replaced: it belongs to who took it.
type batch struct {
	mu    sync.Mutex
	items map[string]int
}

func (b *batch) Add(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items[name]++
}

func (b *batch) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.items)
}

func (b *batch) Flush() int {
	b.mu.Lock()
	items := b.items
	b.items = map[string]int{}
	b.mu.Unlock()
	total := 0
	for _, n := range items {
		total += n
	}
	return total
}
