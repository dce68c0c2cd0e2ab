package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// This file knows pipes within a program: who reads at the one end waits for who writes at
// the other, and is waited for.

// streams adds what a call can do with the ends of pipes that it is given, as io.Copy does.
func (c *collector) streams(call ssa.CallInstruction) {
	common := call.Common()
	args := common.Args
	if common.IsInvoke() {
		args = append([]ssa.Value{common.Value}, args...)
	}
	for _, arg := range args {
		if arg = plainValue(arg); c.s.stream(arg.Type()) {
			c.add(syncOp{medium: byStream, ref: c.s.Pkg.Access.Of(arg), typ: deref(arg.Type()), pipe: endOfPipe(arg.Type(), 0), at: call, arm: -1, release: true})
		}
	}
}

// waits reports whether the operation can wait for what another one on its object does.
// That a stream does counts only where it is known to be of the same pipe.
func (op *syncOp) waits() bool { return op.acquire || op.medium == byStream }

// stream reports whether values of the type are read from or written to, as io.Reader and
// io.Writer say it.
func (s *Set) stream(t types.Type) bool {
	is, known := s.streamed[t]
	if known {
		return is
	}
	for _, name := range []string{"Read", "Write"} {
		obj, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
		f, ok := obj.(*types.Func)
		if !ok || f.Signature().Params().Len() != 1 || f.Signature().Results().Len() != 2 {
			continue
		}
		slice, ok := f.Signature().Params().At(0).Type().Underlying().(*types.Slice)
		is = is || ok && types.Identical(slice.Elem(), types.Typ[types.Byte])
	}
	s.streamed[t] = is
	return is
}

// samePipe reports whether two streams can be the ends of one pipe: what one call has
// yielded, or, where it is not seen from where they come, what is made of the ends that
// io.Pipe yields.
func (op *syncOp) samePipe(o *syncOp) bool {
	if !op.pipe || !o.pipe {
		a := op.source()
		return a != nil && a == o.source()
	}
	a, b := op.source(), o.source()
	return a == nil || b == nil || a == b
}

// source returns the call that has yielded the stream together with another one.
func (op *syncOp) source() *ssa.Call {
	r := op.ref
	if r == nil || r.Base != nil {
		return nil
	}
	v := r.Value
	if a, ok := v.(*ssa.Alloc); ok {
		v = storedIn(a)
	}
	if ex, ok := v.(*ssa.Extract); ok {
		call, _ := ex.Tuple.(*ssa.Call)
		return call
	}
	return nil
}

// endOfPipe reports whether the type is io.PipeReader or io.PipeWriter, or has one embedded.
func endOfPipe(t types.Type, depth int) bool {
	t = deref(t)
	n, ok := types.Unalias(t).(*types.Named)
	if ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "io" && (n.Obj().Name() == "PipeReader" || n.Obj().Name() == "PipeWriter") {
		return true
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || depth > 2 {
		return false
	}
	for f := range st.Fields() {
		if f.Embedded() && endOfPipe(f.Type(), depth+1) {
			return true
		}
	}
	return false
}

// storedIn returns what the function that declares the variable stores in it first.
func storedIn(a *ssa.Alloc) ssa.Value {
	for _, ref := range *a.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == a {
			return st.Val
		}
	}
	return nil
}

// anyStored reports whether one of the values that the function which declares the variable
// stores in it is such.
func anyStored(a *ssa.Alloc, such func(ssa.Value) bool) bool {
	return slices.ContainsFunc(*a.Referrers(), func(ref ssa.Instruction) bool {
		st, ok := ref.(*ssa.Store)
		return ok && st.Addr == a && such(st.Val)
	})
}
