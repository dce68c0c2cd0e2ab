package poolmisuse

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// root follows a value to what it is in its function: a parameter, the result
// of a call, an allocation, or a variable that is set more than once. It is nil
// for what has no name that stays the same, such as a field.
func (c *checker) root(v ssa.Value) ssa.Value {
	for range 32 {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.TypeAssert:
			v = x.X
		case *ssa.Slice:
			v = x.X
			if fa, ok := v.(*ssa.FieldAddr); ok {
				v = fa.X // of an array, which is a part of the object
			}
		case *ssa.Extract:
			if ta, ok := x.Tuple.(*ssa.TypeAssert); ok && x.Index == 0 {
				v = ta.X
				continue
			}
			return x
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return nil
			}
			if a := c.pkg.Access.Cell(x.X); a != nil && !pointsToSlice(a) {
				if val := c.pkg.Access.StoredOnce(a); val != nil {
					v = val
					continue
				}
				return a
			}
			if fa, ok := x.X.(*ssa.FieldAddr); ok {
				if !c.keeps(fa) {
					return nil
				}
				v = fa.X
				continue
			}
			if isSlice(x.Type()) {
				v = x.X // the memory of a pooled *[]byte
				continue
			}
			return nil
		case *ssa.Call:
			if fn := skeleton.Static(&x.Call); ops.Of(fn).View && len(x.Call.Args) > 0 {
				v = x.Call.Args[0]
				if fa, ok := v.(*ssa.FieldAddr); ok && c.stays(fa) {
					v = fa.X
				}
				continue
			}
			return x
		case *ssa.FreeVar:
			if b := c.pkg.Access.Binding(x); b != nil {
				v = b
				continue
			}
			return x
		case *ssa.Alloc:
			if val := c.pkg.Access.StoredOnce(x); val != nil && reference(elem(x.Type())) {
				v = val // the variable that a closure captures
				continue
			}
			return x
		case *ssa.Parameter, *ssa.Phi, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan:
			return x
		default:
			return nil
		}
	}
	return nil
}

func elem(t types.Type) types.Type { return t.Underlying().(*types.Pointer).Elem() }

func reference(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Slice, *types.Interface, *types.Chan:
		return true
	}
	return false
}

func isSlice(t types.Type) bool { _, ok := t.Underlying().(*types.Slice); return ok }

// pointsToSlice reports a new([]byte): what is loaded from it is not the value
// of a variable but memory of the pooled object.
func pointsToSlice(a *ssa.Alloc) bool { return a.Comment == "new" && isSlice(elem(a.Type())) }

// part reports whether v is the value, or memory of it.
func (c *checker) part(v, root ssa.Value) bool {
	switch x := v.(type) {
	case *ssa.FieldAddr:
		return c.part(x.X, root)
	case *ssa.IndexAddr:
		return c.part(x.X, root)
	case nil:
		return false
	}
	return c.root(v) == root
}

// used reports whether the instruction works with the value, other than
// naming a part of it.
func (c *checker) used(instr ssa.Instruction, root ssa.Value) bool {
	switch x := instr.(type) {
	case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.TypeAssert, *ssa.Slice, *ssa.Extract,
		*ssa.FieldAddr, *ssa.IndexAddr, *ssa.Phi, *ssa.BinOp, *ssa.If, *ssa.MakeClosure, *ssa.RunDefers, *ssa.DebugRef, *ssa.Field, *ssa.Alloc:
		return false
	case *ssa.UnOp:
		if c.pkg.Access.Cell(x.X) != nil || x.Op != token.MUL {
			return false // reading the variable
		}
		if isSlice(x.Type()) && c.root(x) == root {
			return false // the slice, not what is in it
		}
		return c.part(x.X, root)
	case *ssa.Store:
		if c.pkg.Access.Cell(x.Addr) != nil {
			return false // a variable gets the value, or another one
		}
		return c.part(x.Addr, root) || c.part(x.Val, root)
	case ssa.CallInstruction:
		common := x.Common()
		if b, ok := common.Value.(*ssa.Builtin); ok {
			switch b.Name() {
			case "len", "cap", "print", "println", "recover":
				return false
			}
		}
		for _, a := range common.Args {
			if c.part(a, root) {
				return true
			}
		}
		return common.IsInvoke() && c.part(common.Value, root)
	case *ssa.Return:
		return c.returns(x, root)
	}
	var space [8]*ssa.Value
	for _, op := range instr.Operands(space[:0]) {
		if c.part(*op, root) {
			return true
		}
	}
	return false
}

// returns reports whether the value, or memory of it, is a result.
func (c *checker) returns(ret *ssa.Return, root ssa.Value) bool {
	for i := range ret.Results {
		if c.part(skeleton.Returned(ret, i), root) {
			return true
		}
	}
	return false
}

// kills reports whether after the instruction the name means another value.
func (c *checker) kills(instr ssa.Instruction, root ssa.Value) bool {
	if v, ok := instr.(ssa.Value); ok && v == root {
		return true
	}
	st, ok := instr.(*ssa.Store)
	return ok && root != nil && ssa.Value(c.pkg.Access.Cell(st.Addr)) == root
}
