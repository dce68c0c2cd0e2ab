package good

import (
	"fmt"
	"sync/atomic"
)

type ring struct {
	hosts []string
	next  uint32
}

// What the operation returns is the caller's own.
func (r *ring) Host() string {
	n := atomic.AddUint32(&r.next, 1)
	return r.hosts[n%uint32(len(r.hosts))]
}

// What is read for a panic only is told when all is lost anyway.
func (r *ring) Drop() {
	if n := atomic.AddUint32(&r.next, ^uint32(0)); n > 1<<31 {
		panic(fmt.Sprintf("dropped more than taken: %d", r.next))
	}
}
