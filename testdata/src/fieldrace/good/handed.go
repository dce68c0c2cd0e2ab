package good

import "sync"

// The lock goes over to the goroutine, which lets it go.
type saver struct {
	busy  sync.Mutex
	saved [][]byte
}

func (s *saver) save(p []byte) {
	s.busy.Lock()
	q := append([]byte(nil), p...)
	go func() {
		defer s.busy.Unlock()
		s.saved = append(s.saved, q)
	}()
}

func (s *saver) count() int {
	s.busy.Lock()
	defer s.busy.Unlock()
	return len(s.saved)
}

func saveAll(pages [][]byte) int {
	var s saver
	for _, p := range pages {
		s.save(p)
	}
	return s.count()
}
