package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file tells which uses of a variable are of the same memory.

// contents tells whether a loaded map or slice has its elements written,
// whether they are used at all, and whether it is a map of which nothing but the
// entries is used. What is only kept or returned has its elements used by others.
func contents(load *ssa.UnOp) (write, elems, entries bool) {
	switch load.Type().Underlying().(type) {
	case *types.Map:
		entries = true
		for _, r := range *load.Referrers() {
			switch r := r.(type) {
			case *ssa.MapUpdate:
				write = write || r.Map == load
				elems = elems || r.Map == load
				entries = entries && r.Map == load
			case *ssa.Lookup, *ssa.Range:
				elems = true
			case ssa.CallInstruction:
				b, ok := r.Common().Value.(*ssa.Builtin)
				write = write || ok && (b.Name() == "delete" || b.Name() == "clear")
				for _, t := range ops.Touches(skeleton.Static(r.Common())) {
					if t.Map && r.Common().Args[t.Arg] == load {
						write, ok = write || t.Write, true
					}
				}
				elems = true
				entries = entries && ok
			case *ssa.MakeInterface, *ssa.ChangeType, *ssa.Phi:
				elems, entries = true, false
			default:
				entries = false
			}
		}
	case *types.Slice:
		for _, r := range *load.Referrers() {
			switch r := r.(type) {
			case *ssa.IndexAddr:
				elems = true
				for _, w := range *r.Referrers() {
					if st, ok := w.(*ssa.Store); ok && st.Addr == r {
						write = true
					}
				}
			case ssa.CallInstruction:
				if b, ok := r.Common().Value.(*ssa.Builtin); !ok || b.Name() != "len" && b.Name() != "cap" {
					elems = true
				}
			case *ssa.Store, *ssa.Return, *ssa.BinOp:
			default:
				elems = true
			}
		}
		if shifts(load) != nil {
			write, elems = true, true
		}
	}
	return write, elems, entries
}

// shifts returns what moves the elements of the slice to other places of its memory, nil when
// nothing does: slices.Delete and sorts, and append(s[:i], s[i+1:]...).
func shifts(s ssa.Value) ssa.Instruction {
	for _, r := range *s.Referrers() {
		switch r := r.(type) {
		case *ssa.Call:
			if moves(&r.Call, s) {
				return r
			}
		case *ssa.Slice:
			if r.X != s || r.Max != nil {
				continue
			}
			for _, use := range *r.Referrers() {
				call, ok := use.(*ssa.Call)
				if !ok {
					continue
				}
				if b, ok := call.Call.Value.(*ssa.Builtin); ok && call.Call.Args[0] == r && (b.Name() == "copy" || b.Name() == "append" && r.High != nil) {
					return call
				}
			}
		case *ssa.MakeInterface: // sort.Slice
			for _, use := range *r.Referrers() {
				if call, ok := use.(*ssa.Call); ok && moves(&call.Call, r) {
					return call
				}
			}
		}
	}
	return nil
}

// moves reports whether the call moves the elements of its first argument in their place.
func moves(call *ssa.CallCommon, s ssa.Value) bool {
	fn := skeleton.Static(call)
	if fn == nil || fn.Pkg() == nil || len(call.Args) == 0 || call.Args[0] != s {
		return false
	}
	switch fn.Pkg().Path() {
	case "slices":
		switch fn.Name() {
		case "Delete", "DeleteFunc", "Compact", "CompactFunc", "Reverse", "Sort", "SortFunc", "SortStableFunc":
			return true
		}
	case "sort":
		switch fn.Name() {
		case "Slice", "SliceStable", "Strings", "Ints", "Float64s":
			return true
		}
	}
	return false
}

// clash reports whether two uses of a variable are of the same memory and one
// writes it: the variable itself, or the elements of the map or slice in it.
func clash(u, o *use) bool {
	if apart(u.part(), o.part()) || others(u, o) {
		return false
	}
	if u.Write && !u.elems || o.Write && !o.elems {
		return true
	}
	return u.elems && o.elems && (u.Write || o.Write)
}

// part lists the fields that lead from the variable to what is accessed of it.
func (u *use) part() []*types.Var {
	var path []*types.Var
	for r := u.full; r != nil && r != u.Ref && r.Kind == access.Field; r = r.Base {
		path = append(path, r.Field)
	}
	slices.Reverse(path)
	return path
}

// apart reports whether two parts of one variable have nothing in common.
func apart(a, b []*types.Var) bool {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return true
		}
	}
	return false
}

// others reports whether the uses are by methods of two types that both embed
// the type of the field: they are of two objects.
func others(u, o *use) bool {
	if u.Ref.Base == nil || o.Ref.Base == nil || u.fn == o.fn {
		return false
	}
	a, b := embedder(u), embedder(o)
	return a != nil && b != nil && !types.Identical(a, b)
}

// embedder is the type of the receiver that the use gets at the field through
// an embedded struct of.
func embedder(u *use) types.Type {
	r := u.Ref.Base
	if r.Kind != access.Field || !r.Field.Embedded() {
		return nil
	}
	recv := u.fn.Signature.Recv()
	if root := r.Root(); recv == nil || root.Kind != access.Param || root.Value != u.fn.Params[0] {
		return nil
	}
	return deref(recv.Type())
}
