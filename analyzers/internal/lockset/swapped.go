package lockset

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds two objects of one type that a function locks in the order in which
// it is given them: who calls it the other way round at the same time waits for ever.
//
// That is certain when both orders can be asked for. The two objects have the same
// role: they are two parameters, or what is found in one container by two parameters.
// The second is locked while the first is, with no third lock around both, and no
// comparison by size of something of both stands before that, in the function, in what
// it gives both to, or in its callers. And somebody can swap them: other packages, since
// they can name the function and its types, or a caller in the package that is such a
// function itself, or two that do it.
//
// It is known not to happen when the function makes one lead to the other, or asks
// whether it does: they are parent and child. Or when all its callers give one that
// nobody else has yet, or one that is reached from the other. In between, nothing is known.

// A Twin is a pair of locks of one field that a function takes in the order of
// its parameters.
type Twin struct {
	Event         *skeleton.Event
	First, Second *access.Ref
	Held          ssa.Instruction // what took First
	Chain         []skeleton.Step // of a call
	// Root is the function whose arguments A and B decide: this one, or one that calls it.
	Root *ssa.Function
	A, B ssa.Value
	// Shared says that both are only read: it takes writers that wait for each.
	Shared bool
	// Certain says that they are known to be given both ways.
	Certain bool
}

// A role is what an object is to a function: its parameter, or what it finds by that
// in a container.
type role struct {
	param ssa.Value   // a parameter; of a caller's argument, any value
	in    *access.Ref // nil for the parameter itself
}

// alike reports whether the roles are those of two that can be swapped.
func (r role) alike(q role) bool {
	t, u := r.param.Type(), q.param.Type()
	return r.param != q.param && r.in == q.in && (types.Identical(t, u) || r.in == nil && types.IsInterface(t) != types.IsInterface(u))
}

// same reports whether both are of one object.
func (r role) same(q role) bool { return r.param == q.param && r.in == q.in }

// A swap is what is known of whether two objects are given both ways.
type swap uint8

const (
	notTold  swap = iota
	oneWay        // they are not
	bothWays      // they are
)

func (o *orderer) twins(fl *skeleton.FuncLocks) {
	s := o.s
	if s.Pkg.InTest(fl.Fn) {
		return
	}
	before := len(s.Twins)
	for _, ev := range fl.Events {
		switch ev.Kind {
		case skeleton.LockEvent:
			if !ev.Try {
				o.twin(fl.Fn, ev, ev.Ref, ev.Mode, nil)
			}
		case skeleton.CallEvent:
			if _, ok := ev.Instr.(*ssa.Call); ok {
				for _, a := range ev.Acquires {
					o.twin(fl.Fn, ev, a.Ref, a.Mode, a.Chain)
				}
			}
		}
	}
	// Who locks the two in both orders decides between them somehow.
	here := slices.Clone(s.Twins[before:])
	s.Twins = slices.DeleteFunc(s.Twins, func(t Twin) bool {
		return slices.ContainsFunc(here, func(u Twin) bool { return u.Event.Fn == t.Event.Fn && u.First == t.Second && u.Second == t.First })
	})
}

// twin looks for the first of a pair whose second lock is taken.
func (o *orderer) twin(fn *ssa.Function, ev *skeleton.Event, ref *access.Ref, mode skeleton.Mode, chain []skeleton.Step) {
	s := o.s
	class := ref.Class()
	second, ok := o.roleOf(fn, objectOf(ref), 0)
	if !ok || class.IsZero() {
		return
	}
	for _, st := range ev.States {
		for _, h := range st {
			first, ok := o.roleOf(fn, objectOf(h.Ref), 0)
			shared := !conflict(h.Mode, mode)
			fields := fieldsOf(ref)
			if !ok || h.Stale || h.Ref.Class() != class || !first.alike(second) || !slices.Equal(fieldsOf(h.Ref), fields) ||
				slices.ContainsFunc(fields, func(f *types.Var) bool { return isReference(f.Type()) }) || // it may be one lock
				shared && (s.classes[class] == nil || !s.classes[class].lock) || o.tried(fn, h) ||
				slices.ContainsFunc(s.Twins, func(t Twin) bool { return t.Event.Fn == fn && t.First == h.Ref && t.Second == ref }) ||
				first.in != nil && first.in.Root().Kind == access.Alloc || o.guarded(fn, ev, class) || o.unborn(ev.Instr, h.Ref) || o.unborn(ev.Instr, ref) {
				continue
			}
			e := Edge{Fn: fn, At: ev.Instr, Held: h.At}
			if o.inOnce(e, e) || o.oneGoroutine(e, e) || o.startedOnce(fn) || o.early(ev.Instr, 0) {
				continue
			}
			t := Twin{Event: ev, First: h.Ref, Second: ref, Held: h.At, Chain: chain, Shared: shared}
			v := o.swapped(pair{fn, first, second, class}, ev.Instr, 0)
			if v.swap == oneWay {
				continue
			}
			t.Certain, t.Root, t.A, t.B = v.swap == bothWays, v.fn, v.a.param, v.b.param
			if !t.Certain && (shared || first.in != nil) {
				continue
			}
			s.Twins = append(s.Twins, t)
		}
	}
}

// startedOnce reports whether the function only runs in one goroutine that main or an init
// function starts.
func (o *orderer) startedOnce(fn *ssa.Function) bool {
	starts, ok := o.goroutines(fn, 0)
	return ok && !slices.ContainsFunc(starts, func(r run) bool {
		return r.at != starts[0].at || skeleton.Loops(r.at) || !o.first(r.at.Parent())
	})
}

// tried reports whether the lock was taken by a TryLock.
func (o *orderer) tried(fn *ssa.Function, h skeleton.Held) bool {
	return slices.ContainsFunc(o.s.Locks.Of(fn).Events, func(ev *skeleton.Event) bool {
		return ev.Kind == skeleton.LockEvent && ev.Try && ev.Instr == h.At
	})
}

// guarded reports whether another lock is held around both, here or in all callers.
func (o *orderer) guarded(fn *ssa.Function, ev *skeleton.Event, class access.Class) bool {
	return slices.ContainsFunc(slices.Concat(o.entry[fn], gates(ev.States), o.tokens(ev.Instr)), func(c access.Class) bool { return c != class })
}

// objectOf is the object that the lock is a part of.
func objectOf(lock *access.Ref) *access.Ref {
	for lock.Kind == access.Field {
		lock = lock.Base
	}
	return lock
}

// fieldsOf are the fields that lead from there to the lock.
func fieldsOf(lock *access.Ref) (list []*types.Var) {
	for ; lock.Kind == access.Field; lock = lock.Base {
		list = append(list, lock.Field)
	}
	return list
}

// roleOf returns the role of an object of the function.
func (o *orderer) roleOf(fn *ssa.Function, r *access.Ref, depth int) (role, bool) {
	if r == nil || depth > 3 {
		return role{}, false
	}
	switch v := r.Value.(type) {
	case *ssa.Parameter:
		switch {
		case v.Parent() != fn:
		case r.Kind == access.Param:
			return role{v, nil}, true
		case r.Kind == access.Elem:
			return role{v, r.Base}, true
		}
	case *ssa.Call:
		return o.resultRole(fn, v, 0, depth)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return o.resultRole(fn, call, v.Index, depth)
		}
	}
	return role{}, false
}

// resultRole is the role of a result of a call: what the called function finds by one of
// its parameters is found by the argument.
func (o *orderer) resultRole(fn *ssa.Function, call *ssa.Call, index int, depth int) (found role, ok bool) {
	callee := o.s.local(call)
	if callee == nil {
		return found, false
	}
	for _, b := range callee.Blocks {
		ret, isReturn := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !isReturn || index >= len(ret.Results) {
			continue
		}
		for _, v := range returned(ret.Results[index]) {
			if c, isConst := v.(*ssa.Const); isConst && c.IsNil() {
				continue
			}
			q, known := o.roleOf(callee, o.s.Pkg.Access.Of(v), depth+1)
			if !known || q.in == nil || ok && !q.same(found) {
				return role{}, false
			}
			found, ok = q, true
		}
	}
	if !ok {
		return found, false
	}
	key, isParam := call.Call.Args[paramIndex(callee, found)].(*ssa.Parameter)
	in := o.s.inCaller(call, callee, found.in)
	if !isParam || in == nil || key.Parent() != fn {
		return role{}, false
	}
	return role{key, in}, true
}

// returned are the values that a result can be: of a named one, in a function that defers
// calls, all that are stored in it.
func returned(v ssa.Value) []ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return []ssa.Value{v}
	}
	cell, ok := load.X.(*ssa.Alloc)
	if !ok {
		return []ssa.Value{v}
	}
	var list []ssa.Value
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != cell {
				return []ssa.Value{v}
			}
			if again, ok := ref.Val.(*ssa.UnOp); !ok || again.X != cell {
				list = append(list, ref.Val)
			}
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			return []ssa.Value{v}
		}
	}
	return list
}

// A pair is two objects of a function.
type pair struct {
	fn    *ssa.Function
	a, b  role
	class access.Class // of their locks
}

// A verdict is who decides about the order of a pair, and whether both are asked for.
type verdict struct {
	pair
	swap
}

// swapped finds out whether the function is given the two both ways. at is where it locks
// the second, or calls what does.
func (o *orderer) swapped(p pair, at ssa.Instruction, depth int) verdict {
	v := verdict{p, notTold}
	if depth > 4 || o.ordered(p, at, 0) || o.related(p, 0) || o.removes(p, at) {
		v.swap = oneWay
		return v
	}
	var known []verdict
	sites := slices.DeleteFunc(slices.Clone(o.s.Pkg.Sites(p.fn)), func(c ssa.CallInstruction) bool { return o.s.Pkg.InTest(c.Parent()) })
	for _, site := range sites {
		known = append(known, o.askedBy(p, site, sites, depth))
	}
	switch i := slices.IndexFunc(known, func(u verdict) bool { return u.swap == bothWays }); {
	case len(known) > 0 && !slices.ContainsFunc(known, func(u verdict) bool { return u.swap != oneWay }):
		v.swap = oneWay
	case o.abroad(p):
		v.swap = bothWays
	case i >= 0:
		return known[i]
	}
	return v
}

// removes reports whether the function takes something out of the container in which it finds
// the two, before it locks them: an opposite call may not find them any more.
func (o *orderer) removes(p pair, at ssa.Instruction) bool {
	return p.a.in != nil && p.a.in.Kind == access.Field && slices.Contains(o.s.takenOut(at, 0), p.a.in.Field)
}

// askedBy finds out whether a call gives the two both ways: as one of the other calls gives
// them the other way round, or as the caller is given them.
func (o *orderer) askedBy(p pair, site ssa.CallInstruction, sites []ssa.CallInstruction, depth int) verdict {
	s := o.s
	v := verdict{p, notTold}
	args := func(c ssa.CallInstruction) (a, b ssa.Value) {
		if len(c.Common().Args) != len(p.fn.Params) || c.Common().IsInvoke() {
			return nil, nil
		}
		return c.Common().Args[paramIndex(p.fn, p.a)], c.Common().Args[paramIndex(p.fn, p.b)]
	}
	x, y := args(site)
	if x == nil {
		return v
	}
	fn, a, b := site.Parent(), s.Pkg.Access.Of(x), s.Pkg.Access.Of(y)
	switch {
	case slices.ContainsFunc(o.heldAt(site), func(c access.Class) bool { return c != p.class }),
		o.made(fn, a), o.made(fn, b), a != b && (a.Contains(b) || b.Contains(a)), chosen(x, y),
		a != b && o.ordered(pair{fn, role{param: x}, role{param: y}, p.class}, site, 0):
		v.swap = oneWay
		return v
	}
	if first, ok := o.roleFor(fn, site, p, p.a); ok {
		if second, ok := o.roleFor(fn, site, p, p.b); ok && first.alike(second) {
			return o.swapped(pair{fn, first, second, p.class}, site, depth+1)
		}
	}
	for _, other := range sites {
		if z, w := args(other); z != nil && a != b && s.Pkg.Access.Of(z) == b && s.Pkg.Access.Of(w) == a {
			v.swap = bothWays
			return v
		}
	}
	if a.Kind == access.Field && b.Kind == access.Field && a.Field != b.Field {
		v.swap = oneWay
	}
	return v
}

// chosen reports whether the two values are the same two on all ways, one way or the other.
func chosen(x, y ssa.Value) bool {
	p, ok := x.(*ssa.Phi)
	q, also := y.(*ssa.Phi)
	return ok && also && p.Block() == q.Block() && !slices.ContainsFunc(p.Edges, func(v ssa.Value) bool { return !slices.Contains(q.Edges, v) })
}

// paramIndex is the number of the parameter by which the function has the object.
func paramIndex(fn *ssa.Function, of role) int {
	return slices.IndexFunc(fn.Params, func(p *ssa.Parameter) bool { return p == of.param })
}

// roleFor is the role in the caller of what has the given role in the called function.
func (o *orderer) roleFor(fn *ssa.Function, site ssa.CallInstruction, p pair, of role) (role, bool) {
	arg := site.Common().Args[paramIndex(p.fn, of)]
	if of.in == nil {
		return o.roleOf(fn, o.s.Pkg.Access.Of(arg), 0)
	}
	key, ok := arg.(*ssa.Parameter)
	in := o.s.inCaller(site, p.fn, of.in)
	if !ok || in == nil || key.Parent() != fn {
		return role{}, false
	}
	return role{key, in}, true
}

// made reports whether the object is one that the function has just made: what a composite
// literal makes, or another function that returns what it makes.
func (o *orderer) made(fn *ssa.Function, r *access.Ref) bool {
	if r.Kind == access.Alloc {
		v, ok := r.Value.(*ssa.Alloc)
		if !ok || v.Parent() != fn {
			return false
		}
		_, variable := v.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Pointer)
		return !variable
	}
	v := r.Value
	if ex, ok := v.(*ssa.Extract); ok && ex.Index == 0 {
		v = ex.Tuple
	}
	call, ok := v.(*ssa.Call)
	if !ok || r.Kind == access.Elem {
		return false
	}
	callee := call.Call.StaticCallee()
	return callee != nil && o.makes(skeleton.Origin(callee), 0)
}

// makes reports whether the first result of the function is an object that it makes, or
// that another one makes that it calls.
func (o *orderer) makes(fn *ssa.Function, depth int) bool {
	found := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		for _, v := range returned(ret.Results[0]) {
			if c, ok := v.(*ssa.Const); ok && c.IsNil() {
				continue
			}
			if !o.makesValue(v, depth) {
				return false
			}
			found = true
		}
	}
	return found
}

func (o *orderer) makesValue(v ssa.Value, depth int) bool {
	switch object := o.s.Pkg.Access.Of(v).Value.(type) {
	case *ssa.Alloc:
		return types.Identical(object.Type(), v.Type())
	case *ssa.Call:
		callee := object.Call.StaticCallee()
		return callee != nil && depth < 3 && o.makes(skeleton.Origin(callee), depth+1)
	}
	return false
}

// abroad reports whether other packages can call the function with objects of theirs.
func (o *orderer) abroad(p pair) bool {
	obj := p.fn.Object()
	if obj == nil || !obj.Exported() || obj.Pkg().Name() == "main" || strings.HasSuffix(obj.Pkg().Name(), "_test") || o.s.Pkg.InTestFile(p.fn) {
		return false
	}
	recv := p.fn.Signature.Recv()
	for _, q := range []role{p.a, p.b} {
		if o.s.unexported(q.param.Type()) && (recv == nil || q.param != p.fn.Params[0]) {
			return false
		}
	}
	return recv == nil || !o.s.unexported(recv.Type()) || o.s.handedOut(recv.Type(), obj.Name())
}

// unexported reports whether the struct that the type leads to has a name that only this
// package can use.
func (s *Set) unexported(t types.Type) bool {
	n := pointee(t)
	return n != nil && n.Obj().Pkg() == s.Pass.Pkg && !n.Obj().Exported()
}

// handedOut reports whether objects of the type become values of an exported interface with
// the method.
func (s *Set) handedOut(t types.Type, method string) bool {
	for _, fn := range s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				mi, ok := instr.(*ssa.MakeInterface)
				if !ok || !sameStruct(mi.X.Type(), t) {
					continue
				}
				n, ok := types.Unalias(mi.Type()).(*types.Named)
				if !ok || n.Obj().Pkg() != s.Pass.Pkg || !n.Obj().Exported() {
					continue
				}
				if has, _, _ := types.LookupFieldOrMethod(n, false, s.Pass.Pkg, method); has != nil {
					return true
				}
			}
		}
	}
	return false
}
