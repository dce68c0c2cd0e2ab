package good

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// What each goroutine appends to has no room.
func sharedBase(names []string, use func(string)) {
	var base []string
	for _, n := range names {
		if strings.HasPrefix(n, "-") {
			base = append(base, n)
		}
	}
	base = slices.Clip(base)
	var wg sync.WaitGroup
	for _, n := range names {
		wg.Go(func() {
			args := append(base, n)
			use(strings.Join(args, " "))
		})
	}
	wg.Wait()
}

// Each goroutine has its own.
func ownBase(names []string, use func(string)) {
	var wg sync.WaitGroup
	for _, n := range names {
		wg.Go(func() {
			var base []string
			base = append(base, "-v")
			args := append(base, n)
			use(strings.Join(args, " "))
		})
	}
	wg.Wait()
}

// A copy has what each request adds.
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
	for _, p := range slices.Concat(pinned, []string{r.URL.Path}) {
		io.WriteString(w, p)
	}
}

func showNumber(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, strconv.Itoa(len(pinned)+len(found)))
}
