package shared

import (
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// ownContext reports whether a cancel function is of a context that the function has made
// for what it calls, and for nobody else: it is kept in no variable that others share, and
// no goroutine is started with it. Who waits for another context waits for none of that.
func (s *Set) ownContext(cancel ssa.Value) bool {
	ex, ok := cancel.(*ssa.Extract)
	if !ok || ex.Index != 1 {
		return false
	}
	call, ok := ex.Tuple.(*ssa.Call)
	if !ok {
		return false
	}
	if op, _ := s.Pkg.Op(&call.Call); op.Kind != ops.CtxWithCancel && op.Kind != ops.CtxWithTimeout {
		return false
	}
	for _, ref := range *cancel.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Call:
			if ref.Call.Value != cancel {
				return false
			}
		case *ssa.Defer:
			if ref.Call.Value != cancel {
				return false
			}
		default:
			return false
		}
	}
	return s.passedDown(call, 0)
}

// passedDown reports whether the context that a call yields is only given to calls.
func (s *Set) passedDown(made *ssa.Call, depth int) bool {
	values := []ssa.Value{made}
	for _, ref := range *made.Referrers() {
		if ex, ok := ref.(*ssa.Extract); ok {
			values = append(values, ex)
		}
	}
	for _, v := range values {
		if !ops.IsContext(v.Type()) {
			continue
		}
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.DebugRef, *ssa.Defer:
			case *ssa.Call:
				op, _ := s.Pkg.Op(&ref.Call)
				derives := op.Kind == ops.CtxWithCancel || op.Kind == ops.CtxWithTimeout || op.Kind == ops.CtxWithValue
				if op.Kind.Spawns() || derives && (depth > 3 || !s.passedDown(ref, depth+1)) {
					return false
				}
			default:
				return false
			}
		}
	}
	return true
}
