// Package bad has Onces that hang, guard nothing or lose results.
package bad

import "sync"

type config struct {
	once   sync.Once
	values map[string]string
}

// get comes back to load while Do of load is running.
func (c *config) load() {
	c.once.Do(func() { // want `c.once.Do blocks forever: its function comes back to this Do through get and waits for itself`
		c.values = map[string]string{"home": "/"}
		c.values["data"] = c.get("home") + "data"
	})
}

func (c *config) get(key string) string {
	c.load()
	return c.values[key]
}

var (
	setupOnce sync.Once
	ready     bool
)

// The function of Do calls the function around it.
func setup() {
	setupOnce.Do(func() { // want `setupOnce.Do blocks forever: its function comes back to this Do through check and waits for itself`
		ready = true
		check()
	})
}

func check() {
	setup()
	if !ready {
		panic("not ready")
	}
}

type server struct {
	closing sync.Once
	quit    chan struct{}
}

// Close and shutdown use one Once, and one calls the other from within it.
func (s *server) Close() {
	s.closing.Do(s.shutdown) // want `s.closing.Do blocks forever: its function comes back to Do on line \d+, which waits for it to return`
}

func (s *server) shutdown() {
	s.closing.Do(func() { close(s.quit) })
}
