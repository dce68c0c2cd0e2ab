package good

import (
	"io"
	"sync"
	"time"
)

// What a stage has ended with stays.
type stage struct {
	mu   sync.Mutex
	end  error
	data []byte
}

func (s *stage) End(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		err = io.EOF
	}
	if s.end == nil {
		s.end = err
	}
}

func (s *stage) Put(b []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end != nil {
		return s.end
	}
	s.data = append(s.data, b...)
	return nil
}

func (s *stage) Take(b []byte) (int, error) {
	s.mu.Lock()
	if len(s.data) == 0 && s.end != nil {
		s.mu.Unlock()
		return 0, s.end
	}
	n := copy(b, s.data)
	s.data = s.data[n:]
	s.mu.Unlock()
	return n, nil
}

// A helper has seen it set, and it is set once.
type course struct {
	mu  sync.Mutex
	end time.Time
	out chan error
}

func (c *course) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.end.IsZero()
}

func (c *course) run() {
	select {
	case <-c.out:
		c.mu.Lock()
		c.end = time.Now()
		c.mu.Unlock()
	}
}

type courses struct {
	mu  sync.Mutex
	all map[string]*course
}

func newCourses(sweep time.Duration) *courses {
	cs := &courses{all: make(map[string]*course)}
	go cs.clean(sweep)
	return cs
}

func (cs *courses) Add(name string) {
	c := &course{out: make(chan error, 1)}
	cs.mu.Lock()
	cs.all[name] = c
	cs.mu.Unlock()
	go c.run()
}

func (cs *courses) Done(name string) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if c := cs.all[name]; c != nil {
		select {
		case c.out <- nil:
		default:
		}
	}
}

func (cs *courses) clean(keep time.Duration) {
	t := time.NewTimer(keep)
	defer t.Stop()
	for range t.C {
		cs.mu.Lock()
		for name, c := range cs.all {
			if c.over() && time.Since(c.end) > keep {
				delete(cs.all, name)
			}
		}
		cs.mu.Unlock()
		t.Reset(keep)
	}
}
