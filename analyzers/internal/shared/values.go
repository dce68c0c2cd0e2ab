package shared

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A ValueStore is a store in an atomic.Value that panics: of nil, or of a value whose concrete
// type is not that of the value there, or need not be.
type ValueStore struct {
	Store ssa.Instruction
	Ref   *access.Ref
	Nil   bool
	Type  types.Type      // what is stored; an interface when that is not known
	Other ssa.Instruction // stores a value of another type
	Had   types.Type      // which
}

// ValueStores returns those of the package. What an atomic.Value does is documented with its
// Store: all values have one concrete type.
func (s *Set) ValueStores() (list []ValueStore) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	type stored struct {
		at  ssa.Instruction
		typ types.Type
	}
	first := make(map[access.Class]stored)
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				v := storedValue(&call.Call)
				if v == nil {
					continue
				}
				ref := outerPart(s.Pkg.Access.Of(call.Call.Args[0]))
				if c, ok := v.(*ssa.Const); ok && c.IsNil() {
					list = append(list, ValueStore{Store: call, Ref: ref, Nil: true})
					continue
				}
				known, open := s.concreteTypes(v, make(map[ssa.Value]bool), 0)
				switch {
				case len(known) > 1:
					list = append(list, ValueStore{Store: call, Ref: ref, Type: known[0], Had: known[1], Other: call})
				case open && types.Identical(interfaceOf(v), types.Universe.Lookup("error").Type()) && !s.runsOnce(fn, call) && s.anyTime(fn, call):
					list = append(list, ValueStore{Store: call, Ref: ref, Type: interfaceOf(v)})
				case len(known) == 1 && !open && !ref.Class().IsZero():
					have, ok := first[ref.Class()]
					if !ok {
						first[ref.Class()] = stored{call, known[0]}
					} else if !types.Identical(have.typ, known[0]) {
						list = append(list, ValueStore{Store: call, Ref: ref, Type: known[0], Had: have.typ, Other: have.at})
					}
				}
			}
		}
	}
	return list
}

// outerPart names a struct, for a field of it, where the struct is itself a field: what different
// objects have as a part is not one.
func outerPart(r *access.Ref) *access.Ref {
	for r.Kind == access.Field && r.Base.Kind == access.Field {
		if _, ok := r.Base.Field.Type().Underlying().(*types.Struct); !ok {
			break
		}
		r = r.Base
	}
	return r
}

// storedValue is what a call stores in an atomic.Value, nil when it does not.
func storedValue(call *ssa.CallCommon) ssa.Value {
	fn := skeleton.Static(call)
	if fn == nil {
		return nil
	}
	switch fn.FullName() {
	case "(*sync/atomic.Value).Store", "(*sync/atomic.Value).Swap":
		return call.Args[1]
	case "(*sync/atomic.Value).CompareAndSwap":
		return call.Args[2]
	}
	return nil
}

// interfaceOf is the interface type that a value has in its variable.
func interfaceOf(v ssa.Value) types.Type {
	if ci, ok := v.(*ssa.ChangeInterface); ok {
		return ci.X.Type()
	}
	return v.Type()
}

// concreteTypes lists the concrete types that a value can have, of those that are known; open
// says that it comes from other code, which can return others. A nil panics by itself, and is
// looked at elsewhere; what errors.New and its like return is of one type, without a name.
func (s *Set) concreteTypes(v ssa.Value, seen map[ssa.Value]bool, depth int) (known []types.Type, open bool) {
	if seen[v] {
		return nil, false
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return []types.Type{v.X.Type()}, false
	case *ssa.ChangeInterface:
		return s.concreteTypes(v.X, seen, depth)
	case *ssa.Phi:
		for _, e := range v.Edges {
			some, more := s.concreteTypes(e, seen, depth)
			open = open || more
			for _, t := range some {
				known = addType(known, t)
			}
		}
		return known, open
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return s.resultTypes(call, v.Index, seen, depth)
		}
	case *ssa.Call:
		return s.resultTypes(v, 0, seen, depth)
	}
	return nil, false
}

// resultTypes is concreteTypes of a result of the call.
func (s *Set) resultTypes(call *ssa.Call, index int, seen map[ssa.Value]bool, depth int) (known []types.Type, open bool) {
	fns, complete := s.Pkg.Callees(call)
	if !complete || len(fns) != 1 || depth > 2 {
		fn := skeleton.Static(&call.Call)
		return nil, fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "errors" && fn.Pkg().Path() != "fmt"
	}
	for _, b := range fns[0].Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || index >= len(ret.Results) {
			continue
		}
		some, more := s.concreteTypes(ret.Results[index], seen, depth+1)
		open = open || more
		for _, t := range some {
			known = addType(known, t)
		}
	}
	return known, open
}

func addType(list []types.Type, t types.Type) []types.Type {
	for _, have := range list {
		if types.Identical(have, t) {
			return list
		}
	}
	return append(list, t)
}

// anyTime reports whether the function comes to the store whenever there is an error: nothing
// else decides, as whether it is the first one, and no lock is held.
func (s *Set) anyTime(fn *ssa.Function, store ssa.Instruction) bool {
	for br := range conditions(store) {
		switch cond := br.Cond.(type) {
		case *ssa.BinOp:
			if !isZero(cond.X) && !isZero(cond.Y) {
				return false
			}
			for _, v := range []ssa.Value{cond.X, cond.Y} {
				if call, ok := v.(*ssa.Call); ok && loadsValue(&call.Call) {
					return false
				}
			}
		case *ssa.Call:
			if !ofErrors(&cond.Call) {
				return false
			}
		case *ssa.UnOp:
			if call, ok := cond.X.(*ssa.Call); !ok || !ofErrors(&call.Call) {
				return false
			}
		default:
			return false
		}
	}
	return s.unlocked(fn, store)
}

// ofErrors reports whether the call is of a function of package errors, as errors.Is.
func ofErrors(call *ssa.CallCommon) bool {
	fn := skeleton.Static(call)
	return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "errors"
}

// loadsValue reports whether the call is the Load of an atomic.Value.
func loadsValue(call *ssa.CallCommon) bool {
	fn := skeleton.Static(call)
	return fn != nil && fn.FullName() == "(*sync/atomic.Value).Load"
}

// runsOnce reports whether the function comes to the store once only, as far as is seen: it is
// the literal that a Once runs, or a goroutine that is started once.
func (s *Set) runsOnce(fn *ssa.Function, at ssa.Instruction) bool {
	if s.literalGiven(fn, func(call ssa.CallInstruction, kind ops.Kind) bool {
		_, spawn := call.(*ssa.Go)
		return kind == ops.OnceDo || spawn && !skeleton.Loops(call) && !skeleton.Loops(at)
	}) {
		return true
	}
	start := s.onlyStarted(fn)
	return start != nil && !skeleton.Loops(start) && !skeleton.Loops(at)
}

// literalGiven reports whether the function is a literal that a call for which it is asked is
// given, or calls.
func (s *Set) literalGiven(fn *ssa.Function, asked func(call ssa.CallInstruction, kind ops.Kind) bool) bool {
	for _, mc := range s.Pkg.Closures(fn) {
		for _, r := range *mc.Referrers() {
			if call, ok := r.(ssa.CallInstruction); ok {
				if op, _ := s.Pkg.Op(call.Common()); asked(call, op.Kind) {
					return true
				}
			}
		}
	}
	return false
}
