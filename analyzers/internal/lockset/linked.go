package lockset

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds out which objects are made to point to each other: one by a
// field, the other by a field or as one of the many in a slice, map or list.

// linked reports whether some function makes the objects point to each other:
// one is stored in the field by which the other leads to it, and the other is
// given to it. Then an interface between them is no doubt.
func (s *Set) linked(a, b leg) bool {
	for _, l := range [][2][]*types.Var{{a.to, b.to}, {b.to, a.to}} {
		down, back := l[0], l[1]
		if len(back) < 2 || len(down) < 2 {
			continue
		}
		for fn, knots := range s.stored(back[0]) {
			if s.tied(fn, knots, down[0]) {
				return true
			}
		}
	}
	return false
}

// A knot is an object, the holder, in a field of which a function puts another.
type knot struct{ holder, target *access.Ref }

// tied reports whether the function that makes the knots, or one that calls it, puts the
// holder into the field of the target: the function may set the field of what it is
// given, or make the object.
func (s *Set) tied(fn *ssa.Function, knots []knot, down *types.Var) bool {
	gives := func(fn *ssa.Function, knots []knot) bool {
		return slices.ContainsFunc(knots, func(k knot) bool { return s.gives(fn, k.target, k.holder, down, 0) })
	}
	return gives(fn, knots) || slices.ContainsFunc(s.Pkg.Sites(fn), func(site ssa.CallInstruction) bool {
		call, ok := site.(*ssa.Call)
		return ok && s.local(call) == fn && gives(call.Parent(), s.inTermsOf(call, fn, knots))
	})
}

// stored are the knots that each function makes with a store.
func (s *Set) stored(field *types.Var) map[*ssa.Function][]knot {
	if s.knotsOf == nil {
		s.knotsOf = make(map[*types.Var]map[*ssa.Function][]knot)
		for _, fn := range s.Pkg.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					s.noteKnot(fn, instr)
				}
			}
		}
	}
	return s.knotsOf[field]
}

func (s *Set) noteKnot(fn *ssa.Function, instr ssa.Instruction) {
	st, ok := instr.(*ssa.Store)
	if !ok {
		return
	}
	fa, ok := st.Addr.(*ssa.FieldAddr)
	if !ok || !isReference(st.Val.Type()) {
		return
	}
	field := access.FieldOf(fa.X.Type(), fa.Field)
	if field == nil {
		return
	}
	if s.knotsOf[field] == nil {
		s.knotsOf[field] = make(map[*ssa.Function][]knot)
	}
	s.knotsOf[field][fn] = append(s.knotsOf[field][fn], knot{s.Pkg.Access.Of(fa.X), s.Pkg.Access.Of(st.Val)})
}

// inTermsOf are the knots of a called function in the caller's terms.
func (s *Set) inTermsOf(call *ssa.Call, callee *ssa.Function, knots []knot) (list []knot) {
	arg := func(r *access.Ref) *access.Ref {
		if i := slices.IndexFunc(callee.Params, func(p *ssa.Parameter) bool { return p == r.Value }); i >= 0 && r.Kind == access.Param {
			return s.Pkg.Access.Of(call.Call.Args[i])
		}
		return nil
	}
	for _, k := range knots {
		target := arg(k.target)
		if target == nil {
			continue
		}
		if holder := arg(k.holder); holder != nil {
			list = append(list, knot{holder, target})
		} else if k.holder.Kind == access.Alloc {
			for _, r := range s.resultsOf(call, callee, k.holder) {
				list = append(list, knot{r, target})
			}
		}
	}
	return list
}

// resultsOf are the results of a call by which it returns an object that it makes.
func (s *Set) resultsOf(call *ssa.Call, callee *ssa.Function, made *access.Ref) (list []*access.Ref) {
	for _, b := range callee.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for i, r := range ret.Results {
			if s.Pkg.Access.Of(r) != made {
				continue
			}
			if len(ret.Results) == 1 {
				list = append(list, s.Pkg.Access.Of(call))
				continue
			}
			for _, ref := range *call.Referrers() {
				if ex, ok := ref.(*ssa.Extract); ok && ex.Index == i {
					list = append(list, s.Pkg.Access.Of(ex))
				}
			}
		}
	}
	return list
}

// local returns the function of this package that a call always runs, or nil.
func (s *Set) local(call ssa.CallInstruction) *ssa.Function {
	callee := call.Common().StaticCallee()
	if callee == nil {
		return nil
	}
	callee = skeleton.Origin(callee)
	if callee.Pkg != s.Pkg.SSA || len(callee.Blocks) == 0 || len(call.Common().Args) != len(callee.Params) {
		return nil
	}
	return callee
}

// gives reports whether the function puts one object into the field of another, or
// into the container there, itself or by a function that is given both.
func (s *Set) gives(fn *ssa.Function, owner, given *access.Ref, field *types.Var, depth int) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if into, values := s.puts(instr); into != nil && into.Kind == access.Field && into.Field == field && into.Base == owner &&
				slices.ContainsFunc(values, func(v ssa.Value) bool { return s.Pkg.Access.Of(v) == given }) {
				return true
			}
			call, ok := instr.(*ssa.Call)
			if !ok || depth > 2 {
				continue
			}
			callee := s.local(call)
			if callee == nil {
				continue
			}
			for i, to := range call.Call.Args {
				for j, what := range call.Call.Args {
					if i != j && s.Pkg.Access.Of(to) == owner && s.Pkg.Access.Of(what) == given &&
						s.gives(callee, s.Pkg.Access.Of(callee.Params[i]), s.Pkg.Access.Of(callee.Params[j]), field, depth+1) {
						return true
					}
				}
			}
		}
	}
	return false
}

// puts returns what an instruction puts into a field or container: the value, the
// elements that are appended, or the key and value of an entry.
func (s *Set) puts(instr ssa.Instruction) (into *access.Ref, values []ssa.Value) {
	switch instr := instr.(type) {
	case *ssa.Store:
		if fa, ok := instr.Addr.(*ssa.FieldAddr); ok {
			into, values = s.Pkg.Access.Of(fa), append(skeleton.Elements(instr.Val), instr.Val)
		}
	case *ssa.MapUpdate:
		into, values = s.Pkg.Access.Of(instr.Map), append(skeleton.Elements(instr.Value), instr.Key, instr.Value)
	case *ssa.Call:
		if name := containerMethod(&instr.Call); slices.Contains(insertions, name) {
			into, values = s.Pkg.Access.Of(instr.Call.Args[0]), instr.Call.Args[1:]
		}
	}
	for into != nil && into.Kind == access.Elem {
		into = into.Base
	}
	return into, values
}

// What puts something into a container of the standard library, and what takes it out.
var (
	insertions = []string{"List.PushBack", "List.PushFront", "List.InsertBefore", "List.InsertAfter", "Map.Store", "Map.LoadOrStore", "Map.Swap"}
	removers   = []string{"List.Remove", "List.Init", "Map.Delete", "Map.LoadAndDelete", "Map.CompareAndDelete", "Map.Clear", "Map.Swap"}
	lookups    = []string{"List.Front", "List.Back", "Element.Next", "Element.Prev", "Map.Load"}
)

// containerMethod names the method of container/list or sync.Map that is called.
func containerMethod(call *ssa.CallCommon) string {
	callee := call.StaticCallee()
	if callee == nil || callee.Signature.Recv() == nil || len(call.Args) == 0 {
		return ""
	}
	if n := container(callee.Signature.Recv().Type()); n != nil {
		return n.Obj().Name() + "." + callee.Name()
	}
	return ""
}

// container returns the type of the standard library, of one that holds interfaces.
func container(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return nil
	}
	switch n.Obj().Pkg().Path() + "." + n.Obj().Name() {
	case "container/list.List", "container/list.Element", "sync.Map":
		return n
	}
	return nil
}

// takesOut returns the field whose container the instruction takes something out of,
// or that it sets anew, or nil.
func (s *Set) takesOut(instr ssa.Instruction) *types.Var {
	var from *access.Ref
	switch instr := instr.(type) {
	case *ssa.Store:
		fa, ok := instr.Addr.(*ssa.FieldAddr)
		if !ok || len(skeleton.Elements(instr.Val)) > 0 || !holdsMany(fa.Type().(*types.Pointer).Elem()) {
			return nil
		}
		from = s.Pkg.Access.Of(fa)
	case *ssa.Call:
		if bi, ok := instr.Call.Value.(*ssa.Builtin); ok && (bi.Name() == "delete" || bi.Name() == "clear") ||
			slices.Contains(removers, containerMethod(&instr.Call)) {
			from = s.Pkg.Access.Of(instr.Call.Args[0])
		}
	}
	for from != nil && from.Kind == access.Elem {
		from = from.Base
	}
	if from == nil || from.Kind != access.Field {
		return nil
	}
	return from.Field
}

// takenOut are the fields out of whose containers something has been taken when the
// function comes to the instruction, by itself, by what it calls, or by its callers.
// Who finds an object there holds its lock, and has let it go when it is taken out.
func (s *Set) takenOut(at ssa.Instruction, depth int) (list []*types.Var) {
	fn := at.Parent()
	for _, b := range fn.Blocks {
		if !b.Dominates(at.Block()) {
			continue
		}
		for _, instr := range b.Instrs {
			if instr == at || b == at.Block() && !skeleton.Dominates(instr, at) {
				break
			}
			list = append(list, s.takes(instr, 0)...)
		}
	}
	sites := s.Pkg.Sites(fn)
	if depth > 2 || !s.closed(fn) {
		return list
	}
	var all []*types.Var
	for i, site := range sites {
		here := s.takenOut(site, depth+1)
		if i == 0 {
			all = here
		} else {
			all = slices.DeleteFunc(all, func(f *types.Var) bool { return !slices.Contains(here, f) })
		}
	}
	return append(list, all...)
}

// takes are the fields that an instruction takes something out of, also in a call.
func (s *Set) takes(instr ssa.Instruction, depth int) (list []*types.Var) {
	if f := s.takesOut(instr); f != nil {
		return []*types.Var{f}
	}
	call, ok := instr.(*ssa.Call)
	if !ok || depth > 2 {
		return nil
	}
	callee := s.local(call)
	if callee == nil {
		return nil
	}
	for _, b := range callee.Blocks {
		for _, instr := range b.Instrs {
			list = append(list, s.takes(instr, depth+1)...)
		}
	}
	return list
}

// holdsMany reports whether the type is of a container.
func holdsMany(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Array:
		return true
	}
	return container(t) != nil
}
