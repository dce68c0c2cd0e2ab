package shared

import (
	"go/token"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A thread is code that runs in one goroutine: the body of one that is
// started, or the rest of the function that starts it.
type thread struct {
	fn    *ssa.Function
	start ssa.Instruction // what starts the other; nil for the body of one
	ops   []syncOp        // in the terms of the function that starts
	// succeeded says that start is a call that has returned no error.
	succeeded bool
}

// passes reports whether, in the thread, every path to the access passes an
// acquire that matches one of the releases.
func (s *Set) passes(t *thread, a *Access, releases []syncOp) bool {
	return s.order(t, releases).passes(a, nil)
}

// An order is what makes a thread wait for some releases, for questions about several of
// its accesses.
type order struct {
	s        *Set
	t        *thread
	releases []syncOp
	all      *barrier // nil until asked for
	lockless *barrier // by other releases than those of locks
}

func (s *Set) order(t *thread, releases []syncOp) *order {
	return &order{s: s, t: t, releases: releases}
}

// passes is [Set.passes], of the order's thread and releases. Where renew is executed on the
// way, the access is to another object.
func (o *order) passes(a *Access, renew ssa.Instruction) bool {
	b := &o.all
	if !o.s.conditional(a) {
		// A lock is taken before it is let go as well as after: only what is read
		// under it, and decided by, tells which it was.
		b = &o.lockless
	}
	if *b == nil {
		releases := o.releases
		if b == &o.lockless {
			releases = slices.DeleteFunc(slices.Clone(releases), func(op syncOp) bool { return op.medium == byLock })
		}
		*b = o.s.barrier(o.t, releases)
	}
	if !(*b).reaches(a.At, a.Deferred, renew) || o.t.start != nil && o.s.onFailure(a, o.t.start) {
		return true
	}
	if a.via == nil {
		return false
	}
	return o.s.passes(o.s.callee(a), a.via, (*b).releases) // in the called function, then
}

// onFailure reports whether the access is in a deferred literal, where a variable of the
// function is not nil, and none of the ways by the instruction sets it: as the clean-up for
// an error result, where a goroutine is started when all has gone well.
func (s *Set) onFailure(a *Access, at ssa.Instruction) bool {
	if !a.Deferred || a.via == nil {
		return false
	}
	for _, addr := range notNil(a.via.At) {
		if cell := s.Pkg.Access.Cell(addr); cell != nil && cell.Parent() == at.Parent() && !setsBeside(cell, at) {
			return true
		}
	}
	return false
}

// notNil lists the variables that are not nil wherever the instruction is executed.
func notNil(at ssa.Instruction) (list []ssa.Value) {
	for br, truth := range conditions(at) {
		cmp, ok := br.Cond.(*ssa.BinOp)
		if !ok || cmp.Op != token.NEQ && cmp.Op != token.EQL || !isZero(cmp.Y) || (cmp.Op == token.NEQ) != truth {
			continue
		}
		if load, ok := cmp.X.(*ssa.UnOp); ok && load.Op == token.MUL {
			list = append(list, load.X)
		}
	}
	return list
}

// setsBeside reports whether the variable is set on a way by the instruction, or in a literal that
// does not ask for it first.
func setsBeside(cell *ssa.Alloc, at ssa.Instruction) bool {
	for _, r := range *cell.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if !isZero(r.Val) && (after(r, at) || after(at, r)) {
				return true
			}
		case *ssa.MakeClosure:
			fn := r.Fn.(*ssa.Function)
			for i, b := range r.Bindings {
				if b != ssa.Value(cell) {
					continue
				}
				for _, use := range *fn.FreeVars[i].Referrers() {
					_, load := use.(*ssa.UnOp)
					if _, store := use.(*ssa.Store); !load && !(store && slices.Contains(notNil(use), ssa.Value(fn.FreeVars[i]))) {
						return true
					}
				}
			}
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			return true
		}
	}
	return false
}

// calledBy is the code that a call runs, here one that leads to an access: a call, and the
// function of those that it runs.
type calledBy struct {
	call ssa.Instruction
	fn   *ssa.Function
}

// callee returns the thread of the function that is called for an access, with the
// operations by which it waits, in the terms of the caller.
func (s *Set) callee(a *Access) *thread {
	key := calledBy{a.At, a.call.fn}
	t := s.inners[key]
	if t == nil {
		t = &thread{fn: a.call.fn}
		for _, op := range s.ops(a.call.fn) {
			if !op.waits() {
				continue
			}
			if op, ok := s.translateOp(a.call, op); ok {
				t.ops = append(t.ops, op)
			}
		}
		s.inners[key] = t
	}
	return t
}

// conditional reports whether it depends on something that another goroutine can have done if
// the access is made. The number of a loop's turns is nothing of the kind, nor is what is
// accessed itself: to ask for it is to access it.
func (s *Set) conditional(a *Access) bool {
	var class access.Class
	if a.Ref != nil {
		class = a.Ref.Class()
	}
	for args := (map[*ssa.Parameter]ssa.Value)(nil); a != nil; a = a.via {
		for br := range conditions(a.At) {
			d := dependence{s: s, class: class, args: args, seen: make(map[ssa.Value]bool)}
			if !d.fixed(br.Cond) {
				return true
			}
		}
		if a.via != nil {
			args = argsOf(&a.call, args)
		}
	}
	return false
}

// argsOf are the arguments of a call, in the terms of who starts the thread as far as they are
// known.
func argsOf(r *run, outer map[*ssa.Parameter]ssa.Value) map[*ssa.Parameter]ssa.Value {
	args := maps.Clone(outer)
	if args == nil {
		args = make(map[*ssa.Parameter]ssa.Value)
	}
	for i, p := range r.fn.Params {
		if r.any || i >= len(r.args) {
			args[p] = nil
			continue
		}
		args[p] = r.args[i]
	}
	return args
}

// A dependence is what a condition is made from.
type dependence struct {
	s     *Set
	class access.Class
	args  map[*ssa.Parameter]ssa.Value // nil for one that is not known
	seen  map[ssa.Value]bool
}

// fixed reports whether the value is made from constants, from what the goroutine was given when
// it was started and from loads of the class only.
func (d *dependence) fixed(v ssa.Value) bool {
	if d.seen[v] {
		return true
	}
	d.seen[v] = true
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.Parameter:
		arg, called := d.args[v]
		return !called || arg != nil && d.fixed(arg)
	case *ssa.BinOp:
		return d.fixed(v.X) && d.fixed(v.Y)
	case *ssa.Convert:
		return d.fixed(v.X)
	case *ssa.ChangeType:
		return d.fixed(v.X)
	case *ssa.Phi: // in a branch it tells which way was taken
		head := slices.ContainsFunc(v.Block().Preds, func(b *ssa.BasicBlock) bool { return v.Block().Dominates(b) })
		return head && !slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return !d.fixed(e) })
	case *ssa.UnOp:
		if v.Op == token.MUL {
			c := d.s.Pkg.Access.Of(v.X).Class()
			return !c.IsZero() && c == d.class
		}
		return v.Op != token.ARROW && d.fixed(v.X)
	}
	return false
}

// reaches reports whether the instruction is reached from the start of the
// thread without an acquire that matches one of the releases.
func (s *Set) reaches(t *thread, at ssa.Instruction, deferred bool, releases []syncOp, renew ssa.Instruction) bool {
	return s.barrier(t, releases).reaches(at, deferred, renew)
}

// A barrier is where a thread waits for some releases.
type barrier struct {
	t        *thread
	releases []syncOp
	stops    map[ssa.Instruction]bool
	arms     map[ssa.Instruction]map[int]bool // of selects
	exits    []ssa.Instruction                // deferred
	ends     map[edge]bool                    // of the loops that wait in each turn
}

// barrier finds where the thread has an acquire that matches one of the releases.
func (s *Set) barrier(t *thread, releases []syncOp) *barrier {
	w := &barrier{t: t, releases: releases, stops: make(map[ssa.Instruction]bool), arms: make(map[ssa.Instruction]map[int]bool)}
	for i := range t.ops {
		op := &t.ops[i]
		if !op.waits() || !s.matches(op, releases) && !s.fillsSlots(t, op, releases) {
			continue
		}
		switch {
		case op.deferred:
			w.exits = append(w.exits, op.at)
		case op.arm >= 0:
			if w.arms[op.at] == nil {
				w.arms[op.at] = make(map[int]bool)
			}
			w.arms[op.at][op.arm] = true
		default:
			w.stops[op.at] = true
		}
	}
	if len(w.stops)+len(w.arms) > 0 {
		w.ends = s.waitingLoops(t.fn, w.stops, w.arms)
	}
	return w
}

// reaches reports whether the instruction is reached from the start of the thread without
// passing the barrier.
func (b *barrier) reaches(at ssa.Instruction, deferred bool, renew ssa.Instruction) bool {
	t := b.t
	if deferred {
		// Deferred calls run in the reverse order: one that waits and is
		// deferred later runs before.
		for _, e := range b.exits {
			if e.Pos() > at.Pos() {
				return false
			}
		}
	}
	w := &walk{barrier: *b, at: at, deferred: deferred, renew: renew, seen: make(map[*ssa.BasicBlock]bool)}
	if t.start == nil {
		return w.block(t.fn.Blocks[0], 0)
	}
	w.assume(t.start)
	if t.succeeded {
		w.assumeNil(t.start)
	}
	blk := t.start.Block()
	return w.block(blk, slices.Index(blk.Instrs, t.start)+1)
}

func (s *Set) matches(op *syncOp, list []syncOp) bool {
	if op.medium == byAll {
		return true
	}
	for i := range list {
		if list[i].medium == byAll && op.medium != byStream || s.same(op, &list[i]) && op.waitsFor(&list[i]) {
			return true
		}
	}
	return false
}

// fillsSlots reports whether the operation sends again and again on a channel that is a semaphore: a
// slot is taken by a send before the other thread is started, which receives once, and drops what it
// receives, as it ends; this is in a loop of its own, in which none is started. When all the slots
// have been taken, nobody has one.
func (s *Set) fillsSlots(t *thread, op *syncOp, releases []syncOp) bool {
	if t.start == nil || op.medium != byChannel || !op.send || op.arm >= 0 || op.deferred || !innerLoop(op.at, t.start) {
		return false
	}
	takes := slices.ContainsFunc(t.ops, func(o syncOp) bool {
		return o.medium == byChannel && o.send && o.at != op.at && o.ref == op.ref && skeleton.Dominates(o.at, t.start)
	})
	return takes && slices.ContainsFunc(releases, func(r syncOp) bool {
		if !r.receive || !s.same(op, &r) || loops(r.at.Block()) {
			return false
		}
		recv, ok := r.at.(*ssa.UnOp)
		return r.deferred || ok && len(*recv.Referrers()) == 0
	})
}

type walk struct {
	barrier
	at       ssa.Instruction
	deferred bool
	renew    ssa.Instruction
	seen     map[*ssa.BasicBlock]bool
	truth    map[ssa.Value]bool
}

// assume notes the outcome of the conditions that decide whether start is
// executed: a branch on the same value later goes the same way.
func (w *walk) assume(start ssa.Instruction) {
	w.truth = make(map[ssa.Value]bool)
	for b := start.Block(); b != nil; b = b.Idom() {
		d := b.Idom()
		if d == nil || len(b.Preds) != 1 || b.Preds[0] != d || loops(d) {
			continue
		}
		if br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If); ok && d.Succs[0] != d.Succs[1] {
			w.truth[br.Cond] = d.Succs[0] == b
		}
	}
}

// assumeNil notes that the error of a call is nil.
func (w *walk) assumeNil(start ssa.Instruction) {
	call, ok := start.(*ssa.Call)
	if !ok {
		return
	}
	results := []ssa.Value{call}
	for _, ref := range *call.Referrers() {
		if ex, ok := ref.(*ssa.Extract); ok && ex.Index == call.Call.Signature().Results().Len()-1 {
			results = append(results, ex)
		}
	}
	for _, v := range results {
		for _, ref := range *v.Referrers() {
			if eq, ok := ref.(*ssa.BinOp); ok && isZero(eq.Y) && types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
				w.truth[eq] = eq.Op == token.EQL
			}
		}
	}
}

// block walks b from instruction i; it reports whether the access is reached.
func (w *walk) block(b *ssa.BasicBlock, i int) bool {
	for ; i < len(b.Instrs); i++ {
		instr := b.Instrs[i]
		if instr == w.renew {
			return false
		}
		if instr == w.at && !w.deferred {
			return true
		}
		if w.stops[instr] {
			return false
		}
		if _, ok := instr.(*ssa.RunDefers); ok && w.deferred {
			return true
		}
	}
	br, _ := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	for k, next := range b.Succs {
		if br != nil {
			if truth, known := w.truth[br.Cond]; known && truth != (k == 0) {
				continue
			}
			if w.ends[edge{b, next}] {
				continue
			}
			if sel, arm := armOf(br.Cond); sel != nil && k == 0 && w.arms[sel][arm] {
				continue
			}
		}
		if w.seen[next] {
			continue
		}
		w.seen[next] = true
		if w.block(next, 0) {
			return true
		}
	}
	return false
}

type edge struct{ from, to *ssa.BasicBlock }

// waitingLoops returns the ordinary ends of the loops that wait in each turn: a
// loop that starts goroutines and one that waits for them turn equally often, so
// its end comes after what was waited for, also when there is no turn at all.
func (s *Set) waitingLoops(fn *ssa.Function, stops map[ssa.Instruction]bool, arms map[ssa.Instruction]map[int]bool) map[edge]bool {
	ends := make(map[edge]bool)
	waiting := make(map[*ssa.BasicBlock]bool)
	for instr := range stops {
		waiting[instr.Block()] = true
	}
	for instr := range arms {
		waiting[instr.Block()] = true
	}
	for _, l := range s.loopsOf(fn) {
		header, loop := l.header, l.body
		found := false
		for b := range waiting {
			found = found || loop[b]
		}
		if !found {
			continue
		}
		// The header's own branch; for a range over an integer, that before the
		// first turn and that behind each.
		for _, b := range fn.Blocks {
			if len(b.Succs) != 2 || loop[b.Succs[0]] == loop[b.Succs[1]] {
				continue
			}
			entry := !loop[b] && (b.Succs[0] == header || b.Succs[1] == header)
			if b != header && !entry && b.Comment != "rangeint.loop" {
				continue
			}
			for _, to := range b.Succs {
				if !loop[to] && (loop[b] || endOf(loop, to)) {
					ends[edge{b, to}] = true
				}
			}
		}
	}
	return ends
}

// A natural loop, with its header.
type natural struct {
	header *ssa.BasicBlock
	body   map[*ssa.BasicBlock]bool
}

// loopsOf lists the loops of a function.
func (s *Set) loopsOf(fn *ssa.Function) []natural {
	list, known := s.loops[fn]
	if !known {
		for _, b := range fn.Blocks {
			if body := skeleton.NaturalLoop(b); body != nil {
				list = append(list, natural{b, body})
			}
		}
		s.loops[fn] = list
	}
	return list
}

// endOf reports whether a block is where the loop goes when it ends.
func endOf(loop map[*ssa.BasicBlock]bool, to *ssa.BasicBlock) bool {
	for _, p := range to.Preds {
		if loop[p] {
			return true
		}
	}
	return false
}

// armOf tells which arm of which select a condition asks for.
func armOf(cond ssa.Value) (*ssa.Select, int) { return skeleton.SelectCase(cond) }

// releasesAfter returns what the thread can do, after the access, that others
// can wait for. A lock that is held at the access is no such thing: taking it
// too is no order.
func (s *Set) releasesAfter(t *thread, a *Access) []syncOp {
	var list []syncOp
	for i := range t.ops {
		op := &t.ops[i]
		if !op.release || op.own && t.start == nil || op.medium == byLock && holds(a, op.ref) {
			continue
		}
		var later bool
		switch {
		case op.at == a.At:
			later = s.releasedWithin(op, a, true)
		case a.Deferred: // deferred calls run in the reverse order
			later = op.deferred && op.at.Pos() < a.At.Pos()
		default:
			later = op.deferred || after(a.At, op.at)
		}
		if later {
			list = append(list, *op)
		}
	}
	return list
}

func holds(a *Access, lock *access.Ref) bool {
	for _, h := range a.Held {
		if h.Ref == lock {
			return true
		}
	}
	return false
}

// after reports whether b can be executed after a.
func after(a, b ssa.Instruction) bool { return skeleton.Follows(a, b) }

// releasedWithin reports whether the call by which the thread comes to the access makes the
// release after it; else, with later not set, before it.
func (s *Set) releasedWithin(op *syncOp, a *Access, later bool) bool {
	if a.via == nil {
		return later
	}
	matching := s.innerReleases(a)[signal{op.medium, op.ref}]
	for _, inner := range matching {
		first, second := a.via.At, inner.at
		if !later {
			first, second = second, first
		}
		switch {
		case inner.at == a.via.At:
			if s.releasedWithin(inner, a.via, later) {
				return true
			}
		case a.via.Deferred: // deferred calls run in the reverse order
			if later == (inner.deferred && inner.at.Pos() < a.via.At.Pos()) {
				return true
			}
		case inner.deferred:
			if later {
				return true
			}
		case after(first, second):
			return true
		}
	}
	return later && len(matching) == 0
}

// A signal is what releases have in common that one can wait for by the same operation.
type signal struct {
	medium medium
	ref    *access.Ref
}

// innerReleases returns the releases of what the call runs by which the access comes, each under
// the mark that it has in the terms of the caller.
func (s *Set) innerReleases(a *Access) map[signal][]*syncOp {
	key := calledBy{a.At, a.call.fn}
	known, ok := s.releases[key]
	if !ok {
		known = make(map[signal][]*syncOp)
		list := s.ops(a.call.fn)
		for i := range list {
			if !list[i].release {
				continue
			}
			if outer, ok := s.translateOp(a.call, list[i]); ok {
				m := signal{outer.medium, outer.ref}
				known[m] = append(known[m], &list[i])
			}
		}
		if !s.busy[a.call.fn] {
			s.releases[key] = known
		}
	}
	return known
}
