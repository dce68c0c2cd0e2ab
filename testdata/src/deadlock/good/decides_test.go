package good

import (
	"errors"
	"testing"
)

type admission struct {
	in, out chan string
	banned  map[string]bool
}

func (a *admission) run() error {
	for name := range a.in {
		if a.banned[name] {
			return errors.New("banned: " + name)
		}
		a.out <- name
	}
	return nil
}

// What the goroutine decides by, the test has chosen.
func TestAdmission(t *testing.T) {
	a := &admission{in: make(chan string), out: make(chan string, 1), banned: map[string]bool{"mallory": true}}
	go a.run()
	a.in <- "alice"
	if got := <-a.out; got != "alice" {
		t.Error(got)
	}
	close(a.in)
}
