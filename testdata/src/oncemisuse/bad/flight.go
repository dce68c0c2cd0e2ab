package bad

import (
	"sync"

	"golang.org/x/sync/singleflight"
)

type lookups struct {
	calls singleflight.Group
	mu    sync.Mutex
	cache map[string]string
	fetch func(path string) (string, error)
}

func (r *lookups) Resolve(path string) (string, error) {
	v, err, _ := r.calls.Do(path, func() (any, error) { return r.load(path) }) // want `r.calls.Do blocks forever: its function comes back to Do through load for the same key on line 35, which waits for it to return`
	if err != nil {
		return "", err
	}
	return v.(string), nil
}

func (r *lookups) load(path string) (string, error) {
	r.mu.Lock()
	_, ok := r.cache[path]
	r.mu.Unlock()
	if ok {
		return r.Refresh(path)
	}
	return r.fetch(path)
}

func (r *lookups) Refresh(path string) (string, error) {
	v, err, _ := r.calls.Do(path, func() (any, error) { return r.fetch(path) })
	if err != nil {
		return "", err
	}
	return v.(string), nil
}

type settings struct {
	group singleflight.Group
	read  func() (string, error)
}

func (s *settings) All() (string, error) {
	v, err, _ := s.group.Do("all", func() (any, error) { return s.merged() }) // want `s.group.Do blocks forever: its function comes back to this Do through merged for the same key and waits for itself`
	if err != nil {
		return "", err
	}
	return v.(string), nil
}

func (s *settings) merged() (string, error) {
	text, err := s.read()
	if err != nil {
		return s.All()
	}
	return text, nil
}
