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
	By      *ssa.Function       // leaves
	Error   *ssa.If             // on which the other side leaves, if it does so for an error; Leaves is nil then
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
		d := Deserted{At: w.at, Room: c.room, Leaves: leaves[0].at, Case: leaves[0].arm, Error: leaves[0].err, By: leaves[0].fn()}
		if send, ok := w.at.(*ssa.Send); ok {
			d.Sends, d.Chan = true, s.Pkg.Access.Of(send.Chan)
		} else {
			d.Chan = s.Pkg.Access.Of(w.at.(*ssa.UnOp).X)
		}
		if d.Sends && c.room > 0 && !fillsUp(w.at, d.Chan) && d.Error == nil {
			continue
		}
		if s.comesLate(&d, leaves) {
			list = append(list, d)
		}
	}
	return list
}

// fillsUp reports whether a send is made again and again, on one channel.
func fillsUp(send ssa.Instruction, ch *access.Ref) bool {
	switch ch.Root().Kind {
	case access.Param, access.Free, access.Global:
		return loops(send.Block())
	}
	return false
}

// leaving is how a function comes to leave: it hears that it is to stop, by a case of a
// select, or has met an error.
type leaving struct {
	at  *ssa.Select
	arm int
	err *ssa.If
}

func (l leaving) fn() *ssa.Function {
	if l.err != nil {
		return l.err.Parent()
	}
	return l.at.Parent()
}

// stop is the channel that says that it is time to stop, or nil.
func (l leaving) stop() ssa.Value {
	if l.err != nil {
		return nil
	}
	return l.at.States[l.arm].Chan
}

// leaves reports whether the function leaves after the operation, which it makes in turns, and
// does none of the operations any more: as it is told to stop, or for an error.
func (s *Set) leaves(o chanOp, all []chanOp) (leaving, bool) {
	fn := o.fn()
	if s.runsAgain(fn, 0) {
		return leaving{}, false
	}
	does := func(f *ssa.Function) bool {
		return slices.ContainsFunc(all, func(x chanOp) bool { return x.fn() == f || s.callsInTurn(f, x.fn()) })
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok {
				if fns, _ := s.Pkg.Callees(d); slices.ContainsFunc(fns, does) {
					return leaving{}, false
				}
			}
		}
	}
	again := func(from *ssa.BasicBlock) bool {
		for b := range reachable(from) {
			for _, instr := range b.Instrs {
				if slices.ContainsFunc(all, func(x chanOp) bool { return x.at == instr }) {
					return true
				}
				if call, ok := instr.(ssa.CallInstruction); ok {
					if fns, _ := s.Pkg.Callees(call); slices.ContainsFunc(fns, does) {
						return true
					}
				}
			}
		}
		return false
	}
	if sel, ok := o.at.(*ssa.Select); ok && sel.Blocking {
		for i, st := range sel.States {
			if i == o.arm || st.Dir != types.RecvOnly || !s.tellsToStop(st.Chan) {
				continue
			}
			if first := armBlock(sel, i); first != nil && !again(first) {
				return leaving{at: sel, arm: i}, true
			}
		}
	}
	if !loops(o.at.Block()) {
		return leaving{}, false
	}
	for _, b := range fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !after(o.at, br) || !loops(b) {
			continue
		}
		if side := onError(br); side != nil && !again(side) && !s.tells(side) {
			return leaving{err: br}, true
		}
	}
	return leaving{}, false
}

// runsAgain reports whether a function that leads to fn calls it in a loop, or starts it
// again when it has ended.
func (s *Set) runsAgain(fn *ssa.Function, depth int) bool {
	starts := s.startsOf(fn)
	for _, site := range append(slices.Clone(s.Pkg.Sites(fn)), starts...) {
		if slices.Contains(starts, site) {
			if s.startsAgain(site) {
				return true
			}
			continue
		}
		if _, plain := site.(*ssa.Call); plain && (loops(site.Block()) || depth < maxPassed && s.runsAgain(site.Parent(), depth+1)) {
			return true
		}
	}
	return false
}

// startsAgain reports whether the function that starts a goroutine waits for something
// between one start and the next, as who runs it anew when it has ended.
func (s *Set) startsAgain(start ssa.CallInstruction) bool {
	b := start.Block()
	return loops(b) && slices.ContainsFunc(s.ops(start.Parent()), func(op syncOp) bool {
		return op.acquire && op.medium != byLock && op.at != start && skeleton.Reaches(b, op.at.Block()) && skeleton.Reaches(op.at.Block(), b)
	})
}

// onError is where a branch goes on if what a call has returned is an error.
func onError(br *ssa.If) *ssa.BasicBlock {
	cmp, ok := br.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ {
		return nil
	}
	c, ok := cmp.Y.(*ssa.Const)
	if !ok || !c.IsNil() || !types.Identical(cmp.X.Type(), types.Universe.Lookup("error").Type()) {
		return nil
	}
	v := cmp.X
	if ex, ok := v.(*ssa.Extract); ok {
		v = ex.Tuple
	}
	if _, ok := v.(*ssa.Call); !ok {
		return nil
	}
	if cmp.Op == token.EQL {
		return br.Block().Succs[1]
	}
	return br.Block().Succs[0]
}

// tells reports whether the function tells somebody else that it is over, on its way out of
// the block or by what it has deferred.
func (s *Set) tells(from *ssa.BasicBlock) bool {
	blocks := make(map[*ssa.BasicBlock]bool)
	for b := range reachable(from) {
		blocks[b] = true
	}
	for _, op := range s.ops(from.Parent()) {
		if op.release && op.medium != byLock && op.medium != byGroup && op.medium != byObject && (op.deferred || blocks[op.at.Block()]) {
			return true
		}
	}
	return false
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
		if s.callsInTurn(l.fn(), fn) || s.callsInTurn(fn, l.fn()) {
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
		return slices.ContainsFunc(s.ops(at.Parent()), func(op syncOp) bool { return op.waitsBefore(at) && matches(&op, signals) })
	}
	for _, l := range leaves {
		if l.err != nil || s.doneOf(l.stop()) {
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
