package shared

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A LateCopy is a method whose receiver is a value, and which takes the lock that the
// receiver points to: its fields were read when it was called, before that.
type LateCopy struct {
	At    ssa.Instruction // the lock
	Field *types.Var      // that is used then
	Lock  *types.Var
	Param *ssa.Parameter
	Write Access // of the field, under the lock
}

// LateCopies returns those that use a field which others write under the lock.
func (s *Set) LateCopies() (list []LateCopy) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	var uses map[*types.Var][]*use
	for _, fn := range s.Pkg.Funcs {
		recv := fn.Signature.Recv()
		fl := s.Pkg.Locks().Of(fn)
		if recv == nil || fl == nil || fn.Parent() != nil || s.inTest(fn) {
			continue
		}
		if _, ok := recv.Type().Underlying().(*types.Struct); !ok {
			continue
		}
		for _, ev := range fl.Events {
			if ev.Kind != skeleton.LockEvent || ev.Deferred || !s.ofReceiver(ev.Ref.Root().Value, fn) || ev.Ref.Base == nil || ev.Ref.Base.Base != nil {
				continue
			}
			if uses == nil {
				s.findContexts()
				uses, _ = s.collect(s.lockVars(), false)
			}
			if c := s.lateCopy(fn, ev, uses); c != nil {
				list = append(list, *c)
				break
			}
		}
	}
	return list
}

// ofReceiver reports whether the value is the receiver of the method, or its variable.
func (s *Set) ofReceiver(v ssa.Value, fn *ssa.Function) bool {
	if a, ok := v.(*ssa.Alloc); ok {
		return handedOver(a) == fn.Params[0]
	}
	return v == fn.Params[0]
}

// behindPointer reports whether the field is of an object, and not of a copy of one.
func behindPointer(r *access.Ref) bool {
	root := r.Root().Value
	if root == nil {
		return false
	}
	_, ok := root.Type().Underlying().(*types.Pointer)
	a, local := root.(*ssa.Alloc)
	return ok && (!local || handedOver(a) == nil)
}

// lateCopy returns a use, under the lock, of a field of the copy that others write.
func (s *Set) lateCopy(fn *ssa.Function, ev *skeleton.Event, uses map[*types.Var][]*use) *LateCopy {
	lock := ev.Ref.Class().Var
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			var field *types.Var
			switch instr := instr.(type) {
			case *ssa.Field:
				if instr.X == fn.Params[0] {
					field = structOf(instr.X.Type()).Field(instr.Field).Origin()
				}
			case *ssa.UnOp:
				if fa, ok := instr.X.(*ssa.FieldAddr); ok && instr.Op == token.MUL && s.ofReceiver(fa.X, fn) {
					field = structOf(fa.X.Type()).Field(fa.Field).Origin()
				}
			}
			if field == nil || !skeleton.Dominates(ev.Instr, instr) {
				continue
			}
			i := slices.IndexFunc(uses[field], func(u *use) bool {
				mode, ok := u.locks[lock]
				return u.Write && !u.elems && !u.owned && !u.quiet && u.fn != fn && ok && mode == skeleton.Exclusive && behindPointer(u.Ref)
			})
			if i >= 0 {
				return &LateCopy{At: ev.Instr, Field: field, Lock: lock, Param: fn.Params[0], Write: uses[field][i].Access}
			}
		}
	}
	return nil
}
