package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A LostWake is a send that is dropped when nobody is at the receive, on a channel without room
// by which a loop is woken that looks, under a lock, for what there is to do. May: that it comes
// between the look and the receive; then the loop waits for the next one, with the work left
// undone. Must: that all sends on the channel are such, that nothing closes it, and that the loop
// waits for nothing else but its end.
type LostWake struct {
	Send    *ssa.Select
	Chan    *access.Ref
	Receive ssa.Instruction
	Look    ssa.Instruction // takes the lock, or calls what does
	Made    *ssa.MakeChan
}

// LostWakes returns those of the package, in the order of the source.
func (s *Set) LostWakes() (list []LostWake) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	for _, c := range s.chanFields() {
		if c.escapes || c.tested || !saysNothing(c) || len(c.sites) != 1 || c.room > 0 || len(c.closes) > 0 || len(c.sends) == 0 || len(c.receives) != 1 {
			continue
		}
		dropped := func(o chanOp) bool {
			sel, ok := o.at.(*ssa.Select)
			return ok && !sel.Blocking && len(sel.States) == 1
		}
		r := c.receives[0]
		if slices.ContainsFunc(c.sends, func(o chanOp) bool { return !dropped(o) }) || !skeleton.Loops(r.at) || !s.waitsForEnd(r) {
			continue
		}
		for _, o := range c.sends {
			if look := s.looks(r.at, o.at); look != nil {
				sel := o.at.(*ssa.Select)
				list = append(list, LostWake{Send: sel, Chan: s.Pkg.Access.Of(sel.States[0].Chan), Receive: r.at, Look: look, Made: c.sites[0]})
				break
			}
		}
	}
	return list
}

// saysNothing reports whether the values on the channel have no meaning but that they come: what
// is dropped else may be meant to be.
func saysNothing(c *chanField) bool {
	ch, ok := c.fields[0].Type().Underlying().(*types.Chan)
	if !ok {
		return false
	}
	st, ok := ch.Elem().Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
}

// waitsForEnd reports whether what stands beside the receive in its select only says that it is
// time to stop.
func (s *Set) waitsForEnd(r chanOp) bool {
	sel, ok := r.at.(*ssa.Select)
	if !ok {
		return true
	}
	if !sel.Blocking {
		return false
	}
	for i, st := range sel.States {
		if i == r.arm {
			continue
		}
		// Who looks once more when it is told to stop has left nothing undone.
		end := armBlock(sel, i)
		if st.Send != nil || !s.tellsToStop(st.Chan) || end == nil || skeleton.Reaches(end, sel.Block()) {
			return false
		}
	}
	return true
}

// looks returns what takes, in the loop of the receive, a lock that is also taken on the way to
// the send.
func (s *Set) looks(receive, send ssa.Instruction) ssa.Instruction {
	var taken []access.Class
	before := func(at ssa.Instruction) {
		for _, instr := range instructions(at.Parent()) {
			if after(instr, at) && !after(at, instr) {
				taken = append(taken, s.locksAt(instr)...)
			}
		}
	}
	before(send)
	for _, site := range s.Pkg.Sites(send.Parent()) {
		before(site)
	}
	for _, instr := range instructions(receive.Parent()) {
		if !after(instr, receive) || !after(receive, instr) {
			continue
		}
		if slices.ContainsFunc(s.locksAt(instr), func(c access.Class) bool { return slices.Contains(taken, c) }) {
			return instr
		}
	}
	return nil
}

// locksAt are the locks that an instruction takes, or the function that it calls.
func (s *Set) locksAt(instr ssa.Instruction) (list []access.Class) {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return nil
	}
	if op, x := s.Pkg.Op(&call.Call); op.Kind == ops.Lock || op.Kind == ops.RLock {
		return []access.Class{s.Pkg.Access.Of(x).Class()}
	}
	fns, _ := s.Pkg.Callees(call)
	for _, fn := range fns {
		fl := s.Pkg.Locks().Of(fn)
		if fl == nil {
			continue
		}
		for _, ev := range fl.Events {
			if ev.Kind == skeleton.LockEvent && !ev.Try && !ev.Deferred {
				list = append(list, ev.Ref.Class())
			}
		}
	}
	return list
}

// instructions lists what the function consists of.
func instructions(fn *ssa.Function) (list []ssa.Instruction) {
	for _, b := range fn.Blocks {
		list = append(list, b.Instrs...)
	}
	return list
}
