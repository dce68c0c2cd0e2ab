// Package isolated runs one after the other in goroutines that recover.
package isolated

import "sync"

// Isolated runs each f where runtime.Goexit and panics do no harm.
func Isolated(fs []func()) (ok int) {
	for _, f := range fs {
		var wg sync.WaitGroup
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { recover() }()
			f()
			ok++
		}()
		wg.Wait()
	}
	return ok
}
