package lockset

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds what runs a function, where all that can is in sight: then it is
// known when that happens, and in which goroutine.

// A runKind tells how.
type runKind uint8

const (
	called  runKind = iota // in the goroutine of the caller
	started                // in a goroutine of its own
	once                   // by a sync.Once
	lent                   // by a function of the package that it is given to
)

// A run is a call, go or defer statement that runs a function.
type run struct {
	at   ssa.CallInstruction
	kind runKind
	recv ssa.Value     // of a method, nil when it is not known
	by   *ssa.Function // of one that is lent, what calls its parameter
	arg  int
}

// runs are those of a function; open says that there can be others.
type runs struct {
	list []run
	open bool
}

// runsOf returns what runs the function.
func (o *orderer) runsOf(fn *ssa.Function) *runs {
	if o.runs == nil {
		o.runs = make(map[*ssa.Function]*runs)
		for _, fn := range o.s.Pkg.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					o.noteRuns(instr)
				}
			}
		}
	}
	r := o.runs[fn]
	if r == nil || exported(fn) || slices.ContainsFunc(o.s.Pkg.Sites(fn), func(c ssa.CallInstruction) bool { return c.Common().IsInvoke() }) {
		return &runs{open: true}
	}
	return r
}

// exported reports whether other packages can call the function.
func exported(fn *ssa.Function) bool {
	obj := fn.Object()
	return obj != nil && obj.Exported() && (fn.Signature.Recv() != nil || obj.Pkg().Name() != "main")
}

func (o *orderer) noteRuns(instr ssa.Instruction) {
	s := o.s
	to := func(fn *ssa.Function) *runs {
		if o.runs[fn] == nil {
			o.runs[fn] = new(runs)
		}
		return o.runs[fn]
	}
	call, isCall := instr.(ssa.CallInstruction)
	switch instr.(type) {
	case *ssa.MakeClosure, *ssa.DebugRef: // what is made of it counts
		return
	}
	var space [16]*ssa.Value
	for _, operand := range instr.Operands(space[:0]) {
		v := *operand
		fn, recv := s.Pkg.Behind(v)
		if fn == nil {
			continue
		}
		if obj, ok := fn.Object().(*types.Func); ok && fn.Synthetic != "" {
			if fn = fn.Prog.FuncValue(obj.Origin()); fn != nil { // of a method expression
				to(fn).open = true
			}
			continue
		}
		if fn.Pkg != s.Pkg.SSA {
			continue
		}
		r := run{at: call, recv: recv}
		switch {
		case !isCall:
			to(fn).open = true
			continue
		case call.Common().Value == v:
			if _, ok := instr.(*ssa.Go); ok {
				r.kind = started
			}
			if recv == nil && fn.Signature.Recv() != nil && len(call.Common().Args) > 0 {
				r.recv = call.Common().Args[0]
			}
		default:
			if !o.noteArgument(&r, v) {
				to(fn).open = true
				continue
			}
		}
		to(fn).list = append(to(fn).list, r)
	}
}

// noteArgument tells how a function is run that is an argument.
func (o *orderer) noteArgument(r *run, v ssa.Value) bool {
	common := r.at.Common()
	op, _ := o.s.Pkg.Op(common)
	switch {
	case op.Kind == ops.None:
		if f, by, ok := o.s.Pkg.Runner(r.at); ok && by.Starts && f == v {
			r.kind = started
			return true
		}
		callee := o.s.local(r.at)
		if _, ok := r.at.(*ssa.Call); !ok || callee == nil {
			return false
		}
		r.kind, r.by, r.arg = lent, callee, slices.Index(common.Args, v)
		for _, ref := range *callee.Params[r.arg].Referrers() {
			if call, ok := ref.(*ssa.Call); !ok || call.Call.Value != callee.Params[r.arg] || slices.Contains(call.Call.Args, call.Call.Value) {
				return false
			}
		}
		return true
	case skeleton.FuncArg(common, op) != v:
		return false
	case op.Kind == ops.OnceDo:
		r.kind = once
	case op.Kind.Spawns():
		r.kind = started
	case op.Kind == ops.RunsNow, op.Kind == ops.MapRange:
	default:
		return false
	}
	return true
}

// goroutines are the statements that start the goroutines in which the function runs;
// all says that these are all.
func (o *orderer) goroutines(fn *ssa.Function, depth int) (list []run, all bool) {
	r := o.runsOf(fn)
	if r.open || len(r.list) == 0 || depth > 5 {
		return nil, false
	}
	for _, run := range r.list {
		if run.kind == started {
			list = append(list, run)
			continue
		}
		outer, all := o.goroutines(run.at.Parent(), depth+1)
		if !all {
			return nil, false
		}
		list = append(list, outer...)
	}
	return list, true
}

// before reports whether something holds whenever the instruction is come to: of one
// of those that come before it in its function, or before what runs the function.
func (o *orderer) before(at ssa.Instruction, depth int, is func(instr ssa.Instruction) bool) bool {
	for _, b := range at.Parent().Blocks {
		if !b.Dominates(at.Block()) {
			continue
		}
		for _, instr := range b.Instrs {
			if instr == at {
				break
			}
			if is(instr) {
				return true
			}
		}
	}
	r := o.runsOf(at.Parent())
	if r.open || len(r.list) == 0 || depth > 3 {
		return false
	}
	for _, run := range r.list {
		if !o.before(run.at, depth+1, is) {
			return false
		}
	}
	return true
}

// unborn reports whether the object around the lock is one that nobody else has yet
// at the instruction: only who makes it calls the function, which is given it.
func (o *orderer) unborn(at ssa.Instruction, lock *access.Ref) bool {
	fn := at.Parent()
	pm, ok := lock.Root().Value.(*ssa.Parameter)
	return ok && lock.Base != nil && pm.Parent() == fn && inObject(lock) && o.unbornParam(fn, slices.Index(fn.Params, pm), 0) &&
		!o.publishes(fn, o.s.Pkg.Access.Of(pm), at, 0)
}

// inObject reports whether the lock lies in the object itself, and not behind a pointer in
// it to another one.
func inObject(lock *access.Ref) bool {
	for r := lock; r.Base != nil; r = r.Base {
		if r.Kind != access.Field {
			return false
		}
		if r != lock && isReference(r.Field.Type()) {
			return false
		}
	}
	return true
}

// isReference reports whether a value of the type leads to an object outside of it.
func isReference(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Map, *types.Slice, *types.Chan, *types.Signature:
		return true
	}
	return false
}

func (o *orderer) unbornParam(fn *ssa.Function, i, depth int) bool {
	r := o.runsOf(fn)
	if r.open || len(r.list) == 0 || depth > 3 {
		return false
	}
	for _, run := range r.list {
		call, ok := run.at.(*ssa.Call)
		if !ok || run.kind != called || call.Call.IsInvoke() || i >= len(call.Call.Args) || len(call.Call.Args) != len(fn.Params) {
			return false
		}
		object := o.s.Pkg.Access.Of(call.Call.Args[i])
		caller := call.Parent()
		switch v := object.Value.(type) {
		case *ssa.Alloc:
			if object.Kind != access.Alloc || v.Parent() != caller {
				return false
			}
		case *ssa.Parameter:
			if object.Kind != access.Param || v.Parent() != caller || !o.unbornParam(caller, slices.Index(caller.Params, v), depth+1) {
				return false
			}
		default:
			return false
		}
		if o.publishes(caller, object, call, 0) {
			return false
		}
	}
	return true
}

// publishes reports whether the function gives the object away, so that other
// goroutines can have it, before it comes to the instruction, or at all when that is
// nil.
func (o *orderer) publishes(fn *ssa.Function, object *access.Ref, before ssa.Instruction, depth int) bool {
	of := o.s.Pkg.Access.Of
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if instr == before || before != nil && !skeleton.Follows(instr, before) {
				continue
			}
			switch instr := instr.(type) {
			case *ssa.Store:
				if of(instr.Val) != object || !isReference(instr.Val.Type()) {
					continue
				}
				if root := of(instr.Addr).Root(); root != object && !o.keptIn(fn, root, before, depth) {
					return true
				}
			case *ssa.MapUpdate, *ssa.Send:
				for _, operand := range instr.Operands(nil) {
					if of(*operand) == object {
						return true
					}
				}
			case *ssa.MakeClosure:
				for _, v := range instr.Bindings {
					if (of(v) == object || o.keeps(v, object)) && !o.onlyRunHere(instr) {
						return true
					}
				}
			case ssa.CallInstruction:
				if o.givesAway(instr, object, depth) {
					return true
				}
			}
		}
	}
	return false
}

// keeps reports whether the variable, which a closure captures, holds the object.
func (o *orderer) keeps(v ssa.Value, object *access.Ref) bool {
	cell, ok := v.(*ssa.Alloc)
	return ok && slices.ContainsFunc(*cell.Referrers(), func(ref ssa.Instruction) bool {
		st, ok := ref.(*ssa.Store)
		return ok && st.Addr == v && o.s.Pkg.Access.Of(st.Val) == object
	})
}

// keptIn reports whether the function makes what it stores the object in, and keeps that
// to itself as well.
func (o *orderer) keptIn(fn *ssa.Function, in *access.Ref, before ssa.Instruction, depth int) bool {
	a, ok := in.Value.(*ssa.Alloc)
	if !ok || in.Kind != access.Alloc || a.Parent() != fn || depth > 3 {
		return false
	}
	if _, array := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array); array {
		return false // of an append
	}
	return !o.publishes(fn, in, before, depth+1)
}

// givesAway reports whether a call does.
func (o *orderer) givesAway(call ssa.CallInstruction, object *access.Ref, depth int) bool {
	for i, arg := range call.Common().Args {
		if o.s.Pkg.Access.Of(arg) != object {
			continue
		}
		if _, ok := call.(*ssa.Go); ok {
			return true
		}
		callee := o.s.local(call)
		if callee == nil || depth > 3 || o.publishes(callee, o.s.Pkg.Access.Of(callee.Params[i]), nil, depth+1) {
			return true
		}
	}
	return false
}

// onlyRunHere reports whether a closure is only called or deferred where it is made.
func (o *orderer) onlyRunHere(mc *ssa.MakeClosure) bool {
	for _, ref := range *mc.Referrers() {
		call, ok := ref.(ssa.CallInstruction)
		if !ok || call.Common().Value != mc {
			return false
		}
		if _, ok := ref.(*ssa.Go); ok {
			return false
		}
	}
	return true
}
