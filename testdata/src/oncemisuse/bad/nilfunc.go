package bad

import "sync"

type session struct{ once sync.Once }

// It is to mark the Once as done, and calls nil.
func (s *session) skip() {
	s.once.Do(nil) // want `the function of s.once.Do is nil: the first Do panics, and the Once runs nothing after that; pass func\(\) {} to do nothing`
}

func (s *session) start(run func()) { s.once.Do(run) }

// What is made panics whenever it is called.
var (
	stop   = sync.OnceFunc(nil)                          // want `the function of sync.OnceFunc is nil, so what it returns panics each time it is called; pass a function`
	size   = sync.OnceValue[int](nil)                    // want `the function of sync.OnceValue is nil`
	parsed = sync.OnceValues((func() (int, error))(nil)) // want `the function of sync.OnceValues is nil`
	lookup = sync.OnceValues[string, bool](nil)          // want `the function of sync.OnceValues is nil`
)

// A deferred call panics too.
func later(once *sync.Once) {
	defer once.Do(nil) // want `the function of once.Do is nil`
}
