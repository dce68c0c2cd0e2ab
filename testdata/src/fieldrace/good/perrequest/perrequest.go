// Package perrequest makes its handler for each request.
package perrequest

import "net/http"

type exchange struct{ code int }

func newExchange() *exchange { return new(exchange) }

func (x *exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x.code = 200
	w.WriteHeader(x.code)
}

func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		newExchange().ServeHTTP(w, r)
	})
}
