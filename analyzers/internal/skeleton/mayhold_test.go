package skeleton

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"
)

// tooLargeSource is a function that holds so many locks at the end that it is not explored.
func tooLargeSource() string {
	var b strings.Builder
	b.WriteString(`package p

import "sync"

type c struct {
	mu, other sync.RWMutex
	locks     [20]sync.Mutex
	n         map[string]int
}

func (c *c) give()        { c.mu.Lock() }
func (c *c) look(string)  {}
func (c *c) count() int   { c.mu.RLock(); defer c.mu.RUnlock(); return len(c.n) }

func (c *c) large(on bool) {
	c.look("before")
	c.mu.RLock()
	if c.n == nil {
		c.look("inside")
		c.mu.RUnlock()
		return
	}
	c.mu.RUnlock()
	c.look("behind")
	if on {
		c.other.Lock()
	}
	c.look("perhaps")
	if on {
		c.other.Unlock()
	}
	c.look("correlated")
	c.other.Unlock()
	c.count()
	c.look("called")
	c.give()
	c.look("given")
`)
	for i := range 20 {
		fmt.Fprintf(&b, "if c.n[\"%d\"] > 0 {\nc.locks[%d].Lock()\n}\n", i, i)
	}
	b.WriteString("}\n")
	return b.String()
}

// TestBare holds that it is known of a function that is too large where it holds nothing,
// and nowhere else.
func TestBare(t *testing.T) {
	want := map[string]bool{"before": true, "inside": false, "behind": true, "perhaps": false, "correlated": false, "called": true, "given": false}
	p := load(t, tooLargeSource())
	for _, fl := range p.Locks().Funcs {
		if fl.Fn.Name() != "large" {
			continue
		}
		if !fl.Cut {
			t.Fatal("it is not too large")
		}
		for _, b := range fl.Fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || call.Call.StaticCallee() == nil || call.Call.StaticCallee().Name() != "look" {
					continue
				}
				name := strings.Trim(call.Call.Args[1].(*ssa.Const).Value.String(), `"`)
				held, known := fl.HeldAt(instr)
				if len(held) > 0 || known != want[name] {
					t.Errorf("%s: held %v, known %v", name, held, known)
				}
				delete(want, name)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("not met: %v", want)
	}
}
