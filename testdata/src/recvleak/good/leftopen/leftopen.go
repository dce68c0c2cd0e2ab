// Package good has loads that tell those who wait for them, whatever comes.
package good

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
	defer close(l.ready)
	if err != nil {
		l.err = err
		return "", err
	}
	l.value, c.values[key] = v, v
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
		close(x.up)
		return err
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

// A job is known to others only when it has been opened.
type job struct{ started chan struct{} }

type Jobs struct {
	mu   sync.Mutex
	all  map[string]*job
	open func(name string) error
}

func (j *Jobs) Start(name string) error {
	x := &job{started: make(chan struct{})}
	if err := j.open(name); err != nil {
		return err
	}
	j.mu.Lock()
	j.all[name] = x
	j.mu.Unlock()
	close(x.started)
	return nil
}

func (j *Jobs) Wait(name string) {
	j.mu.Lock()
	x := j.all[name]
	j.mu.Unlock()
	<-x.started
}

// A Link tries again until it is up.
type Link struct {
	up   chan struct{}
	open func() error
}

func NewLink(open func() error) *Link { return &Link{up: make(chan struct{}), open: open} }

func (l *Link) try() error {
	if err := l.open(); err != nil {
		return err
	}
	close(l.up)
	return nil
}

func (l *Link) Run() {
	for l.try() != nil {
	}
}

func (l *Link) Wait() { <-l.up }

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
	err := s.roots(roots)
	close(roots)
	wg.Wait()
	return nodes, err
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
	defer close(lines)
	go printAll(lines, print)
	if err := s.each("/", func(p string) { print(p) }); err != nil {
		return err
	}
	for _, p := range []string{"a", "b"} {
		if p != "" {
			lines <- p
		}
	}
	return nil
}

func printAll(lines <-chan string, print func(string)) {
	for l := range lines {
		print(l)
	}
}

// First stops to print at the first empty line, and has a goroutine that closes.
func (s *Store) First(print func(string)) error {
	lines := make(chan string, 8)
	var wg sync.WaitGroup
	wg.Go(func() { lines <- "first" })
	go func() {
		wg.Wait()
		close(lines)
	}()
	go printAll(lines, print)
	if err := s.each("/", print); err != nil {
		return err
	}
	wg.Wait()
	return nil
}

// Until has a loop that ends by what it receives as well.
func (s *Store) Until(print func(string)) error {
	lines := make(chan string, 1)
	go func() {
		for l := range lines {
			if l == "" {
				break
			}
			print(l)
		}
	}()
	if err := s.each("/", print); err != nil {
		lines <- ""
		return err
	}
	close(lines)
	return nil
}

// Halve has workers, of which the last one to end closes, and which are there before the sum is.
func (s *Store) Halve(numbers []int, each func(int) error) (int, error) {
	in, out := make(chan int), make(chan int)
	go func() {
		defer close(in)
		for _, n := range numbers {
			in <- n
		}
	}()
	var left sync.WaitGroup
	for range 3 {
		left.Go(func() {
			for n := range in {
				out <- n / 2
			}
		})
	}
	go func() {
		left.Wait()
		close(out)
	}()
	sum, done := 0, make(chan struct{})
	go func() {
		defer close(done)
		for v := range out {
			sum += v
		}
	}()
	if err := each(0); err != nil {
		<-done
		return 0, err
	}
	<-done
	return sum, nil
}

// Deferred closes by what it has deferred in another block.
func (s *Store) Deferred(print func(string), quiet bool) error {
	lines := make(chan string, 8)
	defer close(lines)
	if quiet {
		print = func(string) {}
	}
	go printAll(lines, print)
	if err := s.each("/", print); err != nil {
		return err
	}
	return nil
}

// DeferredBy closes in a literal that it has deferred.
func (s *Store) DeferredBy(print func(string), quiet bool) error {
	lines := make(chan string, 8)
	defer func() { close(lines) }()
	if quiet {
		print = func(string) {}
	}
	go printAll(lines, print)
	if err := s.each("/", print); err != nil {
		return err
	}
	return nil
}
