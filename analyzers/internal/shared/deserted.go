package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
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
	Go      ssa.CallInstruction // starts the goroutine of At; nil if others call its function
	Context ssa.Value           // that the function of At is given; nil if it is given none
}

// Deserted returns those of the package.
func (s *Set) Deserted() (list []Deserted) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if s.Pass.Pkg.Name() == "main" || !s.prepare() { // where all ends with main
		return nil
	}
	s.findContexts()
	for _, c := range s.chanFields() {
		if c.escapes || !c.made || len(c.sends) == 0 || len(c.receives) == 0 {
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
		d := Deserted{At: w.at, Room: c.room, Leaves: leaves[0].at, Case: leaves[0].arm}
		if send, ok := w.at.(*ssa.Send); ok {
			d.Sends, d.Chan = true, s.Pkg.Access.Of(send.Chan)
		} else {
			d.Chan = s.Pkg.Access.Of(w.at.(*ssa.UnOp).X)
		}
		if d.Sends && c.room > 0 && !loops(w.at.Block()) {
			continue
		}
		if s.comesLate(&d, leaves) {
			list = append(list, d)
		}
	}
	return list
}

// leaving is how a function hears that it is to stop: by a case of a select.
type leaving struct {
	at  *ssa.Select
	arm int
}

func (l leaving) stop() ssa.Value { return l.at.States[l.arm].Chan }

// leaves reports whether the operation is in a select with a case for being told to stop, after
// which the function does none of the operations any more.
func (s *Set) leaves(o chanOp, all []chanOp) (leaving, bool) {
	sel, ok := o.at.(*ssa.Select)
	if !ok || !sel.Blocking {
		return leaving{}, false
	}
	fn := o.fn()
	if slices.ContainsFunc(s.Pkg.Sites(fn), func(site ssa.CallInstruction) bool {
		_, plain := site.(*ssa.Call)
		return plain && loops(site.Block())
	}) {
		return leaving{}, false
	}
	does := func(f *ssa.Function) bool {
		return slices.ContainsFunc(all, func(x chanOp) bool { return x.fn() == f || s.callsInTurn(f, x.fn()) })
	}
	for i, st := range sel.States {
		if i == o.arm || st.Dir != types.RecvOnly || !s.tellsToStop(st.Chan) {
			continue
		}
		first := armBlock(sel, i)
		if first == nil {
			continue
		}
		again := false
		for b := range reachable(first) {
			for _, instr := range b.Instrs {
				again = again || slices.ContainsFunc(all, func(x chanOp) bool { return x.at == instr })
				if call, ok := instr.(ssa.CallInstruction); ok && !again {
					fns, _ := s.Pkg.Callees(call)
					again = slices.ContainsFunc(fns, does)
				}
			}
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if d, ok := instr.(*ssa.Defer); ok && !again {
					fns, _ := s.Pkg.Callees(d)
					again = slices.ContainsFunc(fns, does)
				}
			}
		}
		if !again {
			return leaving{sel, i}, true
		}
	}
	return leaving{}, false
}

// tellsToStop reports whether the channel is closed, or its context ends, to say that it is
// time to stop.
func (s *Set) tellsToStop(ch ssa.Value) bool {
	if s.doneOf(ch) {
		return true
	}
	fields := s.fieldsOfChan(ch, nil, 0)
	if len(fields) != 1 {
		return false
	}
	c := s.chans[fields[0]]
	return c != nil && len(c.closes) > 0 && len(c.sends) == 0
}

// armBlock is where the function goes on after that case of the select.
func armBlock(sel *ssa.Select, arm int) *ssa.BasicBlock {
	for _, b := range sel.Parent().Blocks {
		if br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
			if x, i := armOf(br.Cond); x == sel && i == arm {
				return b.Succs[0]
			}
		}
	}
	return nil
}

// reachable yields the block and those that can be executed after it.
func reachable(from *ssa.BasicBlock) func(yield func(*ssa.BasicBlock) bool) {
	return func(yield func(*ssa.BasicBlock) bool) {
		seen := map[*ssa.BasicBlock]bool{from: true}
		work := []*ssa.BasicBlock{from}
		for len(work) > 0 {
			b := work[len(work)-1]
			work = work[:len(work)-1]
			if !yield(b) {
				return
			}
			for _, n := range b.Succs {
				if !seen[n] {
					seen[n] = true
					work = append(work, n)
				}
			}
		}
	}
}

// callsInTurn reports whether a call of f leads to one of fn, in the same goroutine.
func (s *Set) callsInTurn(f, fn *ssa.Function) bool {
	seen := make(map[*ssa.Function]bool)
	var up func(x *ssa.Function) bool
	up = func(x *ssa.Function) bool {
		if x == f {
			return true
		}
		if seen[x] {
			return false
		}
		seen[x] = true
		for _, site := range s.Pkg.Sites(x) {
			if _, started := site.(*ssa.Go); !started && up(site.Parent()) {
				return true
			}
		}
		return false
	}
	return up(fn)
}

// comesLate reports whether the operation can come when the other side has left.
func (s *Set) comesLate(d *Deserted, leaves []leaving) bool {
	fn := d.At.Parent()
	c := s.contexts[fn]
	if c == nil || c.quiet || s.byState(d.At, d.Chan) {
		return false
	}
	for _, l := range leaves {
		if s.callsInTurn(l.at.Parent(), fn) || s.callsInTurn(fn, l.at.Parent()) {
			return false
		}
	}
	var signals []syncOp
	for g := range c.by {
		for _, start := range s.startsOf(g) {
			if s.inTest(start.Parent()) {
				return false
			}
			if d.Go == nil || start.Pos() < d.Go.Pos() {
				d.Go = start
			}
			sp := s.spawned(start)
			if sp == nil || s.waitsIn(start.Parent(), sp) {
				return false
			}
			signals = append(signals, sp.signals()...)
		}
	}
	if c.api {
		d.Go = nil
	} else if d.Go == nil {
		return false
	}
	if d.Go != nil && s.stopWaits(leaves, signals) {
		return false
	}
	d.Context = contextIn(fn)
	return true
}

// byState reports whether it depends on the state of the object whose channel it is if the
// operation is executed: on that of being stopped, it may be.
func (s *Set) byState(at ssa.Instruction, ch *access.Ref) bool {
	object := ch.Root()
	var state func(v ssa.Value, depth int) bool
	state = func(v ssa.Value, depth int) bool {
		if depth > 6 {
			return false
		}
		switch v := v.(type) {
		case *ssa.UnOp:
			if fa, ok := v.X.(*ssa.FieldAddr); ok {
				return s.Pkg.Access.Of(fa).Root() == object
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
			return slices.ContainsFunc(v.Call.Args, func(a ssa.Value) bool { return s.Pkg.Access.Of(a).Root() == object })
		}
		return false
	}
	for br := range conditions(at) {
		if state(br.Cond, 0) {
			return true
		}
	}
	return false
}

// stopWaits reports whether what tells the others to stop has waited for one of the signals
// before.
func (s *Set) stopWaits(leaves []leaving, signals []syncOp) bool {
	waited := func(at ssa.Instruction) bool {
		return slices.ContainsFunc(s.ops(at.Parent()), func(op syncOp) bool { return op.waits(at) && matches(&op, signals) })
	}
	for _, l := range leaves {
		if s.doneOf(l.stop()) {
			continue
		}
		for _, f := range s.fieldsOfChan(l.stop(), nil, 0) {
			for _, k := range s.chanOf(f).closes {
				if waited(k.at) {
					return true
				}
			}
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
