package shared

import (
	"go/constant"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A ReadBack is an atomic Load by which a function wants to know what its own Add has made of
// a word: what another goroutine adds in between, it sees too, and both get one number.
type ReadBack struct {
	Add, Load *ssa.Call
	Ref       *access.Ref
}

// ReadBacks returns these.
func (s *Set) ReadBacks() (list []ReadBack) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	s.findContexts()
	for _, fn := range s.Pkg.Funcs {
		c := s.contexts[fn]
		if s.inTest(fn) || c.quiet || len(c.held) > 0 || !s.manyCallers(fn) {
			continue
		}
		var adds, loads []*ssa.Call
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || !s.unlocked(fn, call) {
					continue
				}
				switch op, x := s.Pkg.Op(&call.Call); {
				case x == nil:
				case op.Kind == ops.AtomicLoad && handsOn(call, 0):
					loads = append(loads, call)
				case op.Kind == ops.AtomicUpdate && countsUp(call):
					adds = append(adds, call)
				}
			}
		}
		for _, add := range adds {
			for _, load := range loads {
				if r := s.atomicWord(add); r == s.atomicWord(load) && !s.owns(fn, r) && (r.Base == nil || !s.owns(fn, r.Base)) && skeleton.Dominates(add, load) && !after(load, add) && !s.setBetween(fn, r, add, load) {
					list = append(list, ReadBack{Add: add, Load: load, Ref: r})
				}
			}
		}
	}
	return list
}

func (s *Set) atomicWord(call *ssa.Call) *access.Ref {
	_, x := s.Pkg.Op(&call.Call)
	return s.Pkg.Access.Of(x)
}

// countsUp reports whether the atomic operation is an Add of a positive constant, and what it
// returns is not used.
func countsUp(call *ssa.Call) bool {
	f, args := skeleton.Static(&call.Call), skeleton.Args(&call.Call)
	if f == nil || !strings.HasPrefix(f.Name(), "Add") || len(args) == 0 || len(*call.Referrers()) > 0 {
		return false
	}
	c, ok := args[len(args)-1].(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Int && constant.Sign(c.Value) > 0
}

// handsOn reports whether the value is given to the caller, or is the key of a map.
func handsOn(v ssa.Value, depth int) bool {
	if depth > 3 {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Return:
			return true
		case *ssa.MapUpdate:
			return ref.Key == v
		case *ssa.Store:
			fa, ok := ref.Addr.(*ssa.FieldAddr)
			if ok && ref.Val == v {
				_, made := root(fa).(*ssa.Alloc)
				return made
			}
		case *ssa.Convert:
			if handsOn(ref, depth+1) {
				return true
			}
		case *ssa.ChangeType:
			if handsOn(ref, depth+1) {
				return true
			}
		}
	}
	return false
}

// setBetween reports whether the function writes the word between the two.
func (s *Set) setBetween(fn *ssa.Function, r *access.Ref, add, load *ssa.Call) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || call == add || !after(add, call) || !after(call, load) {
				continue
			}
			op, x := s.Pkg.Op(&call.Call)
			if x != nil && (op.Kind == ops.AtomicStore || op.Kind == ops.AtomicUpdate) && s.Pkg.Access.Of(x) == r {
				return true
			}
		}
	}
	return false
}
