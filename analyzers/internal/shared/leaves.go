package shared

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// leaving is how a function comes to leave: it hears that it is to stop, by a case of a
// select, or has met an error.
type leaving struct {
	at   *ssa.Select
	arm  int
	more bool // another case of the select says so, too
	err  *ssa.If
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
		var stops []int
		for i, st := range sel.States {
			if i == o.arm || st.Dir != types.RecvOnly || !s.tellsToStop(st.Chan) && !s.toldBySend(st.Chan) {
				continue
			}
			if first := armBlock(sel, i); first != nil && !again(first) {
				stops = append(stops, i)
			}
		}
		if len(stops) > 0 {
			return leaving{at: sel, arm: stops[0], more: len(stops) > 1}, true
		}
	}
	if !loops(o.at.Block()) || s.runByOthers(o) {
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

// runByOthers reports whether the operation is on a channel of the object whose method makes it,
// and nobody in the package runs that: who does, as a supervisor, can do so again when it has
// returned for an error.
func (s *Set) runByOthers(o chanOp) bool {
	fn := o.fn()
	if fn.Signature.Recv() == nil || len(s.Pkg.Sites(fn))+len(s.startsOf(fn)) > 0 || !s.exported(fn) {
		return false
	}
	ch := chanOfOp(o)
	if recv, ok := o.at.(*ssa.UnOp); ok {
		ch = recv.X
	}
	return ch != nil && s.Pkg.Access.Of(ch).Root().Value == ssa.Value(fn.Params[0])
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
	v := lastInField(cmp.X)
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

// lastInField is a value, or if it is loaded from a field, what the function has stored there just before.
func lastInField(v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return v
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return v
	}
	b := load.Block()
	for i := slices.Index(b.Instrs, ssa.Instruction(load)) - 1; i >= 0; i-- {
		if st, ok := b.Instrs[i].(*ssa.Store); ok {
			if to, ok := st.Addr.(*ssa.FieldAddr); ok && to.X == fa.X && to.Field == fa.Field {
				return st.Val
			}
		}
	}
	return v
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
	c := s.chanOut(ch)
	return c != nil && len(c.closes) > 0 && len(c.sends) == 0
}

// toldBySend reports whether nothing but a word without content is sent on the channel, which is
// never closed, and only by functions that other packages call, once in each call.
func (s *Set) toldBySend(ch ssa.Value) bool {
	c := s.chanOut(ch)
	if c == nil || c.escapes || len(c.closes) > 0 || len(c.sends) == 0 {
		return false
	}
	st, ok := ch.Type().Underlying().(*types.Chan).Elem().Underlying().(*types.Struct)
	return ok && st.NumFields() == 0 && !slices.ContainsFunc(c.sends, func(o chanOp) bool { return !s.exported(o.fn()) || loops(o.at.Block()) })
}

// stopOps lists where a channel that says that it is time to stop is closed, or sent on.
func (s *Set) stopOps(ch ssa.Value) []chanOp {
	c := s.chanOut(ch)
	if c == nil {
		return nil
	}
	return slices.Concat(c.closes, c.sends)
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
