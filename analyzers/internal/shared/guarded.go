package shared

import (
	"go/ast"
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
	// Use is where a Kept map or slice is used; of a Reread, where it was read before; of
	// a Taken or Shown, where the object was taken out.
	Use ssa.Instruction
	// Lock is the lock that guards the variable, and Name what to call it here.
	Lock *types.Var
	Name string
	// Other is what to call the lock of Against, of an OtherLock.
	Other string
	// Held of All accesses hold it.
	Held, All int
	// Against is an access that does, and one of the two is a write.
	Against Access
	// Beside says that the two are certain to be of different goroutines.
	Beside bool
	// Own says that the function has used the variable under the lock just before, or takes the
	// lock just after, which is Next.
	Own  bool
	Next ssa.Instruction
	// Entry says that the map is an entry of the variable, which is a map of maps.
	Entry bool
	// Single says that only one function holds the lock when it uses the variable.
	Single bool
}

// A Break is the way in which an access breaks the rule.
type Break uint8

// The ways.
const (
	NotHeld     Break = iota
	ReadHeld          // a write under RLock
	Returned          // the map or slice itself is returned past the unlock
	Kept              // it is used past the unlock by who took it under the lock
	Sent              // it is sent to another goroutine
	Taken             // it is in an object that was taken out from under the lock
	Shown             // it is such an object, and what is called reads it as a whole
	Reread            // it was read under the lock before, and is read again past the unlock
	OtherLock         // another access is under another lock
	OtherObject       // what is held is the same lock of another object
)

// A use is an access to a variable that a lock can guard.
type use struct {
	Access
	fn     *ssa.Function
	v      *types.Var
	st     *types.Struct // that the field is of, nil for a package variable
	locks  map[*types.Var]skeleton.Mode
	full   *access.Ref // the part of the variable that is accessed
	elems  bool        // what the map or slice holds is read or, with Write, written
	own    bool        // the function itself holds some lock
	owned  bool        // before the object is shared
	quiet  bool        // no evidence and no finding
	theirs bool        // quiet only because other packages pass the object
	itself bool        // the function holds a lock of the very object
	// strange is the lock of another object that is held in place of this one's.
	strange *access.Ref
}

// guard is the lock of a variable, with the evidence.
type guard struct {
	lock      *types.Var
	held, all int
	// weak says that this is no custom by itself, but enough where two sides are known to be of
	// two goroutines; single, that all that hold it are in one function.
	weak, single bool
}

func (s *Set) findUnguarded() {
	locks := s.lockVars()
	if len(locks) == 0 {
		return
	}
	s.findContexts()
	uses, order := s.collect(locks, false)
	for _, v := range order {
		initializer(uses[v])
		s.rereads(uses[v])
		s.twoLocks(uses[v], locks[uses[v][0].st])
		if g := s.guardOf(uses[v], locks); g != nil {
			s.breaks(g, uses[v])
		}
	}
	s.pointees(locks)
}

// collect lists the uses of each variable beside one of the locks, also in tests or not.
func (s *Set) collect(locks map[*types.Struct][]*types.Var, tests bool) (uses map[*types.Var][]*use, order []*types.Var) {
	uses = make(map[*types.Var][]*use)
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) && !tests || fn.Name() == "init" && fn.Synthetic != "" {
			continue
		}
		s.usesOf(fn, locks, func(u *use) {
			if uses[u.v] == nil {
				order = append(order, u.v)
			}
			uses[u.v] = append(uses[u.v], u)
		})
	}
	return uses, order
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
	if s.locksIn != nil {
		return s.locksIn
	}
	found := make(map[*types.Struct][]*types.Var)
	s.locksIn = found
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

// structOf returns the struct that a pointer, or a value, is of: of an instance of
// a generic type, and in its methods, that of the type as it is declared.
func structOf(t types.Type) *types.Struct {
	t = deref(t)
	if n, ok := types.Unalias(t).(*types.Named); ok {
		t = n.Origin()
	}
	st, _ := t.Underlying().(*types.Struct)
	return st
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
	lent := s.startedUnknown(fn)
	var handed map[*types.Var]skeleton.Mode // by who starts it
	if len(s.startsOf(fn)) > 0 {
		handed = classes(s.lent(fn))
	}
	emit := func(addr ssa.Value, full *access.Ref, instr ssa.Instruction, write, elems, entries bool, by *types.Func) {
		for {
			var v *types.Var
			var st *types.Struct
			fa, ok := addr.(*ssa.FieldAddr)
			if ok {
				st = structOf(fa.X.Type())
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
				held, known := s.heldAt(fn, instr)
				r := s.Pkg.Access.Of(addr)
				u := &use{fn: fn, v: v, st: st, full: full, elems: elems, locks: classes(held)}
				u.Access = Access{Ref: r, Write: write, Map: entries, By: by, At: instr, Leaf: instr, Unsure: !known}
				u.quiet = !known || lent || c.quiet || fl != nil && len(fl.Handed) > 0
				u.own = len(u.locks) > 0 || len(c.held) > 0 && len(s.handings(fn)) > 0
				for _, more := range []map[*types.Var]skeleton.Mode{c.held, handed} {
					for l, m := range more {
						if have, ok := u.locks[l]; !ok || m < have {
							u.locks[l] = m
						}
					}
				}
				if fa != nil {
					s.strange(u, held, c)
				}
				if c.around && !slices.ContainsFunc(locks[st], func(l *types.Var) bool { _, ok := u.locks[l]; return ok || l == nil && len(u.locks) > 0 }) {
					u.quiet = true // under a lock that is given by another name, it may be
				}
				if fa != nil {
					u.owned = s.owns(fn, r.Base)
					u.theirs = !u.quiet && s.foreign(fn, r.Base) && !c.by[fn] && u.strange == nil
					u.quiet = u.quiet || u.theirs
				}
				yield(u)
				return
			}
			if fa == nil {
				return
			}
			addr = fa.X
			if field := s.soleHolder(addr); field != nil {
				addr, elems, entries = field, true, false // as what lies in a map
			}
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op == token.MUL {
					write, elems, entries := contents(instr)
					emit(instr.X, s.Pkg.Access.Of(instr.X), instr, write, elems, entries, nil)
				}
			case *ssa.Store:
				emit(instr.Addr, s.Pkg.Access.Of(instr.Addr), instr, true, false, false, nil)
			case *ssa.Call:
				s.touches(instr, func(v ssa.Value, t ops.Touch) {
					if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
						v = load.X
					}
					if part, ok := v.(*ssa.FieldAddr); !t.Map || ok && isBare(deref(part.Type())) { // else the load says so
						emit(v, s.Pkg.Access.Of(v), instr, t.Write, true, false, skeleton.Static(&instr.Call))
					}
				})
				s.within(instr, func(addr *ssa.FieldAddr, a *Access) {
					_, behind := deref(addr.Type()).Underlying().(*types.Pointer)
					emit(addr, a.Ref, instr, a.Write, behind || a.Map || a.Elem || a.By != nil, a.Map, a.call.fn.Object().(*types.Func))
				})
			}
		}
	}
}

// within passes on what a call of the package does to a struct that is a part of another one and
// has no lock itself: to what is in it, the lock of the whole is the one beside it.
func (s *Set) within(call *ssa.Call, yield func(addr *ssa.FieldAddr, a *Access)) {
	type what struct {
		ref                *access.Ref
		write, elem, entry bool
	}
	seen := make(map[what]bool)
	for i, arg := range call.Call.Args {
		addr, ok := arg.(*ssa.FieldAddr)
		if !ok {
			addr = s.soleHolder(arg)
		}
		if addr == nil || !isBare(deref(arg.Type())) {
			continue
		}
		of := s.Pkg.Access.Of(addr)
		for _, r := range s.runs(call) {
			if _, declared := r.fn.Object().(*types.Func); !declared || i >= len(r.args) || r.args[i] != arg {
				continue
			}
			inner := s.list(r.fn)
			for j := range inner {
				a := inner[j]
				if a.Atomic || a.Spare || len(a.Held) > 0 || a.Unsure || a.Ref.Root().Value != ssa.Value(r.fn.Params[i]) {
					continue
				}
				a.call = r
				a.Ref = s.translate(r, a.Ref)
				if a.Ref == nil || !partOf(a.Ref, of) {
					continue
				}
				if w := (what{a.Ref, a.Write, a.Elem || a.By != nil, a.Map}); !seen[w] {
					seen[w] = true
					yield(addr, &a)
				}
			}
		}
	}
}

// soleHolder returns the field that the pointer is loaded from, if its object is one of the kind
// that has no lock itself, and is given to the field when it is made, so that nothing else holds it.
func (s *Set) soleHolder(v ssa.Value) *ssa.FieldAddr {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	addr, ok := load.X.(*ssa.FieldAddr)
	if !ok || !isBare(deref(v.Type())) {
		return nil
	}
	if n := types.Unalias(deref(v.Type())).(*types.Named); n.Obj().Pkg() != s.Pass.Pkg || n.Obj().Exported() {
		return nil
	}
	st := structOf(addr.X.Type())
	if st == nil {
		return nil
	}
	f := st.Field(addr.Field).Origin()
	sole, known := s.sole[f]
	if !known {
		sole = s.heldOnce(f)
		if s.sole == nil {
			s.sole = make(map[*types.Var]bool)
		}
		s.sole[f] = sole
	}
	if !sole {
		return nil
	}
	return addr
}

// heldOnce reports whether all that the field is ever given is made for it, and it is never
// returned or kept elsewhere.
func (s *Set) heldOnce(f *types.Var) bool {
	given := false
	for _, fa := range s.addressesOf(f) {
		for _, r := range *fa.Referrers() {
			switch r := r.(type) {
			case *ssa.DebugRef:
			case *ssa.Store:
				if r.Addr != fa || !isZero(r.Val) && !fresh(r.Val) {
					return false
				}
				given = given || !isZero(r.Val)
			case *ssa.UnOp:
				if !staysIn(r) {
					return false
				}
			default:
				return false
			}
		}
	}
	return given
}

// staysIn reports whether all that is done with the pointer is to use what is behind it, here or in
// what is called by its name.
func staysIn(ptr *ssa.UnOp) bool {
	for _, u := range *ptr.Referrers() {
		switch u := u.(type) {
		case *ssa.FieldAddr, *ssa.DebugRef, *ssa.BinOp, *ssa.If:
		case ssa.CallInstruction:
			if skeleton.Static(u.Common()) == nil {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// addressesOf lists where the package takes the address of the field.
func (s *Set) addressesOf(f *types.Var) []*ssa.FieldAddr {
	if s.addresses == nil {
		s.addresses = make(map[*types.Var][]*ssa.FieldAddr)
		for _, fn := range s.Pkg.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					if fa, ok := instr.(*ssa.FieldAddr); ok {
						if st := structOf(fa.X.Type()); st != nil {
							v := st.Field(fa.Field).Origin()
							s.addresses[v] = append(s.addresses[v], fa)
						}
					}
				}
			}
		}
	}
	return s.addresses[f]
}

// partOf reports whether a Ref is of a field of the struct, or of one in that.
func partOf(r, of *access.Ref) bool {
	for r != of {
		if r.Kind != access.Field || r.Base == nil {
			return false
		}
		r = r.Base
	}
	return true
}

// isBare reports whether the type is a struct that has no lock, nor any other means of its own to
// keep goroutines apart.
func isBare(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	st, ok := n.Underlying().(*types.Struct)
	if !ok || n.Obj().Pkg() == nil || ops.IsObject(t) {
		return false
	}
	for f := range st.Fields() {
		ft := deref(f.Type())
		if ops.IsLock(ft) || ops.IsLocker(ft) {
			return false
		}
		if _, ok := ft.Underlying().(*types.Chan); ok {
			return false
		}
		if m, ok := types.Unalias(ft).(*types.Named); ok && m.Obj().Pkg() != nil {
			if p := m.Obj().Pkg().Path(); p == "sync" || p == "sync/atomic" {
				return false
			}
		}
	}
	return true
}

// generated reports whether the function is in a file that says of itself that it is generated:
// what writes it knows of fields, and of no lock beside them, which is for its callers to take.
func (s *Set) generated(fn *ssa.Function) bool {
	if s.byOthers == nil {
		s.byOthers = make(map[string]bool)
		for _, f := range s.Pass.Files {
			s.byOthers[s.Pass.Fset.PositionFor(f.Package, false).Filename] = ast.IsGenerated(f)
		}
	}
	return s.byOthers[s.Pass.Fset.PositionFor(fn.Pos(), false).Filename]
}

// startedUnknown reports whether the function is started as a goroutine where it is not known
// which locks are held: they can be held on its behalf.
func (s *Set) startedUnknown(fn *ssa.Function) bool {
	return slices.ContainsFunc(s.startsOf(fn), func(start ssa.CallInstruction) bool {
		_, known := s.heldAt(start.Parent(), start)
		return !known
	})
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

// guardOf returns the lock that is held at a clear majority of the accesses,
// writes among them. What one function does is no rule by itself.
func (s *Set) guardOf(uses []*use, locks map[*types.Struct][]*types.Var) *guard {
	var best *guard
	for _, l := range locks[uses[0].st] {
		g := &guard{lock: l}
		written := false
		in := make(map[*ssa.Function]bool)
		counted := make(map[lineOf]bool) // several accesses of one line are one
		breaking := make(map[*ssa.Function]bool)
		for _, u := range uses {
			_, ok := u.locks[l]
			if u.owned || !ok && u.strange != nil || u.quiet && (!ok || !saysLocked(u.fn)) {
				continue
			}
			line := lineOf{skeleton.Outermost(u.fn), s.Pass.Fset.Position(near(u.Leaf)).Line, ok}
			if !counted[line] {
				counted[line] = true
				g.all++
				if ok {
					g.held++
				}
			}
			if !ok {
				breaking[u.fn] = true
				continue
			}
			written = written || u.Write
			if u.own || !s.exported(u.fn) && len(s.Pkg.Sites(u.fn)) > 1 {
				in[skeleton.Outermost(u.fn)] = true
			}
		}
		g.single = len(in) == 1
		g.weak = g.single || !g.most()
		if g.weak { // a function that breaks the rule counts once
			g.all = g.held + len(breaking)
		}
		if written && len(in) > 0 && (best == nil || g.held > best.held) {
			best = g
		}
	}
	if best == nil || !best.most() {
		return nil
	}
	return best
}

// ByDefault reports whether the finding is certain enough to be told without a flag.
func (u *Unguarded) ByDefault() bool {
	switch u.Break {
	case NotHeld:
		return u.Beside || u.Own || u.At.Map && u.Held >= clearly
	case Returned, Sent:
		return u.At.Map
	}
	return true
}

// clearly is how many accesses must hold a lock for it to be clear that it guards the variable. Of what
// readers have judged, the reports of accesses without it were mostly true where four hold it and more,
// and every other time where two or three do.
const clearly = 4

// most reports whether the lock is held at a clear majority of the accesses.
func (g *guard) most() bool { return g.held*4 >= g.all*3 || g.all-g.held <= 1 }

type lineOf struct {
	fn   *ssa.Function
	line int
	held bool
}
