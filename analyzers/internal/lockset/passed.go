package lockset

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds out whether who waits for the end of a goroutine can know that this
// has had the lock that it needed.

// passed reports whether the wait is only come to when the goroutine has told that it is
// past its Lock: by what it has set, or by a channel that who started it, or waits for
// it, has received from.
func (b *blocker) passed(start ssa.Instruction, n need, w wait, ev *skeleton.Event) bool {
	told := make(map[*types.Var][]ssa.Value)
	b.tells(n.at.Parent(), told, 0)
	if skeleton.Follows(n.at, n.at) { // it comes again, unless this tells its last turn
		for f, values := range told {
			told[f] = slices.DeleteFunc(values, func(v ssa.Value) bool { _, ok := v.(*ssa.Const); return !ok })
		}
	}
	for _, at := range append(slices.Clip(w.path), w.instr, ev.Instr) {
		if b.decided(at, told) {
			return true
		}
	}
	return b.acknowledged(n.at, func(recv ssa.Instruction) bool {
		return recv.Parent() == start.Parent() && skeleton.Follows(start, recv) ||
			recv != w.instr && recv.Parent() == ev.Instr.Parent() && skeleton.Dominates(recv, ev.Instr)
	})
}

// tells notes the fields that a goroutine sets, and to what: nil stands for any value.
func (b *blocker) tells(g *ssa.Function, told map[*types.Var][]ssa.Value, depth int) {
	field := func(v ssa.Value) *types.Var {
		r := b.s.Pkg.Access.Of(v)
		for r.Kind == access.Elem {
			r = r.Base
		}
		return r.Field
	}
	for _, blk := range g.Blocks {
		for _, instr := range blk.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if f := field(instr.Addr); f != nil {
					told[f] = append(told[f], instr.Val)
				}
			case *ssa.MapUpdate:
				if f := field(instr.Map); f != nil {
					told[f] = append(told[f], nil)
				}
			case ssa.CallInstruction:
				op, x := b.s.Pkg.Op(instr.Common())
				if op.Kind == ops.AtomicStore || op.Kind == ops.AtomicUpdate {
					if f := field(x); f != nil {
						told[f] = append(told[f], nil)
					}
					continue
				}
				callees, _ := b.s.Pkg.Callees(instr)
				for _, callee := range callees {
					if depth < 3 {
						b.tells(callee, told, depth+1)
					}
				}
			}
		}
	}
}

// decided reports whether a condition that leads to the instruction reads what is told,
// and does not say the contrary.
func (b *blocker) decided(at ssa.Instruction, told map[*types.Var][]ssa.Value) bool {
	for _, blk := range at.Parent().Blocks {
		cond, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.If)
		if !ok || !blk.Dominates(at.Block()) || blk == at.Block() {
			continue
		}
		yes, no := leads(blk.Succs[0], blk, at.Block()), leads(blk.Succs[1], blk, at.Block())
		if yes == no {
			continue
		}
		if b.depends(cond.Cond, yes, told, make(map[ssa.Value]bool)) {
			return true
		}
	}
	return false
}

// leads reports whether a way leads from one block to the other past the third.
func leads(from, past, to *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{past: true}
	var walk func(*ssa.BasicBlock) bool
	walk = func(blk *ssa.BasicBlock) bool {
		if blk == to {
			return true
		}
		if seen[blk] {
			return false
		}
		seen[blk] = true
		return slices.ContainsFunc(blk.Succs, walk)
	}
	return walk(from)
}

// depends reports whether a value, which is that of is when it is a condition, can be so
// because of what is told.
func (b *blocker) depends(v ssa.Value, is bool, told map[*types.Var][]ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	read := func(v ssa.Value) ([]ssa.Value, bool) {
		load, ok := v.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			return nil, false
		}
		r := b.s.Pkg.Access.Of(load.X)
		return told[r.Field], r.Kind == access.Field
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			return b.depends(v.X, !is, told, seen)
		}
		if values, ok := read(v); ok {
			return slices.ContainsFunc(values, func(set ssa.Value) bool { return !isConst(set, constant.MakeBool(!is)) })
		}
	case *ssa.BinOp:
		c, x := v.Y, v.X
		if _, ok := c.(*ssa.Const); !ok {
			c, x = v.X, v.Y
		}
		values, direct := read(x)
		cv, ok := c.(*ssa.Const)
		if direct && ok && (v.Op == token.EQL || v.Op == token.NEQ) {
			equal := is == (v.Op == token.EQL)
			return slices.ContainsFunc(values, func(set ssa.Value) bool {
				sv, ok := set.(*ssa.Const)
				return !ok || sameConst(sv, cv) == equal
			})
		}
	case *ssa.Call:
		callees, _ := b.s.Pkg.Callees(v)
		for _, callee := range callees {
			for _, blk := range callee.Blocks {
				for _, instr := range blk.Instrs {
					if fa, ok := instr.(*ssa.FieldAddr); ok && len(told[access.FieldOf(fa.X.Type(), fa.Field)]) > 0 {
						return true
					}
				}
			}
		}
	case *ssa.FieldAddr:
		if len(told[access.FieldOf(v.X.Type(), v.Field)]) > 0 {
			return true
		}
	case *ssa.Next, *ssa.Const, *ssa.Parameter, *ssa.FreeVar:
		return false // the turns of a loop
	}
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	for _, op := range instr.Operands(nil) {
		if *op != nil && b.depends(*op, is, told, seen) {
			return true
		}
	}
	return false
}

func isConst(v ssa.Value, c constant.Value) bool {
	k, ok := v.(*ssa.Const)
	return ok && k.Value != nil && k.Value.Kind() == c.Kind() && constant.Compare(k.Value, token.EQL, c)
}

func sameConst(a, b *ssa.Const) bool {
	if a.Value == nil || b.Value == nil {
		return a.Value == nil && b.Value == nil
	}
	return a.Value.Kind() == b.Value.Kind() && constant.Compare(a.Value, token.EQL, b.Value)
}

// acknowledged reports whether one of the receives is of what the goroutine sends, or
// closes, after it has had the lock.
func (b *blocker) acknowledged(lock ssa.Instruction, counts func(ssa.Instruction) bool) bool {
	for _, ch := range b.chans {
		if !slices.ContainsFunc(ch.recvs, counts) {
			continue
		}
		for _, s := range append(slices.Clip(ch.sends), ch.closers...) {
			if s.Parent() == lock.Parent() && skeleton.Follows(lock, s) && !skeleton.Follows(s, lock) {
				if _, deferred := s.(*ssa.Defer); !deferred {
					return true
				}
			}
		}
	}
	return false
}
