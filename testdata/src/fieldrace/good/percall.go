package good

import "net/http"

type exchange struct {
	status int
	fields map[string]string
}

func (x *exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x.fields["path"] = r.URL.Path
	x.status = 200
	w.WriteHeader(x.status)
}

var exchanges = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	x := &exchange{fields: make(map[string]string)} // one for each request
	x.ServeHTTP(w, r)
})
