package skeleton

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A key is a function value whose call releases a lock that is held: what lock
// returns in unlock := t.lock(). The function that locks hands it to its caller,
// and has no lock to account for any more; in the caller the lock is held until
// the key is called, on this path. When a key gets to where its call is not seen,
// into a goroutine, a field, an argument, the lock is forgotten: a call of it is
// then somebody else's. The questions here are of may: a variable that can be the
// key is it on the paths that hold the lock.

// Key is the value of the key, nil when the call drops it.
func (h *Held) Key() ssa.Value {
	call, ok := h.At.(*ssa.Call)
	if !ok || h.Result == 0 {
		return nil
	}
	return extract(call, h.Result)
}

// MakesKey reports whether the closure goes nowhere but to the function's caller,
// for whom it is the key of a lock.
func (fl *FuncLocks) MakesKey(mc *ssa.MakeClosure) bool { return fl != nil && fl.Keys[mc] }

// keys returns the locks with a key that the value can be, or can run.
func (ex *explorer) keys(s *state, v ssa.Value) (list []Held) {
	if v == nil {
		return nil
	}
	for i := range s.held {
		if k := s.held[i].Key(); k != nil && ex.names(k)[v] {
			list = append(list, s.held[i])
		}
	}
	return list
}

// names returns the values that can be the key, or a function that can call it,
// and the variables that hold such.
func (ex *explorer) names(key ssa.Value) map[ssa.Value]bool {
	if set, ok := ex.named[key]; ok {
		return set
	}
	set := make(map[ssa.Value]bool)
	ex.named[key] = set
	work := []ssa.Value{key}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if set[v] || v.Referrers() == nil {
			continue
		}
		set[v] = true
		_, variable := v.(*ssa.Alloc)
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Phi:
				work = append(work, ref)
			case *ssa.ChangeType:
				work = append(work, ref)
			case *ssa.MakeClosure:
				work = append(work, ref)
			case *ssa.UnOp:
				if variable {
					work = append(work, ref)
				}
			case *ssa.Call:
				if ex.once(ref) == v {
					work = append(work, ref)
				}
			case *ssa.Store:
				if a, ok := ref.Addr.(*ssa.Alloc); ok && ref.Val == v {
					work = append(work, a)
				}
			}
		}
	}
	return set
}

// once returns what sync.OnceFunc was given to make the value, or nil.
func (ex *explorer) once(v *ssa.Call) ssa.Value {
	if op, _ := ex.p.Op(&v.Call); op.Kind == ops.OnceFunc {
		return FuncArg(&v.Call, op)
	}
	return nil
}

// passOn forgets the locks whose keys the instruction gives away.
func (ex *explorer) passOn(s *state, instr ssa.Instruction) {
	if !slices.ContainsFunc(s.held, func(h Held) bool { return h.Result > 0 }) {
		return
	}
	switch instr := instr.(type) {
	case *ssa.Phi, *ssa.ChangeType, *ssa.UnOp, *ssa.BinOp, *ssa.If, *ssa.Extract, *ssa.MakeClosure, *ssa.DebugRef:
		return // another name of it, or a look at it
	case *ssa.Call, *ssa.Defer, *ssa.Return:
		return // see turn and keep
	case *ssa.Store:
		if a, ok := instr.Addr.(*ssa.Alloc); ok && !ex.lookedInto(a, instr) {
			return
		}
	}
	var space [8]*ssa.Value
	for _, op := range instr.Operands(space[:0]) {
		for _, h := range ex.keys(s, *op) {
			ex.forget(s, h.Ref)
		}
	}
}

// lookedInto reports whether the variable is used by code that is not seen to run
// and may have been started before the store.
func (ex *explorer) lookedInto(a *ssa.Alloc, st *ssa.Store) bool {
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != a {
				return true
			}
		case *ssa.MakeClosure:
			if !precedes(st, ref) && ex.escapes(ref, 0) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// precedes reports whether a runs before b whenever b does.
func precedes(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return a.Block().Dominates(b.Block())
	}
	list := a.Block().Instrs
	return slices.Index(list, a) < slices.Index(list, b)
}

// turn applies a call to the keys that are called in it or given to it. It
// reports whether the called value is a key.
func (ex *explorer) turn(s *state, call ssa.CallInstruction, op ops.Op) bool {
	if !slices.ContainsFunc(s.held, func(h Held) bool { return h.Result > 0 }) {
		return false
	}
	common := call.Common()
	called := false
	if !common.IsInvoke() {
		list := ex.keys(s, common.Value)
		for _, h := range list {
			ex.release(s, h, call)
		}
		_, closure := common.Value.(*ssa.MakeClosure)
		called = len(list) > 0 && !closure && len(ex.bound[call]) == 0
	}
	if op.Kind == ops.OnceFunc {
		return called // another name of it
	}
	for _, arg := range common.Args {
		for _, h := range ex.keys(s, arg) {
			if runsNow(op.Kind) || op.Kind == ops.None && ex.onlyCalls(call, arg) {
				ex.release(s, h, call)
			} else {
				ex.forget(s, h.Ref)
			}
		}
	}
	return called
}

// release releases a lock by its key.
func (ex *explorer) release(s *state, h Held, at ssa.Instruction) {
	i := slices.Index(s.held, h)
	if i < 0 {
		return
	}
	s.held = slices.Delete(s.held, i, i+1)
	ex.released(h, at)
	if !slices.Contains(ex.out.Keyed[h.At], at) {
		ex.out.Keyed[h.At] = append(ex.out.Keyed[h.At], at)
	}
	ex.forgetShared(s)
}

// released notes that what an instruction took is released at another.
func (ex *explorer) released(h Held, at ssa.Instruction) {
	if !slices.Contains(ex.out.Released[h.At], at) {
		ex.out.Released[h.At] = append(ex.out.Released[h.At], at)
	}
}

// keep takes the locks out of a returning state whose keys are returned. It
// reports whether all that the result can be is known.
func (ex *explorer) keep(s *state, ret *ssa.Return, result int) (kept []Effect, known bool) {
	v := ret.Results[result]
	if _, ok := v.Type().Underlying().(*types.Signature); !ok {
		return nil, true
	}
	var refs []*access.Ref
	known = ex.releasedBy(v, &refs, make(map[ssa.Value]bool))
	with := ex.keys(s, v)
	for _, h := range slices.Clone(s.held) {
		if h.Stale || !ex.releases(s, refs, h.Ref) && !slices.Contains(with, h) || ex.otherKeys(s, ret, result, h) {
			continue
		}
		kept = append(kept, Effect{Ref: h.Ref, Mode: h.Mode, Result: result + 1, Nameless: h.Nameless})
		s.held = slices.DeleteFunc(s.held, func(o Held) bool { return o == h })
		ex.released(h, ret)
		ex.out.Kept[h.Ref] = true
	}
	for _, r := range refs {
		ex.id(r)
		ex.offered[r] = true
	}
	return kept, known || len(with) > 0
}

// releases reports whether a lock that is held is one of those released: by the same
// name or, as for an unlock here, by one that can mean it while none is held by that name.
func (ex *explorer) releases(s *state, refs []*access.Ref, held *access.Ref) bool {
	return slices.ContainsFunc(refs, func(r *access.Ref) bool {
		return r == held || similar(r, held) && !slices.ContainsFunc(s.held, func(h Held) bool { return h.Ref == r })
	})
}

// otherKeys reports whether the caller can release the lock by something else that
// it is returned: a second function, or an object made here.
func (ex *explorer) otherKeys(s *state, ret *ssa.Return, result int, h Held) bool {
	for i, v := range ret.Results {
		if i == result {
			continue
		}
		if _, ok := v.Type().Underlying().(*types.Signature); !ok {
			if ex.madeFor(v, h.Ref, 0) && ex.resultOf(ret, h.Ref) == 0 {
				return true
			}
			continue
		}
		var refs []*access.Ref
		if !ex.releasedBy(v, &refs, make(map[ssa.Value]bool)) || slices.Contains(refs, h.Ref) || slices.Contains(ex.keys(s, v), h) {
			return true
		}
	}
	return false
}

// resultOf returns the result, counted from one, that the lock is in: a field of
// it, or of a field. It is 0 when there is none, and when the caller has given what
// it is in.
func (ex *explorer) resultOf(instr ssa.Instruction, lock *access.Ref) int {
	root := lock
	for root.Kind == access.Field {
		root = root.Base
	}
	ret, ok := instr.(*ssa.Return)
	if !ok || root == lock || root.Kind == access.Param || root.Kind == access.Global {
		return 0
	}
	return slices.IndexFunc(ret.Results, func(v ssa.Value) bool { return ex.p.Access.Of(v) == root }) + 1
}

// ofResult rewrites an effect on a lock in the caller's terms that the caller cannot
// name by what it has given: as that path of fields in a result of the call or, if
// there is none, as the lock without a name whose key the call has returned.
func (p *Package) ofResult(site ssa.CallInstruction, e Effect, path []*types.Var) Effect {
	out := Effect{Mode: e.Mode, Result: e.Result, Nameless: true}
	call, ok := site.(*ssa.Call)
	if !ok {
		out.Ref = p.Access.Root(site.Common().Value)
		return out
	}
	if x := extract(call, e.Of); x != nil && len(path) > 0 {
		out.Nameless = false
		out.Ref = p.Access.Of(x)
		for _, f := range path {
			out.Ref = p.Access.Field(out.Ref, f)
		}
		return out
	}
	out.Ref = p.Access.Root(call)
	return out
}

// extract returns the value of a result, counted from one, nil when it is not used.
func extract(call *ssa.Call, result int) ssa.Value {
	if call.Call.Signature().Results().Len() == 1 {
		return call
	}
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == result-1 {
			return x
		}
	}
	return nil
}

// releasedBy lists the locks that a call of the function value releases, on some
// path, and reports whether all is known that the value can be.
func (ex *explorer) releasedBy(v ssa.Value, refs *[]*access.Ref, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return true
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Const:
		return v.IsNil()
	case *ssa.ChangeType:
		return ex.releasedBy(v.X, refs, seen)
	case *ssa.Phi:
		known := true
		for _, e := range v.Edges {
			known = ex.releasedBy(e, refs, seen) && known
		}
		return known
	case *ssa.Call:
		if f := ex.once(v); f != nil {
			return ex.releasedBy(f, refs, seen)
		}
	case *ssa.UnOp:
		a := ex.p.Access.Cell(v.X)
		if v.Op != token.MUL || a == nil || a.Parent() != ex.fn {
			return false
		}
		known := true
		for _, ref := range *a.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Store:
				known = ref.Addr == a && ex.releasedBy(ref.Val, refs, seen) && known
			case *ssa.MakeClosure, *ssa.UnOp, *ssa.DebugRef:
			default:
				known = false
			}
		}
		return known
	case *ssa.Function:
		*refs = append(*refs, ex.leavesReleased(&target{fn: Origin(v)})...)
		return true
	case *ssa.MakeClosure:
		if r, _ := ex.p.unlocks(v); r != nil {
			*refs = append(*refs, r)
			return true
		}
		t := ex.p.debind(target{fn: Origin(v.Fn.(*ssa.Function)), mc: v})
		*refs = append(*refs, ex.leavesReleased(&t)...)
		return true
	}
	return false
}

// unlocks returns the lock that a method value releases, nil when v is none.
func (p *Package) unlocks(v ssa.Value) (*access.Ref, Mode) {
	if v == nil {
		return nil, Exclusive
	}
	mc := p.closure(v, 0)
	if mc == nil || len(mc.Bindings) != 1 {
		return nil, Exclusive
	}
	op := ops.Of(Declared(mc.Fn.(*ssa.Function)))
	if op.Kind != ops.Unlock && op.Kind != ops.RUnlock {
		return nil, Exclusive
	}
	return side(p.Access.Of(mc.Bindings[0]), lockMode(op.Kind))
}

// leavesReleased returns the locks that the function has released on one of the
// ways in which it returns.
func (ex *explorer) leavesReleased(t *target) (refs []*access.Ref) {
	fl := ex.ls.explore(t.fn)
	if fl == nil {
		return nil
	}
	for _, e := range ex.p.inTermsOf(t, &Summary{Exits: fl.Summary.Exits}).Exits {
		for _, f := range e.Effects {
			if f.Release {
				refs = append(refs, f.Ref)
			}
		}
	}
	return refs
}

// onlyReturned reports whether a closure goes nowhere but into calls in this
// function and, by its returns, to its caller.
func (ex *explorer) onlyReturned(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return true
	}
	seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.Return, *ssa.BinOp:
		case *ssa.Call, *ssa.Defer:
			call := ref.(ssa.CallInstruction)
			if !slices.Contains(call.Common().Args, v) {
				continue
			}
			op, _ := ex.p.Op(call.Common())
			if c, ok := ref.(*ssa.Call); ok && ex.once(c) != nil {
				if !ex.onlyReturned(c, seen) {
					return false
				}
			} else if !runsNow(op.Kind) && (op.Kind != ops.None || !ex.onlyCalls(call, v)) {
				return false
			}
		case *ssa.ChangeType:
			if !ex.onlyReturned(ref, seen) {
				return false
			}
		case *ssa.Phi:
			if !ex.onlyReturned(ref, seen) {
				return false
			}
		case *ssa.MakeClosure: // of the variable's value
			if !ex.onlyReturned(ref, seen) {
				return false
			}
		case *ssa.Store:
			a, ok := ref.Addr.(*ssa.Alloc)
			if !ok || ref.Val != v || !ex.onlyReturnedFrom(a, seen) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// onlyReturnedFrom is onlyReturned of what the variable holds.
func (ex *explorer) onlyReturnedFrom(a *ssa.Alloc, seen map[ssa.Value]bool) bool {
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != a {
				return false
			}
		case *ssa.UnOp:
			if ref.Op != token.MUL || !ex.onlyReturned(ref, seen) {
				return false
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == a && ex.cellEscapes(ref.Fn.(*ssa.Function).FreeVars[i], 3) {
					return false
				}
			}
			if ex.p.Access.StoredOnce(a) == nil && calledHere(ref) || !ex.onlyReturned(ref, seen) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// calledHere reports whether the closure is called, or deferred, where it is made: what it calls
// by a variable that is set several times is not known.
func calledHere(mc *ssa.MakeClosure) bool {
	return slices.ContainsFunc(*mc.Referrers(), func(ref ssa.Instruction) bool {
		call, ok := ref.(ssa.CallInstruction)
		return ok && call.Common().Value == mc
	})
}
