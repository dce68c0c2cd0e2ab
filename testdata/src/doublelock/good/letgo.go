package good

import (
	"sync"
	"testing"
)

// The second Lock waits for the other goroutine's Unlock.
func letGo(blocked func()) {
	var mu sync.Mutex
	go func() {
		mu.Lock()
		mu.Lock()
	}()
	blocked()
	mu.Unlock()
}

// Nobody else has the lock, so no writer comes between.
func BenchmarkReaders(b *testing.B) {
	b.RunParallel(func(pb *testing.PB) {
		var rw sync.RWMutex
		for pb.Next() {
			rw.RLock()
			rw.RLock()
			rw.RUnlock()
			rw.RUnlock()
			rw.Lock()
			rw.Unlock()
		}
	})
}

// Each waits for the other to unlock.
func inStep(n int) {
	var rw sync.RWMutex
	read := rw.RLocker()
	locked, written := make(chan bool, 1), make(chan bool, 1)
	go func() {
		for range n {
			read.Lock()
			read.Lock()
			locked <- true
			rw.Lock()
			written <- true
		}
	}()
	for range n {
		<-locked
		read.Unlock()
		read.Unlock()
		<-written
		rw.Unlock()
	}
}
