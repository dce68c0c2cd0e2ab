// Package bad has loads whose error path forgets those who wait for them.
package bad

import "sync"

type load struct {
	ready chan struct{}
	value string
	err   error
}

type Cache struct {
	mu     sync.Mutex
	values map[string]string
	loads  map[string]*load
	fetch  func(key string) (string, error)
}

func (c *Cache) Get(key string) (string, error) {
	c.mu.Lock()
	if v, ok := c.values[key]; ok {
		c.mu.Unlock()
		return v, nil
	}
	if l, ok := c.loads[key]; ok {
		c.mu.Unlock()
		<-l.ready
		return l.value, l.err
	}
	l := &load{ready: make(chan struct{})}
	c.loads[key] = l
	c.mu.Unlock()
	return c.run(key, l)
}

func (c *Cache) run(key string, l *load) (string, error) {
	v, err := c.fetch(key)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.loads, key)
	if err != nil {
		l.err = err
		return "", err // want `return leaves l.ready open, which only line 46 closes: the receive \(line 27\) blocks forever; close it on every path`
	}
	l.value, c.values[key] = v, v
	close(l.ready)
	return v, nil
}

type dial struct {
	up   chan struct{}
	addr string
}

type Dialer struct {
	mu    sync.Mutex
	dials map[string]*dial
	open  func(addr string) error
}

func (d *Dialer) Dial(addr string) error {
	x := &dial{up: make(chan struct{}), addr: addr}
	d.mu.Lock()
	d.dials[addr] = x
	d.mu.Unlock()
	if err := d.open(addr); err != nil {
		return err // want `return leaves x.up open, which only line 69 closes: the receive \(line 77\) blocks forever`
	}
	close(x.up)
	return nil
}

func (d *Dialer) Wait(addr string) {
	d.mu.Lock()
	x := d.dials[addr]
	d.mu.Unlock()
	<-x.up
}

type Store struct {
	list func(bucket string) ([]string, error)
	each func(path string, visit func(string)) error
}

// Marked gathers in a goroutine what scan sends.
func (s *Store) Marked() ([]string, error) {
	var nodes []string
	var wg sync.WaitGroup
	roots := make(chan string)
	wg.Go(func() {
		for r := range roots {
			nodes = append(nodes, r)
		}
	})
	if err := s.roots(roots); err != nil {
		return nil, err // want `return leaves roots open, which only line 98 closes: the receive \(line 91\) blocks forever; close it on every path`
	}
	close(roots)
	wg.Wait()
	return nodes, nil
}

func (s *Store) roots(roots chan<- string) error {
	for _, bucket := range []string{"leases", "images", "containers", "snapshots"} {
		names, err := s.list(bucket)
		if err != nil {
			return err
		}
		for _, n := range names {
			if n == "" {
				continue
			}
			parts, err := s.list(n)
			if err != nil {
				return err
			}
			for _, p := range parts {
				roots <- n + p
			}
			for i := range parts {
				if i%2 == 0 {
					roots <- parts[i]
				}
			}
		}
	}
	return nil
}

// Visit hands what is found to a function that prints, whatever each does with it.
func (s *Store) Visit(print func(string)) error {
	lines := make(chan string, 8)
	go printAll(lines, print)
	if err := s.each("/", func(p string) { print(p) }); err != nil {
		return err
	}
	for _, p := range []string{"a", "b"} {
		if p != "" {
			lines <- p
		}
	}
	close(lines)
	return nil
}

func printAll(lines <-chan string, print func(string)) {
	for l := range lines { // want `range over lines never ends if Visit returns on line 135; close lines on every path`
		print(l)
	}
}
