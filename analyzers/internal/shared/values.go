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
				ref := s.Pkg.Access.Of(call.Call.Args[0])
				if c, ok := v.(*ssa.Const); ok && c.IsNil() {
					list = append(list, ValueStore{Store: call, Ref: ref, Nil: true})
					continue
				}
				known, open := concreteTypes(v, make(map[ssa.Value]bool))
				switch {
				case len(known) > 1:
					list = append(list, ValueStore{Store: call, Ref: ref, Type: known[0], Had: known[1], Other: call})
				case open && types.Identical(interfaceOf(v), types.Universe.Lookup("error").Type()) && !s.runsOnce(fn, call) && !s.whenEmpty(call, ref):
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
// says that there can be others. A nil panics by itself, and is looked at elsewhere.
func concreteTypes(v ssa.Value, seen map[ssa.Value]bool) (known []types.Type, open bool) {
	if seen[v] {
		return nil, false
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return []types.Type{v.X.Type()}, false
	case *ssa.ChangeInterface:
		return concreteTypes(v.X, seen)
	case *ssa.Const:
		return nil, false
	case *ssa.Phi:
		for _, e := range v.Edges {
			some, more := concreteTypes(e, seen)
			open = open || more
			for _, t := range some {
				known = addType(known, t)
			}
		}
		return known, open
	}
	return nil, true
}

func addType(list []types.Type, t types.Type) []types.Type {
	for _, have := range list {
		if types.Identical(have, t) {
			return list
		}
	}
	return append(list, t)
}

// whenEmpty reports whether the store is made only where a Load has found nothing in the Value,
// as the first of several does.
func (s *Set) whenEmpty(store ssa.Instruction, ref *access.Ref) bool {
	for br := range conditions(store) {
		cmp, ok := br.Cond.(*ssa.BinOp)
		if !ok {
			continue
		}
		for _, v := range []ssa.Value{cmp.X, cmp.Y} {
			load, ok := v.(*ssa.Call)
			if !ok {
				continue
			}
			if fn := skeleton.Static(&load.Call); fn != nil && fn.FullName() == "(*sync/atomic.Value).Load" && s.Pkg.Access.Of(load.Call.Args[0]) == ref {
				return true
			}
		}
	}
	return false
}

// runsOnce reports whether the function comes to the store once only, as far as is seen: it is
// the literal that a Once runs, or a goroutine that is started once.
func (s *Set) runsOnce(fn *ssa.Function, at ssa.Instruction) bool {
	for _, mc := range s.Pkg.Closures(fn) {
		for _, r := range *mc.Referrers() {
			call, ok := r.(ssa.CallInstruction)
			if !ok {
				continue
			}
			op, _ := s.Pkg.Op(call.Common())
			if _, spawn := call.(*ssa.Go); op.Kind == ops.OnceDo || spawn && !skeleton.Loops(call) && !skeleton.Loops(at) {
				return true
			}
		}
	}
	start := s.onlyStarted(fn)
	return start != nil && !skeleton.Loops(start) && !skeleton.Loops(at)
}
