package skeleton

import (
	"bytes"
	"testing"
)

// TestSafely is about an analysis that breaks, read by another that then breaks
// too, and by two checks: one of them says so.
func TestSafely(t *testing.T) {
	if p := Safely(func() {}); p != nil {
		t.Errorf("nothing happened, but %v", p)
	}
	inner := Safely(func() { panic("into the void") })
	if inner == nil || inner.Error() != "into the void" || !bytes.Contains(inner.Stack(), []byte("TestSafely")) {
		t.Fatalf("got %v", inner)
	}
	outer := Safely(inner.Raise)
	if outer != inner {
		t.Errorf("the panic of the analysis that was read became %v", outer)
	}
	told := 0
	for range 2 { // two checks
		func() {
			defer func() {
				if recover() != nil {
					told++
				}
			}()
			outer.Raise()
		}()
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	var none *Panic
	none.Raise()
}
