package good

import "sync"

// A Book is encoded by code that a tool has written.
type Book struct {
	mu    sync.Mutex
	pages map[string]int
}

// Set is for many goroutines.
func (b *Book) Set(k string, v int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pages[k] = v
}

// Drop too.
func (b *Book) Drop(k string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.pages, k)
}

// Len too.
func (b *Book) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.pages)
}
