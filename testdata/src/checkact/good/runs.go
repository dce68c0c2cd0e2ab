package good

import "sync"

// Runs are the scenarios that are data races; the others lose something.
var Runs = map[string]func(){
	"Conn": func() { l := new(lazy); both(func() { l.Conn() }, func() { l.Conn() }) },
	"Rows": func() { l := new(loaded); both(func() { l.Rows() }, func() { l.Rows() }) },
	"Name": func() { l := new(lazy); both(l.Name, l.Name) },
}

// both runs the two at the same time.
func both(f, g func()) {
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(f)
		wg.Go(g)
	}
	wg.Wait()
}
