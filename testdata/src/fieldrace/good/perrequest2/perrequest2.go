// Package perrequest2 makes a handler for each request, and gives it to another one.
package perrequest2

import "net/http"

type step struct {
	next  http.Handler
	count int
}

func (s *step) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.count++
	s.next.ServeHTTP(w, r)
}

func Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := &step{next: next} // one for each request
		http.MaxBytesHandler(s, 1<<20).ServeHTTP(w, r)
	})
}
