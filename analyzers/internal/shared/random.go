package shared

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// unlockedSource reports whether a rand.Rand is made of one of the sources of its package
// wherever it is made: those have no lock, and others may.
func (s *Set) unlockedSource(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return unlockedRand(v)
	}
	if s.sources == nil {
		s.sources = s.findSources()
	}
	key := s.holder(load.X)
	return key != nil && s.sources[key]
}

// holder is the field or variable at an address: of a field its declaration.
func (s *Set) holder(addr ssa.Value) any {
	switch x := addr.(type) {
	case *ssa.FieldAddr:
		if st := structOf(x.X.Type()); st != nil {
			return st.Field(x.Field).Origin()
		}
	case *ssa.Global:
		return x
	case *ssa.Alloc, *ssa.FreeVar:
		if a := s.Pkg.Access.Cell(x); a != nil {
			return a
		}
	}
	return nil
}

// findSources says of the fields and variables that hold generators whether all that is
// stored there has a source without a lock.
func (s *Set) findSources() map[any]bool {
	found := make(map[any]bool)
	for _, fn := range s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok || !ops.IsRand(st.Val.Type()) || isZero(st.Val) {
					continue
				}
				key := s.holder(st.Addr)
				if key == nil {
					continue
				}
				old, seen := found[key]
				found[key] = unlockedRand(st.Val) && (old || !seen)
			}
		}
	}
	return found
}

// unlockedRand reports whether the value is rand.New of such a source.
func unlockedRand(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	if generator, _ := ops.MakesRand(skeleton.Static(&call.Call)); !generator {
		return false
	}
	src, ok := plainValue(call.Call.Args[0]).(*ssa.Call)
	if !ok {
		return false
	}
	_, source := ops.MakesRand(skeleton.Static(&src.Call))
	return source
}
