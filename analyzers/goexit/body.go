package goexit

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

const maxDepth = 4

// traits are what a goroutine's function does, itself or in what it calls.
type traits struct {
	signals bool // somebody can learn that it has ended
	limited bool // it waits for a free place before it works
	looks   bool // it looks at what others set, under a lock or atomically
}

// traits looks at a function and its callees. What is not seen may signal.
func (c *checker) traits(fn *ssa.Function, depth int) traits {
	if t, ok := c.bodies[fn]; ok {
		return t
	}
	c.bodies[fn] = traits{}
	var t traits
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch x := instr.(type) {
			case *ssa.Send:
				t.signals, t.limited = true, t.limited || b.Index == 0
			case *ssa.Select:
				t.signals, t.limited = true, t.limited || b.Index == 0
			case *ssa.UnOp:
				if x.Op == token.ARROW {
					t.signals = true // it waits for somebody
				}
			case ssa.CallInstruction:
				c.call(x, &t, depth)
			}
		}
	}
	c.bodies[fn] = t
	return t
}

func (c *checker) call(call ssa.CallInstruction, t *traits, depth int) {
	common := call.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		t.signals = t.signals || b.Name() == "close"
		return
	}
	op, _ := c.pkg.Op(common)
	switch op.Kind {
	case ops.WgDone, ops.WgAdd, ops.CondSignal, ops.CondBroadcast, ops.SemRelease, ops.CtxDone, ops.CtxErr, ops.Exit, ops.AtomicStore, ops.AtomicUpdate:
		t.signals = true
		return
	case ops.SemAcquire:
		t.signals, t.limited = true, true
		return
	case ops.Lock, ops.RLock, ops.AtomicLoad:
		t.looks = true
		return
	}
	if !common.IsInvoke() && ops.IsCancel(common.Value.Type()) {
		t.signals = true
		return
	}
	fns, complete := c.pkg.Callees(call)
	if common.StaticCallee() == nil && (!complete || len(fns) == 0) {
		t.signals = t.signals || !common.IsInvoke() // a callback may
		return
	}
	for _, fn := range fns {
		if depth >= maxDepth {
			t.signals = true
			return
		}
		inner := c.traits(fn, depth+1)
		t.signals, t.looks = t.signals || inner.signals, t.looks || inner.looks
	}
}

// recovers reports whether a deferred function of fn calls recover.
func recovers(fn *ssa.Function, depth int) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			d, ok := instr.(*ssa.Defer)
			if !ok {
				continue
			}
			if harmless(&d.Call) {
				continue
			}
			callee := d.Call.StaticCallee()
			if callee == nil || callee.Blocks == nil && callee.Pkg != nil && callee.Pkg != fn.Pkg && !known(callee) || calls(callee, "recover") {
				return true
			}
		}
	}
	// A goroutine that only calls another function has what that defers.
	if depth < maxDepth && len(fn.Blocks) == 1 {
		for _, instr := range fn.Blocks[0].Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if callee := call.Call.StaticCallee(); callee != nil && callee.Blocks != nil {
					return recovers(callee, depth+1)
				}
				_, builtin := call.Call.Value.(*ssa.Builtin)
				return !builtin && call.Call.StaticCallee() == nil // not known
			}
		}
	}
	return false
}

// harmless reports whether a deferred call of something that is not known by name does
// not recover: of a context's cancel function, or of a method that an interface of a
// package of operations has, or of package io.
func harmless(common *ssa.CallCommon) bool {
	if !common.IsInvoke() {
		return ops.IsCancel(common.Value.Type())
	}
	pkg := common.Method.Pkg()
	return pkg != nil && (pkg.Path() == "io" || ops.Concerns(pkg))
}

// known reports whether the engine knows the function of another package, which
// then does not recover.
func known(fn *ssa.Function) bool {
	obj := fn.Object()
	return obj != nil && obj.Pkg() != nil && ops.Concerns(obj.Pkg())
}

func calls(fn *ssa.Function, builtin string) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if bi, ok := call.Common().Value.(*ssa.Builtin); ok && bi.Name() == builtin {
					return true
				}
			}
		}
	}
	return false
}

// loops reports whether some block of fn leads back to itself.
func loops(fn *ssa.Function) bool {
	state := make([]int, len(fn.Blocks))
	var cycle func(b *ssa.BasicBlock) bool
	cycle = func(b *ssa.BasicBlock) bool {
		state[b.Index] = 1
		for _, s := range b.Succs {
			if state[s.Index] == 1 || state[s.Index] == 0 && cycle(s) {
				return true
			}
		}
		state[b.Index] = 2
		return false
	}
	return len(fn.Blocks) > 0 && cycle(fn.Blocks[0])
}
