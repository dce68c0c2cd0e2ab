package good

import "sync"

type session struct{ once sync.Once }

func (s *session) skip() {
	s.once.Do(func() {})
}

func (s *session) start(run func()) { s.once.Do(run) }

var (
	stop   = sync.OnceFunc(func() {})
	size   = sync.OnceValue[int](func() int { return 1 })
	parsed = sync.OnceValues((func() (int, error))(func() (int, error) { return 1, nil }))
	lookup = sync.OnceValues[string, bool](func() (string, bool) { return "", false })
)

func later(once *sync.Once) {
	defer once.Do(func() {})
}
