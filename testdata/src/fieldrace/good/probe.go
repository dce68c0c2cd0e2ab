package good

import (
	"context"
	"net/http"
)

type probeKey struct{}

// A Probe goes with one request, in its context.
type Probe struct {
	rw http.ResponseWriter
}

// ProbeOf returns that of the request.
func ProbeOf(ctx context.Context) *Probe {
	p, _ := ctx.Value(probeKey{}).(*Probe)
	return p
}

// Reset is called for a request, and what it returns serves that.
func (p *Probe) Reset(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		next.ServeHTTP(p.renew(rw, req))
	})
}

func (p *Probe) renew(rw http.ResponseWriter, req *http.Request) (http.ResponseWriter, *http.Request) {
	req = req.WithContext(context.WithValue(req.Context(), probeKey{}, p))
	p.rw = rw
	return rw, req
}
