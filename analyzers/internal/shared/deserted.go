package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Deserted is a lone send on a channel, or a lone receive, whose other side leaves when it
// is told to stop, and does so everywhere: who comes later, or is late, waits for ever. May:
// that it is late. Must: that nothing else in the package receives from the channel (sends
// on it or closes it), whichever object it belongs to, and that nobody who tells the other
// side to stop has waited for the goroutine before.
type Deserted struct {
	At      ssa.Instruction // the send or receive
	Chan    *access.Ref     // what it is on
	Sends   bool
	Room    int64               // of the channel
	Leaves  *ssa.Select         // in which the other side hears that it is to stop
	Case    int                 // the case of it that says so
	More    bool                // another case says so, too
	By      *ssa.Function       // leaves
	Error   *ssa.If             // on which the other side leaves, if it does so for an error; Leaves is nil then
	Go      ssa.CallInstruction // starts the goroutine of At; nil if others call its function
	Context ssa.Value           // that the function of At is given; nil if it is given none
}

// Deserted returns those of the package.
func (s *Set) Deserted() []Deserted {
	s.leftOnce.Do(func() {
		s.Pkg.Mu.Lock()
		defer s.Pkg.Mu.Unlock()
		s.left = s.findDeserted()
	})
	return s.left
}

func (s *Set) findDeserted() (list []Deserted) {
	if s.Pass.Pkg.Name() == "main" || !s.prepare() { // where all ends with main
		return nil
	}
	s.findContexts()
	for _, c := range slices.Concat(s.localChans(), s.chanFields()) {
		if c.escapes || !c.made() || len(c.sends) == 0 || len(c.receives) == 0 {
			continue
		}
		list = append(list, s.deserted(c, c.sends, c.receives)...)
		if len(c.closes) == 0 {
			list = append(list, s.deserted(c, c.receives, c.sends)...)
		}
	}
	slices.SortFunc(list, func(a, b Deserted) int { return int(a.At.Pos() - b.At.Pos()) })
	return list
}

// deserted returns the lone ones of waiting, if all of the others leave.
func (s *Set) deserted(c *chanField, waiting, others []chanOp) (list []Deserted) {
	var leaves []leaving
	for _, o := range others {
		l, ok := s.leaves(o, others)
		if !ok {
			return nil
		}
		leaves = append(leaves, l)
	}
	for _, w := range waiting {
		if w.arm >= 0 {
			continue
		}
		d := Deserted{At: w.at, Room: c.room, Leaves: leaves[0].at, Case: leaves[0].arm, More: leaves[0].more, Error: leaves[0].err, By: leaves[0].fn()}
		if send, ok := w.at.(*ssa.Send); ok {
			d.Sends, d.Chan = true, s.Pkg.Access.Of(send.Chan)
		} else {
			d.Chan = s.Pkg.Access.Of(w.at.(*ssa.UnOp).X)
		}
		switch {
		case d.Sends && d.Error == nil && len(c.closes) > 0:
			continue // who stops the others closes it then, and who comes late finds it closed
		case !d.Sends && c.room > 0:
			continue // there can be a value, as of who gives back a slot that he has taken
		case d.Sends && len(c.fields) == 0 && (!goesOn(w.at.Block(), c.room > 0) || askedFor(w.at, leaves)):
			continue // the others can have received all that there is
		case d.Sends && len(c.fields) > 0 && c.room > 0 && !fillsUp(w.at, d.Chan) && (d.Error == nil || !s.calledAgain(w.fn())):
			continue // each object may have a channel of its own, and get one value
		case d.Sends && s.isThere(w, d.Chan, others, leaves):
			continue
		}
		if s.comesLate(&d, leaves) {
			list = append(list, d)
		}
	}
	return list
}

// isThere reports whether the channel of the send is made in its function, and who receives from
// it and leaves cannot have left yet: it is started later, or leaves only when it has received
// something, and this is the first value.
func (s *Set) isThere(w chanOp, ch *access.Ref, others []chanOp, leaves []leaving) bool {
	fn := w.at.Parent()
	made := slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			st, ok := instr.(*ssa.Store)
			if !ok || s.Pkg.Access.Of(st.Addr) != ch || !skeleton.Dominates(st, w.at) {
				return false
			}
			_, fresh := st.Val.(*ssa.MakeChan)
			return fresh
		})
	})
	if !made {
		return false
	}
	later := !slices.ContainsFunc(leaves, func(l leaving) bool {
		starts := s.startsOf(l.fn())
		return len(starts) == 0 || slices.ContainsFunc(starts, func(g ssa.CallInstruction) bool { return g.Parent() != fn || after(g, w.at) })
	})
	if later || loops(w.at.Block()) {
		return later
	}
	if obj := ch.Base; ch.Kind == access.Field && obj.Kind == access.Alloc && obj.Value.Parent() == fn && !slices.ContainsFunc(leaves, func(l leaving) bool { return l.err != nil }) {
		return true // nobody has the object yet who could tell the receiver to leave
	}
	return !slices.ContainsFunc(leaves, func(l leaving) bool {
		return l.err == nil || !slices.ContainsFunc(others, func(o chanOp) bool { return o.at.Parent() == l.fn() && skeleton.Dominates(o.at, l.err) })
	})
}

// askedFor reports whether what leads to the send is received from somebody like one of those
// that leave: who has left asks for nothing any more.
func askedFor(send ssa.Instruction, leaves []leaving) bool {
	var asks []types.Type
	for _, b := range send.Parent().Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if ch, ok := instr.X.Type().Underlying().(*types.Chan); ok {
					asks = append(asks, ch.Elem())
				}
			case *ssa.Select:
				for _, st := range instr.States {
					if st.Dir == types.RecvOnly {
						asks = append(asks, st.Chan.Type().Underlying().(*types.Chan).Elem())
					}
				}
			}
		}
	}
	is := func(ch ssa.Value) bool {
		elem := ch.Type().Underlying().(*types.Chan).Elem()
		return slices.ContainsFunc(asks, func(t types.Type) bool { return types.Identical(t, elem) })
	}
	for _, l := range leaves {
		for _, f := range skeleton.Family(l.fn()) {
			for _, b := range f.Blocks {
				for _, instr := range b.Instrs {
					switch instr := instr.(type) {
					case *ssa.Send:
						if is(instr.Chan) {
							return true
						}
					case *ssa.Select:
						if slices.ContainsFunc(instr.States, func(st *ssa.SelectState) bool { return st.Dir == types.SendOnly && is(st.Chan) }) {
							return true
						}
					case ssa.CallInstruction:
						if b, ok := instr.Common().Value.(*ssa.Builtin); ok && b.Name() == "close" && is(instr.Common().Args[0]) {
							return true
						}
					}
				}
			}
		}
	}
	return false
}

// goesOn reports whether the block is executed again and again; if long, more often than a
// number can say.
func goesOn(b *ssa.BasicBlock, long bool) bool {
	if !loops(b) {
		return false
	}
	if !long {
		return true
	}
	for _, other := range b.Parent().Blocks {
		br, ok := other.Instrs[len(other.Instrs)-1].(*ssa.If)
		ends := func(to *ssa.BasicBlock) bool { return to != b && !skeleton.Reaches(to, b) }
		if !ok || !skeleton.Reaches(b, other) || !slices.ContainsFunc(other.Succs, ends) {
			continue
		}
		if cmp, ok := br.Cond.(*ssa.BinOp); ok {
			if t, ok := cmp.X.Type().Underlying().(*types.Basic); ok && t.Info()&types.IsInteger != 0 {
				return false
			}
		}
	}
	return true
}

// fillsUp reports whether a send is made again and again, on one channel.
func fillsUp(send ssa.Instruction, ch *access.Ref) bool {
	switch ch.Root().Kind {
	case access.Param, access.Free, access.Global:
		return loops(send.Block())
	}
	return false
}

// calledAgain reports whether others can call the function, as often as they like.
func (s *Set) calledAgain(fn *ssa.Function) bool {
	c := s.contexts[fn]
	return c == nil || c.api
}

// comesLate reports whether the operation can come when the other side has left.
func (s *Set) comesLate(d *Deserted, leaves []leaving) bool {
	fn := d.At.Parent()
	c := s.contexts[fn]
	if c == nil || c.quiet && !s.stoppedToo(fn, leaves) || s.byState(d.At, d.Chan) || s.decidedAbove(fn, 0) {
		return false
	}
	for _, l := range leaves {
		if c.api && l.err == nil && !loops(l.at.Block()) {
			return false // two methods that others call in turn
		}
		if s.callsInTurn(l.fn(), fn) || s.callsInTurn(fn, l.fn()) || s.stopsItself(l, fn) {
			return false
		}
	}
	if !c.api {
		signals, ok := s.startedBy(d, c, d.Error == nil)
		if !ok || d.Go == nil && !((s.Pkg.UsedAsValue(fn) || s.bound[fn.Object()]) && s.stoppedToo(fn, leaves)) || s.stopWaits(leaves, signals) {
			return false
		}
	}
	d.Context = contextIn(fn)
	return true
}

// stoppedToo reports whether the function is given a context, by whoever runs it, and the
// others leave at the end of one: he stops it by that, and it waits for what has gone.
func (s *Set) stoppedToo(fn *ssa.Function, leaves []leaving) bool {
	return contextIn(fn) != nil && !slices.ContainsFunc(leaves, func(l leaving) bool { return l.err != nil || !s.doneOf(l.stop()) })
}

// stopsItself reports whether it is the function, or one that it calls, who tells the other
// side to stop: it does not wait any more then.
func (s *Set) stopsItself(l leaving, fn *ssa.Function) bool {
	if l.err != nil {
		return false
	}
	return slices.ContainsFunc(s.stopOps(l.stop()), func(k chanOp) bool { return s.callsInTurn(fn, k.fn()) })
}

// startedBy finds what starts the goroutine of the operation, and returns the signals by which
// others can know that it is over. If patient, it is not ok where somebody who starts it waits
// for it.
func (s *Set) startedBy(d *Deserted, c *context, patient bool) (signals []syncOp, ok bool) {
	for g := range c.by {
		for _, start := range s.startsOf(g) {
			sp := s.spawned(start)
			if s.inTest(start.Parent()) || sp == nil || patient && s.waitsIn(start.Parent(), sp) {
				return nil, false
			}
			if d.Go == nil || start.Pos() < d.Go.Pos() {
				d.Go = start
			}
			signals = append(signals, sp.signals()...)
		}
	}
	return signals, true
}

// byState reports whether it depends on the state of the object whose channel it is if the
// operation is executed: on that of being stopped, it may be. A branch one way of which does
// not come to the operation decides about it.
func (s *Set) byState(at ssa.Instruction, ch *access.Ref) bool {
	object := ch.Root()
	return s.decides(at, true, func(r *access.Ref) bool { return r.Root() == object })
}

// decidedAbove reports the same of those that call the function, or the literal that another
// function runs: where one of them looks at the state of an object first, the function need
// not.
func (s *Set) decidedAbove(fn *ssa.Function, depth int) bool {
	if depth > maxPassed || fn.Parent() == nil && s.exported(fn) {
		return false
	}
	given := func(r *access.Ref) bool {
		k := r.Root().Kind
		return k == access.Param || k == access.Free || k == access.Global
	}
	above := func(call ssa.CallInstruction) bool {
		if _, spawn := call.(*ssa.Go); spawn || s.inTest(call.Parent()) {
			return false
		}
		held, _ := s.heldAt(call.Parent(), call)
		return s.decides(call, len(held) > 0, given) || s.decidedAbove(call.Parent(), depth+1)
	}
	for _, h := range s.handings(fn) {
		if slices.ContainsFunc(h.inner, func(call *ssa.Call) bool { return above(call) }) {
			return true
		}
	}
	return slices.ContainsFunc(s.Pkg.Sites(fn), above)
}

// decides reports whether a branch, one way of which does not come to the instruction, looks at
// the state of one of the objects. What a method of one says by its error counts if errors is
// set, as where a lock is held meanwhile; else only of a method that counts who has called it, or returns how to leave.
func (s *Set) decides(at ssa.Instruction, errors bool, of func(*access.Ref) bool) bool {
	var state func(v ssa.Value, depth int) bool
	state = func(v ssa.Value, depth int) bool {
		if depth > 6 {
			return false
		}
		switch v := v.(type) {
		case *ssa.UnOp:
			if fa, ok := v.X.(*ssa.FieldAddr); ok {
				r := s.Pkg.Access.Of(fa)
				return of(r) && !s.settled(v.Type(), r)
			}
			if a, ok := v.X.(*ssa.Alloc); ok { // a named result, say
				return anyStored(a, func(v ssa.Value) bool { return state(v, depth+1) })
			}
			return state(v.X, depth+1)
		case *ssa.BinOp:
			return state(v.X, depth+1) || state(v.Y, depth+1)
		case *ssa.Extract:
			return state(v.Tuple, depth+1)
		case *ssa.Phi:
			return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return state(e, depth+1) })
		case *ssa.Call:
			if op, _ := s.Pkg.Op(&v.Call); op.Kind == ops.AtomicLoad || op.Kind == ops.AtomicUpdate {
				return true
			}
			if !errors && fails(&v.Call) && !s.enters(v) {
				return false
			}
			return slices.ContainsFunc(v.Call.Args, func(a ssa.Value) bool {
				r := s.Pkg.Access.Of(a)
				return of(r) && !s.settled(a.Type(), r)
			})
		}
		return false
	}
	for _, b := range at.Parent().Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !after(br, at) || !state(br.Cond, 0) {
			continue
		}
		if slices.ContainsFunc(b.Succs, func(to *ssa.BasicBlock) bool { return to != at.Block() && !skeleton.Reaches(to, at.Block()) }) {
			return true
		}
	}
	return false
}

// fails reports whether the last result of a call is an error.
func fails(call *ssa.CallCommon) bool {
	r := call.Signature().Results()
	return r.Len() > 0 && types.Identical(r.At(r.Len()-1).Type(), types.Universe.Lookup("error").Type())
}

// enters reports whether a function that is called counts who has called it, or returns a function
// to leave by.
func (s *Set) enters(call *ssa.Call) bool {
	for v := range call.Call.Signature().Results().Variables() {
		if _, ok := v.Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	fns, _ := s.Pkg.Callees(call)
	return slices.ContainsFunc(fns, func(fn *ssa.Function) bool { return len(s.addings(fn, 0)) > 0 })
}

// settled reports whether a field, or a field of one, is a plain value that nobody changes once
// the object is there: an address to listen on says nothing of whether the object is stopped.
func (s *Set) settled(t types.Type, r *access.Ref) bool {
	if _, plain := t.Underlying().(*types.Basic); !plain || r.Kind != access.Field {
		return false
	}
	if s.changing == nil {
		s.changing = make(map[*types.Var]bool)
		for _, fn := range s.Pkg.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					if st, ok := instr.(*ssa.Store); ok {
						s.noteChange(st)
					}
				}
			}
		}
	}
	for x := r; x.Kind == access.Field; x = x.Base {
		if x.Field.Pkg() == s.Pass.Pkg && (x.Field.Exported() || s.changing[x.Field]) {
			return false
		}
	}
	return true
}

// noteChange notes the field of an object that is there already.
func (s *Set) noteChange(st *ssa.Store) {
	fa, ok := st.Addr.(*ssa.FieldAddr)
	if !ok {
		return
	}
	base := s.Pkg.Access.Of(fa.X)
	if base.Kind == access.Alloc && base.Value.Parent() == st.Parent() {
		return // made here
	}
	s.changing[access.FieldOf(fa.X.Type(), fa.Field)] = true
}

// stopWaits reports whether what tells the others to stop has waited for one of the signals
// before.
func (s *Set) stopWaits(leaves []leaving, signals []syncOp) bool {
	waited := func(at ssa.Instruction) bool {
		return slices.ContainsFunc(s.ops(at.Parent()), func(op syncOp) bool { return op.waitsBefore(at) && s.matches(&op, signals) })
	}
	for _, l := range leaves {
		if l.err != nil || s.doneOf(l.stop()) {
			continue
		}
		if slices.ContainsFunc(s.stopOps(l.stop()), func(k chanOp) bool { return waited(k.at) }) {
			return true
		}
	}
	for _, fn := range s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if ok && ops.IsCancel(call.Common().Value.Type()) && waited(call) {
					return true
				}
			}
		}
	}
	return false
}

// contextIn is a context that the function, or one around it, is given.
func contextIn(fn *ssa.Function) ssa.Value {
	for f := fn; f != nil; f = f.Parent() {
		for _, p := range f.Params {
			if ops.IsContext(p.Type()) {
				return p
			}
		}
	}
	return nil
}
