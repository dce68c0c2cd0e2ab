package shared

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Poll is a read of a field or package variable by which a loop waits that does
// nothing else: no call but to sleep or yield, no store, no receive. What ends it
// is a write of another function, and nothing makes that one visible.
//
// must: in the loop is neither a lock nor an atomic nor a channel, so a turn that
// sees the write has raced with it. A write that is ordered before the loop cannot
// end it.
type Poll struct {
	At      Access
	Against Access
	// Works says that the loop does other things as well, none of which waits for the writer,
	// who signals nothing.
	Works bool
}

// Polls returns these.
func (s *Set) Polls() []Poll {
	conflicts, loose := s.Conflicts(), s.Loose()
	s.pollsOnce.Do(func() {
		s.Pkg.Mu.Lock()
		defer s.Pkg.Mu.Unlock()
		if !s.prepare() {
			return
		}
		polled := make(map[ssa.Instruction]poll)
		for _, fn := range s.Pkg.Funcs {
			s.pollsOf(fn, polled)
		}
		if len(polled) == 0 {
			return
		}
		for i := range conflicts { // they say so already
			delete(polled, conflicts[i].A.Leaf)
			delete(polled, conflicts[i].B.Leaf)
		}
		for i := range loose {
			delete(polled, loose[i].At.Leaf)
		}
		s.findPolls(polled)
	})
	return s.polls
}

// poll is what a loop waits for.
type poll struct {
	loop *ssa.BasicBlock // its head
	goes constant.Value  // the value for which it goes on, if there is but one
	work bool            // it does other things as well, with nothing in sight that waits
}

func (s *Set) findPolls(polled map[ssa.Instruction]poll) {
	s.findContexts()
	uses, order := s.collect(s.structs(), true)
	told := make(map[*ssa.BasicBlock]bool)
	for _, v := range order {
		for _, u := range uses[v] {
			p, ok := polled[u.Leaf]
			if !ok || u.Write || u.Unsure || len(u.locks) > 0 || len(s.contexts[u.fn].some) > 0 || told[p.loop] || saysLocked(u.fn) || s.excused(u.Leaf) {
				continue
			}
			if w := s.ender(u, p, uses[v]); w != nil {
				told[p.loop] = true
				s.polls = append(s.polls, Poll{At: u.Access, Against: w.Access, Works: p.work})
			}
		}
	}
}

// ender returns the write that ends the loop.
func (s *Set) ender(u *use, p poll, uses []*use) *use {
	for _, w := range uses {
		st, ok := w.Leaf.(*ssa.Store)
		if !ok || w.owned || skeleton.Outermost(w.fn) == skeleton.Outermost(u.fn) || !clash(u, w) || saysLocked(w.fn) {
			continue
		}
		if c, ok := st.Val.(*ssa.Const); ok && p.goes != nil && c.Value != nil && constant.Compare(c.Value, token.EQL, p.goes) {
			continue
		}
		if p.work && (!s.inGoroutine(u.fn) || p.goes == nil || !s.tellsNobody(w)) {
			continue
		}
		if s.together(u.fn, w.fn) || s.startsAfter(w, u) || s.startsAfter(u, w) || s.joined(w, u) || s.joined(u, w) || s.handshake(w, u) || s.handshake(u, w) {
			continue
		}
		return w
	}
	return nil
}

// loopWaits reports whether the loop waits for anything but time and locks, which who writes does not
// take (see tellsNobody), or asks for it, or sets fields:
// then it can be by that that it comes to know of the write.
func (s *Set) loopWaits(fn *ssa.Function, loop map[*ssa.BasicBlock]bool) bool {
	if slices.ContainsFunc(s.ops(fn), func(op syncOp) bool {
		return loop[op.at.Block()] && op.acquire && op.medium != byObject && op.medium != byTimer && op.medium != byLock
	}) {
		return true
	}
	for b := range loop {
		for _, instr := range b.Instrs {
			switch instr.(type) {
			case *ssa.Store, *ssa.Go, *ssa.Select, *ssa.Defer:
				return true
			}
		}
	}
	return false
}

// tellsNobody reports whether the write is of a constant, in a function that other packages call,
// and neither that nor what it is in signals anything afterwards: no order can come of it.
func (s *Set) tellsNobody(w *use) bool {
	st, ok := w.Leaf.(*ssa.Store)
	if !ok || len(w.locks) > 0 {
		return false
	}
	if _, ok := st.Val.(*ssa.Const); !ok {
		return false
	}
	outer := skeleton.Outermost(w.fn)
	if c := s.contexts[outer]; c == nil || !c.api {
		return false
	}
	for _, fn := range skeleton.Family(outer) {
		if slices.ContainsFunc(s.ops(fn), func(op syncOp) bool { return op.release && op.medium != byOnce }) {
			return false
		}
	}
	return true
}

// together reports whether nothing says that the two functions run in two
// goroutines.
func (s *Set) together(f, g *ssa.Function) bool {
	a, b := s.contexts[f], s.contexts[g]
	if !a.api && !b.api && !a.quiet && !b.quiet && len(a.by) == 0 && len(b.by) == 0 {
		return true
	}
	return s.sameGoroutine(f, g)
}

// maxPollBlocks bounds the loops that are taken for waiting.
const maxPollBlocks = 12

// pollsOf notes the reads of fields and package variables by which the loops of a
// function wait.
func (s *Set) pollsOf(fn *ssa.Function, polled map[ssa.Instruction]poll) {
	for _, head := range fn.Blocks {
		loop := skeleton.NaturalLoop(head)
		if loop == nil || len(loop) > maxPollBlocks {
			continue
		}
		idle := s.idle(loop)
		if !idle && s.loopWaits(fn, loop) {
			continue
		}
		for _, b := range fn.Blocks {
			br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
			if !ok || !loop[b] || loop[b.Succs[0]] && loop[b.Succs[1]] {
				continue
			}
			for _, load := range loads(br.Cond, nil) {
				p := poll{loop: head, work: !idle}
				if t, ok := load.Type().Underlying().(*types.Basic); ok && t.Info()&types.IsBoolean != 0 {
					if not, ok := br.Cond.(*ssa.UnOp); ok && not.Op == token.NOT && not.X == ssa.Value(load) {
						p.goes = constant.MakeBool(loop[b.Succs[1]])
					} else if br.Cond == ssa.Value(load) {
						p.goes = constant.MakeBool(loop[b.Succs[0]])
					}
				}
				if loop[load.Block()] && (idle || p.goes != nil && !s.givenInside(load, loop)) {
					polled[load] = p
				}
			}
		}
	}
}

// givenInside reports whether the loop hands the object of the field to code that is not seen: that
// can set the field before it returns.
func (s *Set) givenInside(load *ssa.UnOp, loop map[*ssa.BasicBlock]bool) bool {
	base := s.Pkg.Access.Of(load.X).Base
	if base == nil {
		return false
	}
	gives := func(fn *ssa.Function, in map[*ssa.BasicBlock]bool, obj *access.Ref) bool {
		return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
			return (in == nil || in[b]) && slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
				mi, ok := instr.(*ssa.MakeInterface)
				return ok && s.Pkg.Access.Of(mi.X) == obj
			})
		})
	}
	fn := load.Parent()
	if gives(fn, loop, base) {
		return true
	}
	for b := range loop {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			callees, _ := s.Pkg.Callees(call)
			for _, f := range callees {
				for i, arg := range call.Call.Args {
					if i < len(f.Params) && s.Pkg.Access.Of(arg) == base && gives(f, nil, s.Pkg.Access.Of(f.Params[i])) {
						return true
					}
				}
			}
		}
	}
	return false
}

// idle reports whether a turn of the loop does nothing but read, compare, sleep and
// yield, and is the same as the one before it.
func (s *Set) idle(loop map[*ssa.BasicBlock]bool) bool {
	for b := range loop {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op == token.ARROW && !s.timer(instr.X) {
					return false
				}
			case *ssa.FieldAddr, *ssa.Field, *ssa.BinOp, *ssa.Convert, *ssa.ChangeType, *ssa.If, *ssa.Jump, *ssa.DebugRef:
			case *ssa.Call:
				if b, ok := instr.Call.Value.(*ssa.Builtin); ok {
					if b.Name() != "len" {
						return false
					}
					if _, slice := instr.Call.Args[0].Type().Underlying().(*types.Slice); !slice {
						return false
					}
					continue
				}
				if op, _ := s.Pkg.Op(&instr.Call); op.Kind != ops.Sleep && op.Kind != ops.After && !op.Yields {
					return false
				}
			default:
				return false
			}
		}
	}
	return true
}

// timer reports whether the channel is that of time.After.
func (s *Set) timer(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	op, _ := s.Pkg.Op(&call.Call)
	return op.Kind == ops.After
}

// loads returns the reads of fields and package variables that a condition is on.
func loads(v ssa.Value, list []*ssa.UnOp) []*ssa.UnOp {
	switch v := v.(type) {
	case *ssa.BinOp:
		return loads(v.Y, loads(v.X, list))
	case *ssa.Convert:
		return loads(v.X, list)
	case *ssa.ChangeType:
		return loads(v.X, list)
	case *ssa.Call: // len
		if _, ok := v.Call.Value.(*ssa.Builtin); ok && len(v.Call.Args) > 0 {
			return loads(v.Call.Args[0], list)
		}
	case *ssa.UnOp:
		switch v.Op {
		case token.NOT, token.SUB, token.XOR:
			return loads(v.X, list)
		case token.MUL:
			switch v.X.(type) {
			case *ssa.FieldAddr, *ssa.Global:
				return append(list, v)
			}
		}
	}
	return list
}

// DescribePoll puts a poll in words.
func (s *Set) DescribePoll(p *Poll) Text {
	t := Text{At: &p.At, Other: &p.Against}
	t.Pos, t.End = s.Range(t.At)
	t.Name = s.Name(t.At)
	t.Against = "the write on " + s.Place(t.Pos, t.Other)
	t.Message = "the loop waits for " + t.Name + " by plain reads, which race with " + t.Against + " and need never see it"
	if p.Works {
		t.Message = "the loop ends by plain reads of " + t.Name + ", which race with " + t.Against + " and need never see it"
	}
	pos, end := s.Range(t.Other)
	t.Related = []analysis.RelatedInformation{{Pos: pos, End: end, Message: "the other access, a write"}}
	return t
}
