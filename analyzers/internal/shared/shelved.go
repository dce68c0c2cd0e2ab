package shared

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// fieldRead returns the unexported field that a pointer is read from, nil for none.
func fieldRead(p ssa.Value) *types.Var {
	load, ok := p.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok || structOf(fa.X.Type()) == nil {
		return nil
	}
	if f := structOf(fa.X.Type()).Field(fa.Field).Origin(); !f.Exported() {
		return f
	}
	return nil
}

// storedTaken is takenUnder of what is stored in a field, by all who do: an object that keeps
// what was taken out uses it for as long as it lives.
func (s *Set) storedTaken(field *types.Var, lock *types.Var, depth int) (at ssa.Instruction, ok bool) {
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				fa, isField := instr.(*ssa.FieldAddr)
				if !isField || structOf(fa.X.Type()) == nil || structOf(fa.X.Type()).Field(fa.Field).Origin() != field {
					continue
				}
				for _, r := range *fa.Referrers() {
					switch r := r.(type) {
					case *ssa.UnOp:
					case *ssa.Store:
						if c, isConst := r.Val.(*ssa.Const); r.Addr == fa && isConst && c.IsNil() {
							continue
						}
						taken, found := s.takenUnder(fn, r.Val, lock, depth+1)
						if r.Addr != fa || !found || s.holdsAt(fn, r, lock) || s.removes(fn, structOf(field.Type()), 0) {
							return nil, false
						}
						at = taken
					default:
						return nil, false // its address is taken
					}
				}
			}
		}
	}
	return at, at != nil
}
