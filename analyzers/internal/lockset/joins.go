package lockset

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds waits, under a lock, for the end of a goroutine that takes this
// lock in a loop. Where it is in its loop when the lock is taken here, nothing
// decides: at its Lock it waits for who waits for it.

// joined decides about one operation, or call that leads to one.
func (b *blocker) joined(fl *skeleton.FuncLocks, ev *skeleton.Event) bool {
	waits := b.waits(ev.Instr)
	var via ssa.Instruction
	if waits == nil {
		call, ok := ev.Instr.(*ssa.Call)
		if !ok || len(ev.Releases) > 0 {
			return false
		}
		waits = b.mayWait(call, 2)
	}
	for _, h := range ev.States[0] {
		if h.Stale || h.Ref.Base == nil || h.Ref.Class().IsZero() || h.Ref.Class().Elem || b.s.fresh(fl.Fn, h.Ref) || !heldInAll(ev.States, h) {
			continue
		}
		for _, w := range waits {
			if _, choice := w.instr.(*ssa.Select); choice || w.ref.Base != h.Ref.Base {
				continue
			}
			if found := b.end(w, h); found != nil {
				if w.instr != ev.Instr {
					via = w.instr
				}
				found.Event, found.Lock, found.Via = ev, h, via
				b.s.Blocked = append(b.s.Blocked, *found)
				return true
			}
		}
	}
	return false
}

// mayWait returns what a call waits for on some path, in the caller's terms.
func (b *blocker) mayWait(call *ssa.Call, depth int) (list []wait) {
	callees, complete := b.s.Pkg.Callees(call)
	if !complete || len(callees) != 1 {
		return nil
	}
	for _, blk := range callees[0].Blocks {
		for _, instr := range blk.Instrs {
			inner := b.waits(instr)
			if next, ok := instr.(*ssa.Call); ok && inner == nil && depth > 1 {
				inner = b.mayWait(next, depth-1)
			}
			for _, w := range inner {
				if w.ref = b.s.inCaller(call, callees[0], w.ref); w.ref != nil {
					list = append(list, w)
				}
			}
		}
	}
	return list
}

// inCaller rewrites a name of the called function in the caller's terms, nil for
// what is of that call alone.
func (s *Set) inCaller(call ssa.CallInstruction, callee *ssa.Function, ref *access.Ref) *access.Ref {
	if call == nil || ref == nil {
		return nil
	}
	args := call.Common().Args
	if call.Common().IsInvoke() {
		args = append([]ssa.Value{call.Common().Value}, args...)
	}
	return s.Pkg.Access.Subst(ref, func(root *access.Ref) *access.Ref {
		if pm, ok := root.Value.(*ssa.Parameter); ok && pm.Parent() == callee && len(args) == len(callee.Params) {
			return s.Pkg.Access.Of(args[slices.Index(callee.Params, pm)])
		}
		if root.Kind == access.Global {
			return root
		}
		return nil
	})
}

// end finds out whether the wait is for the end of goroutines, one of which takes
// the lock in a loop.
func (b *blocker) end(w wait, h skeleton.Held) *Blocked {
	ch := b.channel(w.ref)
	if ch == nil || ch.escaped || !b.s.private(w.ref) {
		return nil
	}
	var signals []ssa.Instruction
	switch w.op {
	case Receive:
		if len(ch.sends) > 0 || len(ch.closers) != 1 {
			return nil
		}
		signals = ch.closers
	case GroupWait:
		signals = ch.dones
		for _, bd := range ch.bodies {
			if needs := b.inLoop(bd.fn, nil, h); needs != nil {
				return &Blocked{What: w.ref, Op: w.op, Counter: bd.at, Body: bd.fn, Needs: needs, Join: true}
			}
		}
	}
	for _, s := range signals {
		g, start := b.goroutine(s)
		ref := b.counterRef(s, w)
		if g == nil || ref == nil || ref.Base == nil {
			continue
		}
		if needs := b.inLoop(g, ref.Base, h); needs != nil {
			return &Blocked{What: w.ref, Op: w.op, Counter: start, Body: g, Needs: needs, Join: true}
		}
	}
	return nil
}

// goroutine returns the function that is run in a goroutine and signals its end
// by the instruction, which it defers, and what starts it.
func (b *blocker) goroutine(signal ssa.Instruction) (*ssa.Function, ssa.Instruction) {
	g := signal.Parent()
	if _, deferred := signal.(*ssa.Defer); !deferred {
		sites := b.s.Pkg.Sites(g) // defer func() { close(done) }()
		if g.Parent() == nil || len(sites) != 1 || sites[0].Parent() != g.Parent() {
			return nil, nil
		}
		if _, deferred := sites[0].(*ssa.Defer); !deferred {
			return nil, nil
		}
		g = g.Parent()
	}
	sites := b.s.Pkg.Sites(g)
	for _, site := range sites {
		if _, ok := site.(*ssa.Go); !ok {
			return nil, nil
		}
	}
	if len(sites) == 0 || b.s.Pkg.UsedAsValue(g) {
		return nil, nil
	}
	return g, sites[0]
}

// inLoop returns what takes the lock, in a loop of the function: that of the
// object at base, where this is known.
func (b *blocker) inLoop(g *ssa.Function, base *access.Ref, h skeleton.Held) ssa.Instruction {
	fl := b.s.Locks.Of(g)
	if fl == nil || fl.Cut {
		return nil
	}
	of := b.s.Pkg.Access.Of
	for _, blk := range g.Blocks {
		for _, instr := range blk.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !skeleton.Follows(call, call) {
				continue
			}
			op, x := b.s.Pkg.Op(&call.Call)
			switch op.Kind {
			case ops.Lock, ops.RLock:
				mode := skeleton.Exclusive
				if op.Kind == ops.RLock {
					mode = skeleton.Shared
				}
				if ref := of(x); ref.Class() == h.Ref.Class() && conflict(h.Mode, mode) && (base == nil || ref.Base == base) {
					return call
				}
				continue
			case ops.None:
			default:
				continue
			}
			callees, complete := b.s.Pkg.Callees(call)
			if !complete || len(callees) != 1 || base != nil && !slices.ContainsFunc(call.Call.Args, func(a ssa.Value) bool { return of(a) == base }) {
				continue
			}
			for _, t := range b.o.of(callees[0]) {
				if t.class == h.Ref.Class() && conflict(h.Mode, t.mode) && len(t.chain) <= 2 {
					return call
				}
			}
		}
	}
	return nil
}
