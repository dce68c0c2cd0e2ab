package shared

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A CheckedSend is a send on a channel of an object after a look at the mark that says
// that it is closed, with room in between for the function that sets the mark and
// closes the channel.
type CheckedSend struct {
	Send  ssa.Instruction // the send or select
	Func  *ssa.Function
	Chan  *access.Ref
	Look  ssa.Instruction
	Mark  string
	Close ssa.Instruction
	By    *ssa.Function
	Lock  string // that the look is under; empty of an atomic mark
}

// A markedClose is a close of a channel field by a function that also sets a mark in the
// same object, and has not waited for anything.
type markedClose struct {
	at    *ssa.Call
	ch    *access.Ref
	marks []mark
}

// CheckedSends returns those of the package, one for each function.
func (s *Set) CheckedSends() (list []CheckedSend) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	closes := make(map[*types.Var][]markedClose)
	for _, fn := range s.Pkg.Funcs {
		if !s.inTest(fn) {
			s.markedCloses(fn, closes)
		}
	}
	if len(closes) == 0 {
		return nil
	}
	s.findContexts()
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) || saysLocked(fn) || s.caught(fn, 0) || !s.concurrently(fn) {
			continue
		}
		if c, ok := s.checkedSend(fn, closes); ok {
			list = append(list, c)
		}
	}
	return list
}

// concurrently reports whether it is known that the function, or for a literal that is
// no goroutine the one around it, can run beside others.
func (s *Set) concurrently(fn *ssa.Function) bool {
	c := s.contexts[fn]
	if fn.Parent() != nil && c != nil && len(c.by) == 0 {
		c = s.contexts[skeleton.Outermost(fn)]
	}
	return c != nil && !c.quiet && (c.api || len(c.by) > 0)
}

// caught reports whether the function, or one that calls it, recovers from panics.
func (s *Set) caught(fn *ssa.Function, depth int) bool {
	if s.Pkg.Recovers(fn) {
		return true
	}
	return depth < maxDepth && slices.ContainsFunc(s.Pkg.Sites(fn), func(site ssa.CallInstruction) bool {
		_, spawn := site.(*ssa.Go)
		return !spawn && !s.inTest(site.Parent()) && s.caught(site.Parent(), depth+1)
	})
}

func (s *Set) markedCloses(fn *ssa.Function, closes map[*types.Var][]markedClose) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if bi, ok := call.Call.Value.(*ssa.Builtin); !ok || bi.Name() != "close" {
				continue
			}
			ch := s.Pkg.Access.Of(call.Call.Args[0])
			if ch.Kind != access.Field || ch.Field.Exported() || ch.Field.Pkg() != s.Pass.Pkg || s.owns(fn, ch.Base) {
				continue
			}
			if s.awaits(fn, call) || s.callersAwait(fn) || counting(call) {
				continue
			}
			if marks := s.marksBeside(fn, call, ch.Base); len(marks) > 0 {
				closes[ch.Field] = append(closes[ch.Field], markedClose{call, ch, marks})
			}
		}
	}
}

// awaits is waitsBefore, but that to read an atomic once, or to set it, is no wait.
func (s *Set) awaits(fn *ssa.Function, at ssa.Instruction) bool {
	return slices.ContainsFunc(s.ops(fn), func(op syncOp) bool { return op.waitsBefore(at) })
}

// waitsBefore reports whether the operation can wait for another goroutine, other than for a lock
// or a look at an atomic, before its function gets to the instruction.
func (op *syncOp) waitsBefore(at ssa.Instruction) bool {
	if !op.acquire || op.deferred || op.medium == byLock || op.medium == byOnce || !after(op.at, at) {
		return false
	}
	return op.medium != byAtomic || loops(op.at.Block())
}

// callersAwait reports whether a function of the package, but for tests, has waited for
// something before it calls fn, or before the literal fn is called.
func (s *Set) callersAwait(fn *ssa.Function) bool {
	for _, mc := range s.Pkg.Closures(fn) {
		if s.awaits(mc.Parent(), mc) || s.callersAwait(mc.Parent()) {
			return true
		}
	}
	return slices.ContainsFunc(s.Pkg.Sites(fn), func(site ssa.CallInstruction) bool {
		return !s.inTest(site.Parent()) && s.awaits(site.Parent(), site)
	})
}

// counting reports whether it depends on a number if the instruction is executed: on that
// of those that may still send, it may be.
func counting(at ssa.Instruction) bool {
	for br := range conditions(at) {
		b, ok := br.Cond.(*ssa.BinOp)
		if !ok {
			continue
		}
		if t, ok := b.X.Type().Underlying().(*types.Basic); !ok || t.Info()&types.IsInteger == 0 {
			continue
		}
		if load, ok := b.X.(*ssa.UnOp); ok && load.Op == token.MUL && (b.Op == token.EQL || b.Op == token.NEQ) && !isZero(b.Y) {
			continue // one of the states of the object
		}
		return true
	}
	return false
}

func (s *Set) checkedSend(fn *ssa.Function, closes map[*types.Var][]markedClose) (c CheckedSend, ok bool) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send:
				c, ok = s.checkedAt(fn, instr, instr.Chan, closes)
			case *ssa.Select:
				for _, st := range instr.States {
					if st.Dir == types.SendOnly && !ok {
						c, ok = s.checkedAt(fn, instr, st.Chan, closes)
					}
				}
			}
			if ok {
				return c, true
			}
		}
	}
	return c, false
}

func (s *Set) checkedAt(fn *ssa.Function, send ssa.Instruction, v ssa.Value, closes map[*types.Var][]markedClose) (c CheckedSend, ok bool) {
	ch := s.Pkg.Access.Of(v)
	if ch.Kind != access.Field || len(closes[ch.Field]) == 0 || s.owns(fn, ch.Base) {
		return c, false
	}
	now, known := s.heldAt(fn, before(send))
	if !known || s.counts(fn, send, 0) {
		return c, false
	}
	for _, cl := range closes[ch.Field] {
		by := cl.at.Parent()
		if skeleton.Outermost(by) == skeleton.Outermost(fn) || !s.concurrently(by) || s.sameGoroutine(fn, by) || s.shutsOut(by, now) || s.calledUnder(fn, by) {
			continue
		}
		for br, truth := range conditions(send) {
			for _, m := range cl.marks {
				l := s.lookAt(br.Cond, 0)
				if l.ref == nil || l.ref.Base != ch.Base || l.ref.Field != m.ref.Field || s.notes(fn, m.locks) {
					continue
				}
				if goes, known := outcome(br.Cond, l.value, m.value); !known || goes == truth {
					continue // it is sent where the mark is set, or who knows
				}
				c = CheckedSend{Send: send, Func: fn, Chan: ch, Look: l.at, Mark: l.ref.String(), Close: cl.at, By: by}
				if len(m.locks) == 0 && l.atomic {
					return c, true
				}
				i := slices.IndexFunc(l.held, func(h skeleton.Held) bool { return slices.Contains(m.locks, h.Ref.Class()) })
				if i >= 0 && !l.atomic {
					c.Lock = skeleton.FieldName(l.held[i].Ref)
					return c, true
				}
			}
		}
	}
	return c, false
}

// shutsOut reports whether what closes takes a lock that the sender holds: itself, or the
// function around it.
func (s *Set) shutsOut(by *ssa.Function, now []skeleton.Held) bool {
	return s.alsoLocks(by, now) || s.alsoLocks(skeleton.Outermost(by), now) || slices.ContainsFunc(now, func(h skeleton.Held) bool {
		v := h.Ref.Class().Var
		return v != nil && s.contexts[by].some[v]
	})
}

// calledUnder reports whether a caller of fn holds a lock that what closes takes, or that
// is held around it.
func (s *Set) calledUnder(fn, by *ssa.Function) bool {
	for v := range s.contexts[fn].some {
		if s.contexts[by].some[v] || s.takes(by, v) || s.takes(skeleton.Outermost(by), v) {
			return true
		}
	}
	return s.contexts[fn].around
}

// counts reports whether the function counts itself before the instruction, by which the
// other side can know that it is about to send: or those that call it do.
func (s *Set) counts(fn *ssa.Function, at ssa.Instruction, depth int) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !after(instr, at) {
				continue
			}
			switch op, _ := s.Pkg.Op(&call.Call); op.Kind {
			case ops.WgAdd, ops.WgGo, ops.AtomicUpdate, ops.AtomicStore, ops.SemAcquire, ops.SemTryAcquire:
				return true
			case ops.None: // in what it calls
				if depth < maxDepth && slices.ContainsFunc(s.runs(call), func(r run) bool { return s.countsIn(r.fn) }) {
					return true
				}
			}
		}
	}
	return depth < maxDepth && !s.exported(fn) && slices.ContainsFunc(s.Pkg.Sites(fn), func(site ssa.CallInstruction) bool {
		return !s.inTest(site.Parent()) && s.counts(site.Parent(), site, depth+1)
	})
}

// countsIn reports whether the function counts something, or notes it in what is not
// its own.
func (s *Set) countsIn(fn *ssa.Function) bool {
	return stores(fn) || slices.ContainsFunc(s.ops(fn), func(op syncOp) bool { return op.medium == byAtomic && op.release }) || len(s.addings(fn, 0)) > 0
}
