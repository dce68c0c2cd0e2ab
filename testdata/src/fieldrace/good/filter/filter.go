// Package filter makes its handler anew for each request that it is given in a form of its own.
package filter

import "net/http"

// A Request is one with what the filters have found out.
type Request struct {
	*http.Request
	user string
}

// A Response counts what is written.
type Response struct {
	http.ResponseWriter
	written int
}

// A Filter handles a request, and may have next do so.
type Filter func(req *Request, resp *Response, next func(*Request, *Response))

// Of makes a filter of middleware of package net/http.
func Of(middleware func(http.Handler) http.Handler) Filter {
	return func(req *Request, resp *Response, next func(*Request, *Response)) {
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			req.Request = r
			resp.ResponseWriter = w
			next(req, resp)
		})
		middleware(h).ServeHTTP(resp.ResponseWriter, req.Request)
	}
}
