package shared

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// wrapped returns the argument that the called function runs in a goroutine,
// and what that goroutine does besides:
//
//	func (s *server) spawn(f func()) {
//		s.wg.Add(1)
//		go func() { defer s.wg.Done(); f() }()
//	}
func (s *Set) wrapped(call ssa.CallInstruction) (f ssa.Value, around []syncOp) {
	if _, ok := call.(*ssa.Call); !ok {
		return nil, nil
	}
	functions := false
	for _, arg := range call.Common().Args {
		_, ok := arg.Type().Underlying().(*types.Signature)
		functions = functions || ok
	}
	if !functions {
		return nil, nil
	}
	runs := s.runs(call)
	if len(runs) != 1 {
		return nil, nil
	}
	wrapper := runs[0]
	for _, b := range wrapper.fn.Blocks {
		for _, instr := range b.Instrs {
			g, ok := instr.(*ssa.Go)
			if !ok {
				continue
			}
			param := s.paramIn(wrapper.fn, g.Call.Value)
			body := wrapper.fn
			if param < 0 {
				fns, complete := s.Pkg.Callees(g)
				if !complete || len(fns) != 1 {
					continue
				}
				body = fns[0]
				param = s.calledIn(wrapper.fn, body)
			}
			if param < 0 || param >= len(wrapper.args) {
				continue
			}
			if body != wrapper.fn {
				for _, op := range s.ops(body) {
					if op, ok := s.translateOp(wrapper, op); ok {
						op.deferred = true // of no order with what f does
						around = append(around, op)
					}
				}
			}
			return wrapper.args[param], around
		}
	}
	return nil, nil
}

// paramIn is the parameter of fn that a function value is, or -1.
func (s *Set) paramIn(fn *ssa.Function, v ssa.Value) int {
	if _, ok := v.Type().Underlying().(*types.Signature); !ok {
		return -1
	}
	r := s.Pkg.Access.Of(v)
	for i, p := range fn.Params {
		if r.Value == p {
			return i
		}
	}
	return -1
}

// calledIn is the parameter of fn that body, a literal in it, calls, or -1.
func (s *Set) calledIn(fn, body *ssa.Function) int {
	for _, b := range body.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && !call.Common().IsInvoke() {
				if i := s.paramIn(fn, call.Common().Value); i >= 0 {
					return i
				}
			}
		}
	}
	return -1
}
