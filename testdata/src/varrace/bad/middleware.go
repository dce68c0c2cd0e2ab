package bad

import (
	"fmt"
	"net/http"
)

// numbered gives each request its number.
func numbered() http.HandlerFunc {
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		n++ // want `write of n races with itself: requests are served at the same time`
		fmt.Fprintln(w, n)
	}
}
