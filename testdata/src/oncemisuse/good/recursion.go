// Package good is the repaired twin of bad.
package good

import "sync"

type config struct {
	once   sync.Once
	values map[string]string
}

func (c *config) load() {
	c.once.Do(func() {
		c.values = map[string]string{"home": "/"}
		c.values["data"] = c.values["home"] + "data"
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

func setup() {
	setupOnce.Do(func() {
		ready = true
		check()
	})
}

func check() {
	if !ready {
		panic("not ready")
	}
}

type server struct {
	closing sync.Once
	quit    chan struct{}
	next    *server
}

func (s *server) Close() {
	s.closing.Do(s.shutdown)
}

func (s *server) shutdown() {
	close(s.quit)
}

// The next server has a Once of its own.
func (s *server) closeAll() {
	s.closing.Do(func() {
		close(s.quit)
		if s.next != nil {
			s.next.closeAll()
		}
	})
}

// A goroutine may wait for Do to end.
func (s *server) closeLater() {
	s.closing.Do(func() {
		go s.Close()
	})
}

// Each node has a Once of its own.
func visit(once map[string]*sync.Once, deps map[string][]string, name string) {
	var walk func(name string)
	walk = func(name string) {
		once[name].Do(func() {
			for _, dep := range deps[name] {
				walk(dep)
			}
		})
	}
	walk(name)
}
