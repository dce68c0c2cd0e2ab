package good

import (
	"io"
	"sync"
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
