package skeleton

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// findLockers notes which field of a struct is the Locker of a Cond in another
// field of it, where everything in the package agrees:
//
//	c.cond = sync.NewCond(&c.mu)
//	c.cond.L = &c.mu
//	c.cond = sync.NewCond(c.mu.RLocker())
//
// Methods that are run on an object that others made need it, and c.cond.L and
// c.mu are one lock.
func (p *Package) findLockers() {
	lockers := make(map[*types.Var]*types.Var)
	readers := make(map[*types.Var]bool)
	note := func(cond, lock ssa.Value) {
		c, ok := cond.(*ssa.FieldAddr)
		if !ok {
			return
		}
		field := access.FieldOf(c.X.Type(), c.Field)
		var locker *types.Var
		if mi, ok := lock.(*ssa.MakeInterface); ok {
			x := mi.X
			if load, ok := x.(*ssa.UnOp); ok && load.Op == token.MUL {
				x = load.X // the field is a pointer
			}
			if l, ok := x.(*ssa.FieldAddr); ok && l.X == c.X && ops.IsLock(mi.X.Type()) {
				locker = access.FieldOf(l.X.Type(), l.Field)
			} else if ops.IsLock(mi.X.Type()) {
				locker = fieldWith(c.X, mi.X)
			}
		}
		if call, ok := lock.(*ssa.Call); ok {
			if op, x := p.Op(&call.Call); op.Kind == ops.RLocker {
				if l, ok := x.(*ssa.FieldAddr); ok && l.X == c.X {
					locker = access.FieldOf(l.X.Type(), l.Field)
					readers[field] = true
				}
			}
		}
		if had, ok := lockers[field]; ok && had != locker {
			locker = nil
		}
		lockers[field] = locker
	}
	for _, fn := range p.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				if ops.IsCond(st.Val.Type()) {
					note(st.Addr, p.condOf(st.Val))
				} else if l, ok := st.Addr.(*ssa.FieldAddr); ok && ops.IsCond(l.X.Type()) {
					note(l.X, st.Val)
				}
			}
		}
	}
	p.Access.Conds(lockers, readers, p.condOf)
}

// fieldWith returns the field of the object that is set to the value, a pointer, where the
// object is made: &T{mu: &mu, cond: sync.NewCond(&mu)}.
func fieldWith(object, v ssa.Value) *types.Var {
	for _, r := range *object.Referrers() {
		fa, ok := r.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, use := range *fa.Referrers() {
			if st, ok := use.(*ssa.Store); ok && st.Addr == fa && st.Val == v {
				return access.FieldOf(object.Type(), fa.Field)
			}
		}
	}
	return nil
}

// condOf returns the Locker with which the value, a Cond, was made by NewCond,
// or nil.
func (p *Package) condOf(v ssa.Value) ssa.Value {
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if op, _ := p.Op(&call.Call); op.Kind == ops.NewCond && len(call.Call.Args) == 1 {
		return call.Call.Args[0]
	}
	return nil
}
