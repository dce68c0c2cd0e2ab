package lockset

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds calls that come back for the lock that is held, by way of an object that
// the lock's owner holds and that knows its owner: by a field that points back, or by a
// function in a field that works on the owner. Which object it is at run time only its type
// says, so there must be a function that makes the two know each other.

// A registration is a function in a field of an object, in the terms of the function that
// makes it known there: calling it takes a lock that lies in the target.
type registration struct {
	fn             *ssa.Function
	holder, target *access.Ref
	path           []*types.Var // from the target to the lock
	callee         *ssa.Function
	taken          taken
}

// A closure is a function value with what it is bound to, in the terms of one function.
type closure struct {
	callee *ssa.Function
	bound  func(root *access.Ref) *access.Ref // nil when it has no name
}

// maxBound bounds the functions through which a function value or its holder is handed.
const maxBound = 2

// registrations are those of a field that holds functions.
func (o *orderer) registrations(f *types.Var) []registration {
	if list, ok := o.registered[f]; ok {
		return list
	}
	if o.stores == nil {
		o.stores = make(map[*types.Var][]*ssa.Store)
		o.registered = make(map[*types.Var][]registration)
		for _, fn := range o.s.Pkg.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					st, ok := instr.(*ssa.Store)
					if !ok {
						continue
					}
					if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
						if f := access.FieldOf(fa.X.Type(), fa.Field); f != nil {
							if _, ok := f.Type().Underlying().(*types.Signature); ok {
								o.stores[f] = append(o.stores[f], st)
							}
						}
					}
				}
			}
		}
	}
	o.registered[f] = nil // for functions that call themselves by the field
	var list []registration
	for _, st := range o.stores[f] {
		list = o.register(list, st.Parent(), o.s.Pkg.Access.Of(st.Addr.(*ssa.FieldAddr).X), st.Val, 0)
	}
	o.registered[f] = list
	return list
}

// register adds what becomes of a function value that is put into a field of the holder.
func (o *orderer) register(list []registration, fn *ssa.Function, holder *access.Ref, v ssa.Value, depth int) []registration {
	s := o.s
	if p, ok := v.(*ssa.Parameter); ok && depth < maxBound {
		i := slices.Index(fn.Params, p)
		for _, site := range s.Pkg.Sites(fn) {
			call, ok := site.(*ssa.Call)
			if !ok || s.local(call) != fn {
				continue
			}
			for _, h := range s.refsInCaller(call, fn, holder) {
				list = o.register(list, call.Parent(), h, call.Call.Args[i], depth+1)
			}
		}
		return list
	}
	for _, c := range o.closuresOf(v, 0) {
		for _, t := range o.of(c.callee) {
			if t.at.root == nil || len(t.at.path) == 0 {
				continue
			}
			if target := c.bound(t.at.root); target != nil {
				list = append(list, registration{fn, holder, target, t.at.path, c.callee, t})
			}
		}
	}
	return list
}

// refsInCaller are the names that the caller has for an object of the called function.
func (s *Set) refsInCaller(call *ssa.Call, callee *ssa.Function, r *access.Ref) []*access.Ref {
	switch r.Kind {
	case access.Param:
		if i := slices.IndexFunc(callee.Params, func(p *ssa.Parameter) bool { return p == r.Value }); i >= 0 {
			return []*access.Ref{s.Pkg.Access.Of(call.Call.Args[i])}
		}
	case access.Alloc:
		return s.resultsOf(call, callee, r)
	}
	return nil
}

// closuresOf returns the literals and method values that a value can be: made here, or what
// a function of the package returns.
func (o *orderer) closuresOf(v ssa.Value, depth int) (list []closure) {
	s := o.s
	switch v := v.(type) {
	case *ssa.ChangeType:
		return o.closuresOf(v.X, depth)
	case *ssa.UnOp:
		if cell := s.Pkg.Access.Cell(v.X); v.Op == token.MUL && cell != nil && s.Pkg.Access.StoredOnce(cell) != nil {
			return o.closuresOf(s.Pkg.Access.StoredOnce(cell), depth)
		}
	case *ssa.MakeClosure:
		if m, recv := s.Pkg.MethodValue(v); m != nil {
			return []closure{{m, func(root *access.Ref) *access.Ref {
				if root.Value != m.Params[0] {
					return nil
				}
				return s.Pkg.Access.Of(recv)
			}}}
		}
		lit := v.Fn.(*ssa.Function)
		return []closure{{lit, func(root *access.Ref) *access.Ref {
			if fv, ok := root.Value.(*ssa.FreeVar); ok && fv.Parent() == lit {
				return s.Pkg.Access.Of(v.Bindings[slices.Index(lit.FreeVars, fv)])
			}
			if root.Value != nil && root.Value.Parent() == v.Parent() {
				return root
			}
			return nil
		}}}
	case *ssa.Call:
		callee := s.local(v)
		if callee == nil || depth >= maxBound {
			return nil
		}
		for _, b := range callee.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || len(ret.Results) != 1 {
				continue
			}
			for _, c := range o.closuresOf(ret.Results[0], depth+1) {
				list = append(list, closure{c.callee, func(root *access.Ref) *access.Ref {
					inner := c.bound(root)
					if inner == nil {
						return nil
					}
					if i := slices.IndexFunc(callee.Params, func(p *ssa.Parameter) bool { return p == inner.Value }); i >= 0 && inner.Kind == access.Param {
						return s.Pkg.Access.Of(v.Call.Args[i])
					}
					return nil
				}})
			}
		}
	}
	return list
}

// fieldCall returns the field by which the call finds its function, and the place of what
// has the field.
func (o *orderer) fieldCall(call ssa.CallInstruction) (f *types.Var, holder place) {
	load, ok := call.Common().Value.(*ssa.UnOp)
	if !ok || load.Op != token.MUL || call.Common().IsInvoke() {
		return nil, place{}
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil, place{}
	}
	return access.FieldOf(fa.X.Type(), fa.Field), o.s.placeOf(o.s.Pkg.Access.Of(fa.X), 0)
}

// byField is what a call of a function in a field takes. The place leads through the field,
// to the lock of the target that each registration has.
func (o *orderer) byField(call ssa.CallInstruction, yield func(callee *ssa.Function, t taken)) {
	f, holder := o.fieldCall(call)
	if f == nil || holder.root == nil {
		return
	}
	for _, r := range o.registrations(f) {
		t := r.taken
		t.ref, t.open = nil, true
		if t.at = holder.join(append([]*types.Var{f}, r.path...)); t.at.root != nil && len(t.chain) < 7 {
			yield(r.callee, t)
		}
	}
}

// again reports a call that takes the lock that is held, as far as the places say it: what
// is taken lies at the end of a way that leads from the owner down to an object which
// knows its owner, and back.
func (o *orderer) again(fl *skeleton.FuncLocks, ev *skeleton.Event, impl *ssa.Function, t taken) {
	s := o.s
	call, ok := ev.Instr.(*ssa.Call)
	if !ok || t.at.root == nil || len(t.chain) == 0 || s.Pkg.InTestFile(impl) {
		return
	}
	if slices.ContainsFunc(s.Double, func(d Double) bool { return d.Event.Instr == ev.Instr }) {
		return
	}
	for _, st := range ev.States {
		for _, h := range st {
			c := h.Ref.Class()
			if c.IsZero() || c != t.class || h.Stale || h.At == nil || o.unpublished(h) || s.fresh(fl.Fn, h.Ref) || slices.Contains(ev.Releases, h.Ref) || slices.Contains(t.drops, c) || !s.blocks(h.Mode, t.mode, h.Ref) {
				continue
			}
			if a := s.placeOf(h.Ref, 0); a.root != t.at.root || !o.comesBack(a.path, t.at.path) || asked(call) {
				continue
			}
			d, held := s.held(ev, h.Ref, t.mode)
			if !held || !d.Always {
				continue
			}
			d.Impl, d.Chain, d.SecondAt = impl, t.chain, ev.Instr.Pos()
			s.Double = append(s.Double, d)
			return
		}
	}
}

// comesBack reports whether the way to what is taken leads down from the owner of the lock
// that is held, and back to it.
func (o *orderer) comesBack(held, taken []*types.Var) bool {
	owner := 0 // fields that lead to the owner
	for owner < len(held)-1 && owner < len(taken) && held[owner] == taken[owner] {
		owner++
	}
	lock := held[owner:]
	rest := taken[owner:]
	n := len(rest) - len(lock)
	if n < 2 || !slices.Equal(rest[n:], lock) {
		return false
	}
	down, back := rest[:n-1], rest[n-1]
	if _, ok := back.Type().Underlying().(*types.Signature); ok {
		return slices.ContainsFunc(o.registrations(back), func(r registration) bool {
			return slices.Equal(r.path, lock) && o.s.gives(r.fn, r.target, r.holder, down[0], 0)
		})
	}
	for fn, knots := range o.s.stored(back) {
		if o.s.tied(fn, knots, down[0]) {
			return true
		}
	}
	return false
}
