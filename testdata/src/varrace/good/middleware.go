package good

import (
	"fmt"
	"net/http"
	"sync/atomic"
)

// numbered gives each request its number.
func numbered() http.HandlerFunc {
	var n atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, n.Add(1))
	}
}
