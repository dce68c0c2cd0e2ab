package shared

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// An Access is a read or write of memory that can be shared.
type Access struct {
	// Ref names the variable or field; of a Map access, the map.
	Ref   *access.Ref
	Write bool
	Map   bool // of the map's entries
	// By is the method of another package that makes the access to an object which is
	// not made for several goroutines.
	By    *types.Func
	Value bool // a part of the value of a variable, not behind a pointer
	// Elem says that it is to an element of the slice, by an index that is not constant.
	Elem bool
	// Spare says that an append writes into the room behind the slice's last element.
	Spare bool
	// Atomic says that package sync/atomic does it.
	Atomic bool
	// Held are the locks that are held, in the terms of the function that the
	// access is listed for.
	Held []skeleton.Held
	// Unsure says that it is not known which locks are held.
	Unsure bool
	// Later says that the goroutine which makes it waits for something first that who has
	// started it can signal, or somebody else.
	Later bool
	// At is the access, or the call that leads to it, in the function that it
	// is listed for; Leaf the access itself.
	At, Leaf ssa.Instruction
	// Deferred says that At is a deferred call.
	Deferred bool

	over  *ssa.BasicBlock // the loop by which all elements are gone over
	depth int
	call  run     // what At runs, when it is a call
	via   *Access // the access in the terms of that
}

const (
	maxAccesses = 400 // of what a function calls
	maxDepth    = 5   // calls between a function and an access that counts
)

// list returns the accesses of fn and of the functions it calls, in fn's terms.
func (s *Set) list(fn *ssa.Function) []Access {
	if l, ok := s.accesses[fn]; ok {
		return l
	}
	if s.busy[fn] {
		return nil
	}
	s.busy[fn] = true
	defer delete(s.busy, fn)
	var list []Access
	inherited := 0
	add := func(a Access) {
		if a.depth > 0 { // what fn does itself counts in any case
			if inherited >= maxAccesses {
				return
			}
			inherited++
		}
		held, known := s.heldAt(fn, a.At)
		a.Held = append(a.Held[:len(a.Held):len(a.Held)], held...)
		a.Unsure = a.Unsure || !known
		list = append(list, a)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			s.direct(instr, add)
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if _, spawns := instr.(*ssa.Go); spawns {
				continue
			}
			for _, callee := range append(s.runs(call), s.options(call)...) {
				_, deferred := instr.(*ssa.Defer)
				once := s.once(call)
				inner := s.list(callee.fn)
				for i, a := range inner {
					if a.depth >= maxDepth {
						continue
					}
					a.depth++
					a.call, a.via = callee, &inner[i]
					if a.Ref = s.translate(callee, a.Ref); a.Ref == nil {
						continue
					}
					a.Held = s.translateHeld(callee, a.Held)
					if once != nil {
						a.Held = append(a.Held, skeleton.Held{Ref: once})
					}
					a.At, a.Deferred = instr, deferred
					add(a)
				}
			}
		}
	}
	s.accesses[fn] = list
	return list
}

// direct passes on the accesses that the instruction itself makes.
func (s *Set) direct(instr ssa.Instruction, add func(Access)) {
	entry := func(m ssa.Value, write bool) {
		if _, ok := m.Type().Underlying().(*types.Map); ok {
			if r := s.Pkg.Access.Of(m); s.sharable(r) {
				add(Access{Ref: r, Write: write, Map: true, At: instr, Leaf: instr})
			}
		}
	}
	switch instr := instr.(type) {
	case *ssa.UnOp:
		if instr.Op == token.MUL {
			if r, value := s.location(instr.X); r != nil {
				add(Access{Ref: r, Value: value, At: instr, Leaf: instr})
			} else if r, over := s.slot(instr.X); r != nil {
				add(Access{Ref: r, Elem: true, over: over, At: instr, Leaf: instr})
			}
		}
	case *ssa.Store:
		if r, value := s.location(instr.Addr); r != nil && !s.initial(instr) {
			add(Access{Ref: r, Value: value, Write: true, At: instr, Leaf: instr})
		} else if r, over := s.slot(instr.Addr); r != nil {
			add(Access{Ref: r, Elem: true, over: over, Write: true, At: instr, Leaf: instr})
		}
	case *ssa.MapUpdate:
		entry(instr.Map, true)
	case *ssa.Lookup:
		entry(instr.X, false)
	case *ssa.Range:
		entry(instr.X, false)
	case *ssa.Call:
		s.touches(instr, func(v ssa.Value, t ops.Touch) {
			if t.Map {
				entry(v, t.Write)
			} else if r := s.Pkg.Access.Of(v); s.sharable(r) && !s.uncaptured(r) {
				add(Access{Ref: r, Write: t.Write, By: skeleton.Static(&instr.Call), At: instr, Leaf: instr})
			}
		})
		if b, ok := instr.Call.Value.(*ssa.Builtin); ok {
			switch b.Name() {
			case "len":
				entry(instr.Call.Args[0], false)
			case "delete", "clear":
				entry(instr.Call.Args[0], true)
			case "append":
				if addr := s.intoRoom(instr); addr != nil {
					if r, value := s.location(addr); r != nil {
						add(Access{Ref: r, Value: value, Write: true, Spare: true, At: instr, Leaf: instr})
					}
				}
			}
			return
		}
		op, x := s.Pkg.Op(&instr.Call)
		switch op.Kind {
		case ops.AtomicLoad, ops.AtomicStore, ops.AtomicUpdate:
			if x != nil && isWord(x.Type()) {
				if r, value := s.location(x); r != nil {
					add(Access{Ref: r, Value: value, Write: op.Kind != ops.AtomicLoad, Atomic: true, At: instr, Leaf: instr})
				}
			}
		}
	}
}

// touches passes on what a call of another package does to objects that it is given,
// and that are not made for several goroutines.
func (s *Set) touches(call *ssa.Call, yield func(v ssa.Value, t ops.Touch)) {
	for _, t := range ops.Touches(skeleton.Static(&call.Call)) {
		v := call.Call.Args[t.Arg]
		if t.Inside {
			made, ok := v.(*ssa.MakeInterface)
			if !ok || !t.Map && !ops.IsObject(made.X.Type()) {
				continue
			}
			v = made.X
		}
		if ops.IsRand(v.Type()) && !s.unlockedSource(v) {
			continue
		}
		yield(v, t)
	}
}

// uncaptured reports whether the object is a variable that no literal captures.
func (s *Set) uncaptured(r *access.Ref) bool {
	a, ok := r.Root().Value.(*ssa.Alloc)
	return ok && variable(a) && !s.captured[a]
}

// isWord reports whether a pointer is to a plain word, that one can also
// access without package atomic.
func isWord(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	b, ok := p.Elem().Underlying().(*types.Basic)
	return ok && b.Kind() != types.String || types.Identical(p.Elem(), types.Typ[types.UnsafePointer])
}

// initial reports whether the store changes nothing: it gives a parameter its
// cell, or a variable its own value, as the return of a named result does.
func (s *Set) initial(st *ssa.Store) bool {
	if load, ok := st.Val.(*ssa.UnOp); ok && load.Op == token.MUL && load.X == st.Addr {
		return true
	}
	a, ok := st.Addr.(*ssa.Alloc)
	if !ok {
		return false
	}
	_, param := st.Val.(*ssa.Parameter)
	return param && a.Block() != nil && a.Block().Index == 0 && a.Pos() == st.Val.Pos()
}

// location names what is at an address, nil when it cannot be shared or has no
// stable name. value says that it is a variable, or a part of one's value.
func (s *Set) location(addr ssa.Value) (r *access.Ref, value bool) {
	switch x := root(addr).(type) {
	case *ssa.Alloc:
		if variable(x) && !s.captured[x] {
			return nil, false
		}
		value = variable(x)
	case *ssa.FreeVar:
		a := s.Pkg.Access.Cell(x)
		if a == nil {
			return nil, false
		}
		value = variable(a)
	case *ssa.Global:
		value = true
	case *ssa.IndexAddr:
		// Elements are told apart by constants only.
		if r = s.Pkg.Access.Of(addr); r.Constant() && s.sharable(r.Base) && !s.uncaptured(r) && addr == ssa.Value(x) {
			return r, false
		}
		return nil, false
	default:
		if _, ok := addr.(*ssa.FieldAddr); !ok {
			return s.pointed(addr)
		}
	}
	if r = s.Pkg.Access.Of(addr); !s.sharable(r) {
		return nil, false
	}
	return r, value
}

// pointed names what a pointer points to: the variable whose address it is, or
// what a parameter is given.
func (s *Set) pointed(addr ssa.Value) (r *access.Ref, value bool) {
	switch addr.(type) {
	case *ssa.Parameter, *ssa.UnOp:
		r = s.Pkg.Access.Of(addr)
		if a, ok := r.Value.(*ssa.Alloc); r.Kind == access.Param || r.Kind == access.Alloc && ok && variable(a) && s.captured[a] {
			return r, true
		}
	}
	return nil, false
}

// variable tells a declared variable from an object made by new or &T{}.
func variable(a *ssa.Alloc) bool {
	switch a.Comment {
	case "complit", "new", "slicelit", "makeslice", "varargs", "":
		return false
	}
	return true
}

// sharable reports whether the name means one object for as long as its root
// does: there is no element on the way, and no pointer that is set anew.
func (s *Set) sharable(r *access.Ref) bool {
	for x := r; x != nil; x = x.Base {
		switch x.Kind {
		case access.Elem, access.RLocker, access.Value, access.Free:
			return false
		case access.Field:
			if x != r && s.mutable[x.Field] && reference(x.Field.Type()) {
				return false
			}
		case access.Alloc:
			// A pointer variable that is assigned several times.
			if a, ok := x.Value.(*ssa.Alloc); ok && x != r && variable(a) && reference(deref(a.Type())) {
				return false
			}
		}
	}
	return true
}

func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// A run is a function that a call runs before it returns, with what its
// parameters are bound to.
type run struct {
	fn   *ssa.Function
	args []ssa.Value
	any  bool // the arguments are not known
}

// runs returns the one function with a body that the call is certain to run,
// and function arguments that it runs now.
func (s *Set) runs(call ssa.CallInstruction) []run {
	common := call.Common()
	op, _ := s.Pkg.Op(common)
	var list []run
	switch op.Kind {
	case ops.RunsNow, ops.OnceDo, ops.MapRange, ops.FlightDo:
		if fns, complete := s.Pkg.Functions(skeleton.FuncArg(common, op)); complete && len(fns) == 1 && fns[0].Blocks != nil {
			list = append(list, run{fn: fns[0], any: true})
		}
	case ops.None:
		fns, complete := s.Pkg.Callees(call)
		if complete && len(fns) == 1 {
			args := common.Args
			if common.IsInvoke() {
				args = append([]ssa.Value{common.Value}, args...)
			}
			list = append(list, run{fn: fns[0], args: args})
		}
	}
	return list
}

// translate rewrites a Ref of a callee in the caller's terms, nil when it has
// no name there.
func (s *Set) translate(c run, r *access.Ref) *access.Ref {
	return s.Pkg.Access.Subst(r, func(root *access.Ref) *access.Ref {
		if root.Kind == access.Global {
			return root
		}
		if root.Value == nil || root.Value.Parent() != c.fn {
			return root
		}
		if p, ok := root.Value.(*ssa.Parameter); ok && !c.any {
			for i, q := range c.fn.Params {
				if p == q && i < len(c.args) {
					if a := s.Pkg.Access.Of(c.args[i]); s.sharable(a) {
						return a
					}
				}
			}
		}
		return nil
	})
}

func (s *Set) translateHeld(c run, held []skeleton.Held) []skeleton.Held {
	var list []skeleton.Held
	for _, h := range held {
		if h.Ref = s.translate(c, h.Ref); h.Ref != nil {
			list = append(list, h)
		}
	}
	return list
}

// once returns the Once, or the like, that keeps the function that the call
// runs from running twice at a time; it serves as a lock.
func (s *Set) once(call ssa.CallInstruction) *access.Ref {
	op, x := s.Pkg.Op(call.Common())
	if x != nil && (op.Kind == ops.OnceDo || op.Kind == ops.FlightDo) {
		return s.Pkg.Access.Of(x)
	}
	return nil
}
