package bad

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// base is grown, so it can have room for more, and each goroutine appends there.
func sharedBase(names []string, use func(string)) {
	var base []string
	for _, n := range names {
		if strings.HasPrefix(n, "-") {
			base = append(base, n)
		}
	}
	var wg sync.WaitGroup
	for _, n := range names {
		wg.Go(func() {
			args := append(base, n) // want `append into the spare capacity of base races with itself: line 21 starts a goroutine in each turn of the loop; clip the slice first`
			use(strings.Join(args, " "))
		})
	}
	wg.Wait()
}

// What a helper has gathered can have room, too, and what is wrapped serves requests.
var pinned, found []string

func gatherLines(lines string) []string {
	var list []string
	for _, l := range strings.Split(lines, "\n") {
		list = append(list, l)
	}
	return list
}

func servePinned(lines string) http.Handler {
	pinned = gatherLines(lines)
	mux := http.NewServeMux()
	mux.HandleFunc("/all", wrapped(showAll))
	mux.HandleFunc("/number", wrapped(showNumber))
	return mux
}

func wrapped(f http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Counted", "yes")
		f(w, r)
	}
}

func showAll(w http.ResponseWriter, r *http.Request) {
	for _, p := range append(pinned, r.URL.Path) { // want `append into the spare capacity of pinned races with itself: requests are served at the same time; clip the slice first`
		io.WriteString(w, p)
	}
}

func showNumber(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, strconv.Itoa(len(pinned)+len(found)))
}
