package good

import (
	"maps"
	"sync"
)

type shard struct {
	mu sync.RWMutex
	m  map[string]int
}

// sharded has a lock for each of its maps; snapshot takes all of them by a helper.
type sharded struct{ s [4]shard }

func (m *sharded) get(i int, k string) int {
	s := &m.s[i]
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.m[k]
}

func (m *sharded) set(i int, k string, v int) {
	s := &m.s[i]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[k] = v
}

func (m *sharded) del(i int, k string) {
	s := &m.s[i]
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, k)
}

func (m *sharded) rlockAll() (unlock func()) {
	for i := range m.s {
		m.s[i].mu.RLock()
	}
	return func() {
		for i := range m.s {
			m.s[i].mu.RUnlock()
		}
	}
}

func (m *sharded) Snapshot() map[string]int {
	defer m.rlockAll()()
	out := make(map[string]int)
	for i := range m.s {
		maps.Copy(out, m.s[i].m)
	}
	return out
}
