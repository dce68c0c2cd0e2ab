package shared

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// This file knows what puts a use of a variable in an order with another one:
// what has been waited for, what was started later, who holds the lock around it.

// joined reports whether a comes after a wait for every goroutine that b is in,
// or for the function of b: each of them signals the object that is waited for
// when it ends.
func (s *Set) joined(a, b *use) bool {
	c := s.contexts[b.fn]
	if c.api && s.exported(b.fn) {
		return false
	}
	for _, op := range s.joinsOf(a.fn) {
		if !after(op.at, a.At) || after(a.At, op.at) {
			continue
		}
		if !s.unlessStopped(op.at.Block()).Dominates(a.At.Block()) {
			if s.joinsEach(&op, a, c) {
				return true
			}
			continue
		}
		if op.ref != nil && !op.ref.Class().IsZero() && (s.ends(b.fn, &op) || s.endsAfter(b, &op)) {
			return true
		}
		all := len(c.by) > 0 && !c.api
		for g := range c.by {
			all = all && s.ends(g, &op)
		}
		if all {
			return true
		}
	}
	return false
}

// joinsOf returns the operations of the function that can wait for a goroutine to end: its own, and
// those of a goroutine that it starts to wait, and that tells it when it has.
func (s *Set) joinsOf(fn *ssa.Function) (list []syncOp) {
	for _, op := range s.ops(fn) {
		if op.joins() {
			list = append(list, op)
		}
	}
	for _, sp := range s.spawnsOf(fn) {
		for _, inner := range sp.body.ops {
			if !inner.joins() {
				continue
			}
			for _, op := range s.ops(fn) {
				_, receives := op.at.(*ssa.UnOp)
				if receives && after(sp.at, op.at) && slices.ContainsFunc(sp.body.ops, func(rel syncOp) bool {
					return rel.release && (rel.deferred || after(inner.at, rel.at)) && (op.medium == byContext && rel.medium == byContext || op.medium == byChannel && s.same(&op, &rel) && op.waitsFor(&rel))
				}) {
					inner.at = op.at
					list = append(list, inner)
				}
			}
		}
	}
	return list
}

// joinsEach reports whether the operation waits, in a loop that is over before a, for each of
// some objects, and every goroutine of the context signals its object when it ends, or is
// waited for by who does.
func (s *Set) joinsEach(op *syncOp, a *use, c *context) bool {
	at := op.at
	if c.api || len(c.by) == 0 || !loops(at.Block()) {
		return false
	}
	if call, ok := at.(*ssa.Call); ok && (op.ref == nil || op.ref.Class().IsZero()) {
		for _, callee := range s.runs(call) { // the object has a name there
			for _, inner := range s.ops(callee.fn) {
				if inner.joins() && inner.ref != nil && inner.medium == op.medium {
					op = &inner
				}
			}
		}
	}
	if op.ref == nil || op.ref.Class().IsZero() {
		return false
	}
	head := at.Block().Idom() // of the loop
	for head != nil && !(loops(head) && head.Dominates(a.At.Block())) {
		head = head.Idom()
	}
	if head == nil {
		return false
	}
	for g := range c.by {
		if s.ends(g, op) {
			continue
		}
		starts := s.startsOf(g)
		if len(starts) == 0 || slices.ContainsFunc(starts, func(start ssa.CallInstruction) bool {
			p := start.Parent()
			return !s.ends(p, op) || !slices.ContainsFunc(s.ops(p), func(w syncOp) bool { return w.joins() && after(start, w.at) && s.signals(g, &w) })
		}) {
			return false
		}
	}
	return true
}

// signals reports whether the function does what the operation can wait for.
func (s *Set) signals(fn *ssa.Function, op *syncOp) bool {
	return slices.ContainsFunc(s.ops(fn), func(rel syncOp) bool { return rel.release && s.same(op, &rel) && op.waitsFor(&rel) })
}

// ends reports whether the last thing that a function does is what the operation
// can wait for.
func (s *Set) ends(fn *ssa.Function, op *syncOp) bool {
	return slices.ContainsFunc(s.ops(fn), func(rel syncOp) bool {
		return rel.release && rel.deferred && s.same(op, &rel) && op.waitsFor(&rel)
	})
}

// endsAfter reports whether a function of one block, without a deferred call, does what the
// operation can wait for when it has made the access.
func (s *Set) endsAfter(b *use, op *syncOp) bool {
	return len(b.fn.Blocks) == 1 && slices.ContainsFunc(s.ops(b.fn), func(rel syncOp) bool {
		return rel.release && after(b.At, rel.at) && s.same(op, &rel) && op.waitsFor(&rel)
	})
}

// unlessStopped returns the block that decides over the one given, where that is only for a
// function which could not be kept from running any more: if !stop() { <-done }.
func (s *Set) unlessStopped(blk *ssa.BasicBlock) *ssa.BasicBlock {
	if len(blk.Preds) != 1 {
		return blk
	}
	pred := blk.Preds[0]
	br, ok := pred.Instrs[len(pred.Instrs)-1].(*ssa.If)
	if !ok || pred.Succs[1] != blk || pred.Succs[0] == blk {
		return blk
	}
	if call, ok := br.Cond.(*ssa.Call); ok {
		if op, _ := s.Pkg.Op(&call.Call); op.Kind == ops.TimerStop || s.stopsFunc(call.Call.Value) {
			return pred
		}
	}
	return blk
}

// joins reports whether the operation can be the wait for a goroutine to end,
// and is one on every path.
func (op *syncOp) joins() bool {
	return op.arm < 0 && (op.medium == byObject && op.acquire && op.ref != nil && !op.ref.Class().IsZero() || op.medium == byChannel && op.receive && !op.send || op.medium == byGroup && op.acquire)
}

// sameGoroutine reports whether both functions run in one goroutine only, the
// same one.
func (s *Set) sameGoroutine(f, g *ssa.Function) bool {
	a, b := s.contexts[f], s.contexts[g]
	if a.api || b.api || len(a.by) != 1 || len(b.by) != 1 {
		return false
	}
	for root := range a.by {
		return b.by[root] && !s.startedOften(root)
	}
	return false
}

// startsAfter reports whether the function of a starts, after a, the goroutine
// that b is in, or never does since it gives up there, or has stopped the timer that starts it.
func (s *Set) startsAfter(a, b *use) bool {
	c := s.contexts[b.fn]
	if c.api || len(c.by) == 0 {
		return false
	}
	timed := s.timed(b.fn)
	for call := range callSites(a.fn) {
		if op, _ := s.Pkg.Op(call.Common()); timed && op.Kind == ops.TimerStop && after(call, a.At) {
			return true
		}
		if s.startsOneOf(call, c) && (after(a.At, call) || !after(call, a.At) && givesUp(a.At)) {
			return true
		}
	}
	if s.exported(a.fn) || s.handedOn(a.fn) || a.fn.Parent() != nil {
		return false
	}
	sites := s.Pkg.Sites(a.fn)
	for _, site := range sites { // or all that call it do, behind the call
		if !plainCall(site) || !s.startsBehind(site, c) {
			return false
		}
	}
	return len(sites) > 0
}

// startsOneOf reports whether the call starts one of the goroutines that a function is in.
func (s *Set) startsOneOf(call ssa.CallInstruction, c *context) bool {
	return slices.ContainsFunc(s.starts(call), func(g *ssa.Function) bool { return c.by[g] })
}

// startsBehind reports whether the function of the call starts one of them after it, and never
// before.
func (s *Set) startsBehind(site ssa.CallInstruction, c *context) bool {
	for call := range callSites(site.Parent()) {
		if s.startsOneOf(call, c) && after(site, call) && !after(call, site) {
			return true
		}
	}
	return false
}

// timed reports whether a timer starts the goroutine that the function is in.
func (s *Set) timed(fn *ssa.Function) bool {
	for g := range s.contexts[fn].by {
		if slices.ContainsFunc(s.startsOf(g), func(call ssa.CallInstruction) bool {
			op, _ := s.Pkg.Op(call.Common())
			return op.Kind == ops.AfterFunc
		}) {
			return true
		}
	}
	return false
}

// givesUp reports whether the instruction is only executed when there has been an error, as
// where a function returns that could not start what it is for.
func givesUp(at ssa.Instruction) bool {
	for br, truth := range conditions(at) {
		way := br.Block().Succs[1]
		if truth {
			way = br.Block().Succs[0]
		}
		if onError(br) == way {
			return true
		}
	}
	return false
}

// startedOften reports whether several instances of the goroutine can run.
func (s *Set) startedOften(fn *ssa.Function) bool {
	starts := make(map[*ssa.Function]bool)
	for _, site := range s.Pkg.Sites(fn) {
		if s.inTest(site.Parent()) {
			continue
		}
		// Who makes the object starts the one goroutine that it has, and so do several
		// functions, each of an object of its own.
		if recv := receiver(fn, site); recv != nil && s.owns(site.Parent(), s.Pkg.Access.Of(recv)) {
			continue
		}
		if starts[site.Parent()] || loops(site.Block()) {
			return true
		}
		starts[site.Parent()] = true
		if len(starts) > 1 && fn.Signature.Recv() == nil {
			return true
		}
	}
	return false
}

// handshake reports whether the function of a waits, after a, for an answer of
// the goroutine that b is in, to what it sends after a.
func (s *Set) handshake(a, b *use) bool {
	c := s.contexts[b.fn]
	if c.api || len(c.by) == 0 || len(s.contexts[a.fn].by) > 0 {
		return false
	}
	var asks, waits []syncOp
	for _, op := range s.ops(a.fn) {
		if op.medium != byChannel || op.deferred || !after(a.At, op.at) {
			continue
		}
		if op.release && !op.receive {
			asks = append(asks, op)
		}
		if op.receive && op.arm < 0 {
			waits = append(waits, op)
		}
	}
	if len(asks) == 0 || len(waits) == 0 {
		return false
	}
	for g := range c.by {
		asked, answered := false, false
		for _, op := range s.ops(g) {
			asked = asked || op.acquire && op.receive && s.matches(&op, asks)
			for i := range waits {
				answered = answered || op.release && !op.receive && s.same(&waits[i], &op)
			}
		}
		if !asked || !answered {
			return false
		}
	}
	return true
}

// answered reports whether the function of a waits, after a, on a channel that it makes and
// sends along with what it asks for, and the function of b closes that, or sends on it, after
// b: then b is made for that request, in between.
func (s *Set) answered(a, b *use) bool {
	for _, op := range s.ops(a.fn) {
		if op.medium != byChannel || !op.receive || op.send || op.arm >= 0 || op.deferred || op.ref == nil || op.depth > 0 || !after(a.At, op.at) {
			continue
		}
		if root := op.ref.Root(); root.Value == nil || root.Value.Parent() != a.fn || op.ref.Base != nil {
			continue
		}
		fields := s.sentAlong(a.fn, op.ref)
		if slices.ContainsFunc(s.ops(b.fn), func(rel syncOp) bool {
			return rel.medium == byChannel && rel.release && !rel.receive && rel.ref != nil && rel.ref.Kind == access.Field &&
				slices.Contains(fields, rel.ref.Field) && (rel.deferred || after(b.At, rel.at))
		}) {
			return true
		}
	}
	return false
}

// sentAlong lists the fields in which the function puts the channel.
func (s *Set) sentAlong(fn *ssa.Function, ch *access.Ref) (fields []*types.Var) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok || s.Pkg.Access.Of(st.Val) != ch {
				continue
			}
			if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
				fields = append(fields, access.FieldOf(fa.X.Type(), fa.Field))
			}
		}
	}
	return fields
}

// startedUnder reports whether the use is in a goroutine, and all that start it
// hold the lock at that time: they can hold it for as long as it runs.
func (s *Set) startedUnder(g *guard, u *use) bool {
	c := s.contexts[u.fn]
	if c.api || len(c.by) == 0 {
		return false
	}
	for f := range c.by {
		sites := s.Pkg.Sites(f)
		if len(sites) == 0 {
			sites = s.startsOf(f)
		}
		for _, site := range sites {
			held, _ := s.Pkg.Locks().Of(site.Parent()).HeldAt(site)
			_, here := classes(held)[g.lock]
			_, callers := s.contexts[site.Parent()].held[g.lock]
			if here && !s.waitsAfter(site) {
				here = false // it lets go of the lock when it returns, and the goroutine runs
			}
			if callers && !s.waitsAfter(site) && !slices.ContainsFunc(s.Pkg.Sites(site.Parent()), func(call ssa.CallInstruction) bool { return s.waitsAfter(call) }) {
				callers = false // they let go of it as well
			}
			if !here && !callers {
				return false
			}
		}
		if len(sites) == 0 {
			return false
		}
	}
	return true
}

// waitsAfter reports whether the function can wait for something, other than a lock, after
// the instruction.
func (s *Set) waitsAfter(at ssa.Instruction) bool {
	return slices.ContainsFunc(s.ops(at.Parent()), func(op syncOp) bool {
		return op.acquire && op.medium != byLock && (op.deferred || after(at, op.at))
	})
}

// seenBefore reports whether a read follows another one of the variable under the
// lock in its function, or in one that this calls, on whose outcome it depends: one that is set
// once, and has been seen set.
func (s *Set) seenBefore(g *guard, u *use, uses []*use) bool {
	if u.Write {
		return false
	}
	for br := range conditions(u.At) {
		if call, ok := br.Cond.(*ssa.Call); ok && slices.ContainsFunc(uses, func(e *use) bool {
			return e.fn != u.fn && !e.Write && e.holds(g.lock) && s.readsFor(call, e, u)
		}) {
			return !s.setAgain(g, u, uses)
		}
		b, ok := br.Cond.(*ssa.BinOp)
		if !ok {
			continue
		}
		for _, v := range []ssa.Value{b.X, b.Y} {
			load, ok := v.(*ssa.UnOp)
			if !ok || load.Op != token.MUL || s.Pkg.Access.Of(load.X) != u.Ref {
				continue
			}
			held, _ := s.Pkg.Locks().Of(u.fn).HeldAt(load)
			if _, ok := classes(held)[g.lock]; ok {
				return !s.setAgain(g, u, uses)
			}
		}
	}
	return false
}

// setAgain reports whether others that can be called at any time set the variable under the lock
// whatever it and its object hold: what has been seen set can be set once more.
func (s *Set) setAgain(g *guard, u *use, uses []*use) bool {
	return slices.ContainsFunc(uses, func(w *use) bool {
		once := !s.exported(w.fn) && !slices.ContainsFunc(s.Pkg.Sites(w.fn), plainCall) // by the goroutine of the object
		return s.changes(g, u, w) && !once && !s.guarded(w.At)
	})
}

func plainCall(site ssa.CallInstruction) bool {
	_, plain := site.(*ssa.Call)
	return plain
}

// recovers reports whether the use is made for a panic only.
func (s *Set) recovers(u *use) bool {
	for br := range conditions(u.At) {
		if recovered(br.Cond) {
			return true
		}
	}
	return false
}

// recovered reports whether the condition is on what recover returns.
func recovered(cond ssa.Value) bool {
	b, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	for _, v := range []ssa.Value{b.X, b.Y} {
		if call, ok := v.(*ssa.Call); ok {
			if f, ok := call.Call.Value.(*ssa.Builtin); ok && f.Name() == "recover" {
				return true
			}
		}
	}
	return false
}

// startsOf returns what starts the function as a goroutine.
func (s *Set) startsOf(g *ssa.Function) []ssa.CallInstruction {
	if s.starters == nil {
		s.starters = make(map[*ssa.Function][]ssa.CallInstruction)
		for _, fn := range s.Pkg.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					if call, ok := instr.(ssa.CallInstruction); ok {
						for _, f := range s.starts(call) {
							s.starters[f] = append(s.starters[f], call)
						}
					}
				}
			}
		}
	}
	return s.starters[g]
}
