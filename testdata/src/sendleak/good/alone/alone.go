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
	out := make(chan image, 1)
	go func() {
		data, err := s.render(key)
		if err == nil {
			s.keep(key, data)
		}
		out <- image{data, err}
	}()
	return out
}

// pages walks what it has not seen, until it is told that it is enough.
func pages(root string, links func(string) ([]string, error), enough <-chan struct{}) <-chan string {
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
			select {
			case out <- page:
			case <-enough:
				return
			}
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
	enough := make(chan struct{})
	defer close(enough)
	for p := range pages(root, links, enough) {
		list = append(list, p)
		if len(list) >= most {
			break
		}
	}
	return list
}
