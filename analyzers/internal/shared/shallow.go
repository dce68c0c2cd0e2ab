package shared

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds copies of objects that lie in a map or slice under its lock, where a map in
// the copy, which is still that of the object, is used by who gets it from the function that
// copied it under the lock.

// A shallow is a copy of an object that a function returns, by itself or in a slice or map.
type shallow struct {
	load *ssa.UnOp           // what copies it
	st   *types.Struct       // what it is
	deep map[*types.Var]bool // the fields that are given another value
}

// shallows lists the copies that a function returns.
func (s *Set) shallows(fn *ssa.Function) (list []shallow) {
	if s.removes(fn, nil, 0) || saysRaw(fn) {
		return nil
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			load, ok := instr.(*ssa.UnOp)
			if !ok || load.Op != token.MUL {
				continue
			}
			st := structOf(load.Type())
			if _, value := load.Type().Underlying().(*types.Struct); !value || st == nil || !resultHas(fn, st) {
				continue
			}
			if _, local := root(load.X).(*ssa.Alloc); local {
				continue
			}
			if deep, ok := changedFields(load, st); ok {
				list = append(list, shallow{load, st, deep})
			}
		}
	}
	return list
}

// resultHas reports whether one of the results is such a struct, or a slice or map of them.
func resultHas(fn *ssa.Function, st *types.Struct) bool {
	for v := range fn.Signature.Results().Variables() {
		t := v.Type()
		switch u := t.Underlying().(type) {
		case *types.Slice:
			t = u.Elem()
		case *types.Map:
			t = u.Elem()
		}
		if _, ok := t.Underlying().(*types.Struct); ok && structOf(t) == st {
			return true
		}
	}
	return false
}

// changedFields lists the fields of a copy that are stored to; ok says that nothing else can
// change it.
func changedFields(load *ssa.UnOp, st *types.Struct) (deep map[*types.Var]bool, ok bool) {
	deep = make(map[*types.Var]bool)
	for _, r := range *load.Referrers() {
		store, isStore := r.(*ssa.Store)
		if !isStore {
			continue
		}
		a, local := store.Addr.(*ssa.Alloc)
		if !local {
			continue
		}
		for _, ref := range *a.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Store, *ssa.UnOp, *ssa.DebugRef:
			case *ssa.FieldAddr:
				for _, use := range *ref.Referrers() {
					if _, read := use.(*ssa.UnOp); !read {
						deep[st.Field(ref.Field).Origin()] = true
					}
				}
			default:
				return nil, false
			}
		}
	}
	return deep, true
}

// shallowUses notes where maps of such copies are used without the lock.
func (s *Set) shallowUses(uses map[*types.Var][]*use) {
	copies := make(map[*ssa.Function][]shallow)
	told := make(map[ssa.Value]bool)
	for _, fn := range s.Pkg.Funcs {
		c := s.contexts[fn]
		if s.inTest(fn) || c == nil || c.quiet || saysLocked(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				var m ssa.Value
				switch instr := instr.(type) {
				case *ssa.Lookup:
					m = instr.X
				case *ssa.Range:
					m = instr.X
				default:
					continue
				}
				call, f := copiedField(m)
				if call == nil || told[call] {
					continue
				}
				callee := call.Call.StaticCallee()
				if callee == nil || skeleton.Origin(callee).Pkg != fn.Pkg {
					continue
				}
				callee = skeleton.Origin(callee)
				list, ok := copies[callee]
				if !ok {
					list = s.shallows(callee)
					copies[callee] = list
				}
				for i := range list {
					if told[call] = s.usesShallow(fn, instr, f, &list[i], uses[f]); told[call] {
						break
					}
				}
			}
		}
	}
}

// usesShallow reports whether a map of the copy is used while others write to it under the
// lock, and notes it.
func (s *Set) usesShallow(fn *ssa.Function, at ssa.Instruction, f *types.Var, c *shallow, uses []*use) bool {
	if c.deep[f] || !s.unlocked(fn, at) || s.excused(at) || s.waitsBefore(fn, at) {
		return false
	}
	in, ok := s.liesIn(c.load.X, c.load, 0)
	if !ok {
		return false
	}
	u := &use{fn: fn, v: f, st: c.st, locks: make(map[*types.Var]skeleton.Mode), elems: true}
	u.Access = Access{Ref: s.Pkg.Access.Field(s.Pkg.Access.Of(c.load.X), f), Map: true, At: at, Leaf: at}
	u.full = u.Ref
	for l, m := range s.contexts[fn].held {
		u.locks[l] = m
	}
	if len(u.locks) > 0 || !s.concurrent(u) || s.decided(&u.Access) {
		return false
	}
	for _, lock := range locksOf(uses) {
		if fl := s.Pkg.Locks().Of(c.load.Parent()); !s.holdsAt(c.load.Parent(), c.load, lock) || fl == nil || leavesIn(fl, lock) {
			continue
		}
		for _, from := range in {
			o := s.besideIn(u, from, lock, uses)
			if o == nil || !o.Write || !o.elems {
				continue
			}
			s.unguarded = append(s.unguarded, Unguarded{
				Break: Kept, At: Access{Ref: u.Ref, Map: true, At: c.load, Leaf: c.load}, Use: at, Lock: lock, Name: s.ownerOf(lock) + lock.Name(), Against: o.Access,
			})
			return true
		}
	}
	return false
}

// copiedField is the call that has returned the struct that a map is a field of, and the field.
func copiedField(m ssa.Value) (call *ssa.Call, f *types.Var) {
	if _, ok := m.Type().Underlying().(*types.Map); !ok {
		return nil, nil
	}
	field := func(t types.Type, i int) *types.Var {
		if st := structOf(t); st != nil {
			return st.Field(i).Origin()
		}
		return nil
	}
	switch x := m.(type) {
	case *ssa.UnOp:
		fa, ok := x.X.(*ssa.FieldAddr)
		if !ok || x.Op != token.MUL {
			return nil, nil
		}
		return returnedBy(fa.X, 0), field(fa.X.Type(), fa.Field)
	case *ssa.Field:
		return returnedBy(x.X, 0), field(x.X.Type(), x.Field)
	}
	return nil, nil
}

// returnedBy is the call that has returned a struct, or the slice or map of structs that it is
// an element of, or that a variable holds which is set once.
func returnedBy(v ssa.Value, depth int) *ssa.Call {
	const most = 6
	if depth > most {
		return nil
	}
	switch x := v.(type) {
	case *ssa.Call:
		return x
	case *ssa.Extract:
		switch t := x.Tuple.(type) {
		case *ssa.Call:
			return t
		case *ssa.Next:
			if rng, ok := t.Iter.(*ssa.Range); ok && x.Index == 2 {
				return returnedBy(rng.X, depth+1)
			}
		case *ssa.Lookup:
			return returnedBy(t.X, depth+1)
		}
	case *ssa.UnOp:
		switch x.X.(type) {
		case *ssa.IndexAddr, *ssa.Alloc:
			return returnedBy(x.X, depth+1)
		}
	case *ssa.IndexAddr:
		return returnedBy(x.X, depth+1)
	case *ssa.Lookup:
		return returnedBy(x.X, depth+1)
	case *ssa.Alloc:
		var only ssa.Value
		for _, r := range *x.Referrers() {
			switch r := r.(type) {
			case *ssa.Store:
				if only != nil || r.Addr != x {
					return nil
				}
				only = r.Val
			case *ssa.UnOp, *ssa.DebugRef:
			case *ssa.FieldAddr:
				for _, use := range *r.Referrers() {
					if _, read := use.(*ssa.UnOp); !read {
						return nil // it is given another value
					}
				}
			default:
				return nil
			}
		}
		if only != nil {
			return returnedBy(only, depth+1)
		}
	}
	return nil
}
