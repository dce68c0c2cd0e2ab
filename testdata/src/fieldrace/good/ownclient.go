package good

import "net/http"

type hopTracer struct{ hops []string }

func (t *hopTracer) RoundTrip(r *http.Request) (*http.Response, error) {
	t.hops = append(t.hops, r.URL.String())
	return http.DefaultTransport.RoundTrip(r)
}

// Trace has a client of its own, which makes its requests one after the other.
func TraceHops(url string) ([]string, error) {
	t := &hopTracer{}
	resp, err := (&http.Client{Transport: t}).Get(url)
	if err != nil {
		return nil, err
	}
	resp.Body.Close()
	return t.hops, nil
}
