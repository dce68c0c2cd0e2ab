package shared

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds in which maps and slices an object lies.

// liesIn returns the maps and slices, of fields or package variables, in one of which the
// object behind a pointer lies when the instruction is executed: it was found there, or has
// been put there, on all ways that lead to the function.
func (s *Set) liesIn(p ssa.Value, at ssa.Instruction, depth int) (in []access.Class, ok bool) {
	const most = 4 // calls
	if phi, ok := p.(*ssa.Phi); ok && depth < most {
		for i, e := range phi.Edges {
			if isZero(e) {
				continue
			}
			from := phi.Block().Preds[i].Instrs
			here, ok := s.liesIn(e, from[len(from)-1], depth+1)
			if !ok {
				return nil, false
			}
			in = append(in, here...)
		}
		return in, len(in) > 0
	}
	r := s.Pkg.Access.Of(p)
	if c := containerOf(r); !c.IsZero() {
		return []access.Class{c}, true
	}
	owner := ownerFunc(r)
	if owner == nil || depth >= most {
		return nil, false
	}
	for at.Parent() != owner { // up to the function around the literal
		made := s.Pkg.Closures(at.Parent())
		if len(made) != 1 {
			return nil, false
		}
		at = made[0]
	}
	add := func(p ssa.Value, at ssa.Instruction) bool {
		here, ok := s.liesIn(p, at, depth+1)
		in = append(in, here...)
		return ok
	}
	switch v := r.Value.(type) {
	case *ssa.Alloc:
		c := s.putBefore(r, at)
		return []access.Class{c}, !c.IsZero()
	case *ssa.Parameter:
		i := slices.Index(owner.Params, v)
		if i < 0 || s.exported(owner) {
			return nil, false
		}
		for _, site := range s.callsOf(owner) {
			if args := site.Common().Args; site.Common().IsInvoke() || i >= len(args) || !add(args[i], site) {
				return nil, false
			}
		}
		return in, len(in) > 0
	case *ssa.Call, *ssa.Extract:
		call, index := resultOf(v)
		if call == nil || call.Call.IsInvoke() || call.Call.StaticCallee() == nil {
			return nil, false
		}
		callee := skeleton.Origin(call.Call.StaticCallee())
		if callee.Pkg != owner.Pkg {
			return nil, false
		}
		for _, b := range callee.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || index >= len(ret.Results) {
				continue
			}
			for _, v := range results(ret.Results[index]) {
				if !isZero(v) && !add(v, ret) {
					return nil, false
				}
			}
		}
		return in, len(in) > 0
	}
	return nil, false
}

// callsOf lists the calls of a function, of a literal also where it is called by who is given it,
// but for those in tests.
func (s *Set) callsOf(fn *ssa.Function) (list []ssa.CallInstruction) {
	for _, h := range s.handings(fn) {
		for _, c := range h.inner {
			list = append(list, c)
		}
	}
	for _, site := range s.Pkg.Sites(fn) {
		if !s.inTest(site.Parent()) {
			list = append(list, site)
		}
	}
	return list
}

// resultOf is the call that a value is a result of, and which one.
func resultOf(v ssa.Value) (call *ssa.Call, index int) {
	if ex, ok := v.(*ssa.Extract); ok {
		v, index = ex.Tuple, ex.Index
	}
	call, _ = v.(*ssa.Call)
	return call, index
}

// ownerFunc is the function that a root is of.
func ownerFunc(r *access.Ref) *ssa.Function {
	if r.Base != nil || r.Value == nil {
		return nil
	}
	return r.Value.Parent()
}

// containerOf is the map or slice, of a field or package variable, that r is an element of.
func containerOf(r *access.Ref) (c access.Class) {
	if r.Kind != access.Elem || r.Base == nil || r.Base.Kind != access.Field && r.Base.Kind != access.Global {
		return c
	}
	return r.Base.Class()
}

// putBefore is the map or slice into which the object that a function makes has been put, on
// every way to the instruction.
func (s *Set) putBefore(r *access.Ref, at ssa.Instruction) (c access.Class) {
	for _, b := range at.Parent().Blocks {
		for _, instr := range b.Instrs {
			if put := s.puts(instr, r); !put.IsZero() && skeleton.Dominates(instr, at) {
				return put
			}
		}
	}
	return c
}

// puts is the map or slice into which the instruction puts the object.
func (s *Set) puts(instr ssa.Instruction, r *access.Ref) (c access.Class) {
	var into, what ssa.Value
	switch instr := instr.(type) {
	case *ssa.MapUpdate:
		into, what = instr.Map, instr.Value
	case *ssa.Store:
		elem, ok := instr.Addr.(*ssa.IndexAddr)
		if !ok {
			return c
		}
		into, what = elem.X, instr.Val
	default:
		return c
	}
	if kept(into) && s.Pkg.Access.Of(what) == r {
		return s.Pkg.Access.Of(into).Class()
	}
	return c
}

// fills reports whether the object is put where nothing was found before: in the place of no
// other.
func (s *Set) fills(put *ssa.MapUpdate) bool {
	m, key := s.Pkg.Access.Of(put.Map), put.Key
	for br, goes := range conditions(put) {
		look, found := presence(br.Cond, goes)
		if look != nil && !found && s.Pkg.Access.Of(look.X) == m && (look.Index == key || s.Pkg.Access.Of(look.Index) == s.Pkg.Access.Of(key)) {
			return true
		}
	}
	return false
}

// presence is the look into a map that a condition is on, and whether there was something if
// it goes so.
func presence(cond ssa.Value, goes bool) (look *ssa.Lookup, found bool) {
	switch c := cond.(type) {
	case *ssa.Extract:
		if look, ok := c.Tuple.(*ssa.Lookup); ok && c.Index == 1 {
			return look, goes
		}
	case *ssa.BinOp:
		if !isZero(c.Y) || c.Op != token.EQL && c.Op != token.NEQ {
			return nil, false
		}
		v := c.X
		if ex, ok := v.(*ssa.Extract); ok && ex.Index == 0 {
			v = ex.Tuple
		}
		if look, ok := v.(*ssa.Lookup); ok {
			return look, goes == (c.Op == token.NEQ)
		}
	case *ssa.UnOp:
		if look, found := presence(c.X, !goes); look != nil && c.Op == token.NOT {
			return look, found
		}
	}
	return nil, false
}
