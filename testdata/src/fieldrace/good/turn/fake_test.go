// Package turn is a test whose fake is read when all is over.
package turn

import (
	"sync"
	"testing"
)

type fake struct {
	mu    sync.Mutex
	calls int
}

func (f *fake) Do()        { f.mu.Lock(); f.calls++; f.mu.Unlock() }
func (f *fake) Set(n int)  { f.mu.Lock(); f.calls = n; f.mu.Unlock() }
func (f *fake) Add(n int)  { f.mu.Lock(); f.calls += n; f.mu.Unlock() }
func (f *fake) Count() int { return f.calls }

func TestFake(t *testing.T) {
	f := new(fake)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(f.Do)
	}
	wg.Wait()
	if f.Count() != 3 {
		t.Fatal()
	}
}
