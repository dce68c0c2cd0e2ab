package shared

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// token reports whether a channel serves as a lock for both accesses: one that
// each goroutine sends to before and receives from after, or the other way
// round, and that holds one value. One whose capacity is not known counts.
func (s *Set) token(t *thread, a *Access, u *thread, b *Access) bool {
	theirs := u.tokens()
	for _, op := range t.tokens() {
		var held, known bool
		for _, o := range theirs {
			if !s.same(op, o) {
				continue
			}
			if !known {
				held, known = s.holdsToken(t, a, op), true
			}
			if held && s.holdsToken(u, b, o) {
				return true
			}
		}
	}
	return false
}

// tokens lists the operations of the thread that can take a token.
func (t *thread) tokens() (list []*syncOp) {
	for i := range t.ops {
		op := &t.ops[i]
		if op.medium == byGroup && op.acquire && !ops.IsWaitGroup(op.typ) || op.medium == byChannel && (op.send || op.receive) && atMostOne(op.ref) {
			list = append(list, op)
		}
	}
	return list
}

// holdsToken reports whether the goroutine makes the access between the operation, or
// another of its kind, and one that undoes it.
func (s *Set) holdsToken(t *thread, a *Access, op *syncOp) bool {
	back := *op
	back.send, back.receive = op.receive, op.send
	return s.dominated(t, a, op) && s.gives(t, a, &back)
}

// dominated reports whether every path to the access passes the operation or
// another of its kind.
func (s *Set) dominated(t *thread, a *Access, op *syncOp) bool {
	back := *op
	back.send, back.receive = op.receive, op.send
	return s.passes(t, a, []syncOp{back})
}

// gives reports whether the goroutine gives the token back after the access.
func (s *Set) gives(t *thread, a *Access, back *syncOp) bool {
	for _, op := range s.releasesAfter(t, a) {
		if s.same(&op, back) && (op.medium != byChannel || op.send == back.send && op.receive == back.receive) {
			return true
		}
	}
	return false
}

// atMostOne reports whether the channel can be one of capacity one or none.
func atMostOne(r *access.Ref) bool {
	if r == nil || r.Kind != access.Alloc {
		return true
	}
	m, ok := r.Value.(*ssa.MakeChan)
	if !ok {
		return true
	}
	c, ok := m.Size.(*ssa.Const)
	if !ok {
		return false
	}
	n, _ := constant.Int64Val(c.Value)
	return n <= 1
}

// single reports whether only one instance of the goroutine makes the access:
// it is under a condition on what each instance has of its own.
func (s *Set) single(sp *spawn, a *Access) bool {
	if s.decided(a) {
		return true
	}
	var own func(v ssa.Value) bool
	own = func(v ssa.Value) bool {
		switch v := v.(type) {
		case *ssa.Parameter:
			return v.Parent() == sp.body.fn
		case *ssa.BinOp:
			return own(v.X) || own(v.Y)
		case *ssa.UnOp:
			if v.Op != token.MUL {
				return false
			}
			cell := s.Pkg.Access.Cell(v.X)
			return cell != nil && sp.at != nil && cell.Parent() == sp.at.Parent() && cell.Block() != nil && loops(cell.Block())
		}
		return false
	}
	for br, truth := range conditions(a.At) {
		if eq, ok := br.Cond.(*ssa.BinOp); ok && (eq.Op == token.EQL && truth || eq.Op == token.NEQ && !truth) {
			if own(eq.X) || own(eq.Y) {
				return true
			}
		}
	}
	return false
}

// firstTime reports whether a write is in a branch that is taken when a variable is nil,
// and that sets it: one time only.
func (s *Set) firstTime(a *Access) bool {
	if !a.Write {
		return false
	}
	for br, truth := range conditions(a.Leaf) {
		eq, ok := br.Cond.(*ssa.BinOp)
		if !ok || (eq.Op == token.EQL) != truth || !isZero(eq.Y) {
			continue
		}
		load, ok := eq.X.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			continue
		}
		r, _ := s.location(load.X)
		for _, b := range a.Leaf.Parent().Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				switch plainValue(st.Val).(type) {
				case *ssa.MakeMap, *ssa.MakeChan, *ssa.MakeSlice, *ssa.Alloc, *ssa.Slice, *ssa.MakeClosure:
				default:
					continue // it can be nil again
				}
				if of, _ := s.location(st.Addr); r != nil && of == r && under(st, br, truth) {
					return true
				}
			}
		}
	}
	return false
}

// under reports whether the instruction is in a branch.
func under(instr ssa.Instruction, br *ssa.If, truth bool) bool {
	for other, way := range conditions(instr) {
		if other == br && way == truth {
			return true
		}
	}
	return false
}

// lazy reports whether a write is made only where a read of the same variable
// finds it not set. In a function that others call, too, it has been set.
func (s *Set) lazy(a *Access) bool {
	if a.via == nil {
		return false
	}
	st, ok := a.Leaf.(*ssa.Store)
	if !ok {
		return false
	}
	r, _ := s.location(st.Addr)
	for br := range conditions(st) {
		eq, ok := br.Cond.(*ssa.BinOp)
		if !ok {
			continue
		}
		if load, ok := eq.X.(*ssa.UnOp); ok && load.Op == token.MUL {
			if of, _ := s.location(load.X); of == r {
				return true
			}
		}
	}
	return false
}

// decided reports whether the access is under a condition on the outcome of an
// atomic operation: that can let one goroutine in, or only after another. Or on a
// panic, which may never be.
func (s *Set) decided(a *Access) bool {
	for _, at := range []ssa.Instruction{a.At, a.Leaf} {
		for br := range conditions(at) {
			if recovered(br.Cond) || s.atomicIn(br.Cond, 0) {
				return true
			}
		}
	}
	return false
}

func (s *Set) atomicIn(v ssa.Value, depth int) bool {
	if depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Call:
		op, _ := s.Pkg.Op(&v.Call)
		switch op.Kind {
		case ops.AtomicLoad, ops.AtomicUpdate, ops.MapLoad, ops.MapUpdate, ops.TryLock, ops.TryRLock, ops.TimerStop:
			return true
		}
		return s.testsAndSets(v)
	case *ssa.BinOp:
		return s.atomicIn(v.X, depth+1) || s.atomicIn(v.Y, depth+1)
	case *ssa.UnOp:
		return s.atomicIn(v.X, depth+1)
	case *ssa.Extract:
		return s.atomicIn(v.Tuple, depth+1)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if s.atomicIn(e, depth+1) {
				return true
			}
		}
	}
	return false
}

// testsAndSets reports whether the call is of a function that tells yes or no,
// and notes under a lock or atomically what it has told: the next one that asks
// can be told something else.
func (s *Set) testsAndSets(call *ssa.Call) bool {
	results := call.Call.Signature().Results()
	if results.Len() == 0 {
		return false
	}
	if b, ok := results.At(results.Len() - 1).Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsBoolean == 0 {
		return false
	}
	for _, r := range s.runs(call) {
		locks, sets := false, false
		for _, op := range s.ops(r.fn) {
			locks = locks || op.medium == byLock && op.acquire
			sets = sets || op.medium == byAtomic && op.release
		}
		if sets || locks && stores(r.fn) {
			return true
		}
	}
	return false
}

// stores reports whether a function writes to what is not its own.
func stores(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.MapUpdate:
				return true
			case *ssa.Store:
				if _, own := root(instr.Addr).(*ssa.Alloc); !own {
					return true
				}
			}
		}
	}
	return false
}

// conditions yields the branches that decide whether the instruction is
// executed, and which way each goes.
func conditions(at ssa.Instruction) func(yield func(*ssa.If, bool) bool) {
	return skeleton.Conditions(at)
}

// loops reports whether the block can be executed again.
func loops(b *ssa.BasicBlock) bool { return skeleton.Reaches(b, b) }
