// Package bad locks and keeps nobody out.
package bad

import "sync"

type counter struct {
	mu   sync.RWMutex
	n    int
	hits int
}

// Each call has a mutex of its own.
func (c *counter) local() {
	var mu sync.Mutex
	mu.Lock() // want `mu\.Lock keeps nobody out: mu is a new mutex in each call; keep it beside what it guards`
	c.n++
	mu.Unlock()
}

func (c *counter) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hits = 0
}

// Two readers write at the same time.
func (c *counter) get() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.hits++ // want `write of c\.hits races with other readers: c\.mu is held for reading since line \d+; other writes Lock it \(line \d+\)`
	return c.n
}

// The unlock was to be deferred.
func (c *counter) empty() {
	c.mu.Lock()
	c.mu.Unlock() // want `c\.mu\.Unlock right after the Lock leaves the write of c\.hits on line \d+ unguarded; defer it`
	c.hits = 1
}

type log struct {
	mu    sync.Mutex
	lines []string
}

func (l *log) add(line string) {
	l.mu.Lock()
	l.mu.Unlock() // want `l\.mu\.Unlock right after the Lock leaves the write of l\.lines on line \d+ unguarded; defer it`
	l.lines = append(l.lines, line)
}
