package condmisuse

import (
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// An exit is a way out of the loop around a Wait: something that the loop looks at, and
// what has to become of it, whatever else the loop looks at.
type exit struct {
	class access.Class
	of    measure
	flag  bool // of a flag, the value that ends the loop
	up    bool // of the others, whether it has to grow
}

// A measure is what of a variable is looked at.
type measure uint8

const (
	itsFlag measure = iota
	itsCount
	itsLength
)

// loopAround is the innermost loop around a Wait.
func loopAround(w *wait) (loop map[*ssa.BasicBlock]bool) {
	for _, head := range w.call.Parent().Blocks {
		if l := skeleton.NaturalLoop(head); l[w.call.Block()] && (loop == nil || len(l) < len(loop)) {
			loop = l
		}
	}
	return loop
}

// exits returns the ways out of the innermost loop around a Wait.
func (c *checker) exits(w *wait) (list []exit) {
	at, loop := w.call.Block(), loopAround(w)
	for b := range loop {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		for k, to := range b.Succs {
			if to.Dominates(b) || leads(to, at, loop, make(map[*ssa.BasicBlock]bool)) {
				continue // another turn, or the Wait
			}
			if other := b.Succs[1-k]; !other.Dominates(b) && leads(other, at, loop, make(map[*ssa.BasicBlock]bool)) {
				if e, ok := c.exit(br.Cond, k == 0); ok {
					list = append(list, e)
				}
			}
		}
	}
	return list
}

// leads reports whether the block is the one of the Wait, or comes to it without leaving
// the loop or beginning another turn.
func leads(from, at *ssa.BasicBlock, loop, seen map[*ssa.BasicBlock]bool) bool {
	if from == at {
		return true
	}
	if !loop[from] || seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(from.Succs, func(next *ssa.BasicBlock) bool {
		return !next.Dominates(from) && leads(next, at, loop, seen)
	})
}

// exit is what a condition looks at, if the loop ends when it comes out as leave.
func (c *checker) exit(cond ssa.Value, leave bool) (e exit, ok bool) {
	switch v := cond.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			return c.exit(v.X, !leave)
		}
	case *ssa.BinOp:
		e.of = itsCount
		left := v.X
		if call, ok := left.(*ssa.Call); ok {
			if bi, ok := call.Call.Value.(*ssa.Builtin); ok && bi.Name() == "len" {
				left, e.of = call.Call.Args[0], itsLength
			}
		}
		e.class = c.looked(left)
		op := v.Op
		if !leave {
			op = negated[op]
		}
		k, _ := v.Y.(*ssa.Const)
		zero := k != nil && k.Value != nil && k.Value.Kind() == constant.Int && constant.Sign(k.Value) == 0
		e.up = op == token.GTR || op == token.GEQ || op == token.NEQ && zero
		down := op == token.LSS || op == token.LEQ || op == token.EQL && zero
		return e, !e.class.IsZero() && (e.up || down)
	}
	e = exit{class: c.looked(cond), flag: leave}
	return e, !e.class.IsZero()
}

var negated = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR,
}

// looked is the class of the field that is read, zero of anything else.
func (c *checker) looked(v ssa.Value) access.Class {
	var ref *access.Ref
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return access.Class{}
		}
		ref = c.pkg.Access.Of(v.X)
	case *ssa.Call:
		ref = c.pkg.Access.Of(v)
		if op, x := c.pkg.Op(&v.Call); op.Kind == ops.AtomicLoad && x != nil {
			ref = c.pkg.Access.Of(x)
		}
	}
	if ref == nil || ref.Kind != access.Field {
		return access.Class{}
	}
	return ref.Class()
}

// taken reports whether the instruction changes what is looked at in the direction that
// ends the loop, and what it changes.
func (c *checker) taken(instr ssa.Instruction, e exit) (*access.Ref, bool) {
	switch instr := instr.(type) {
	case *ssa.Store:
		ref := c.pkg.Access.Of(instr.Addr)
		return ref, ref.Class() == e.class && c.becomes(instr.Val, e)
	case *ssa.MapUpdate:
		ref := c.pkg.Access.Of(instr.Map)
		return ref, e.of == itsLength && e.up && ref.Class() == e.class
	case *ssa.Call:
		if bi, ok := instr.Call.Value.(*ssa.Builtin); ok {
			if bi.Name() != "delete" && bi.Name() != "clear" {
				return nil, false
			}
			ref := c.pkg.Access.Of(instr.Call.Args[0])
			return ref, e.of == itsLength && !e.up && ref.Class() == e.class
		}
		op, x := c.pkg.Op(&instr.Call)
		args := skeleton.Args(&instr.Call)
		if op.Kind != ops.AtomicStore || x == nil || len(args) == 0 {
			return nil, false
		}
		ref := c.pkg.Access.Of(x)
		return ref, e.of == itsFlag && ref.Class() == e.class && c.becomes(args[len(args)-1], e)
	}
	return nil, false
}

// becomes reports whether a variable that is set to the value has what ends the loop, or
// comes nearer to it.
func (c *checker) becomes(v ssa.Value, e exit) bool {
	k, _ := v.(*ssa.Const)
	switch e.of {
	case itsFlag:
		return k != nil && k.Value != nil && k.Value.Kind() == constant.Bool && constant.BoolVal(k.Value) == e.flag
	case itsCount:
		b, ok := v.(*ssa.BinOp)
		if !ok || c.looked(b.X) != e.class {
			return false
		}
		by, ok := b.Y.(*ssa.Const)
		grows := b.Op == token.ADD
		return ok && by.Value != nil && (grows || b.Op == token.SUB) && by.Value.Kind() == constant.Int && constant.Sign(by.Value) > 0 && grows == e.up
	}
	switch v := v.(type) {
	case *ssa.Const:
		return !e.up && v.IsNil()
	case *ssa.Slice:
		return !e.up && (v.Low != nil || v.High != nil) && c.looked(v.X) == e.class
	case *ssa.Call:
		bi, ok := v.Call.Value.(*ssa.Builtin)
		return e.up && ok && bi.Name() == "append" && c.looked(v.Call.Args[0]) == e.class
	}
	return false
}
