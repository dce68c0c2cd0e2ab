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

// This file knows the marks that objects keep of what they have become, closed say: how
// they are set and looked at.

// A mark is a field that is set to a constant, of which nil has no value; locks are those that are held then, of
// one that is not atomic.
type mark struct {
	ref   *access.Ref
	value constant.Value
	locks []access.Class
}

// marksBeside lists what fn, or the function around it, sets in the object on every way
// to the close, or from it.
func (s *Set) marksBeside(fn *ssa.Function, at ssa.Instruction, object *access.Ref) (list []mark) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if !skeleton.Dominates(instr, at) && !skeleton.Dominates(at, instr) {
				continue
			}
			if m, ok := s.markOf(fn, instr); ok && m.ref.Base == object {
				list = append(list, m)
			}
		}
	}
	if made := s.Pkg.Closures(fn); len(made) == 1 && len(s.startsOf(fn)) == 0 {
		list = append(list, s.marksBeside(made[0].Parent(), made[0], object)...)
	}
	return list
}

// markOf is the mark that the instruction sets, if it is under a lock or atomic.
func (s *Set) markOf(fn *ssa.Function, instr ssa.Instruction) (m mark, ok bool) {
	var val ssa.Value
	switch instr := instr.(type) {
	case *ssa.Store:
		if _, ok := instr.Addr.(*ssa.FieldAddr); !ok {
			return m, false
		}
		m.ref, val = s.Pkg.Access.Of(instr.Addr), instr.Val
		if m.locks = s.exclusive(fn, instr); len(m.locks) == 0 {
			return m, false
		}
	case *ssa.Call:
		op, x := s.Pkg.Op(&instr.Call)
		args := skeleton.Args(&instr.Call)
		if op.Kind != ops.AtomicStore && op.Kind != ops.AtomicUpdate || x == nil || len(args) == 0 || adds(instr) {
			return m, false
		}
		m.ref, val = s.Pkg.Access.Of(x), args[len(args)-1]
	default:
		return m, false
	}
	c, isConst := val.(*ssa.Const)
	if !isConst || c.Value == nil && !c.IsNil() || m.ref.Kind != access.Field {
		return m, false
	}
	m.value = c.Value
	return m, true
}

// adds reports whether the atomic operation is one whose operand is not what is stored.
func adds(call *ssa.Call) bool {
	f := skeleton.Static(&call.Call)
	if f == nil {
		return true
	}
	for _, word := range []string{"Add", "And", "Or"} {
		if len(f.Name()) >= len(word) && f.Name()[:len(word)] == word {
			return true
		}
	}
	return false
}

// A look is a read of a field; value is what the condition is on.
type look struct {
	ref    *access.Ref
	value  ssa.Value
	at     ssa.Instruction
	held   []skeleton.Held
	atomic bool
}

// lookAt finds the field that a condition is on: read here, or by a function that only
// returns it.
func (s *Set) lookAt(v ssa.Value, depth int) look {
	switch v := v.(type) {
	case *ssa.BinOp:
		if _, ok := v.Y.(*ssa.Const); ok && depth < 3 {
			return s.lookAt(v.X, depth+1)
		}
	case *ssa.UnOp:
		if v.Op == token.NOT && depth < 3 {
			return s.lookAt(v.X, depth+1)
		}
		if fa, ok := v.X.(*ssa.FieldAddr); ok && v.Op == token.MUL {
			held, _ := s.heldAt(v.Parent(), v)
			return look{ref: s.Pkg.Access.Of(fa), value: v, at: v, held: held}
		}
	case *ssa.Call:
		if op, x := s.Pkg.Op(&v.Call); op.Kind == ops.AtomicLoad && x != nil {
			if ref := s.Pkg.Access.Of(x); ref.Kind == access.Field {
				return look{ref: ref, value: v, at: v, atomic: true}
			}
		} else if op.Kind == ops.None {
			return s.asked(v, depth)
		}
	}
	return look{}
}

// asked is the look of a function of the package whose one return is of the field.
func (s *Set) asked(call *ssa.Call, depth int) look {
	runs := s.runs(call)
	if len(runs) != 1 || depth > 2 || call.Call.Signature().Results().Len() != 1 {
		return look{}
	}
	var inner look
	for _, b := range runs[0].fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == runs[0].fn.Recover {
			continue
		}
		l := s.lookAt(skeleton.Returned(ret, 0), 3)
		if l.ref == nil || inner.ref != nil {
			return look{}
		}
		inner = l
	}
	if inner.ref == nil {
		return look{}
	}
	inner.ref = s.translate(runs[0], inner.ref)
	inner.value, inner.at = call, call
	return inner
}

// outcome is how a condition goes if the value that it is on is the constant.
func outcome(cond, value ssa.Value, is constant.Value) (goes, known bool) {
	if is == nil {
		b, ok := cond.(*ssa.BinOp)
		return ok && b.Op == token.EQL, ok && b.X == value && isZero(b.Y)
	}
	if cond == value {
		return is.Kind() == constant.Bool && constant.BoolVal(is), is.Kind() == constant.Bool
	}
	switch c := cond.(type) {
	case *ssa.UnOp:
		goes, known = outcome(c.X, value, is)
		return !goes, known && c.Op == token.NOT
	case *ssa.BinOp:
		k, ok := c.Y.(*ssa.Const)
		if !ok || c.X != value || k.Value == nil || k.Value.Kind() != is.Kind() {
			return false, false
		}
		switch c.Op {
		case token.EQL, token.NEQ:
			return constant.Compare(is, c.Op, k.Value), true
		case token.LSS, token.LEQ, token.GTR, token.GEQ:
			return is.Kind() != constant.Bool && constant.Compare(is, c.Op, k.Value), is.Kind() != constant.Bool
		}
	}
	return false, false
}

// whenNew is how a condition goes for an object that is as it was made: it is on a field
// that is zero then.
func (s *Set) whenNew(cond ssa.Value, object *access.Ref) (goes, known bool) {
	if call, ok := cond.(*ssa.Call); ok {
		op, x := s.Pkg.Op(&call.Call)
		args := skeleton.Args(&call.Call)
		if op.Kind == ops.AtomicUpdate && x != nil && !adds(call) && s.zeroWhenNew(s.Pkg.Access.Of(x), object) {
			if t, ok := call.Type().Underlying().(*types.Basic); !ok || t.Info()&types.IsBoolean == 0 {
				return false, false
			}
			if len(args) < 2 {
				return false, true // Swap returns what was there
			}
			old, ok := args[len(args)-2].(*ssa.Const)
			return ok && zeroConst(old), ok
		}
	}
	look := s.lookAt(cond, 0)
	if look.ref == nil || !s.zeroWhenNew(look.ref, object) {
		return false, false
	}
	var zero constant.Value
	t, ok := look.value.Type().Underlying().(*types.Basic)
	switch {
	case !ok:
		return false, false
	case t.Info()&types.IsBoolean != 0:
		zero = constant.MakeBool(false)
	case t.Info()&types.IsInteger != 0:
		zero = constant.MakeInt64(0)
	case t.Info()&types.IsString != 0:
		zero = constant.MakeString("")
	default:
		return false, false
	}
	return outcome(cond, look.value, zero)
}

func zeroConst(c *ssa.Const) bool {
	if c.Value == nil {
		return true
	}
	switch c.Value.Kind() {
	case constant.Bool:
		return !constant.BoolVal(c.Value)
	case constant.Int:
		return constant.Sign(c.Value) == 0
	}
	return false
}

// zeroWhenNew reports whether it is a field of the object that what makes such objects
// leaves alone.
func (s *Set) zeroWhenNew(ref, object *access.Ref) bool {
	if ref.Kind != access.Field || ref.Base != object || ref.Field.Exported() {
		return false
	}
	for _, fn := range s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				fa, ok := instr.(*ssa.FieldAddr)
				if !ok || access.FieldOf(fa.X.Type(), fa.Field) != ref.Field {
					continue
				}
				if !s.owns(fn, s.Pkg.Access.Of(fa).Base) {
					continue
				}
				for _, r := range *fa.Referrers() {
					switch r := r.(type) {
					case *ssa.UnOp, *ssa.DebugRef:
					case *ssa.Store:
						if c, ok := r.Val.(*ssa.Const); !ok || r.Addr != fa || !zeroConst(c) {
							return false
						}
					default:
						return false
					}
				}
			}
		}
	}
	return true
}
