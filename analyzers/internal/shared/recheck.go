package shared

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// lockGap looks at a write under a lock: is it under a condition on a read of
// the same variable that was made without the lock, or under an earlier hold of
// it? key is the key of a map's entry.
func (s *Set) lockGap(fn *ssa.Function, act ssa.Instruction, r *access.Ref, key, val ssa.Value) {
	lock, ok := s.soleLock(fn, act)
	if !ok || s.ownVariable(fn, r) {
		return
	}
	var effect ssa.Instruction
	second := false
	for br, truth := range conditions(act) {
		check := s.read(br.Cond, r, key, 0)
		if check == nil || !check.Block().Dominates(act.Block()) {
			continue
		}
		at, known := s.Pkg.Locks().Of(fn).HeldAt(check)
		if !known {
			return
		}
		if call, ok := check.(*ssa.Call); ok {
			if len(at) == 0 && key != nil && unique(val) && !s.inTurn(fn) && s.manyCallers(fn) && !s.keptApart(fn, call) && !comparesAfter(lock.At, act) && s.heldWithin(call, r, key, lock.Ref) && !s.readUnder(fn, r, key, lock, act) {
				s.gaps = append(s.gaps, Gap{Kind: LetGo, Check: check, Act: act, Name: r.String(), Lock: lock.Ref.String()})
			}
			return
		}
		if len(at) == 0 {
			// Without any lock it is a race, whatever comes later.
			if key == nil && s.manyCallers(fn) && !s.excused(check) && (second || s.writtenElsewhere(fn, r)) {
				s.gaps = append(s.gaps, Gap{Kind: Unlocked, Check: check, Act: act, Name: r.String(), Lock: lock.Ref.String(), Second: second})
			}
			return
		}
		if at[0].Ref != lock.Ref {
			return
		}
		if at[0].At == lock.At {
			second = true
			continue
		}
		if second {
			return
		}
		if e := effectUnder(br, truth); e != nil {
			effect = e
		}
		if s.reserved(fn, check, at[0]) {
			return
		}
		if key == nil && counts(act, check) && limited(br.Cond, check) && !s.limitedAfter(fn, act, r) {
			s.gaps = append(s.gaps, Gap{Kind: LetGo, Check: check, Act: act, Name: r.String(), Lock: lock.Ref.String(), Limit: true})
			return
		}
		if key != nil && (!s.manyCallers(fn) || s.keptApart(fn, check) || comparesAfter(lock.At, act)) {
			return
		}
		if key != nil && unique(val) || effect != nil && key == nil {
			if !s.readUnder(fn, r, key, lock, act) {
				s.gaps = append(s.gaps, Gap{Kind: LetGo, Check: check, Act: act, Name: r.String(), Lock: lock.Ref.String(), Effect: effect})
			}
		}
		return
	}
}

// soleLock is the one lock that the function holds at the instruction, if it holds that exclusively.
func (s *Set) soleLock(fn *ssa.Function, at ssa.Instruction) (lock skeleton.Held, ok bool) {
	held, known := s.Pkg.Locks().Of(fn).HeldAt(at)
	if !known || len(held) != 1 || held[0].Mode != skeleton.Exclusive || held[0].Stale {
		return skeleton.Held{}, false
	}
	return held[0], true
}

// ownVariable reports whether the variable is the function's own, or in an object that nobody else
// has yet.
func (s *Set) ownVariable(fn *ssa.Function, r *access.Ref) bool {
	root := r.Root()
	return root.Kind == access.Alloc && root.Value.Parent() == fn || r.Base != nil && s.owns(fn, r.Base)
}

// reserved reports whether something is written after the check while the lock is
// still held: that can tell the next one that this one is at it.
func (s *Set) reserved(fn *ssa.Function, check ssa.Instruction, lock skeleton.Held) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if _, own := root(instr.Addr).(*ssa.Alloc); own {
					continue
				}
			case *ssa.MapUpdate:
			default:
				continue
			}
			if !after(check, instr) {
				continue
			}
			if s.sameHold(fn, instr, lock) {
				return true
			}
		}
	}
	return false
}

// sameHold reports whether the instruction is under the same hold of the lock.
func (s *Set) sameHold(fn *ssa.Function, instr ssa.Instruction, lock skeleton.Held) bool {
	held, _ := s.Pkg.Locks().Of(fn).HeldAt(instr)
	return slices.ContainsFunc(held, func(h skeleton.Held) bool { return h.Ref == lock.Ref && h.At == lock.At })
}

// unique reports whether it matters which of two equal values others have: that
// of two caches of what cannot change does not, nor of two empty pools; that of two connections
// does.
func unique(v ssa.Value) bool {
	if closes(v) {
		return true // nobody closes the one that is replaced
	}
	t := plainValue(v).Type()
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return true
	case *types.Pointer:
		return signalsIn(u.Elem(), 0)
	}
	return false
}

// closes reports whether the value has a method Close.
func closes(v ssa.Value) bool {
	m, _, _ := types.LookupFieldOrMethod(plainValue(v).Type(), true, nil, "Close")
	return m != nil
}

func signalsIn(t types.Type, depth int) bool {
	if ops.IsPool(t) {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return true
	case *types.Struct:
		if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && ops.Concerns(n.Obj().Pkg()) {
			return true
		}
		for f := range u.Fields() {
			if depth < 2 && signalsIn(f.Type(), depth+1) {
				return true
			}
		}
	}
	return false
}

// writtenElsewhere reports whether another function writes the variable.
func (s *Set) writtenElsewhere(fn *ssa.Function, r *access.Ref) bool {
	class := r.Class()
	for _, other := range s.Pkg.Funcs {
		if skeleton.Outermost(other) == skeleton.Outermost(fn) || s.inTest(other) {
			continue
		}
		for _, b := range other.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok || s.Pkg.Access.Of(st.Addr).Class() != class {
					continue
				}
				if w := s.Pkg.Access.Of(st.Addr); w.Base == nil || !s.owns(other, w.Base) {
					return true
				}
			}
		}
	}
	return false
}

// manyCallers reports whether several goroutines can run the function.
func (s *Set) manyCallers(fn *ssa.Function) bool {
	c := s.contexts[fn]
	for g := range c.by {
		if s.startedOften(g) {
			return true
		}
	}
	return c.api || len(c.by) > 1
}

// read returns the read of r, or of its entry for key, that a condition is on.
func (s *Set) read(v ssa.Value, r *access.Ref, key ssa.Value, depth int) ssa.Instruction {
	if depth > 3 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		if x := s.read(v.X, r, key, depth+1); x != nil {
			return x
		}
		return s.read(v.Y, r, key, depth+1)
	case *ssa.UnOp:
		if v.Op == token.NOT {
			return s.read(v.X, r, key, depth+1)
		}
		if v.Op == token.MUL && key == nil {
			if at, _ := s.location(v.X); at == r {
				return v
			}
		}
	case *ssa.Extract:
		return s.read(v.Tuple, r, key, depth+1)
	case *ssa.Lookup:
		if key != nil && s.Pkg.Access.Of(v.X) == r && s.sameValue(v.Index, key) {
			return v
		}
	case *ssa.Call:
		if look, _ := s.lookupWithin(v, r, key); look != nil {
			return v
		}
	}
	return nil
}

// lookupWithin returns the look-up of r's entry for key that the called function makes for its
// caller, and the run of it.
func (s *Set) lookupWithin(call *ssa.Call, r *access.Ref, key ssa.Value) (*ssa.Lookup, run) {
	if key == nil || call.Call.IsInvoke() {
		return nil, run{}
	}
	runs := s.runs(call)
	if len(runs) != 1 || runs[0].any || len(runs[0].fn.Blocks) > 3 {
		return nil, run{}
	}
	callee := runs[0]
	for _, b := range callee.fn.Blocks {
		for _, instr := range b.Instrs {
			look, ok := instr.(*ssa.Lookup)
			if !ok || s.translate(callee, s.Pkg.Access.Of(look.X)) != r {
				continue
			}
			p, ok := look.Index.(*ssa.Parameter)
			if !ok {
				continue
			}
			if i := slices.Index(callee.fn.Params, p); i < len(callee.args) && s.sameValue(callee.args[i], key) && returnsOf(look) {
				return look, callee
			}
		}
	}
	return nil, run{}
}

// inTurn reports whether the function is a literal that a Once or a flight runs: then no two
// of its runs are at one time, for one key.
func (s *Set) inTurn(fn *ssa.Function) bool {
	return s.literalGiven(fn, func(_ ssa.CallInstruction, kind ops.Kind) bool {
		return kind == ops.OnceDo || kind == ops.FlightDo || kind == ops.FlightDoChan
	})
}

// keptApart reports whether something before the check may keep other runs of the function out
// until it is over: another lock, under whatever name, a channel, a semaphore.
func (s *Set) keptApart(fn *ssa.Function, check ssa.Instruction) bool {
	starts := func(at ssa.Instruction) bool {
		_, ok := at.(*ssa.Go)
		return ok
	}
	list := s.ops(fn)
	for i := range list {
		if op := &list[i]; !starts(op.at) && op.medium == byChannel && (op.send || op.receive) && after(op.at, check) && slices.ContainsFunc(list, func(back syncOp) bool {
			return !starts(back.at) && back.medium == byChannel && back.ref != nil && back.ref == op.ref && back.send == op.receive && back.receive == op.send
		}) {
			return true // a token that it gives back
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Defer:
				if _, returned := instr.Call.Value.(*ssa.Call); returned {
					return true // defer lock(key)()
				}
			case *ssa.Call:
				if instr == check || !after(instr, check) {
					continue
				}
				op, _ := s.Pkg.Op(&instr.Call)
				if op.Kind == ops.SemAcquire || op.Kind == ops.SemTryAcquire {
					return true
				}
				if m := skeleton.Static(&instr.Call); m != nil && op.Kind == ops.None && (strings.Contains(m.Name(), "Lock") || strings.Contains(m.Name(), "Acquire")) {
					return true
				}
			}
		}
	}
	return false
}

// comparesAfter reports whether the write depends on a comparison that is made since the lock
// was taken: of what was there before, it may be.
func comparesAfter(lock, act ssa.Instruction) bool {
	for br := range conditions(act) {
		if cmp, ok := br.Cond.(*ssa.BinOp); ok && !isZero(cmp.X) && !isZero(cmp.Y) && skeleton.Dominates(lock, cmp) {
			return true
		}
	}
	return false
}

// returnsOf reports whether what is looked up, or whether it was there, is returned.
func returnsOf(look *ssa.Lookup) bool {
	if returned(look, 0) {
		return true
	}
	for _, ref := range *look.Referrers() {
		if ex, ok := ref.(*ssa.Extract); ok && returned(ex, 0) {
			return true
		}
	}
	return false
}

// heldWithin reports whether the called function takes the lock for the look-up, and lets go of
// it again.
func (s *Set) heldWithin(call *ssa.Call, r *access.Ref, key ssa.Value, lock *access.Ref) bool {
	look, callee := s.lookupWithin(call, r, key)
	if look == nil {
		return false
	}
	held, known := s.Pkg.Locks().Of(callee.fn).HeldAt(look)
	return known && slices.ContainsFunc(held, func(h skeleton.Held) bool { return s.translate(callee, h.Ref) == lock })
}

// readUnder reports whether the variable is read again under the same hold of
// the lock before the write.
func (s *Set) readUnder(fn *ssa.Function, r *access.Ref, key ssa.Value, lock skeleton.Held, act ssa.Instruction) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			v, ok := instr.(ssa.Value)
			if !ok || s.read(v, r, key, 3) == nil || !after(instr, act) {
				continue
			}
			if s.sameHold(fn, instr, lock) {
				return true
			}
		}
	}
	return false
}
