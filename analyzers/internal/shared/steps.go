package shared

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file is about what takes two steps, each under the lock: by helpers that lock for
// themselves, and for values that are computed from what was read before.

// A setting is what a helper does that stores what it is given, under a lock that it takes itself.
type setting struct {
	run   run
	ref   *access.Ref // the variable, in the caller's terms
	key   ssa.Value   // of a map's entry, in the caller
	val   ssa.Value
	locks skeleton.Held // in the helper's terms
}

// settingOf returns what the call stores, if the called function does nothing to the variable but that.
func (s *Set) settingOf(call *ssa.Call) (found setting, ok bool) {
	if call.Call.IsInvoke() {
		return setting{}, false
	}
	runs := s.runs(call)
	if len(runs) != 1 || runs[0].any || len(runs[0].fn.Blocks) > 3 || runs[0].fn.Parent() != nil {
		return setting{}, false
	}
	callee := runs[0]
	arg := func(v ssa.Value) ssa.Value {
		if p, ok := plainValue(v).(*ssa.Parameter); ok {
			if i := slices.Index(callee.fn.Params, p); i >= 0 && i < len(callee.args) {
				return callee.args[i]
			}
		}
		return nil
	}
	var at ssa.Instruction
	var in *access.Ref
	for _, b := range callee.fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				r, _ := s.location(instr.Addr)
				if v := arg(instr.Val); r != nil && v != nil && r.Base != nil {
					if at != nil {
						return setting{}, false
					}
					at, in, found.val = instr, r, v
				}
			case *ssa.MapUpdate:
				r := s.Pkg.Access.Of(instr.Map)
				v := arg(instr.Value)
				if v == nil || !s.sharable(r) || at != nil {
					return setting{}, false
				}
				at, in, found.val, found.key = instr, r, v, arg(instr.Key)
				if found.key == nil {
					found.key = givenPart(instr.Key, v, callee)
				}
				if found.key == nil {
					return setting{}, false
				}
			case *ssa.If:
				return setting{}, false // it decides for itself
			}
		}
	}
	if at == nil {
		return setting{}, false
	}
	for _, a := range s.list(callee.fn) {
		if a.Ref == in && !a.Write && !s.loadsFor(a.Leaf, at) {
			return setting{}, false
		}
	}
	if found.locks, ok = s.soleLock(callee.fn, at); !ok {
		return setting{}, false
	}
	found.run = callee
	found.ref = s.translate(callee, in)
	return found, found.ref != nil
}

// turns reports whether the instruction is in a loop that receives something in each turn: mostly
// one goroutine runs that, and nobody else does what it does.
func turns(at ssa.Instruction) bool {
	for _, b := range at.Parent().Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Select:
			case *ssa.UnOp:
				if instr.Op != token.ARROW {
					continue
				}
			default:
				continue
			}
			if after(instr, at) && after(at, instr) {
				return true
			}
		}
	}
	return false
}

// loadsFor reports whether the instruction only loads the map that is updated.
func (s *Set) loadsFor(load, at ssa.Instruction) bool {
	v, ok := load.(*ssa.UnOp)
	up, update := at.(*ssa.MapUpdate)
	return ok && update && up.Map == ssa.Value(v)
}

// givenPart returns what the caller has stored in the field of a new object that the helper
// takes for the key: the name of what it is given.
func givenPart(key, arg ssa.Value, callee run) ssa.Value {
	load, ok := key.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	p, ok := fa.X.(*ssa.Parameter)
	if !ok {
		return nil
	}
	i := slices.Index(callee.fn.Params, p)
	if i < 0 || i >= len(callee.args) || callee.args[i] != arg {
		return nil
	}
	made, ok := arg.(*ssa.Alloc)
	if !ok {
		return nil
	}
	for _, r := range *made.Referrers() {
		if f, ok := r.(*ssa.FieldAddr); ok && f.Field == fa.Field {
			for _, w := range *f.Referrers() {
				if st, ok := w.(*ssa.Store); ok && st.Addr == f {
					return st.Val
				}
			}
		}
	}
	return nil
}

// stepGap looks at a call of a helper that stores an entry: is it under a condition on a look-up of
// that entry, by another helper that locks for itself?
func (s *Set) stepGap(fn *ssa.Function, act *ssa.Call) {
	if !s.unlocked(fn, act) {
		return
	}
	set, ok := s.settingOf(act)
	if !ok || set.ref.Base != nil && s.owns(fn, set.ref.Base) || s.inTurn(fn) || !s.manyCallers(fn) {
		return
	}
	lock := s.translate(set.run, set.locks.Ref)
	if lock == nil {
		return
	}
	gap := Gap{Kind: LetGo, Act: act, Name: set.ref.String(), Lock: lock.String()}
	if turns(act) {
		return
	}
	if read := s.basedOn(fn, set.val, set.ref, set.key, lock, 0); read != nil && read.Block().Dominates(act.Block()) && !s.keptApart(fn, read) {
		gap.Check, gap.Computed = read, true
		s.gaps = append(s.gaps, gap)
		return
	}
	if set.key == nil || !unique(set.val) {
		return
	}
	for br := range conditions(act) {
		check, ok := s.read(br.Cond, set.ref, set.key, 0).(*ssa.Call)
		if ok && check.Block().Dominates(act.Block()) && s.unlocked(fn, check) && !s.keptApart(fn, check) && s.heldWithin(check, set.ref, set.key, lock) {
			gap.Check = check
			s.gaps = append(s.gaps, gap)
			return
		}
	}
}

// updateGap looks at a write under a lock of what is computed from the variable as it was under an
// earlier hold: what others have written in between is lost.
func (s *Set) updateGap(fn *ssa.Function, act ssa.Instruction, r *access.Ref, key, val ssa.Value) {
	lock, ok := s.soleLock(fn, act)
	if !ok || s.inTurn(fn) || !s.manyCallers(fn) || s.ownVariable(fn, r) {
		return
	}
	read := s.basedOn(fn, val, r, key, lock.Ref, 0)
	if read == nil || turns(act) || !read.Block().Dominates(act.Block()) || s.sameHold(fn, read, lock) || s.keptApart(fn, read) || comparesAfter(lock.At, act) || s.readUnder(fn, r, key, lock, act) {
		return
	}
	s.gaps = append(s.gaps, Gap{Kind: LetGo, Check: read, Act: act, Name: r.String(), Lock: lock.Ref.String(), Computed: true})
}

// maxBased bounds the operations between what was read and what is stored.
const maxBased = 4

// basedOn returns the read of the variable, or of its entry, that the value is computed from, if
// that was made under the lock, which has been let go since.
func (s *Set) basedOn(fn *ssa.Function, v ssa.Value, r *access.Ref, key ssa.Value, lock *access.Ref, depth int) ssa.Instruction {
	if depth > maxBased {
		return nil
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		switch v.Op {
		case token.ADD, token.SUB, token.MUL, token.OR, token.AND, token.AND_NOT, token.XOR:
		default:
			return nil
		}
		if x := s.readOf(fn, v.X, r, key, lock); x != nil {
			return x
		}
		if x := s.readOf(fn, v.Y, r, key, lock); x != nil {
			return x
		}
		if x := s.basedOn(fn, v.X, r, key, lock, depth+1); x != nil {
			return x
		}
		return s.basedOn(fn, v.Y, r, key, lock, depth+1)
	case *ssa.Convert:
		return s.basedOn(fn, v.X, r, key, lock, depth+1)
	case *ssa.ChangeType:
		return s.basedOn(fn, v.X, r, key, lock, depth+1)
	case *ssa.Call:
		b, builtin := v.Call.Value.(*ssa.Builtin)
		if builtin && b.Name() != "append" || v.Call.IsInvoke() || !builtin && v.Call.StaticCallee() == nil {
			return nil
		}
		for _, a := range v.Call.Args {
			if !types.Identical(a.Type(), v.Type()) {
				continue
			}
			if x := s.readOf(fn, a, r, key, lock); x != nil {
				return x
			}
			if x := s.basedOn(fn, a, r, key, lock, depth+1); x != nil {
				return x
			}
		}
	}
	return nil
}

// readOf returns the read that a value is, of the variable or its entry under the lock.
func (s *Set) readOf(fn *ssa.Function, v ssa.Value, r *access.Ref, key ssa.Value, lock *access.Ref) ssa.Instruction {
	if ex, ok := v.(*ssa.Extract); ok && ex.Index == 0 {
		v = ex.Tuple
	}
	read := s.read(v, r, key, 3)
	if read == nil {
		if call, ok := v.(*ssa.Call); ok && key == nil && s.getterOf(call, r, lock) && s.unlocked(fn, call) {
			return call
		}
		return nil
	}
	if call, ok := read.(*ssa.Call); ok {
		if s.unlocked(fn, call) && s.heldWithin(call, r, key, lock) {
			return read
		}
		return nil
	}
	held, known := s.Pkg.Locks().Of(fn).HeldAt(read)
	if known && slices.ContainsFunc(held, func(h skeleton.Held) bool { return h.Ref == lock && !h.Stale }) {
		return read
	}
	return nil
}

// getterOf reports whether the called function returns the variable as it is under the lock,
// which it takes itself.
func (s *Set) getterOf(call *ssa.Call, r, lock *access.Ref) bool {
	if call.Call.IsInvoke() {
		return false
	}
	runs := s.runs(call)
	if len(runs) != 1 || runs[0].any || len(runs[0].fn.Blocks) > 2 {
		return false
	}
	callee := runs[0]
	for _, b := range callee.fn.Blocks {
		for _, instr := range b.Instrs {
			load, ok := instr.(*ssa.UnOp)
			if !ok || load.Op != token.MUL || !returned(load, 0) {
				continue
			}
			in, _ := s.location(load.X)
			if in == nil || s.translate(callee, in) != r {
				continue
			}
			held, known := s.Pkg.Locks().Of(callee.fn).HeldAt(load)
			return known && slices.ContainsFunc(held, func(h skeleton.Held) bool { return s.translate(callee, h.Ref) == lock })
		}
	}
	return false
}
