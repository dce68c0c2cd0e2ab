package shared

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A function that starts a goroutine, and does not wait for it, can be called again
// while that still runs. What it writes then, under a lock, the goroutine of the call
// before must not use without that lock.

// reruns adds such uses to the loose ones.
func (s *Set) reruns(uses []*use) {
	told := make(map[lineOf]bool)
	for _, u := range uses {
		c := s.contexts[u.fn]
		if len(c.by) == 0 || c.quiet || u.quiet || u.owned || len(u.locks) > 0 || s.excused(u.Leaf) {
			continue
		}
		line := lineOf{fn: u.fn, line: s.Line(&u.Access)}
		if told[line] {
			continue
		}
		for _, w := range uses {
			if start := s.rerun(u, w); start != nil {
				told[line] = true
				s.loose = append(s.loose, Loose{At: u.Access, Against: w.Access, Go: start, Again: true, Lock: s.lockName(w, firstOf(w.locks))})
				break
			}
		}
	}
}

// rerun returns what starts the goroutine of u, if w is a write that the next call of
// the function with that makes.
func (s *Set) rerun(u, w *use) ssa.CallInstruction {
	if !w.Write || w.quiet || w.owned || len(w.locks) == 0 || !clash(u, w) || !s.manyCallers(w.fn) || s.starting(w.fn) || s.excused(w.Leaf) {
		return nil
	}
	if _, store := w.Leaf.(*ssa.Store); !store || s.guarded(w.Leaf) || s.ruled(w.fn, 0) {
		return nil
	}
	for _, sp := range s.spawnsOf(w.fn) {
		if !s.contexts[u.fn].by[sp.body.fn] || sp.requests || sp.parallel || sp.how != never || s.waitsIn(w.fn, sp) || loops(sp.at.Block()) {
			continue
		}
		for i := range sp.list {
			if a := &sp.list[i]; a.Leaf == u.Leaf && a.Ref == w.Ref && len(a.Held) == 0 && !s.decided(a) {
				return sp.at
			}
		}
	}
	return nil
}

// ruled reports whether a caller of the function in the package decides by a state if it
// calls it, or has waited for something before: for the goroutine of the call before, it may
// be.
func (s *Set) ruled(fn *ssa.Function, depth int) bool {
	if s.exported(fn) || depth > 2 {
		return false
	}
	for _, site := range s.Pkg.Sites(fn) {
		if s.inTest(site.Parent()) {
			continue
		}
		if s.guarded(site) || s.waitsBefore(site.Parent(), site) || s.ruled(site.Parent(), depth+1) {
			return true
		}
	}
	return false
}

// firstOf returns the lock of a set whose declaration comes first.
func firstOf(locks map[*types.Var]skeleton.Mode) *types.Var {
	var lock *types.Var
	for l := range locks {
		if lock == nil || l.Pos() < lock.Pos() {
			lock = l
		}
	}
	return lock
}

// guarded reports whether it depends on what the object or the package holds if the
// instruction is executed: that can be a rule by which it is executed once.
func (s *Set) guarded(at ssa.Instruction) bool {
	var state func(v ssa.Value, depth int) bool
	state = func(v ssa.Value, depth int) bool {
		if depth > 6 {
			return false
		}
		switch v := v.(type) {
		case *ssa.UnOp:
			if v.Op == token.MUL {
				_, field := v.X.(*ssa.FieldAddr)
				_, global := v.X.(*ssa.Global)
				return (field || global) && s.Pkg.Access.Of(v.X).Root().Kind != access.Alloc
			}
			return state(v.X, depth+1)
		case *ssa.BinOp:
			return state(v.X, depth+1) || state(v.Y, depth+1)
		case *ssa.Call:
			// The outcome of what does something is no state; that of what is
			// asked, as IsRunning, is.
			if op, _ := s.Pkg.Op(&v.Call); op.Kind == ops.AtomicLoad {
				return true
			}
			b, ok := v.Type().Underlying().(*types.Basic)
			return ok && b.Info()&types.IsBoolean != 0
		case *ssa.Extract:
			_, lookup := v.Tuple.(*ssa.Lookup)
			return lookup
		case *ssa.Lookup:
			return true
		case *ssa.Phi:
			for _, e := range v.Edges {
				if state(e, depth+1) {
					return true
				}
			}
		}
		return false
	}
	for br := range conditions(at) {
		if state(br.Cond, 0) {
			return true
		}
	}
	return false
}
