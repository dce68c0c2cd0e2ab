package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A LateAdd is an Add of a WaitGroup that a goroutine makes, and a Wait for it in the
// function that starts this goroutine, with nothing to put them in an order: Wait can
// find the counter at zero and return before the Add.
type LateAdd struct {
	Go  ssa.CallInstruction
	Add ssa.Instruction // in the goroutine: the Add, or the call that leads to it
	// Wait is the Wait of the function, or the call that leads to it.
	Wait ssa.Instruction
	Name string // of the WaitGroup, in the terms of the function
}

// LateAdds returns those of groups that the function has made itself, or that nothing
// else in the package adds to: of others it is not known what is counted there.
func (s *Set) LateAdds() []LateAdd {
	s.lateOnce.Do(func() {
		s.Pkg.Mu.Lock()
		defer s.Pkg.Mu.Unlock()
		if s.prepare() {
			for _, fn := range s.Pkg.Funcs {
				if !s.inTest(fn) {
					s.lateAdds(fn)
				}
			}
		}
	})
	return s.late
}

// An adding is a call of Add.
type adding struct {
	ref  *access.Ref
	at   ssa.Instruction // in the function that it is listed for
	call run
	via  *adding
}

// addings lists the calls of Add of a function and of those it calls.
func (s *Set) addings(fn *ssa.Function, depth int) (list []adding) {
	key := atDepth{fn, depth}
	if known, ok := s.adds[key]; ok {
		return known
	}
	defer func() { s.adds[key] = list }()
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			op, x := s.Pkg.Op(&call.Call)
			if (op.Kind == ops.WgAdd || op.Kind == ops.WgGo) && x != nil {
				list = append(list, adding{ref: s.Pkg.Access.Of(x), at: call})
				continue
			}
			if op.Kind != ops.None || depth >= maxDepth {
				continue
			}
			for _, r := range s.runs(call) {
				for _, a := range s.addings(r.fn, depth+1) {
					if ref := s.translate(r, a.ref); ref != nil {
						list = append(list, adding{ref: ref, at: call, call: r, via: &a})
					}
				}
			}
		}
	}
	return list
}

// access is the Add as the orders are asked for it.
func (a *adding) access() *Access {
	acc := &Access{At: a.at, Leaf: a.at, call: a.call}
	if a.via != nil {
		acc.via = a.via.access()
	}
	return acc
}

// leaf is the Add itself.
func (a *adding) leaf() ssa.Instruction {
	for a.via != nil {
		a = a.via
	}
	return a.at
}

// onlyAdd reports whether the groups of the class, which only this package can name,
// are added to nowhere else.
func (s *Set) onlyAdd(c access.Class, add ssa.Instruction) bool {
	if c.Var == nil || c.Elem || c.Var.Exported() || c.Var.Pkg() != s.Pkg.Pass.Pkg {
		return false
	}
	for _, fn := range s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if instr == add {
					continue
				}
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				op, x := s.Pkg.Op(call.Common())
				switch op.Kind {
				case ops.WgDone, ops.WgWait:
					continue
				case ops.WgAdd, ops.WgGo:
					if s.Pkg.Access.Of(x).Class() == c {
						return false
					}
					continue
				}
				for _, arg := range call.Common().Args {
					if ptr, ok := arg.Type().Underlying().(*types.Pointer); ok && ops.IsWaitGroup(ptr.Elem()) && s.Pkg.Access.Of(arg).Class() == c {
						return false // given to who may add
					}
				}
			}
		}
	}
	return true
}

func (s *Set) lateAdds(fn *ssa.Function) {
	for _, sp := range s.spawnsOf(fn) {
		if sp.requests || sp.parallel || sp.how != never || len(sp.body.fn.Blocks) == 0 {
			continue
		}
		for _, add := range s.addings(sp.body.fn, 0) {
			ref := s.translate(sp.run, add.ref)
			if ref == nil || !s.owns(fn, ref) && !s.onlyAdd(ref.Class(), add.leaf()) {
				continue
			}
			// Who is counted can count others; a Wait cannot return before.
			if slices.ContainsFunc(s.addings(fn, 0), func(a adding) bool { return a.ref == ref }) {
				continue
			}
			at := add.access()
			signals := slices.DeleteFunc(s.releasesAfter(&sp.body, at), func(op syncOp) bool { return op.medium == byGroup && op.ref == ref })
			here := &thread{fn: fn, start: sp.at, ops: s.ops(fn)}
			for _, op := range here.ops {
				if op.medium != byGroup || !op.acquire || op.ref != ref || op.deferred || !after(sp.at, op.at) {
					continue
				}
				wait := &Access{At: op.at, Leaf: op.at}
				before := *here
				before.ops = slices.DeleteFunc(slices.Clone(here.ops), func(o syncOp) bool { return o.at == op.at })
				if s.passes(&before, wait, signals) || s.passes(&sp.body, at, s.releasesAfter(here, wait)) {
					continue
				}
				s.late = append(s.late, LateAdd{Go: sp.statement(), Add: add.at, Wait: op.at, Name: ref.String()})
				return
			}
		}
	}
}
