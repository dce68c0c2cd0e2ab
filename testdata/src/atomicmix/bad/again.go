package bad

import "sync/atomic"

type ring struct {
	hosts []string
	next  uint32
}

// What it reads, another caller can have counted up meanwhile.
func (r *ring) Host() string {
	atomic.AddUint32(&r.next, 1)
	return r.hosts[r.next%uint32(len(r.hosts))] // want `plain read of r.next races with the atomic write on line 12 by another goroutine, which can have changed it since; use what that returned, or load it atomically`
}
