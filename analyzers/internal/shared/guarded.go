package shared

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// An Unguarded is an access that breaks what the rest of the package does with
// a field or package variable.
type Unguarded struct {
	Break Break
	At    Access
	// Use is where a Kept map or slice is used.
	Use ssa.Instruction
	// Lock is the lock that guards the variable, and Name what to call it here.
	Lock *types.Var
	Name string
	// Held of All accesses hold it.
	Held, All int
	// Against is an access that does, and one of the two is a write.
	Against Access
}

// A Break is the way in which an access breaks the rule.
type Break uint8

// The ways.
const (
	NotHeld  Break = iota
	ReadHeld       // a write under RLock
	Returned       // the map or slice itself is returned past the unlock
	Kept           // it is used past the unlock by who took it under the lock
)

// A use is an access to a variable that a lock can guard.
type use struct {
	Access
	fn    *ssa.Function
	v     *types.Var
	st    *types.Struct // that the field is of, nil for a package variable
	locks map[*types.Var]skeleton.Mode
	full  *access.Ref // the part of the variable that is accessed
	elems bool        // what the map or slice holds is read or, with Write, written
	own   bool        // the function itself holds some lock
	owned bool        // before the object is shared
	quiet bool        // no evidence and no finding
}

// guard is the lock of a variable, with the evidence.
type guard struct {
	lock      *types.Var
	held, all int
}

func (s *Set) findUnguarded() {
	locks := s.lockVars()
	if len(locks) == 0 {
		return
	}
	s.findContexts()
	uses := make(map[*types.Var][]*use)
	var order []*types.Var
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) || fn.Name() == "init" && fn.Synthetic != "" {
			continue
		}
		s.usesOf(fn, locks, func(u *use) {
			if uses[u.v] == nil {
				order = append(order, u.v)
			}
			uses[u.v] = append(uses[u.v], u)
		})
	}
	for _, v := range order {
		initializer(uses[v])
		if g := s.guardOf(uses[v], locks); g != nil {
			s.breaks(g, uses[v])
		}
	}
}

// initializer finds the one store that gives the variable a value, if all the
// others take it away: what is before it is not shared.
func initializer(uses []*use) {
	var only *use
	for _, u := range uses {
		st, ok := u.Leaf.(*ssa.Store)
		if !ok || isZero(st.Val) {
			continue
		}
		if only != nil {
			return
		}
		only = u
	}
	if only != nil && len(only.locks) == 0 && fresh(only.Leaf.(*ssa.Store).Val) {
		only.owned = true
	}
}

func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && (c.Value == nil || c.IsNil())
}

// fresh reports whether the value is an object that is made for it.
func fresh(v ssa.Value) bool {
	switch v := plainValue(v).(type) {
	case *ssa.MakeMap, *ssa.MakeChan, *ssa.MakeSlice, *ssa.Alloc, *ssa.Call, *ssa.Extract:
		return true
	case *ssa.Slice:
		return fresh(v.X)
	}
	return false
}

// lockVars returns, for each struct type of the package that has locks, the
// fields that are; and for the package its variables that are. The key is the
// struct, nil for the package.
func (s *Set) lockVars() map[*types.Struct][]*types.Var {
	found := make(map[*types.Struct][]*types.Var)
	scope := s.Pass.Pkg.Scope()
	for _, name := range scope.Names() {
		switch obj := scope.Lookup(name).(type) {
		case *types.TypeName:
			if st, ok := obj.Type().Underlying().(*types.Struct); ok {
				for f := range st.Fields() {
					if lock := lockIn(f, 0); lock != nil {
						found[st] = append(found[st], lock)
					}
				}
			}
		case *types.Var:
			if ops.IsLock(obj.Type()) {
				found[nil] = append(found[nil], obj)
			} else if st, ok := obj.Type().Underlying().(*types.Struct); ok {
				for f := range st.Fields() {
					if lock := lockIn(f, 0); lock != nil {
						found[st] = append(found[st], lock)
					}
				}
			}
		}
	}
	return found
}

// lockIn returns the lock that a field is, or that an embedded struct has.
func lockIn(f *types.Var, depth int) *types.Var {
	if ops.IsLock(f.Type()) {
		return f.Origin()
	}
	if st, ok := f.Type().Underlying().(*types.Struct); ok && f.Embedded() && depth < 2 {
		for g := range st.Fields() {
			if lock := lockIn(g, depth+1); lock != nil {
				return lock
			}
		}
	}
	return nil
}

// usesOf passes on the accesses of fn to variables that have a lock beside them.
func (s *Set) usesOf(fn *ssa.Function, locks map[*types.Struct][]*types.Var, yield func(*use)) {
	fl := s.Pkg.Locks().Of(fn)
	c := s.contexts[fn]
	emit := func(addr ssa.Value, instr ssa.Instruction, write, elems, entries bool) {
		full := s.Pkg.Access.Of(addr)
		for {
			var v *types.Var
			var st *types.Struct
			fa, ok := addr.(*ssa.FieldAddr)
			if ok {
				st, _ = deref(fa.X.Type()).Underlying().(*types.Struct)
				if st != nil {
					v = st.Field(fa.Field).Origin()
				}
			} else if g, ok := addr.(*ssa.Global); ok {
				v, _ = g.Object().(*types.Var)
			}
			if v == nil {
				return
			}
			if len(locks[st]) > 0 && v.Pkg() == s.Pass.Pkg && lockIn(v, 0) == nil {
				held, known := fl.HeldAt(instr)
				r := s.Pkg.Access.Of(addr)
				u := &use{fn: fn, v: v, st: st, full: full, elems: elems, locks: classes(held)}
				u.Access = Access{Ref: r, Write: write, Map: entries, At: instr, Leaf: instr, Unsure: !known}
				u.quiet = !known || c.quiet || fl != nil && len(fl.Handed) > 0
				u.own = len(u.locks) > 0
				for l, m := range c.held {
					if have, ok := u.locks[l]; !ok || m < have {
						u.locks[l] = m
					}
				}
				if fa != nil {
					u.owned = s.owns(fn, r.Base)
					u.quiet = u.quiet || s.foreign(fn, r.Base)
				}
				yield(u)
				return
			}
			if fa == nil {
				return
			}
			addr = fa.X
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op == token.MUL {
					write, elems, entries := contents(instr)
					emit(instr.X, instr, write, elems, entries)
				}
			case *ssa.Store:
				emit(instr.Addr, instr, true, false, false)
			}
		}
	}
}

func classes(held []skeleton.Held) map[*types.Var]skeleton.Mode {
	m := make(map[*types.Var]skeleton.Mode)
	for _, h := range held {
		r := h.Ref
		if r.Kind == access.RLocker {
			r = r.Base
		}
		if v := r.Class().Var; v != nil {
			if have, ok := m[v]; !ok || h.Mode < have {
				m[v] = h.Mode
			}
		}
	}
	return m
}

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
	}
	return write, elems, entries
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

// guardOf returns the lock that is held at a clear majority of the accesses,
// writes among them.
func (s *Set) guardOf(uses []*use, locks map[*types.Struct][]*types.Var) *guard {
	var best *guard
	for _, l := range locks[uses[0].st] {
		g := &guard{lock: l}
		written := false
		in := make(map[*ssa.Function]bool)
		counted := make(map[lineOf]bool) // several accesses of one line are one
		for _, u := range uses {
			if u.quiet || u.owned {
				continue
			}
			_, ok := u.locks[l]
			line := lineOf{skeleton.Outermost(u.fn), s.Pass.Fset.Position(near(u.Leaf)).Line, ok}
			if !counted[line] {
				counted[line] = true
				g.all++
				if ok {
					g.held++
				}
			}
			if ok {
				written = written || u.Write
				if u.own {
					in[skeleton.Outermost(u.fn)] = true
				}
			}
		}
		// What one function does is no rule.
		if written && len(in) > 1 && (best == nil || g.held > best.held) {
			best = g
		}
	}
	if best == nil || best.held*4 < best.all*3 && best.all-best.held > 1 {
		return nil
	}
	return best
}

type lineOf struct {
	fn   *ssa.Function
	line int
	held bool
}
