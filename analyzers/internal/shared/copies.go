package shared

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// An AtomicCopy is an atomic operation on a field of a receiver that is a value: the
// struct was copied before, by plain reads, and what is written is lost.
type AtomicCopy struct {
	At    ssa.CallInstruction
	Ref   *access.Ref
	Param *ssa.Parameter
	Write bool
	// Other is an atomic operation on the field itself, behind a pointer.
	Other ssa.CallInstruction
}

// AtomicCopies returns those whose field is written atomically elsewhere in the
// package, and so is shared.
func (s *Set) AtomicCopies() (list []AtomicCopy) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	var copies []AtomicCopy
	shared := make(map[access.Class]ssa.CallInstruction)
	for _, fn := range s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				op, x := s.Pkg.Op(call.Common())
				switch op.Kind {
				case ops.AtomicLoad, ops.AtomicStore, ops.AtomicUpdate:
				default:
					continue
				}
				if x == nil || !basic(x.Type()) {
					continue // of the types of package atomic, the pass copylocks speaks
				}
				ref := s.Pkg.Access.Of(x)
				if p := handedOver(x); p != nil {
					if fn.Signature.Recv() == nil || p != fn.Params[0] {
						continue // whoever hands over a copy can hold a lock for that
					}
					copies = append(copies, AtomicCopy{At: call, Ref: ref, Param: p, Write: op.Kind != ops.AtomicLoad})
				} else if class := ref.Class(); class.Var != nil && class.Var.IsField() && op.Kind != ops.AtomicLoad && shared[class] == nil {
					shared[class] = call
				}
			}
		}
	}
	for _, c := range copies {
		if c.Other = shared[c.Ref.Class()]; c.Other != nil {
			list = append(list, c)
		}
	}
	return list
}

// basic reports whether a pointer is to a number.
func basic(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	_, ok = p.Elem().Underlying().(*types.Basic)
	return ok
}

// handedOver returns the parameter whose copy of a struct the address lies in.
func handedOver(addr ssa.Value) *ssa.Parameter {
	for {
		switch v := addr.(type) {
		case *ssa.FieldAddr:
			addr = v.X
			continue
		case *ssa.Alloc:
			var param *ssa.Parameter
			for _, r := range *v.Referrers() {
				switch r := r.(type) {
				case *ssa.Store:
					p, ok := r.Val.(*ssa.Parameter)
					if !ok || param != nil {
						return nil
					}
					param = p
				case *ssa.FieldAddr, *ssa.UnOp, *ssa.DebugRef:
				default:
					return nil // the copy is what is shared from here on
				}
			}
			return param
		}
		return nil
	}
}
