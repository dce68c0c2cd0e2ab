package good

import (
	"sync"
	"testing"
)

var exiting sync.Mutex

func leave() { exiting.Lock() }

// A lock that is the process's: the next test finds it as this one leaves it.
func TestLeave(t *testing.T) {
	for range 2 {
		started := make(chan bool)
		go func() {
			close(started)
			leave()
		}()
		<-started
	}
}
