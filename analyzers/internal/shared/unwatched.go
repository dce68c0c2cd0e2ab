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

// An Unwatched is a lone send on a channel beside another one, in the same function, that
// stands in a select with a case for the end of a context, or of the object. May: who
// receives leaves at that end, as the select says; the lone send can come then, too. Must:
// nobody in sight receives until the channel is closed, and nothing is sent when the end has
// been heard of.
type Unwatched struct {
	At    *ssa.Send
	Chan  *access.Ref
	Other *ssa.Select
	Case  int // of Other, that hears of the end
	// Context says that it is the end of a context.
	Context bool
}

// Unwatched returns those of the package, in the order of the source.
func (s *Set) Unwatched() []Unwatched {
	s.unwatchedOnce.Do(func() {
		s.Pkg.Mu.Lock()
		defer s.Pkg.Mu.Unlock()
		s.lone = s.findUnwatched()
	})
	return s.lone
}

func (s *Set) findUnwatched() (list []Unwatched) {
	if s.Pass.Pkg.Name() == "main" || !s.prepare() { // where all ends with main
		return nil
	}
	for _, fn := range s.Pkg.Funcs {
		if fn.Parent() == nil && !s.inTest(fn) {
			list = append(list, s.unwatched(fn)...)
		}
	}
	slices.SortFunc(list, func(a, b Unwatched) int { return int(a.At.Pos() - b.At.Pos()) })
	return list
}

// unwatched looks at a function and the literals in it.
func (s *Set) unwatched(fn *ssa.Function) (list []Unwatched) {
	var lone []*ssa.Send
	watched := make(map[*access.Ref][]Unwatched)
	for _, f := range skeleton.Family(fn) {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Send:
					lone = append(lone, instr)
				case *ssa.Select:
					s.watches(instr, watched)
				}
			}
		}
	}
	told := make(map[*access.Ref]bool)
	for _, send := range lone {
		ch := s.Pkg.Access.Of(send.Chan)
		if told[ch] {
			continue // the same receiver has left
		}
		for _, u := range watched[ch] {
			if !loops(send.Block()) && !after(u.Other, send) {
				continue // there may be room for the first
			}
			if s.sendsAtEnd(lone, ch, u) || s.emptied(fn, ch) || s.seesRoom(send, ch) || counted(ch, send, u.Other) {
				break
			}
			told[ch] = true
			u.At, u.Chan = send, ch
			list = append(list, u)
			break
		}
	}
	return list
}

// watches notes the channels that the select sends on while it listens for the end.
func (s *Set) watches(sel *ssa.Select, watched map[*access.Ref][]Unwatched) {
	if !sel.Blocking {
		return
	}
	for i, end := range sel.States {
		if end.Dir != types.RecvOnly || !s.tellsToStop(end.Chan) {
			continue
		}
		for _, st := range sel.States {
			if st.Dir == types.SendOnly {
				ch := s.Pkg.Access.Of(st.Chan)
				watched[ch] = append(watched[ch], Unwatched{Other: sel, Case: i, Context: s.doneOf(end.Chan)})
			}
		}
	}
}

// sendsAtEnd reports whether one of the sends is made once the end has been heard of, or tells of it:
// who receives is there until the channel is closed then.
func (s *Set) sendsAtEnd(lone []*ssa.Send, ch *access.Ref, u Unwatched) bool {
	tellsEnd := func(send *ssa.Send) bool {
		return s.Pkg.Access.Of(send.Chan) == ch && slices.ContainsFunc(send.Block().Instrs, func(instr ssa.Instruction) bool {
			call, ok := instr.(*ssa.Call)
			if !ok {
				return false
			}
			op, _ := s.Pkg.Op(&call.Call)
			return op.Kind == ops.CtxErr
		})
	}
	if slices.ContainsFunc(lone, tellsEnd) {
		return true
	}
	first := armBlock(u.Other, u.Case)
	if first != nil && first.Dominates(u.Other.Block()) {
		return false // the next turn of the loop
	}
	return first == nil || slices.ContainsFunc(lone, func(send *ssa.Send) bool {
		return s.Pkg.Access.Of(send.Chan) == ch && send.Parent() == first.Parent() && first.Dominates(send.Block())
	})
}

// seesRoom reports whether the send depends on how much is in the channel: the only one who
// sends on it knows then that there is room.
func (s *Set) seesRoom(send *ssa.Send, ch *access.Ref) bool {
	// len(ch), or what a function makes of the channel
	var asks func(v ssa.Value, depth int) bool
	asks = func(v ssa.Value, depth int) bool {
		switch v := v.(type) {
		case *ssa.UnOp:
			return v.Op == token.NOT && asks(v.X, depth)
		case *ssa.BinOp:
			return depth < 4 && (asks(v.X, depth+1) || asks(v.Y, depth+1))
		case *ssa.Call:
			return slices.ContainsFunc(v.Call.Args, func(arg ssa.Value) bool { return isChan(arg.Type()) && s.Pkg.Access.Of(arg) == ch }) || s.asksRoom(&v.Call, ch)
		}
		return false
	}
	for br := range conditions(send) {
		if asks(br.Cond, 0) {
			return true
		}
	}
	return false
}

// asksRoom reports whether a method that is called on the object whose channel it is makes something
// of the length of that.
func (s *Set) asksRoom(call *ssa.CallCommon, ch *access.Ref) bool {
	callee := call.StaticCallee()
	if callee == nil || len(callee.Blocks) == 0 || len(call.Args) == 0 || ch.Kind != access.Field || s.Pkg.Access.Of(call.Args[0]) != ch.Base {
		return false
	}
	for _, b := range callee.Blocks {
		for _, instr := range b.Instrs {
			if c, ok := instr.(*ssa.Call); ok {
				if bi, ok := c.Call.Value.(*ssa.Builtin); ok && bi.Name() == "len" && s.Pkg.Access.Of(c.Call.Args[0]).Class() == ch.Class() {
					return true
				}
			}
		}
	}
	return false
}

// counted reports whether the channel is made with room for a number that is not constant: for
// all that is sent, it may be; or for several, and what is sent until then is so as often as a number says.
func counted(ch *access.Ref, send *ssa.Send, other *ssa.Select) bool {
	made, ok := madeOf(ch.Value).(*ssa.MakeChan)
	if !ok || ch.Base != nil {
		return false
	}
	size, constant := made.Size.(*ssa.Const)
	return !constant || size.Int64() > 1 && !goesOn(send.Block(), true) && (!goesOn(other.Block(), true) || !after(other, send))
}

// madeOf is a value, seen through its conversion to one direction.
func madeOf(v ssa.Value) ssa.Value {
	if c, ok := v.(*ssa.ChangeType); ok {
		return c.X
	}
	return v
}

// maxHolders bounds the functions that are looked at for what receives from a channel.
const maxHolders = 40

// emptied reports whether some function in sight that has the channel receives from it and
// from nothing else at that moment, as a loop does that goes on until the channel is closed.
func (s *Set) emptied(fn *ssa.Function, ch *access.Ref) bool {
	type holder struct {
		fn *ssa.Function
		ch *access.Ref
	}
	work := []holder{{fn, ch}}
	for i := 0; i < len(work); i++ {
		h := work[i]
		if i >= maxHolders {
			return true
		}
		add := func(fn *ssa.Function, ch *access.Ref) {
			if n := (holder{skeleton.Outermost(fn), ch}); !slices.Contains(work, n) {
				work = append(work, n)
			}
		}
		if c := s.channels().ofRef(h.ch); c != nil {
			if slices.ContainsFunc(c.receives, func(o chanOp) bool { return o.arm < 0 }) {
				return true
			}
		}
		if p, ok := h.ch.Value.(*ssa.Parameter); ok && h.ch.Kind == access.Param {
			at := slices.Index(p.Parent().Params, p)
			for _, site := range s.Pkg.Sites(p.Parent()) {
				if args := site.Common().Args; !site.Common().IsInvoke() && at < len(args) {
					add(site.Parent(), s.Pkg.Access.Of(args[at]))
				}
			}
		}
		for _, f := range skeleton.Family(h.fn) {
			for _, b := range f.Blocks {
				for _, instr := range b.Instrs {
					switch instr := instr.(type) {
					case *ssa.UnOp:
						if isChan(instr.X.Type()) && s.Pkg.Access.Of(instr.X) == h.ch {
							return true
						}
					case *ssa.Store: // in a slice, which others may go through
						if _, ok := instr.Addr.(*ssa.IndexAddr); ok && isChan(instr.Val.Type()) && s.Pkg.Access.Of(instr.Val) == h.ch {
							return true
						}
					case ssa.CallInstruction:
						callee := instr.Common().StaticCallee()
						if callee == nil || callee.Blocks == nil {
							continue
						}
						for i, arg := range instr.Common().Args {
							if _, ok := arg.Type().Underlying().(*types.Chan); ok && s.Pkg.Access.Of(arg) == h.ch && i < len(callee.Params) {
								add(callee, s.Pkg.Access.Of(callee.Params[i]))
							}
						}
					}
				}
			}
		}
	}
	return false
}
