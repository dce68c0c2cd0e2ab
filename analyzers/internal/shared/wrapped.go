package shared

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// wrapped returns the argument that the called function, of this package or another, runs in
// a goroutine, and what that goroutine does besides:
//
//	func (s *server) spawn(f func()) {
//		s.wg.Add(1)
//		go func() { defer s.wg.Done(); f() }()
//	}
//
// how says whether the called function waits for it, several whether there can be more
// than one at a time.
func (s *Set) wrapped(call ssa.CallInstruction) (f ssa.Value, around []syncOp, how wait, several bool) {
	if _, ok := call.(*ssa.Call); !ok {
		return nil, nil, 0, false
	}
	functions := false
	for _, arg := range call.Common().Args {
		_, ok := arg.Type().Underlying().(*types.Signature)
		functions = functions || ok
	}
	if !functions {
		return nil, nil, 0, false
	}
	if f, r, ok := s.Pkg.Runner(call); ok && r.Starts {
		if r.Signals {
			around = []syncOp{{medium: byAll, at: call, arm: -1, release: true, deferred: true}}
		}
		return f, around, never, false
	}
	runs := s.runs(call)
	if len(runs) != 1 {
		return nil, nil, 0, false
	}
	wrapper := runs[0]
	for _, b := range wrapper.fn.Blocks {
		for _, instr := range b.Instrs {
			g, f, group := s.starter(instr)
			if g == nil || f == nil {
				continue
			}
			how = never
			if s.waits(wrapper.fn, g) {
				how = always
				if s.givesUp(wrapper.fn, g) {
					how = abandons
				}
			}
			param := s.paramIn(wrapper.fn, f)
			body := wrapper.fn
			var called ssa.Instruction
			if param < 0 {
				fns, complete := s.Pkg.Functions(f)
				if !complete || len(fns) != 1 {
					continue
				}
				body = fns[0]
				param, called = s.calledIn(wrapper.fn, body)
			}
			if param < 0 || param >= len(wrapper.args) {
				continue
			}
			if several = s.severalAtOnce(wrapper.fn, g, body, called); how == always && !several {
				return nil, nil, 0, false
			}
			if op, ok := s.translateOp(wrapper, group); ok && group.ref != nil {
				around = append(around, op)
			}
			if body != wrapper.fn {
				for _, op := range s.ops(body) {
					if op.acquire && op.medium != byLock && op.at != called && !(how != never && (op.deferred || after(called, op.at))) {
						return nil, nil, 0, false // f can be kept back until another has run
					}
					if op, ok := s.translateOp(wrapper, op); ok {
						op.deferred = true // of no order with what f does
						around = append(around, op)
					}
				}
			}
			return wrapper.args[param], around, how, several
		}
	}
	return nil, nil, 0, false
}

// starter reports whether the instruction starts a goroutine, by a go statement or by an errgroup,
// which is done with it then, and which function that runs.
func (s *Set) starter(instr ssa.Instruction) (start ssa.CallInstruction, f ssa.Value, group syncOp) {
	switch instr := instr.(type) {
	case *ssa.Go:
		if !instr.Call.IsInvoke() {
			return instr, instr.Call.Value, group
		}
	case *ssa.Call:
		op, on := s.Pkg.Op(&instr.Call)
		if op.Kind != ops.GroupGo || on == nil {
			return nil, nil, group
		}
		group = syncOp{medium: byGroup, ref: s.Pkg.Access.Of(on), typ: deref(on.Type()), at: instr, arm: -1, release: true, deferred: true}
		return instr, skeleton.FuncArg(&instr.Call, op), group
	}
	return nil, nil, group
}

// A wait says if a function waits for the goroutine that it starts.
type wait uint8

const (
	never wait = iota
	abandons
	always
)

// severalAtOnce reports whether the function starts the goroutine again before the
// one that it has started need have run the function that it is given: body calls
// that, at called, or is started for it alone.
func (s *Set) severalAtOnce(fn *ssa.Function, g ssa.CallInstruction, body *ssa.Function, called ssa.Instruction) bool {
	var signals []syncOp
	if called != nil {
		held, known := s.Pkg.Locks().Of(body).HeldAt(called)
		if len(held) > 0 || !known {
			return false
		}
		for _, op := range s.releasesAfter(&thread{fn: body, ops: s.ops(body)}, &Access{At: called}) {
			if op.medium != byLock {
				signals = append(signals, op)
			}
		}
	}
	return s.reaches(&thread{fn: fn, start: g, ops: s.ops(fn)}, g, false, signals, nil)
}

// givesUp reports whether the function can return, after it has started the
// goroutine, on a path on which it waits for nothing but a context or a timer.
func (s *Set) givesUp(fn *ssa.Function, g ssa.CallInstruction) bool {
	t := &thread{fn: fn, start: g}
	for _, op := range s.ops(fn) {
		switch op.medium {
		case byLock, byAtomic, byContext, byTimer:
		default:
			t.ops = append(t.ops, op)
		}
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && s.reaches(t, ret, false, []syncOp{{medium: byAll}}, nil) {
			return true
		}
	}
	return false
}

// asked reports whether it depends on what a call returns if the access is made.
func asked(call ssa.CallInstruction, a *Access) bool {
	for br := range conditions(a.At) {
		if after(call, br) && comesFrom(br.Cond, call, 0) {
			return true
		}
	}
	return false
}

// comesFrom reports whether a value is computed from what a call returns, or from
// the variable that this is stored in.
func comesFrom(v ssa.Value, call ssa.CallInstruction, depth int) bool {
	if v == call.Value() && v != nil {
		return true
	}
	instr, ok := v.(ssa.Instruction)
	if !ok || depth > 5 {
		return false
	}
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		if refs := load.X.Referrers(); refs != nil {
			for _, ref := range *refs {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == load.X && comesFrom(st.Val, call, depth+1) {
					return true
				}
			}
		}
	}
	for _, x := range instr.Operands(nil) {
		if *x != nil && comesFrom(*x, call, depth+1) {
			return true
		}
	}
	return false
}

// waits reports whether the function waits for something after it has started
// the goroutine: for that, it may be.
func (s *Set) waits(fn *ssa.Function, g ssa.CallInstruction) bool {
	for _, op := range s.ops(fn) {
		if op.acquire && op.medium != byLock && op.medium != byAtomic && (op.deferred || after(g, op.at)) {
			return true
		}
	}
	return false
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

// calledIn is the parameter of fn that body, a literal in it, calls, and where; or -1.
func (s *Set) calledIn(fn, body *ssa.Function) (int, ssa.Instruction) {
	for _, b := range body.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && !call.Common().IsInvoke() {
				if i := s.paramIn(fn, call.Common().Value); i >= 0 {
					return i, instr
				}
			}
		}
	}
	return -1, nil
}
