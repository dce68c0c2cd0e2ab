package good

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
	v, err, _ := r.calls.Do(path, func() (any, error) { return r.load(path) })
	if err != nil {
		return "", err
	}
	return v.(string), nil
}

// load asks for the parent, which is another key, and fetches the path itself.
func (r *lookups) load(path string) (string, error) {
	r.mu.Lock()
	parent, ok := r.cache[path]
	r.mu.Unlock()
	if ok {
		return r.Refresh(parent)
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
	v, err, _ := s.group.Do("all", func() (any, error) { return s.merged() })
	if err != nil {
		return "", err
	}
	return v.(string), nil
}

func (s *settings) merged() (string, error) {
	text, err := s.read()
	if err != nil {
		return s.Defaults()
	}
	return text, nil
}

func (s *settings) Defaults() (string, error) {
	v, err, _ := s.group.Do("defaults", func() (any, error) { return s.read() })
	if err != nil {
		return "", err
	}
	return v.(string), nil
}

// A renewer forgets the key before it asks once more: that is a new call.
type renewer struct{ group singleflight.Group }

func (r *renewer) Load(key string, read func(string) (any, error)) (any, error) {
	v, err, _ := r.group.Do(key, func() (any, error) {
		v, err := read(key)
		if err != nil {
			r.group.Forget(key)
			return r.again(key, read)
		}
		return v, nil
	})
	return v, err
}

func (r *renewer) again(key string, read func(string) (any, error)) (any, error) {
	v, err, _ := r.group.Do(key, func() (any, error) { return read(key + ".old") })
	return v, err
}
