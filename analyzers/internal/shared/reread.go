package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// rereads notes the reads of a variable that the function has just read under a lock,
// past the unlock, where others change it under that lock: what was found then need not
// be there any more. The function itself says which lock it is; no majority is needed.
func (s *Set) rereads(uses []*use) {
	told := make(map[*ssa.Function]bool)
	for _, u := range uses {
		if told[u.fn] || u.Write || u.elems || u.quiet || u.owned || len(u.locks) > 0 || s.excused(u.Leaf) || !s.concurrent(u) {
			continue
		}
		for _, e := range uses {
			if !e.own || e.Write || e.quiet || !s.readBefore(e, u) {
				continue
			}
			if w, lock := s.changer(e, u, uses); w != nil {
				told[u.fn] = true
				s.unguarded = append(s.unguarded, Unguarded{
					Break: Reread, At: u.Access, Use: e.At, Lock: lock, Name: s.lockName(u, lock), Against: w.Access,
				})
				break
			}
		}
	}
}

// readBefore reports whether e is a read in the function of u, or in one that it calls on the
// same object, on every way to u.
func (s *Set) readBefore(e, u *use) bool {
	behind := func(at ssa.Instruction) bool {
		return at.Block().Dominates(u.At.Block()) && after(at, u.At) && !after(u.At, at)
	}
	if e.fn == u.fn {
		return e.Ref == u.Ref && behind(e.At)
	}
	return slices.ContainsFunc(s.Pkg.Sites(e.fn), func(site ssa.CallInstruction) bool {
		call, plain := site.(*ssa.Call)
		return plain && s.readsFor(call, e, u) && behind(call)
	})
}

// readsFor reports whether the call, in the function of u, calls that of e, which reads there what u
// reads.
func (s *Set) readsFor(call *ssa.Call, e, u *use) bool {
	if u.Ref.Base == nil || e.Ref.Base == nil || e.Ref.Field != u.Ref.Field || e.Ref.Base.Kind != access.Param || call.Parent() != u.fn || call.Call.StaticCallee() != e.fn {
		return false
	}
	i := slices.Index(e.fn.Params, e.Ref.Base.Value.(*ssa.Parameter))
	return i >= 0 && i < len(call.Call.Args) && s.Pkg.Access.Of(call.Call.Args[i]) == u.Ref.Base
}

// changer returns a store of another function, under a lock that is held at e, that can
// take away what was found there, and this lock.
func (s *Set) changer(e, u *use, uses []*use) (*use, *types.Var) {
	for _, w := range uses {
		st, store := w.Leaf.(*ssa.Store)
		if !store || w.quiet || w.owned || skeleton.Outermost(w.fn) == skeleton.Outermost(u.fn) || !isZero(st.Val) || others(u, w) || apart(u.part(), w.part()) {
			continue
		}
		if c := s.contexts[w.fn]; !c.api && len(c.by) == 0 || s.sameGoroutine(u.fn, w.fn) {
			continue
		}
		both := make(map[*types.Var]skeleton.Mode)
		for l := range e.locks {
			if m, held := w.locks[l]; held && m == skeleton.Exclusive {
				both[l] = m
			}
		}
		if lock := firstOf(both); lock != nil && !s.startsAfter(w, u) && !s.startsAfter(u, w) && !s.joined(w, u) && !s.handshake(w, u) && !s.awaitsCount(w, e) {
			return w, lock
		}
	}
	return nil, nil
}

// awaitsCount reports whether the writer waits on a Cond before it writes, and the function that
// reads has changed a field of the object under the lock: by which it says that it is there.
func (s *Set) awaitsCount(w, e *use) bool {
	waits := slices.ContainsFunc(s.ops(w.fn), func(op syncOp) bool {
		return op.medium == byCond && op.acquire && after(op.at, w.At)
	})
	if !waits {
		return false
	}
	for _, b := range e.fn.Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			if r := s.Pkg.Access.Of(st.Addr); r != e.Ref && r.Base != nil && r.Base == e.Ref.Base {
				return true
			}
		}
	}
	return false
}
