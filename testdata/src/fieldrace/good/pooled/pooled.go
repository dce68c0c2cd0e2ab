// Package pooled has its handler out of a pool for the time of a request.
package pooled

import (
	"net/http"
	"sync"
)

type scratch struct{ buf []byte }

func (s *scratch) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.buf = append(s.buf[:0], r.URL.Path...)
	w.Write(s.buf)
}

var pool = sync.Pool{New: func() any { return new(scratch) }}

func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := pool.Get().(*scratch)
		defer pool.Put(s)
		s.ServeHTTP(w, r)
	})
}
