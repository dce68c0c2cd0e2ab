package bad

import "sync"

// The one Unlock comes after the second Lock.
func neverLetGo(done chan<- struct{}) {
	var mu sync.Mutex
	go func() {
		mu.Lock()
		mu.Lock() // want `mu.Lock blocks forever: mu is held since line 9`
		close(done)
		mu.Unlock()
	}()
}

// The other goroutine is the writer that comes between.
func readTwice(set func()) {
	var rw sync.RWMutex
	go func() {
		rw.Lock()
		set()
		rw.Unlock()
	}()
	rw.RLock()
	defer rw.RUnlock()
	rw.RLock() // want `rw.RLock blocks forever if a writer waits: rw is held for reading since line 24`
	defer rw.RUnlock()
}
