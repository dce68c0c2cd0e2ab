package skeleton

import (
	"fmt"
	"runtime/debug"
	"sync/atomic"
)

// A Panic is that of an analysis whose result several checks read. It must not
// end the work of all of them, and of everybody who imports the package: the
// result says what happened, and the first check that reads it reports it.
type Panic struct {
	value any
	stack []byte
	told  atomic.Bool
}

// Safely runs f and returns what it panicked with, or nil.
func Safely(f func()) (p *Panic) {
	defer func() {
		if v := recover(); v != nil {
			if inner, ok := v.(*Panic); ok {
				p = inner // of an analysis that this one reads: a check is still to tell
				p.told.Store(false)
			} else {
				p = &Panic{value: v, stack: debug.Stack()}
			}
		}
	}()
	f()
	return nil
}

// Raise panics with p, unless there is none or somebody has done so before.
func (p *Panic) Raise() {
	if p != nil && p.told.CompareAndSwap(false, true) {
		panic(p)
	}
}

// Error is the value of the panic.
func (p *Panic) Error() string { return fmt.Sprint(p.value) }

// Stack is the stack of the goroutine that panicked.
func (p *Panic) Stack() []byte { return p.stack }
