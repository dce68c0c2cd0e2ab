package alone

import (
	"context"
	"sync"
)

// A store keeps what was rendered; what is not there is rendered, but nobody waits longer
// than its context.
type store struct {
	mu     sync.Mutex
	images map[string][]byte
	render func(string) ([]byte, error)
}

type image struct {
	data []byte
	err  error
}

func (s *store) cached(key string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.images[key]
	return data, ok
}

func (s *store) keep(key string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.images[key] = data
}

// Get looks whether the image is there first: whether it was, makes no difference to what
// becomes of the goroutine.
func (s *store) Get(ctx context.Context, key string) ([]byte, error) {
	if data, ok := s.cached(key); ok {
		return data, nil
	}
	done := s.start(key)
	select {
	case i := <-done:
		return i.data, i.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *store) start(key string) <-chan image {
	out := make(chan image)
	go func() {
		data, err := s.render(key)
		if err == nil {
			s.keep(key, data)
		}
		out <- image{data, err} // want `^send on out blocks forever if <-ctx.Done\(\) is taken on line \d+; make out with capacity 1$`
	}()
	return out
}

// pages walks what it has not seen; who has enough does not read on.
func pages(root string, links func(string) ([]string, error)) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		seen := map[string]bool{root: true}
		for queue := []string{root}; len(queue) > 0; {
			page := queue[0]
			queue = queue[1:]
			more, err := links(page)
			if err != nil {
				continue
			}
			out <- page // want `^send on out blocks forever if First returns on line \d+$`
			for _, l := range more {
				if !seen[l] {
					seen[l] = true
					queue = append(queue, l)
				}
			}
		}
	}()
	return out
}

func First(root string, links func(string) ([]string, error), most int) []string {
	var list []string
	for p := range pages(root, links) {
		list = append(list, p)
		if len(list) >= most {
			break
		}
	}
	return list
}
