package shared

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// strange notes whether the function holds the lock of the object itself, or that of another
// one in its place: Transfer(from, to) that locks from, and writes to.
func (s *Set) strange(u *use, held []skeleton.Held, c *context) {
	for _, h := range held {
		r := h.Ref
		if r.Kind == access.RLocker {
			r = r.Base
		}
		l := r.Class().Var
		if l == nil || r.Base == nil || !l.IsField() {
			continue
		}
		if r.Base == u.Ref.Base {
			u.itself, u.strange = true, nil
			return
		}
		if _, callers := c.held[l]; !callers && s.twoObjects(r.Base, u.Ref.Base) {
			u.strange = r
		}
	}
	if u.strange != nil {
		delete(u.locks, u.strange.Class().Var)
	}
}

// twoObjects reports whether the names are of objects that a function tells apart: two of its
// parameters, or what a function returns for two different arguments.
func (s *Set) twoObjects(a, b *access.Ref) bool {
	if a == b || a.Base != nil || b.Base != nil {
		return false
	}
	if a.Kind == access.Param && b.Kind == access.Param {
		return a.Value.Parent() == b.Value.Parent() && types.Identical(a.Value.Type(), b.Value.Type())
	}
	x, ok := a.Value.(*ssa.Call)
	y, also := b.Value.(*ssa.Call)
	if !ok || !also || x.Call.StaticCallee() == nil || x.Call.StaticCallee() != y.Call.StaticCallee() {
		return false
	}
	for i, arg := range x.Call.Args {
		p, isParam := arg.(*ssa.Parameter)
		q, alsoParam := y.Call.Args[i].(*ssa.Parameter)
		if isParam && alsoParam && p != q {
			return true
		}
	}
	return false
}

// eachItsOwn reports whether all that hold the lock hold it of the object whose field they
// use: it is not one object's lock that guards the others, too.
func (s *Set) eachItsOwn(g *guard, uses []*use) bool {
	fns := make(map[*ssa.Function]bool)
	for _, u := range uses {
		if _, ok := u.locks[g.lock]; !ok || u.quiet || u.owned {
			continue
		}
		if !u.itself {
			return false
		}
		fns[u.fn] = true
	}
	return len(fns) > 1
}
