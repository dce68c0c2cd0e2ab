package shared

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A SelfWait is a function that a group counts until it returns, and that waits for
// the same group before.
type SelfWait struct {
	Counted ssa.CallInstruction // the deferred Done, or the Go of the group
	Func    *ssa.Function       // what is counted
	At      ssa.Instruction     // in it: the Wait, or the call that leads there
	Wait    ssa.Instruction
	Name    string // of the group, in the terms of Func
}

// SelfWaits returns the functions of the package that wait for themselves.
func (s *Set) SelfWaits() []SelfWait {
	s.selfOnce.Do(func() {
		s.Pkg.Mu.Lock()
		defer s.Pkg.Mu.Unlock()
		if s.prepare() {
			for _, fn := range s.Pkg.Funcs {
				s.selfWaits(fn)
			}
		}
	})
	return s.self
}

func (s *Set) selfWaits(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			op, x := s.Pkg.Op(call.Common())
			if x == nil {
				continue
			}
			group := s.Pkg.Access.Of(x)
			switch op.Kind {
			case ops.WgDone:
				// Who comes to the Wait has come to the defer statement, and not by
				// another way.
				if _, deferred := call.(*ssa.Defer); deferred {
					s.selfWait(call, fn, group, func(at ssa.Instruction) bool {
						return call.Block().Dominates(at.Block()) && after(call, at)
					})
				}
			case ops.WgGo, ops.GroupGo, ops.GroupTryGo:
				f := skeleton.FuncArg(call.Common(), op)
				fns, complete := s.Pkg.Functions(f)
				if complete && len(fns) == 1 && len(fns[0].Blocks) > 0 {
					if m, recv := s.Pkg.MethodValue(f); m != nil { // in the terms of the method
						r := run{fn: m, args: []ssa.Value{recv}}
						for _, w := range s.waitings(m, 0) {
							if s.translate(r, w.ref) == group {
								s.self = append(s.self, SelfWait{Counted: call, Func: m, At: w.at, Wait: w.wait, Name: w.ref.String()})
								break
							}
						}
						continue
					}
					s.selfWait(call, fns[0], group, func(ssa.Instruction) bool { return true })
				}
			}
		}
	}
}

func (s *Set) selfWait(counted ssa.CallInstruction, fn *ssa.Function, group *access.Ref, counts func(ssa.Instruction) bool) {
	for _, w := range s.waitings(fn, 0) {
		if w.ref == group && counts(w.at) {
			s.self = append(s.self, SelfWait{Counted: counted, Func: fn, At: w.at, Wait: w.wait, Name: group.String()})
			return
		}
	}
}

// A waiting is a Wait for a group that a function comes to.
type waiting struct {
	ref  *access.Ref
	at   ssa.Instruction // in the function that it is listed for
	wait ssa.Instruction
}

// waitings lists the Waits of a function and of those that it calls, on whatever
// path. A deferred Wait comes when the function is left, and so after what is
// deferred later.
func (s *Set) waitings(fn *ssa.Function, depth int) (list []waiting) {
	key := atDepth{fn, depth}
	if known, ok := s.joins[key]; ok {
		return known
	}
	s.joins[key] = nil
	defer func() { s.joins[key] = list }()
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			op, x := s.Pkg.Op(&call.Call)
			if (op.Kind == ops.WgWait || op.Kind == ops.GroupWait) && x != nil {
				list = append(list, waiting{s.Pkg.Access.Of(x), call, call})
				continue
			}
			if depth >= maxDepth {
				continue
			}
			for _, r := range append(s.runs(call), s.ownHooks(call)...) {
				for _, w := range s.waitings(r.fn, depth+1) {
					if ref := s.translate(r, w.ref); ref != nil {
						list = append(list, waiting{ref, call, w.wait})
					}
				}
			}
		}
	}
	return list
}

// ownHooks returns the methods of an object that its package puts into a field of it, where
// the call is of the function in that field: c.onError = c.failed, and c.onError(err). Others
// may put something else there.
func (s *Set) ownHooks(call *ssa.Call) (list []run) {
	load, ok := call.Call.Value.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	f := access.FieldOf(fa.X.Type(), fa.Field)
	if s.hooks == nil {
		s.hooks = make(map[*types.Var][]*ssa.Function)
		for _, fn := range s.Pkg.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					st, ok := instr.(*ssa.Store)
					if !ok {
						continue
					}
					if to, ok := st.Addr.(*ssa.FieldAddr); ok {
						if m, recv := s.Pkg.MethodValue(st.Val); m != nil && s.Pkg.Access.Of(recv) == s.Pkg.Access.Of(to.X) {
							g := access.FieldOf(to.X.Type(), to.Field)
							s.hooks[g] = append(s.hooks[g], m)
						}
					}
				}
			}
		}
	}
	for _, m := range s.hooks[f] {
		list = append(list, run{fn: m, args: append([]ssa.Value{fa.X}, call.Call.Args...)})
	}
	return list
}
