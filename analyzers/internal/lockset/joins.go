package lockset

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds waits, under a lock, for the end of a goroutine that takes this
// lock. Where it is when the lock is taken here, nothing decides: at its Lock it
// waits for who waits for it.

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
			if _, choice := w.instr.(*ssa.Select); choice || w.ref.Base == nil {
				continue
			}
			if found := b.end(w, h, ev); found != nil {
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
				w.path = append(slices.Clip(w.path), instr)
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
// the lock before.
func (b *blocker) end(w wait, h skeleton.Held, ev *skeleton.Event) *Blocked {
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
			_, group := b.s.Pkg.Op(bd.at.(ssa.CallInstruction).Common())
			for _, n := range b.needs(bd.fn, nil, h) {
				if b.meets(n, b.s.Pkg.Access.Of(group), w, h) && !b.passed(bd.at, n, w, ev) {
					return &Blocked{What: w.ref, Op: w.op, Counter: bd.at, Body: bd.fn, Needs: n.at, Join: true}
				}
			}
		}
	}
	for _, s := range signals {
		if found := b.before(s, b.counterRef(s, w), w, h, ev, 0); found != nil {
			return found
		}
	}
	return nil
}

// A need is where a goroutine takes the lock, and what that is in its terms.
type need struct {
	at    ssa.Instruction
	ref   *access.Ref
	place place
}

// before finds what takes the lock before the signal, in its function, or in one that
// runs this at its end or in between, up to the one that is started as a goroutine.
func (b *blocker) before(signal ssa.Instruction, ref *access.Ref, w wait, h skeleton.Held, ev *skeleton.Event, depth int) *Blocked {
	g := signal.Parent()
	starts, up := b.startsOf(g)
	if ref == nil || depth > 3 || len(starts) == 0 && up == nil {
		return nil
	}
	var outer *Blocked
	root, at := g, ssa.Instruction(nil)
	if up != nil {
		next := ref
		if pm, ok := ref.Root().Value.(*ssa.Parameter); ok && pm.Parent() == g {
			next = b.s.inCaller(up, g, ref)
		}
		if outer = b.before(up, next, w, h, ev, depth+1); outer != nil {
			return outer
		}
		if root, at = b.rootOf(up, depth); root == nil {
			return nil
		}
	} else {
		at = starts[0]
	}
	for _, n := range b.needs(g, signal, h) {
		if b.meets(n, ref, w, h) && !b.passed(at, n, w, ev) {
			return &Blocked{What: w.ref, Op: w.op, Counter: at, Body: root, Needs: n.at, Join: true}
		}
	}
	return nil
}

// startsOf returns what starts the function as a goroutine, if nothing else runs it, or
// the one call of it.
func (b *blocker) startsOf(g *ssa.Function) (starts []ssa.Instruction, up ssa.CallInstruction) {
	sites := b.s.Pkg.Sites(g)
	r := b.o.runsOf(g)
	if !r.open {
		for _, run := range r.list {
			switch {
			case run.kind == started:
				starts = append(starts, run.at)
			case run.kind == called && len(r.list) == 1:
				return nil, run.at
			default:
				return nil, nil
			}
		}
		return starts, nil
	}
	for _, site := range sites { // an exported method, which this package starts
		if _, ok := site.(*ssa.Go); !ok {
			return nil, nil
		}
		starts = append(starts, site)
	}
	if b.s.Pkg.UsedAsValue(g) {
		return nil, nil
	}
	return starts, nil
}

// rootOf returns the goroutine in which the call is done, and what starts it.
func (b *blocker) rootOf(call ssa.CallInstruction, depth int) (*ssa.Function, ssa.Instruction) {
	starts, up := b.startsOf(call.Parent())
	switch {
	case len(starts) > 0:
		return call.Parent(), starts[0]
	case up == nil || depth > 3:
		return nil, nil
	}
	return b.rootOf(up, depth+1)
}

// needs are the places where the function takes a lock of the class before it gives the
// signal, or returns when that is nil.
func (b *blocker) needs(g *ssa.Function, signal ssa.Instruction, h skeleton.Held) (list []need) {
	fl := b.s.Locks.Of(g)
	if fl == nil || fl.Cut {
		return nil
	}
	for _, blk := range g.Blocks {
		for _, instr := range blk.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || instr == signal || !comesBefore(call, signal) {
				continue
			}
			list = append(list, b.takenBy(call, h)...)
		}
	}
	return list
}

// comesBefore reports whether the call, or deferred call, is over when the signal is given.
func comesBefore(call ssa.CallInstruction, signal ssa.Instruction) bool {
	_, late := signal.(*ssa.Defer)
	switch call.(type) {
	case *ssa.Call:
		return signal == nil || late || skeleton.Follows(call, signal) && !skeleton.Follows(signal, call)
	case *ssa.Defer: // the last one that is deferred is the first one that is run
		return signal == nil || late && skeleton.Dominates(signal, call) && !skeleton.Follows(call, signal)
	}
	return false
}

// takenBy are the locks of the class that the call takes, and which conflict.
func (b *blocker) takenBy(call ssa.CallInstruction, h skeleton.Held) (list []need) {
	op, x := b.s.Pkg.Op(call.Common())
	switch op.Kind {
	case ops.Lock, ops.RLock:
		mode := skeleton.Exclusive
		if op.Kind == ops.RLock {
			mode = skeleton.Shared
		}
		if ref := b.s.Pkg.Access.Of(x); ref.Class() == h.Ref.Class() && conflict(h.Mode, mode) {
			return []need{{call, ref, b.s.placeOf(ref, 0)}}
		}
		return nil
	case ops.None:
	default:
		return nil
	}
	callees, complete := b.s.Pkg.Callees(call)
	if !complete || len(callees) != 1 {
		return nil
	}
	for _, t := range b.o.of(callees[0]) {
		if t.class == h.Ref.Class() && conflict(h.Mode, t.mode) && len(t.chain) <= 2 && !t.open {
			list = append(list, need{call, b.s.inCaller(call, callees[0], t.ref), b.s.placeInCaller(call, callees[0], nil, t.at, 0)})
		}
	}
	return list
}

// meets reports whether the goroutine that takes the lock and gives the signal is one of
// those that are waited for with this lock held: both are fields of one object here and
// there, or of two that are made to point to each other.
func (b *blocker) meets(n need, signal *access.Ref, w wait, h skeleton.Held) bool {
	if h.Ref.Base == w.ref.Base {
		return n.ref != nil && n.ref.Base != nil && n.ref.Base == signal.Base
	}
	here, ok := legOf(Edge{fromAt: b.s.placeOf(h.Ref, 0), toAt: b.s.placeOf(w.ref, 0), fromRef: h.Ref, toRef: w.ref})
	if !ok {
		return false
	}
	there, ok := legOf(Edge{fromAt: b.s.placeOf(signal, 0), toAt: n.place, fromRef: signal, toRef: n.ref})
	return ok && len(here.from) == 1 && len(there.from) == 1 && here.from[0] == n.place.last() && b.s.linked(here, there)
}
