package shared

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// pointees finds objects that lie in a map or slice under its lock, as do the writes of
// their fields, and whose fields are used by who has taken the pointer out and let go of
// the lock. The struct itself has no lock, so the one of where it lies is the only one.
func (s *Set) pointees(locks map[*types.Struct][]*types.Var) {
	bare := make(map[*types.Struct][]*types.Var)
	for st := range s.structs() {
		if st == nil || len(locks[st]) > 0 {
			continue
		}
		bare[st] = []*types.Var{nil}
	}
	uses, order := s.collect(bare, false)
	told := make(map[ssa.Value]bool) // by one pointer, one is enough
	defer s.shallowUses(uses)
	defer s.shownTaken(uses, make(map[ssa.Value]bool))
	for _, v := range order {
		s.otherKeepers(uses[v])
		lock := s.writtenUnder(uses[v])
		if lock == nil {
			s.takenWrites(uses[v], told)
			continue
		}
		held, all := 0, 0
		for _, u := range uses[v] {
			if _, ok := u.locks[lock]; ok && !u.quiet && !u.owned {
				held++
			}
			if !u.quiet && !u.owned {
				all++
			}
		}
		for _, u := range uses[v] {
			load, ok := u.Leaf.(*ssa.UnOp)
			if !ok || u.Write || u.Atomic || u.quiet || u.owned {
				continue
			}
			if _, ok := u.locks[lock]; ok || s.excused(load) || saysLocked(u.fn) || !s.concurrent(u) {
				continue
			}
			base := pointerOf(load.X)
			if base == nil || told[base] || s.waitsBefore(u.fn, load) || s.decided(&u.Access) || s.marks(u.fn, u.st) || s.removes(u.fn, u.st, 0) {
				continue
			}
			taken, ok := s.takenUnder(u.fn, base, lock, 0)
			if !ok {
				continue
			}
			for _, o := range uses[v] {
				if !o.Write || o.quiet || o.owned || o.fn == u.fn || !clash(u, o) || commonLock(u, o) || readsOf(o.At, u.st) || !s.found(o) || s.sameGoroutine(u.fn, o.fn) ||
					s.startsAfter(o, u) || s.startsAfter(u, o) || s.joined(o, u) || s.joined(u, o) {
					continue
				}
				told[base] = true
				s.unguarded = append(s.unguarded, Unguarded{
					Break: Taken, At: u.Access, Use: taken, Lock: lock, Name: s.ownerOf(lock) + lock.Name(), Held: held, All: all, Against: o.Access,
				})
				break
			}
		}
	}
}

// found reports whether the object that is written to lies where it can be taken out: it
// was found there, and not only made to be put there.
func (s *Set) found(o *use) bool {
	st, ok := o.Leaf.(*ssa.Store)
	if !ok {
		return false
	}
	return s.foundAt(o.fn, pointerOf(st.Addr), 0)
}

func (s *Set) foundAt(fn *ssa.Function, p ssa.Value, depth int) bool {
	if lookup(p) != nil {
		return true
	}
	if phi, ok := p.(*ssa.Phi); ok && depth < maxTaken {
		return slices.ContainsFunc(phi.Edges, func(e ssa.Value) bool { return s.foundAt(fn, e, depth+1) })
	}
	if ex, ok := p.(*ssa.Extract); ok {
		_, ok := ex.Tuple.(*ssa.Next)
		return ok && ex.Index == 2
	}
	param, ok := p.(*ssa.Parameter)
	if !ok || depth >= maxTaken {
		return false
	}
	i := slices.Index(fn.Params, param)
	var calls []*ssa.Call
	for _, h := range s.handings(fn) {
		calls = append(calls, h.inner...)
	}
	for _, site := range s.Pkg.Sites(fn) {
		if call, ok := site.(*ssa.Call); ok && !s.inTest(call.Parent()) {
			calls = append(calls, call)
		}
	}
	return i >= 0 && len(calls) > 0 && !slices.ContainsFunc(calls, func(c *ssa.Call) bool {
		return c.Call.IsInvoke() || i >= len(c.Call.Args) || !s.foundAt(c.Parent(), c.Call.Args[i], depth+1)
	})
}

// waitsBefore reports whether the function can have waited for something, other than a
// lock, when it gets to the instruction.
func (s *Set) waitsBefore(fn *ssa.Function, at ssa.Instruction) bool {
	return slices.ContainsFunc(s.ops(fn), func(op syncOp) bool {
		return op.acquire && op.medium != byLock && !op.deferred && after(op.at, at) && !(op.medium == byObject && ops.OfRequest(op.typ))
	})
}

// marks reports whether the function sets a field of such an object: to say, it may be,
// that it has it for itself.
func (s *Set) marks(fn *ssa.Function, st *types.Struct) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if store, ok := instr.(*ssa.Store); ok {
				if _, new := root(store.Addr).(*ssa.Alloc); new {
					continue
				}
				if fa, ok := store.Addr.(*ssa.FieldAddr); ok && structOf(fa.X.Type()) == st {
					return true
				}
			}
		}
	}
	return false
}

// readsOf reports whether it depends on a field of such an object if the instruction is
// executed: on a state in which nobody else uses it, it may be.
func readsOf(at ssa.Instruction, st *types.Struct) bool {
	for br := range conditions(at) {
		if loadsOf(br.Cond, st, 0) {
			return true
		}
	}
	return false
}

func loadsOf(v ssa.Value, st *types.Struct, depth int) bool {
	const most = 5
	if depth > most {
		return false
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if fa, ok := v.X.(*ssa.FieldAddr); ok && structOf(fa.X.Type()) == st {
			return true
		}
		return loadsOf(v.X, st, depth+1)
	case *ssa.BinOp:
		return loadsOf(v.X, st, depth+1) || loadsOf(v.Y, st, depth+1)
	case *ssa.Extract:
		return loadsOf(v.Tuple, st, depth+1)
	case *ssa.Call:
		return slices.ContainsFunc(v.Call.Args, func(a ssa.Value) bool {
			fa, ok := a.(*ssa.FieldAddr)
			return ok && structOf(fa.X.Type()) == st || structOf(a.Type()) == st || loadsOf(a, st, depth+1)
		})
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return loadsOf(e, st, depth+1) })
	}
	return false
}

// pointerOf is the pointer to the struct that a field address is in.
func pointerOf(addr ssa.Value) ssa.Value {
	for {
		fa, ok := addr.(*ssa.FieldAddr)
		if !ok {
			return nil
		}
		if _, inner := fa.X.(*ssa.FieldAddr); !inner {
			return fa.X
		}
		addr = fa.X
	}
}

// writtenUnder returns the one lock that is held at all writes of a field.
func (s *Set) writtenUnder(uses []*use) *types.Var {
	var common map[*types.Var]bool
	for _, u := range uses {
		if !u.Write || u.owned {
			continue
		}
		if u.quiet {
			return nil
		}
		here := make(map[*types.Var]bool)
		for l, mode := range u.locks {
			if mode == skeleton.Exclusive && (common == nil || common[l]) {
				here[l] = true
			}
		}
		common = here
	}
	var only *types.Var
	for l := range common {
		if only != nil {
			return nil
		}
		only = l
	}
	return only
}

// takenUnder reports where the pointer comes from, if that is an element of a map or slice
// that is looked up while the lock is held: in the function itself, or in one that it calls
// and that lets go of the lock.
func (s *Set) takenUnder(fn *ssa.Function, p ssa.Value, lock *types.Var, depth int) (at ssa.Instruction, ok bool) {
	if param, ok := p.(*ssa.Parameter); ok && depth < maxTaken {
		return s.passedOn(fn, param, lock, depth)
	}
	if field := fieldRead(p); field != nil && depth < maxTaken {
		return s.storedTaken(field, lock, depth)
	}
	if look := lookup(p); look != nil {
		return look, s.holdsAt(fn, look, lock)
	}
	index, st := 0, structOf(p.Type())
	if ex, ok := p.(*ssa.Extract); ok {
		p, index = ex.Tuple, ex.Index
	}
	call, ok := p.(*ssa.Call)
	if !ok || call.Call.IsInvoke() {
		return nil, false
	}
	callee := call.Call.StaticCallee()
	if callee == nil {
		return nil, false
	}
	if callee = skeleton.Origin(callee); callee.Blocks == nil || callee.Pkg != fn.Pkg || s.removes(callee, st, 0) || s.marks(callee, st) {
		return nil, false
	}
	if fl := s.Pkg.Locks().Of(callee); fl == nil || leavesIn(fl, lock) {
		return nil, false
	}
	var where ssa.Instruction
	found := false
	for _, b := range callee.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || index >= len(ret.Results) {
			continue
		}
		for _, v := range results(ret.Results[index]) {
			if c, ok := v.(*ssa.Const); ok && c.IsNil() {
				continue
			}
			look := lookup(v)
			if look == nil {
				look = s.madeThere(callee, v)
			}
			if look == nil || !s.holdsAt(callee, look, lock) {
				return nil, false
			}
			if _, put := look.(*ssa.MapUpdate); !put || where == nil {
				where = look
			}
			found = true
		}
	}
	return where, found
}

// madeThere returns what puts an object into a map that had none, when it is made to be returned
// by who looked for it.
func (s *Set) madeThere(fn *ssa.Function, v ssa.Value) ssa.Instruction {
	r := s.Pkg.Access.Of(v)
	if _, made := r.Value.(*ssa.Alloc); !made || ownerFunc(r) != fn {
		return nil
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			put, ok := instr.(*ssa.MapUpdate)
			if ok && !s.puts(put, r).IsZero() && s.fills(put) {
				return put
			}
		}
	}
	return nil
}

// maxTaken bounds how many calls down what was taken out is followed.
const maxTaken = 2

// passedOn is takenUnder of what the callers pass, all of them: one that has its object from
// elsewhere can know when nobody writes it.
func (s *Set) passedOn(fn *ssa.Function, param *ssa.Parameter, lock *types.Var, depth int) (at ssa.Instruction, ok bool) {
	i := slices.Index(fn.Params, param)
	if i < 0 || s.exported(fn) || s.Pkg.UsedAsValue(fn) {
		return nil, false
	}
	for _, site := range s.Pkg.Sites(fn) {
		caller := site.Parent()
		if s.inTest(caller) {
			continue
		}
		call, plain := site.(*ssa.Call)
		c := s.contexts[caller]
		if !plain || call.Call.IsInvoke() || i >= len(call.Call.Args) || c == nil || c.quiet {
			return nil, false
		}
		if _, held := c.held[lock]; held || s.holdsAt(caller, call, lock) {
			continue
		}
		if !c.api && len(c.by) == 0 && !s.ofRequests()[caller] {
			continue // nobody calls it
		}
		taken, ok := s.takenUnder(caller, call.Call.Args[i], lock, depth+1)
		if !ok || s.waitsBefore(caller, call) || s.removes(caller, structOf(param.Type()), 0) {
			return nil, false
		}
		at = taken
	}
	return at, at != nil
}

// results lists what a result can be: in a function that defers, it is kept in a variable.
func results(v ssa.Value) []ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return []ssa.Value{v}
	}
	cell, ok := load.X.(*ssa.Alloc)
	if !ok {
		return []ssa.Value{v}
	}
	var list []ssa.Value
	for _, r := range *cell.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			list = append(list, r.Val)
		case *ssa.UnOp:
		default:
			return []ssa.Value{v} // a closure sets it
		}
	}
	return list
}

// lookup returns the instruction that takes v out of a map or slice in a field or
// variable, nil when it comes from elsewhere.
func lookup(v ssa.Value) ssa.Instruction {
	if ex, ok := v.(*ssa.Extract); ok {
		if ex.Index != 0 {
			return nil
		}
		v = ex.Tuple
	}
	var from ssa.Value
	var at ssa.Instruction
	switch x := v.(type) {
	case *ssa.Lookup:
		from, at = x.X, x
	case *ssa.UnOp:
		elem, ok := x.X.(*ssa.IndexAddr)
		if !ok || x.Op != token.MUL {
			return nil
		}
		from, at = elem.X, x
	default:
		return nil
	}
	if !kept(from) {
		return nil
	}
	return at
}

// kept reports whether a map or slice is that of a field or package variable.
func kept(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	switch load.X.(type) {
	case *ssa.FieldAddr, *ssa.Global:
		return true
	}
	return false
}

// removes reports whether the function, or one of the package that it calls, takes elements
// out of a map or slice, or puts others in the place of such objects: what it took out then
// is its own.
func (s *Set) removes(fn *ssa.Function, st *types.Struct, depth int) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case ssa.CallInstruction:
				common := instr.Common()
				if bi, ok := common.Value.(*ssa.Builtin); ok && (bi.Name() == "delete" || bi.Name() == "clear") {
					return true
				}
				if f := common.StaticCallee(); f != nil && depth < maxTaken {
					if f = skeleton.Origin(f); f.Pkg == fn.Pkg && s.removes(f, st, depth+1) {
						return true
					}
				}
			case *ssa.MapUpdate:
				if reference(instr.Value.Type()) && kept(instr.Map) && !ofOther(instr.Value.Type(), st) && !s.fills(instr) {
					return true
				}
			case *ssa.Store:
				if _, local := root(instr.Addr).(*ssa.Alloc); local {
					continue
				}
				if elem, ok := instr.Addr.(*ssa.IndexAddr); ok && reference(instr.Val.Type()) && kept(elem.X) {
					return true
				}
				switch instr.Val.Type().Underlying().(type) {
				case *types.Slice, *types.Map:
					return true
				}
			}
		}
	}
	return false
}

// ofOther reports whether the type is that of a pointer to a struct, and not to st.
func ofOther(t types.Type, st *types.Struct) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	other := structOf(p)
	return st != nil && other != nil && other != st
}

func (s *Set) holdsAt(fn *ssa.Function, at ssa.Instruction, lock *types.Var) bool {
	held, known := s.heldAt(fn, at)
	_, ok := classes(held)[lock]
	return known && ok
}

// leavesIn reports whether the function can return with the lock locked.
func leavesIn(fl *skeleton.FuncLocks, lock *types.Var) bool {
	for _, e := range fl.Exits {
		if _, ok := classes(e.Held)[lock]; ok {
			return true
		}
	}
	return false
}

// ownerOf is the name of the type that a lock is a field of, with a dot.
func (s *Set) ownerOf(lock *types.Var) string {
	if !lock.IsField() {
		return ""
	}
	scope := s.Pass.Pkg.Scope()
	for _, name := range scope.Names() {
		if tn, ok := scope.Lookup(name).(*types.TypeName); ok {
			if st, ok := tn.Type().Underlying().(*types.Struct); ok {
				for f := range st.Fields() {
					if lockIn(f, 0) == lock {
						return name + "."
					}
				}
			}
		}
	}
	return ""
}
