package lockset

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// Two orders of two locks are a deadlock when the same two objects can meet in
// both. What is known of that is where the locks lie. A place is an object that
// the function can name, and the fields that lead from it to the lock; elements
// of slices and maps count as what holds them. An order that leads from x.mu to
// x.conns[i].mu, and one that leads from c.mu to c.srv.mu, are between a server
// and its connection each time.

// A place is where a lock lies.
type place struct {
	root *access.Ref // nil when it is not known
	path []*types.Var
}

// maxPath bounds the fields of a place.
const maxPath = 8

// placeOf returns the place of the object.
func (s *Set) placeOf(r *access.Ref, depth int) place {
	if r == nil || depth > 6 {
		return place{}
	}
	var path []*types.Var
	for r.Base != nil {
		if r.Kind == access.Field && (r.Field.Pkg() == nil || r.Field.Pkg().Path() != "container/list") {
			path = append(path, r.Field)
		}
		r = r.Base
	}
	slices.Reverse(path)
	base := place{root: r}
	switch v := r.Value.(type) {
	case *ssa.Call:
		base = s.resultPlace(v, 0, base, depth)
	case *ssa.Extract:
		switch tuple := v.Tuple.(type) {
		case *ssa.Call:
			base = s.resultPlace(tuple, v.Index, base, depth)
		case *ssa.Next: // the keys of a map
			if rng, ok := tuple.Iter.(*ssa.Range); ok && v.Index == 1 {
				if _, ok := rng.X.Type().Underlying().(*types.Map); ok {
					base = s.placeOf(s.Pkg.Access.Of(rng.X), depth+1)
				}
			}
		}
	case *ssa.Alloc: // a variable with a copy of a struct: what that points to is the same
		if load, ok := s.Pkg.Access.StoredOnce(v).(*ssa.UnOp); ok && load.Op == token.MUL && len(path) > 0 && isReference(path[0].Type()) && structIn(v) {
			base = s.placeOf(s.Pkg.Access.Of(load.X), depth+1)
		}
	case *ssa.Phi:
		edges := slices.DeleteFunc(slices.Clone(v.Edges), func(e ssa.Value) bool { // the next one of a list
			next, ok := e.(*ssa.Call)
			return ok && len(next.Call.Args) == 1 && next.Call.Args[0] == v && slices.Contains(lookups, containerMethod(&next.Call))
		})
		if p, ok := s.samePlace(edges, depth); ok {
			base = p
		}
	}
	return base.join(path)
}

// structIn reports whether the variable holds a struct.
func structIn(a *ssa.Alloc) bool {
	_, ok := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	return ok
}

// join adds fields to the place.
func (p place) join(path []*types.Var) place {
	if p.root == nil || len(p.path)+len(path) > maxPath {
		return place{}
	}
	return place{p.root, append(slices.Clip(p.path), path...)}
}

// last is the field that the place ends with.
func (p place) last() *types.Var {
	if len(p.path) == 0 {
		return nil
	}
	return p.path[len(p.path)-1]
}

// samePlace returns the place that all the values have but those that are nil.
func (s *Set) samePlace(values []ssa.Value, depth int) (place, bool) {
	var all place
	for _, v := range values {
		if c, ok := v.(*ssa.Const); ok && c.IsNil() {
			continue
		}
		p := s.placeOf(s.Pkg.Access.Of(v), depth+1)
		if p.root == nil || all.root != nil && (p.root != all.root || !slices.Equal(p.path, all.path)) {
			return place{}, false
		}
		all = p
	}
	return all, all.root != nil
}

// resultPlace is the place of a result of the call: of a function that returns
// what it finds in what it was given (func (s *Server) conn(id int) *Conn), what
// holds that; otherwise the result itself.
func (s *Set) resultPlace(call *ssa.Call, index int, itself place, depth int) place {
	if index == 0 && slices.Contains(lookups, containerMethod(&call.Call)) {
		return s.placeOf(s.Pkg.Access.Of(call.Call.Args[0]), depth+1)
	}
	callee := s.local(call)
	if callee == nil {
		return itself
	}
	var results []ssa.Value
	for _, b := range callee.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && index < len(ret.Results) {
			results = append(results, ret.Results[index])
		}
	}
	p, ok := s.samePlace(results, depth)
	if !ok || len(p.path) == 0 {
		return itself
	}
	if p = s.placeInCaller(call, callee, nil, p, depth); p.root == nil {
		return itself
	}
	return p
}

// placeInCaller is a place of the called function in the caller's terms. Of a
// closure whose making is known, mc, what it captures has a name in its maker.
func (s *Set) placeInCaller(call ssa.CallInstruction, callee *ssa.Function, mc *ssa.MakeClosure, p place, depth int) place {
	if p.root == nil {
		return place{}
	}
	root := p.root.Value
	if a, ok := root.(*ssa.Alloc); ok && a.Parent() == callee {
		if pm, ok := s.Pkg.Access.StoredOnce(a).(*ssa.Parameter); ok { // a struct that is passed as a value
			root = pm
		}
	}
	switch v := root.(type) {
	case *ssa.Parameter:
		if v.Parent() != callee {
			break // of a function around the literal
		}
		args := call.Common().Args
		if call.Common().IsInvoke() {
			args = append([]ssa.Value{call.Common().Value}, args...)
		}
		if len(args) != len(callee.Params) {
			return place{}
		}
		return s.placeOf(s.Pkg.Access.Of(args[slices.Index(callee.Params, v)]), depth+1).join(p.path)
	case *ssa.FreeVar:
		if mc == nil || v.Parent() != callee {
			return place{}
		}
		return s.placeOf(s.Pkg.Access.Of(mc.Bindings[slices.Index(callee.FreeVars, v)]), depth+1).join(p.path)
	case *ssa.Global:
		return p
	}
	for fn := call.Parent(); fn != nil && p.root.Value != nil; fn = fn.Parent() {
		if p.root.Value.Parent() == fn {
			return p
		}
	}
	if mc != nil && p.root.Value != nil && p.root.Value.Parent() == mc.Parent() {
		return p
	}
	return place{}
}

// A leg is the way from the lock that is held to the one that is taken: up to
// the object that both lie in, and down from there.
type leg struct {
	typ      types.Type // of the object
	from, to []*types.Var
}

// legsOf returns the ways of two edges, if both have one.
func legsOf(a, b Edge) (la, lb leg, ok bool) {
	if la, ok = legOf(a); ok {
		lb, ok = legOf(b)
	}
	return la, lb, ok
}

// legOf returns the way of an edge, if both places are known by one root.
func legOf(e Edge) (l leg, ok bool) {
	a, b := e.fromAt, e.toAt
	if a.root == nil || a.root != b.root || len(a.path) == 0 || len(b.path) == 0 {
		return leg{}, false
	}
	typ, i := rootType(a.root), 0
	known := commonFields(e.fromRef, e.toRef, a.path)
	for i < len(a.path)-1 && i < len(b.path)-1 && a.path[i] == b.path[i] {
		if i >= known && holdsMany(a.path[i].Type()) {
			break // the same field, but another element
		}
		typ = a.path[i].Type()
		i++
	}
	return leg{typ, a.path[i:], b.path[i:]}, true
}

// commonFields is how many fields of the path lead to an object that both locks lie in,
// elements included.
func commonFields(a, b *access.Ref, path []*types.Var) int {
	n := len(path)
	for r := a; r != nil && b != nil; r = r.Base {
		if r.Contains(b) {
			if r.Kind == access.Field && holdsMany(r.Field.Type()) {
				n-- // of the elements, it is not known
			}
			return n
		}
		if r.Kind == access.Field {
			n--
		}
	}
	return 0
}

func rootType(r *access.Ref) types.Type {
	if r.Value == nil {
		return nil
	}
	t := r.Value.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok && r.Kind != access.Param {
		if _, ok := p.Elem().Underlying().(*types.Pointer); ok {
			t = p.Elem() // a variable that is a pointer
		}
	}
	return t
}

// meet reports whether two edges that lead against each other are between the
// same two objects: both go the same way of fields, in opposite directions, or
// each leads from an object to what it points to, and there is a function that
// makes the two point to each other.
func (s *Set) meet(a, b Edge) bool {
	la, lb, ok := legsOf(a, b)
	if !ok {
		return false
	}
	if slices.Equal(la.from, lb.to) && slices.Equal(la.to, lb.from) {
		if many(la.from) && many(la.to) {
			return false // which elements is not known
		}
		return sameStruct(la.typ, lb.typ) && (typed(la.from) && typed(la.to) || untyped(la.from, la.to) && s.linked(la, lb))
	}
	if len(la.from) != 1 || len(lb.from) != 1 || len(la.to) < 2 || len(lb.to) < 2 {
		return false
	}
	return untyped(la.to, lb.to) && s.linked(la, lb)
}

// many reports whether the fields lead through a slice or map.
func many(path []*types.Var) bool { return len(containers(path)) > 0 }

// untyped reports whether only interfaces keep the types from saying it.
func untyped(paths ...[]*types.Var) bool {
	for _, path := range paths {
		for i, f := range path[:len(path)-1] {
			if n := pointee(f.Type()); n != nil && !hasField(n, path[i+1]) {
				return false
			}
		}
	}
	return true
}

// typed reports whether the types of the fields say what they lead to, each to the struct
// that the next is a field of. Where a call of an interface method is taken for that of
// a type, it need not be so.
func typed(path []*types.Var) bool {
	for i, f := range path[:len(path)-1] {
		n := pointee(f.Type())
		if n == nil || !hasField(n, path[i+1]) {
			return false
		}
	}
	return true
}

func hasField(n *types.Named, f *types.Var) bool {
	st := n.Underlying().(*types.Struct)
	for i := range st.NumFields() {
		if st.Field(i).Origin() == f {
			return true
		}
	}
	return false
}

// pointee is the struct that a field holds, points to, or holds many of.
func pointee(t types.Type) *types.Named {
	for range 6 {
		switch u := types.Unalias(t).(type) {
		case *types.Named:
			if container(u) != nil {
				return nil
			}
			if _, ok := u.Underlying().(*types.Struct); ok {
				return u.Origin()
			}
			t = u.Underlying()
			if _, ok := t.(*types.Interface); ok {
				return nil
			}
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		case *types.Map:
			t = u.Elem()
			if pointee(t) == nil {
				t = u.Key()
			}
		default:
			return nil
		}
	}
	return nil
}

func sameStruct(a, b types.Type) bool {
	if a == nil || b == nil {
		return false
	}
	x, y := pointee(a), pointee(b)
	return x != nil && x == y
}

// phase reports whether an atomic that is read with the lock held decides whether
// the second instruction is come to: it may tell two phases of the object apart, and
// the orders of two phases do not meet (crypto/tls, whose connections take two locks
// in one order until the handshake is complete, and in the other then).
func (s *Set) phase(lock, at ssa.Instruction) bool {
	if lock == nil || lock.Parent() != at.Parent() {
		return false
	}
	for b := at.Block().Idom(); b != nil; b = b.Idom() {
		if cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok && s.readsAtomic(cond.Cond, lock, 0) {
			if b.Succs[0].Dominates(at.Block()) || b.Succs[1].Dominates(at.Block()) {
				return true
			}
		}
	}
	return false
}

// readsAtomic reports whether the condition is of an atomic that is read after the
// lock is taken, if there is one.
func (s *Set) readsAtomic(v ssa.Value, lock ssa.Instruction, depth int) bool {
	switch v := v.(type) {
	case *ssa.UnOp:
		return v.Op == token.NOT && s.readsAtomic(v.X, lock, depth)
	case *ssa.BinOp:
		return depth < 4 && (s.readsAtomic(v.X, lock, depth+1) || s.readsAtomic(v.Y, lock, depth+1))
	case *ssa.Call:
		if op, _ := s.Pkg.Op(&v.Call); op.Kind == ops.AtomicLoad {
			return lock == nil || skeleton.Dominates(lock, v)
		}
		// A function that only asks for one.
		fn := v.Call.StaticCallee()
		if fn == nil || len(fn.Blocks) != 1 || depth >= 4 || lock != nil && !skeleton.Dominates(lock, v) {
			return false
		}
		ret, ok := fn.Blocks[0].Instrs[len(fn.Blocks[0].Instrs)-1].(*ssa.Return)
		return ok && len(ret.Results) == 1 && s.readsAtomic(ret.Results[0], nil, depth+1)
	}
	return false
}
