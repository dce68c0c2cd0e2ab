package lockset

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

// Two orders of locks that never run at the same time are no deadlock. This file
// finds what the text says of that.

// apart reports whether the two edges cannot be gone along at the same time, on the
// same objects.
func (o *orderer) apart(a, b Edge) bool {
	return otherwise(a, b) || o.s.parted(a, b) || o.inOnce(a, b) || o.inOnce(b, a) || o.oneGoroutine(a, b) ||
		o.joined(a, b) || o.joined(b, a) || o.early(a.At, 0) || o.early(b.At, 0)
}

// start is where the edge begins: where the first lock is taken.
func (e Edge) start() ssa.Instruction {
	if e.Held != nil {
		return e.Held
	}
	return e.At
}

// inOnce reports whether one edge is in the function of a sync.Once, and the other is
// in it as well, or behind it.
func (o *orderer) inOnce(a, b Edge) bool {
	in := o.onces(a.Fn, 0)
	if len(in) == 0 {
		return false
	}
	same := func(c access.Class) bool { return slices.Contains(in, c) }
	if slices.ContainsFunc(o.onces(b.Fn, 0), same) {
		return true
	}
	return o.before(b.start(), 0, func(instr ssa.Instruction) bool {
		call, ok := instr.(*ssa.Call)
		if !ok {
			return false
		}
		op, x := o.s.Pkg.Op(&call.Call)
		return op.Kind == ops.OnceDo && x != nil && same(o.s.Pkg.Access.Of(x).Class())
	})
}

// onces are the Onces in one of which the function runs whenever it does.
func (o *orderer) onces(fn *ssa.Function, depth int) (all []access.Class) {
	r := o.runsOf(fn)
	if r.open || depth > 3 {
		return nil
	}
	for i, run := range r.list {
		var here []access.Class
		switch run.kind {
		case once:
			if _, x := o.s.Pkg.Op(run.at.Common()); x != nil {
				here = append(here, o.s.Pkg.Access.Of(x).Class())
			}
		case called:
			here = o.onces(run.at.Parent(), depth+1)
		}
		here = slices.DeleteFunc(here, access.Class.IsZero)
		if i > 0 {
			here = slices.DeleteFunc(here, func(c access.Class) bool { return !slices.Contains(all, c) })
		}
		all = here
	}
	return all
}

// oneGoroutine reports whether both edges are gone along only by the one goroutine
// that is started where the object is made.
func (o *orderer) oneGoroutine(a, b Edge) bool {
	x, ok := o.goroutines(a.Fn, 0)
	if !ok {
		return false
	}
	y, ok := o.goroutines(b.Fn, 0)
	if !ok {
		return false
	}
	first := x[0]
	for _, r := range append(x, y...) {
		if r.at != first.at {
			return false
		}
	}
	if first.recv == nil {
		return false
	}
	made := o.s.Pkg.Access.Of(first.recv)
	alloc, ok := made.Value.(*ssa.Alloc)
	return ok && made.Kind == access.Alloc && alloc.Parent() == first.at.Parent() &&
		(!skeleton.Loops(first.at) || skeleton.Dominates(alloc, first.at) && skeleton.Loops(alloc))
}

// joined reports whether the goroutines of one edge have ended when the other is come to:
// that waits for the group that they are in.
func (o *orderer) joined(a, b Edge) bool {
	starts, ok := o.goroutines(a.Fn, 0)
	if !ok {
		return false
	}
	var group access.Class
	for _, r := range starts {
		g := o.groupOf(r)
		if g.IsZero() || !group.IsZero() && g != group {
			return false
		}
		group = g
	}
	return o.before(b.start(), 0, func(instr ssa.Instruction) bool {
		call, ok := instr.(*ssa.Call)
		if !ok {
			return false
		}
		op, x := o.s.Pkg.Op(&call.Call)
		return (op.Kind == ops.WgWait || op.Kind == ops.GroupWait) && x != nil && o.s.Pkg.Access.Of(x).Class() == group &&
			!slices.ContainsFunc(starts, func(r run) bool { return r.at.Parent() == call.Parent() && skeleton.Follows(call, r.at) })
	})
}

// groupOf is the group that a goroutine is started in: by its Go, or since it defers Done.
func (o *orderer) groupOf(r run) (group access.Class) {
	if op, x := o.s.Pkg.Op(r.at.Common()); x != nil && (op.Kind == ops.WgGo || op.Kind == ops.GroupGo || op.Kind == ops.GroupTryGo) {
		return o.s.Pkg.Access.Of(x).Class()
	}
	g, ok := r.at.(*ssa.Go)
	if !ok {
		return group
	}
	fn, _ := o.s.Pkg.Behind(g.Call.Value)
	if fn == nil {
		return group
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok {
				if op, x := o.s.Pkg.Op(&d.Call); op.Kind == ops.WgDone && x != nil {
					group = o.s.Pkg.Access.Of(x).Class()
				}
			}
		}
	}
	return group
}

// early reports whether no goroutine is started yet whenever the instruction is come to:
// by main or an init function, as the first thing.
func (o *orderer) early(at ssa.Instruction, depth int) bool {
	fn := at.Parent()
	if !o.first(fn) {
		r := o.runsOf(fn)
		if r.open || len(r.list) == 0 || depth > 4 || slices.ContainsFunc(r.list, func(r run) bool { return r.kind != called || !o.early(r.at, depth+1) }) {
			return false
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && instr != at && skeleton.Follows(instr, at) && o.starts(call) {
				return false
			}
		}
	}
	return true
}

// first reports whether the function is run before all others: main, or an init function.
func (o *orderer) first(fn *ssa.Function) bool {
	return fn.Parent() == nil && fn.Signature.Recv() == nil && fn.Pkg == o.s.Pkg.SSA &&
		(fn.Name() == "main" && fn.Pkg.Pkg.Name() == "main" || strings.HasPrefix(fn.Name(), "init#") || fn.Synthetic == "package initializer")
}

// starts reports whether the call can start a goroutine that comes to code of the package.
func (o *orderer) starts(call ssa.CallInstruction) bool {
	if _, ok := call.(*ssa.Go); ok {
		return true
	}
	common := call.Common()
	if _, ok := common.Value.(*ssa.Builtin); ok {
		return false
	}
	if op, _ := o.s.Pkg.Op(common); op.Kind.Spawns() {
		return true
	}
	callee := common.StaticCallee()
	if callee == nil {
		return true
	}
	if callee = skeleton.Origin(callee); callee.Pkg == o.s.Pkg.SSA {
		return o.startsIn(callee)
	}
	return slices.ContainsFunc(common.Args, func(v ssa.Value) bool {
		_, ok := v.Type().Underlying().(*types.Signature)
		return ok
	})
}

// startsIn reports whether a call of the function can.
func (o *orderer) startsIn(fn *ssa.Function) bool {
	if does, ok := o.starting[fn]; ok {
		return does
	}
	if o.starting == nil {
		o.starting = make(map[*ssa.Function]bool)
	}
	o.starting[fn] = false // of a recursive one, the rest tells
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && o.starts(call) {
				o.starting[fn] = true
				return true
			}
		}
	}
	return false
}

// A condition is what a field is compared with under the lock that is held.
type condition struct {
	field *types.Var
	value string
	holds bool
}

// conditions are those under which the second instruction is come to, of fields of the
// object, read with the lock held.
func (s *Set) conditions(lock *access.Ref, held, at ssa.Instruction) (list []condition) {
	if held == nil || held.Parent() != at.Parent() || lock.Kind != access.Field {
		return nil
	}
	for b := at.Block().Idom(); b != nil; b = b.Idom() {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		for i, succ := range b.Succs {
			if len(succ.Preds) != 1 || !succ.Dominates(at.Block()) {
				continue
			}
			if c, ok := s.condition(br.Cond, lock.Base, held); ok {
				c.holds = c.holds == (i == 0)
				list = append(list, c)
			}
		}
	}
	return list
}

func (s *Set) condition(v ssa.Value, object *access.Ref, held ssa.Instruction) (condition, bool) {
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			c, ok := s.condition(v.X, object, held)
			c.holds = !c.holds
			return c, ok
		}
		if fa, ok := v.X.(*ssa.FieldAddr); ok && v.Op == token.MUL && s.Pkg.Access.Of(fa.X) == object && skeleton.Dominates(held, v) {
			return condition{access.FieldOf(fa.X.Type(), fa.Field), "true", true}, true
		}
	case *ssa.BinOp:
		k, ok := v.Y.(*ssa.Const)
		if !ok || v.Op != token.EQL && v.Op != token.NEQ {
			break
		}
		c, ok := s.condition(v.X, object, held)
		if c.value = "nil"; k.Value != nil {
			c.value = k.Value.ExactString()
		}
		c.holds = v.Op == token.EQL
		return c, ok
	}
	return condition{}, false
}

// otherwise reports whether the edges depend on opposite values of one field, which each
// reads with its first lock held: who has changed it has had both.
func otherwise(a, b Edge) bool {
	for _, c := range a.when {
		for _, d := range b.when {
			if c.field == d.field && (c.value == d.value && c.holds != d.holds || c.value != d.value && c.holds && d.holds) {
				return true
			}
		}
	}
	return false
}

// tokens are the channels that hold one value, and that the function has put it into, or
// taken it out of, when it comes to the instruction: a lock like any other.
func (o *orderer) tokens(at ssa.Instruction) (list []access.Class) {
	s := o.s
	fn := at.Parent()
	for _, b := range fn.Blocks {
		if !b.Dominates(at.Block()) {
			continue
		}
		for _, instr := range b.Instrs {
			if instr == at {
				break
			}
			ch := channelOf(instr)
			if ch == nil {
				continue
			}
			if c := s.Pkg.Access.Of(ch).Class(); c.Var != nil && o.holdsOne(c) && s.givesBack(fn, instr, at, c) {
				list = append(list, c)
			}
		}
	}
	return list
}

// channelOf is the channel that the instruction sends to or receives from, or nil.
func channelOf(instr ssa.Instruction) ssa.Value {
	switch instr := instr.(type) {
	case *ssa.Send:
		return instr.Chan
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			return instr.X
		}
	}
	return nil
}

// holdsOne reports whether the channels of the class are all made to hold one value.
func (o *orderer) holdsOne(c access.Class) bool {
	if o.single == nil {
		o.single = make(map[access.Class]bool)
		for _, fn := range o.s.Pkg.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					if st, ok := instr.(*ssa.Store); ok && isChan(st.Val.Type()) {
						c := o.s.Pkg.Access.Of(st.Addr).Class()
						before, seen := o.single[c]
						o.single[c] = ofOne(st.Val) && (before || !seen)
					}
				}
			}
		}
	}
	return o.single[c]
}

// ofOne reports whether the value is a new channel that holds one value.
func ofOne(v ssa.Value) bool {
	if ct, ok := v.(*ssa.ChangeType); ok {
		v = ct.X
	}
	m, ok := v.(*ssa.MakeChan)
	if !ok {
		return false
	}
	n, ok := m.Size.(*ssa.Const)
	return ok && n.Int64() == 1
}

// givesBack reports whether the function undoes what it has done to the channel, after
// the second instruction only: later in it, or in a deferred literal.
func (s *Set) givesBack(fn *ssa.Function, first, at ssa.Instruction, c access.Class) bool {
	_, sent := first.(*ssa.Send)
	back := func(instr ssa.Instruction) bool {
		ch := channelOf(instr)
		_, sends := instr.(*ssa.Send)
		return ch != nil && sends != sent && s.Pkg.Access.Of(ch).Class() == c
	}
	found := false
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if back(instr) {
				if skeleton.Follows(first, instr) && skeleton.Follows(instr, at) {
					return false
				}
				found = true
			}
			d, ok := instr.(*ssa.Defer)
			if !ok {
				continue
			}
			callees, _ := s.Pkg.Callees(d)
			for _, callee := range callees {
				for _, b := range callee.Blocks {
					found = found || slices.ContainsFunc(b.Instrs, back)
				}
			}
		}
	}
	return found
}

// parted reports whether one edge is only come to when something has been taken out
// of the container by which the other finds the object that it locks.
func (s *Set) parted(a, b Edge) bool {
	la, lb, ok := legsOf(a, b)
	if !ok {
		return false
	}
	after := func(e Edge, paths ...[]*types.Var) bool {
		var ways []*types.Var
		for _, path := range paths {
			ways = append(ways, containers(path)...)
		}
		return len(ways) > 0 && slices.ContainsFunc(s.takenOut(e.Held, 0), func(f *types.Var) bool { return slices.Contains(ways, f) })
	}
	return after(a, la.from, lb.to) || after(b, lb.from, la.to)
}

// containers are the slices, maps and lists that the fields lead through.
func containers(path []*types.Var) []*types.Var {
	return slices.DeleteFunc(slices.Clone(path[:len(path)-1]), func(f *types.Var) bool { return !holdsMany(f.Type()) })
}
