package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A HeldSend is a send, under a lock, on the channel of each that a map holds, while whoever is
// in the map gets out of it by a function that takes the lock: who does that instead of
// receiving waits for the sender, which waits for him. May: that he does not receive first.
// Must: that nothing in the package goes on receiving meanwhile.
type HeldSend struct {
	Send   *ssa.Send
	Lock   string
	Locked ssa.Instruction // takes it
	Delete ssa.Instruction // takes the receiver out of the map
	By     *ssa.Function   // does so
}

// HeldSends returns those of the package.
func (s *Set) HeldSends() (list []HeldSend) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	s.findContexts()
	var removals []removal
	for _, fn := range s.Pkg.Funcs {
		if !s.inTest(fn) {
			removals = append(removals, s.removals(fn)...)
		}
	}
	if len(removals) == 0 {
		return nil
	}
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if send, ok := instr.(*ssa.Send); ok {
					list = append(list, s.heldSend(fn, send, removals)...)
				}
			}
		}
	}
	return list
}

// A removal deletes from a map in a field, under locks.
type removal struct {
	at    *ssa.Call
	in    *types.Var
	locks []access.Class
}

// removals are those of a function that other packages can call.
func (s *Set) removals(fn *ssa.Function) []removal {
	if c := s.contexts[fn]; c == nil || !c.api {
		return nil
	}
	return s.removalsIn(fn)
}

func (s *Set) removalsIn(fn *ssa.Function) (list []removal) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if bi, ok := call.Call.Value.(*ssa.Builtin); !ok || bi.Name() != "delete" {
				continue
			}
			in := s.Pkg.Access.Of(call.Call.Args[0]).Class().Var
			if locks := s.exclusive(fn, call); in != nil && len(locks) > 0 {
				list = append(list, removal{call, in, locks})
			}
		}
	}
	return list
}

func (s *Set) heldSend(fn *ssa.Function, send *ssa.Send, removals []removal) (list []HeldSend) {
	k, _ := s.keptIn(send.Chan, 0)
	if k.in == nil {
		k = s.rangedOver(send.Chan)
	}
	if k.in == nil || s.receivedOn(k.part) {
		return nil
	}
	if s.hasRoom(k) {
		return nil // each may get one value
	}
	held, known := s.heldAt(fn, send)
	if !known {
		return nil
	}
	for _, h := range held {
		for _, r := range removals {
			by := r.at.Parent()
			if r.in != k.in || !slices.Contains(r.locks, h.Ref.Class()) || by == fn || s.callsInTurn(fn, by) || s.callsInTurn(by, fn) || receives(by) {
				continue
			}
			return append(list, HeldSend{Send: send, Lock: h.Ref.String(), Locked: h.At, Delete: r.at, By: by})
		}
	}
	return nil
}

// hasRoom reports whether channels that are kept there are made with room, or with somebody who does
// nothing but receive, or it is not seen how they are made.
func (s *Set) hasRoom(k shelf) bool {
	if k.part != nil {
		c := s.chanOf(k.part)
		return c == nil || !c.made() || c.room > 0
	}
	made := false
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				up, ok := instr.(*ssa.MapUpdate)
				if !ok || s.Pkg.Access.Of(up.Map).Class().Var != k.in {
					continue
				}
				for _, ch := range []ssa.Value{up.Key, up.Value} {
					if isChan(ch.Type()) {
						if made = true; !s.roomless(ch) {
							return true
						}
					}
				}
			}
		}
	}
	return !made
}

// roomless reports whether the channel is made without room, and nobody is known to go on receiving
// from it.
func (s *Set) roomless(ch ssa.Value) bool {
	site, ok := s.Pkg.Access.Of(madeOf(ch)).Value.(*ssa.MakeChan)
	if !ok {
		return false
	}
	c := s.channels().ofRef(s.Pkg.Access.Of(site))
	if c != nil && slices.ContainsFunc(c.receives, func(o chanOp) bool { return o.arm < 0 && s.contexts[o.fn()] != nil && !s.contexts[o.fn()].api }) {
		return false
	}
	size, constant := site.Size.(*ssa.Const)
	return constant && size.Int64() == 0
}

// rangedOver is where the channel is kept, or the object that it is a field of, if a loop ranges
// over that: a map that may itself be an entry of one in a field.
func (s *Set) rangedOver(ch ssa.Value) (k shelf) {
	if load, ok := ch.(*ssa.UnOp); ok {
		if fa, ok := load.X.(*ssa.FieldAddr); ok {
			ch, k.part = fa.X, access.FieldOf(fa.X.Type(), fa.Field)
		}
	}
	if ex, ok := ch.(*ssa.Extract); ok {
		if next, ok := ex.Tuple.(*ssa.Next); ok {
			if rng, ok := next.Iter.(*ssa.Range); ok {
				k.in = s.Pkg.Access.Of(rng.X).Class().Var
			}
		}
	}
	return k
}

// receivedOn reports whether a goroutine of the package does nothing but receive from the
// channels of the field.
func (s *Set) receivedOn(f *types.Var) bool {
	c := s.chanOf(f)
	return f != nil && c != nil && slices.ContainsFunc(c.receives, func(o chanOp) bool {
		ctx := s.contexts[o.fn()]
		return o.arm < 0 && (ctx == nil || !ctx.api)
	})
}

// receives reports whether the function receives from anything, or a literal in it does.
func receives(fn *ssa.Function) bool {
	for _, f := range skeleton.Family(skeleton.Outermost(fn)) {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Select:
					return true
				case *ssa.UnOp:
					if _, ok := instr.X.Type().Underlying().(*types.Chan); ok {
						return true
					}
				}
			}
		}
	}
	return false
}
