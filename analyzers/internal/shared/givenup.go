package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A GivenUp is a send, with nothing beside it, of the answer to who has asked, on a channel without room that
// was made for that: whoever asks waits in a select, and leaves by another case of it, as when the
// context is done that he has been given. May: that it is taken between the question and the
// answer. Must: each channel is made by one who asks; nobody receives but those that ask, in
// such selects, and who has left does nothing more with the question.
type GivenUp struct {
	At     *ssa.Send
	Chan   *access.Ref
	Leaves *ssa.Select
	Case   int
	Timer  bool // the case is that of a timer
	Made   *ssa.MakeChan
}

// GivenUp returns those of the package, in the order of the source.
func (s *Set) GivenUp() (list []GivenUp) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if s.Pass.Pkg.Name() == "main" || !s.prepare() { // where all ends with main
		return nil
	}
	for _, c := range s.chanFields() {
		if c.escapes || c.tested || !c.made() || len(c.fields) != 1 || c.room > 0 || len(c.closes) > 0 || len(c.receives) == 0 {
			continue
		}
		list = append(list, s.givenUp(c)...)
	}
	slices.SortFunc(list, func(a, b GivenUp) int { return int(a.At.Pos() - b.At.Pos()) })
	return list
}

func (s *Set) givenUp(c *chanField) (list []GivenUp) {
	var x GivenUp
	for _, o := range c.receives {
		sel, ok := o.at.(*ssa.Select)
		i := slices.IndexFunc(c.sites, func(site *ssa.MakeChan) bool { return site.Parent() == o.fn() })
		if !ok || i < 0 || loops(sel.Block()) {
			return nil
		}
		asked := s.requestOf(c, c.sites[i])
		if asked == nil || !s.isChanOf(sel.States[o.arm].Chan, c.sites[i], asked, c) || !s.handedOver(asked, sel) {
			return nil
		}
		arm, timer := s.leavesBy(sel, o.arm, asked)
		if arm < 0 {
			return nil
		}
		if x.Leaves == nil || sel.Pos() < x.Leaves.Pos() {
			x.Leaves, x.Case, x.Timer, x.Made = sel, arm, timer, c.sites[i]
		}
	}
	for _, o := range c.sends {
		send, ok := o.at.(*ssa.Send)
		if !ok || s.inTest(o.fn()) {
			continue
		}
		ch := s.Pkg.Access.Of(send.Chan)
		own := func(r chanOp) bool {
			return skeleton.Outermost(r.fn()) == skeleton.Outermost(o.fn()) || s.callsInTurn(r.fn(), o.fn())
		}
		if ch.Kind != access.Field || ch.Root().Kind == access.Alloc && ch.Root().Value.Parent() != o.fn() || slices.ContainsFunc(c.receives, own) || s.byState(send, ch) {
			continue
		}
		x.At, x.Chan = send, ch
		list = append(list, x)
	}
	return list
}

// handedOver reports whether the object is sent off, or given to a function, before the instruction, and nobody
// comes there without that.
func (s *Set) handedOver(asked object, before ssa.Instruction) bool {
	whole := func(v ssa.Value) bool {
		if mi, ok := v.(*ssa.MakeInterface); ok {
			v = mi.X
		}
		return v != nil && s.wholeOf(v, asked)
	}
	for _, b := range before.Parent().Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send:
				if whole(instr.X) && skeleton.Dominates(instr, before) {
					return true
				}
			case *ssa.Select:
				for i, st := range instr.States {
					if !whole(st.Send) {
						continue
					}
					if first := armBlock(instr, i); first != nil && first.Dominates(before.Block()) || first == nil && skeleton.Dominates(instr, before) {
						return true
					}
				}
			}
		}
	}
	return false
}

// leavesBy returns the case of the select by which the function leaves while the other side goes on: that of a
// context that it is given, or has made of one, or of a timer; and does nothing more with the object. -1 if there is none.
func (s *Set) leavesBy(sel *ssa.Select, not int, asked object) (arm int, timer bool) {
	if !sel.Blocking {
		return -1, false
	}
	for i, st := range sel.States {
		if i == not || st.Dir != types.RecvOnly {
			continue
		}
		timer := s.clock(st.Chan)
		if !timer && !s.ownDone(st.Chan) {
			continue
		}
		first := armBlock(sel, i)
		if first == nil || !returnsPlainly(first, asked) {
			continue
		}
		return i, timer
	}
	return -1, false
}

// ownDone reports whether the channel is the Done of a context that the function is given, or makes.
func (s *Set) ownDone(ch ssa.Value) bool {
	call, ok := ch.(*ssa.Call)
	if !ok || !s.doneOf(ch) {
		return false
	}
	args := operands(call)
	if len(args) == 0 {
		return false
	}
	switch s.Pkg.Access.Of(args[0]).Kind {
	case access.Param, access.Result:
		return true
	}
	return false
}

// returnsPlainly reports whether the function returns from there, and has no more to do with the object.
func returnsPlainly(from *ssa.BasicBlock, asked object) bool {
	returns := false
	for b := range reachable(from) {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Return:
				returns = true
			case *ssa.Send, *ssa.Select, *ssa.Go, *ssa.MakeClosure:
				return false
			case *ssa.FieldAddr:
				if slices.ContainsFunc(asked, func(a *ssa.Alloc) bool { return instr.X == a }) {
					return false
				}
			case *ssa.UnOp:
				if slices.ContainsFunc(asked, func(a *ssa.Alloc) bool { return instr.X == a }) {
					return false
				}
			case ssa.CallInstruction:
				for _, arg := range operands(instr) {
					if isChan(arg.Type()) || slices.ContainsFunc(asked, func(a *ssa.Alloc) bool { return arg == a }) {
						return false
					}
				}
			}
		}
	}
	return returns
}
