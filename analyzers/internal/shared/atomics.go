package shared

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A Mixed is a plain access to a word that package sync/atomic accesses
// elsewhere.
type Mixed struct {
	At     Access // the plain one
	Atomic Access // and one that conflicts with it
	// Again says that the plain one reads in the function what the atomic one
	// has just set there.
	Again bool
	// Beside says that the plain one is a write under the lock under which others write
	// atomically, for the sake of a read that takes no lock.
	Beside bool
	// Certain says that the plain one reads, in what other packages can call, a word of an
	// object of which nobody makes a copy, which would be read plainly when it is nobody else's.
	Certain bool
	// Lock is the one that the plain one holds, where the atomic one does without it.
	Lock string
}

// A Torn is an atomic load and an atomic store that depends on it.
type Torn struct {
	Load, Store *ssa.Call
	Ref         *access.Ref
	Fn          *ssa.Function
	// Check says that the store is under a condition on the load; else the
	// stored value is computed from the loaded one.
	Check bool
	// Effect is what else is done under the condition: a close or a start of
	// a goroutine; nil where the loaded value is compared by order.
	Effect ssa.Instruction
	// Together says that several goroutines are known to come there at the same time: requests,
	// or goroutines that are started in a loop.
	Together bool
}

// Mixed returns the plain accesses to atomic words.
func (s *Set) Mixed() []Mixed {
	s.mixedOnce.Do(func() {
		s.Pkg.Mu.Lock()
		defer s.Pkg.Mu.Unlock()
		if s.prepare() {
			s.findMixed()
		}
	})
	return s.mixed
}

// Torn returns the pairs of atomic operations that are meant as one.
func (s *Set) Torn() []Torn {
	s.tornOnce.Do(func() {
		s.Pkg.Mu.Lock()
		defer s.Pkg.Mu.Unlock()
		if s.prepare() {
			s.findTorn()
		}
	})
	return s.torn
}

// wordOf returns the field or package variable at an address.
func wordOf(addr ssa.Value) *types.Var {
	switch x := addr.(type) {
	case *ssa.FieldAddr:
		if st, ok := deref(x.X.Type()).Underlying().(*types.Struct); ok {
			return st.Field(x.Field).Origin()
		}
	case *ssa.Global:
		v, _ := x.Object().(*types.Var)
		return v
	}
	return nil
}

func (s *Set) findMixed() {
	atomics := make(map[*types.Var][]*use)
	for _, fn := range s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				op, x := s.Pkg.Op(&call.Call)
				if x == nil || !isWord(x.Type()) || !isAtomic(op.Kind) {
					continue
				}
				if v := wordOf(x); v != nil && v.Pkg() == s.Pass.Pkg {
					atomics[v] = append(atomics[v], s.useAt(fn, v, x, instr, op.Kind != ops.AtomicLoad))
				}
			}
		}
	}
	if len(atomics) == 0 {
		return
	}
	s.findContexts()
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) || fn.Name() == "init" {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				var addr ssa.Value
				write := false
				switch instr := instr.(type) {
				case *ssa.UnOp:
					if instr.Op == token.MUL {
						addr = instr.X
					}
				case *ssa.Store:
					addr, write = instr.Addr, true
					if s.stepOf(instr) {
						addr = nil // what atomic of x/tools reports
					}
				}
				if addr == nil {
					continue
				}
				if v := wordOf(addr); v != nil && len(atomics[v]) > 0 {
					s.mix(s.useAt(fn, v, addr, instr, write), atomics[v])
				}
			}
		}
	}
}

// stepOf reports whether the store is of what an atomic operation on the same
// word returns.
func (s *Set) stepOf(st *ssa.Store) bool {
	call, ok := st.Val.(*ssa.Call)
	if !ok {
		return false
	}
	op, x := s.Pkg.Op(&call.Call)
	return x != nil && isAtomic(op.Kind) && s.Pkg.Access.Of(x) == s.Pkg.Access.Of(st.Addr)
}

func isAtomic(k ops.Kind) bool {
	return k == ops.AtomicLoad || k == ops.AtomicStore || k == ops.AtomicUpdate
}

// useAt makes the use of a word at an instruction.
func (s *Set) useAt(fn *ssa.Function, v *types.Var, addr ssa.Value, instr ssa.Instruction, write bool) *use {
	held, known := s.heldAt(fn, instr)
	u := &use{fn: fn, v: v, locks: classes(held)}
	u.Access = Access{Ref: s.Pkg.Access.Of(addr), Write: write, At: instr, Leaf: instr, Unsure: !known, Held: held}
	_, call := instr.(*ssa.Call)
	u.Atomic = call
	return u
}

// mix notes a plain use that can run beside an atomic one, one of them a write.
func (s *Set) mix(u *use, atomics []*use) {
	c := s.contexts[u.fn]
	base := u.Ref.Base
	if v, ok := u.Leaf.(ssa.Value); ok && len(*v.Referrers()) == 0 {
		return // a check for nil
	}
	if base != nil && !named(base) {
		return
	}
	if forPanic(u.Leaf) {
		return // what is told when all is lost anyway
	}
	if u.Unsure || c.quiet || s.excused(u.Leaf) || s.swapped(u) || s.starting(u.fn) || s.acquired(u) || s.published(u) || base != nil && (s.owns(u.fn, base) || s.foreign(u.fn, base)) || !s.concurrent(u) {
		return
	}
	for l, m := range c.held {
		u.locks[l] = m
	}
	if len(u.locks) > 0 && !s.besideLock(u, atomics) {
		// Either the object is kept by a lock, while others of its type are not, or a goroutine
		// does without the lock and takes an atomic operation to be as good.
		if a := s.passesBy(u, atomics); a != nil {
			s.mixed = append(s.mixed, Mixed{At: u.Access, Atomic: a.Access, Certain: true, Lock: s.lockName(u, firstOf(u.locks))})
		}
		return
	}
	var best *use
	for _, a := range atomics {
		if s.inTest(a.fn) || !a.Write && !u.Write || a.Ref.Base != nil && !named(a.Ref.Base) {
			continue
		}
		for l, m := range s.contexts[a.fn].held {
			a.locks[l] = m
		}
		if commonLock(u, a) || s.sameGoroutine(u.fn, a.fn) || s.startsAfter(a, u) || s.startsAfter(u, a) {
			continue
		}
		if best == nil || a.fn != u.fn && best.fn == u.fn {
			best = a
		}
	}
	for _, a := range atomics {
		if a.fn == u.fn && a.Write && !u.Write && a.Ref == u.Ref && after(a.At, u.At) && a.At.Block().Dominates(u.At.Block()) && s.manyCallers(u.fn) {
			s.mixed = append(s.mixed, Mixed{At: u.Access, Atomic: a.Access, Again: true})
			return
		}
	}
	if best != nil {
		if !u.Write && slices.ContainsFunc(atomics, func(a *use) bool { return a.fn == u.fn && a.Write && after(u.At, a.At) }) {
			return // it writes the word next, which who holds it may do
		}
		certain := !u.Write && best.Write && best.fn != u.fn && len(u.locks) == 0 && s.exported(u.fn) && s.contexts[best.fn].api && !s.copied(u.v)
		s.mixed = append(s.mixed, Mixed{At: u.Access, Atomic: best.Access, Beside: len(u.locks) > 0, Certain: certain})
	}
}

// copied reports whether the package copies structs that have the field.
func (s *Set) copied(f *types.Var) bool {
	if s.copies == nil {
		s.copies = make(map[*types.Var]bool)
		seen := make(map[types.Type]bool)
		var note func(t types.Type)
		note = func(t types.Type) {
			st, ok := t.Underlying().(*types.Struct)
			if !ok || seen[t] {
				return
			}
			seen[t] = true
			for f := range st.Fields() {
				s.copies[f.Origin()] = true
				note(f.Type())
			}
		}
		for _, fn := range s.Pkg.Funcs {
			for _, p := range fn.Params {
				note(p.Type())
			}
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					if load, ok := instr.(*ssa.UnOp); ok && load.Op == token.MUL {
						note(load.Type())
					}
				}
			}
		}
	}
	return s.copies[f]
}

// besideLock reports whether a plain write under a lock is of a word that is written
// atomically under the same lock elsewhere: for those that read it without the lock, or add
// to it, as one does.
func (s *Set) besideLock(u *use, atomics []*use) bool {
	if st, ok := u.Leaf.(*ssa.Store); !ok || !s.lockedBeside(st.Addr, u) {
		return false
	}
	under, without := false, false
	for _, a := range atomics {
		if s.inTest(a.fn) || a.Ref.Base == nil || !named(a.Ref.Base) || a.Unsure || s.contexts[a.fn].quiet || s.owns(a.fn, a.Ref.Base) {
			continue
		}
		under = under || a.Write && commonLock(u, a)
		without = without || len(a.locks) == 0 && len(s.contexts[a.fn].held) == 0 && s.concurrent(a) && !s.startsAfter(a, u) && !s.startsAfter(u, a)
	}
	return under && without
}

// passesBy returns an atomic write that a goroutine of the package makes without any lock, of a
// word that u, in a function which others can call, reads plainly under the lock that stands beside
// it: the lock orders the two as little as the atomic does.
func (s *Set) passesBy(u *use, atomics []*use) *use {
	load, ok := u.Leaf.(*ssa.UnOp)
	if !ok || !s.lockedBeside(load.X, u) || !s.exported(u.fn) || u.Ref.Base == nil || s.copied(u.v) {
		return nil
	}
	for _, a := range atomics {
		if a.Write && !a.Unsure && !s.contexts[a.fn].quiet && len(a.locks) == 0 && len(s.contexts[a.fn].held) == 0 && len(s.contexts[a.fn].some) == 0 &&
			s.inGoroutine(a.fn) && s.concurrent(a) && !s.startsAfter(u, a) && !s.inTest(a.fn) {
			return a
		}
	}
	return nil
}

// lockedBeside reports whether one of the locks that are held stands in the struct of the word.
func (s *Set) lockedBeside(addr ssa.Value, u *use) bool {
	fa, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return true // a package variable
	}
	st, ok := deref(fa.X.Type()).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if _, held := u.locks[f.Origin()]; held {
			return true
		}
	}
	return false
}

// named reports whether it is known where an object comes from: a parameter or
// variable, or what a field of one points to. One that a call hands out can be
// in use by its owner alone, or by all, whatever others of its type are.
func named(base *access.Ref) bool {
	switch base.Root().Kind {
	case access.Param, access.Global, access.Alloc:
		return true
	}
	return false
}

// acquired reports whether the use comes after a call of a function that is not
// written in Go, which is given another word of the same object: it can be one
// that orders what follows.
func (s *Set) acquired(u *use) bool {
	if u.Ref.Base == nil {
		return false
	}
	for _, b := range u.fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || call.Call.StaticCallee() == nil || len(call.Call.StaticCallee().Blocks) > 0 || call.Call.StaticCallee().Pkg != u.fn.Pkg {
				continue
			}
			for _, arg := range call.Call.Args {
				if r := s.Pkg.Access.Of(arg); r != u.Ref && r.Base == u.Ref.Base && after(call, u.At) {
					return true
				}
			}
		}
	}
	return false
}

// published reports whether it depends on an atomic load of another word of the object if
// the read is made: one that says that the word is there, as a rule, and will not change.
func (s *Set) published(u *use) bool {
	if u.Write || u.Ref.Base == nil {
		return false
	}
	for br := range conditions(u.At) {
		for _, v := range br.Operands(nil) {
			if s.loadsBeside(*v, u.Ref, 0) {
				return true
			}
		}
	}
	return false
}

// loadsBeside reports whether a value is made of what is loaded atomically from another
// field of the object than r.
func (s *Set) loadsBeside(v ssa.Value, r *access.Ref, depth int) bool {
	if depth > 3 {
		return false
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		return s.loadsBeside(v.X, r, depth+1) || s.loadsBeside(v.Y, r, depth+1)
	case *ssa.UnOp:
		if a, ok := v.X.(*ssa.Alloc); ok && v.Op == token.MUL { // a variable that a literal has as well
			return anyStored(a, func(v ssa.Value) bool { return s.loadsBeside(v, r, depth+1) })
		}
		return v.Op == token.NOT && s.loadsBeside(v.X, r, depth+1)
	case *ssa.Call:
		op, x := s.Pkg.Op(&v.Call)
		if callee := v.Call.StaticCallee(); op.Kind == ops.None && callee != nil && len(callee.Blocks) > 0 && len(v.Call.Args) > 0 {
			return s.Pkg.Access.Of(v.Call.Args[0]).Root() == r.Root() && s.loadsAny(callee)
		}
		if x == nil || !isAtomic(op.Kind) {
			return false
		}
		other := s.Pkg.Access.Of(x)
		return other != r && other.Root() == r.Root()
	}
	return false
}

// loadsAny reports whether the function loads something atomically.
func (s *Set) loadsAny(fn *ssa.Function) bool {
	return slices.ContainsFunc(s.ops(fn), func(op syncOp) bool { return op.medium == byAtomic && op.acquire })
}

// swapped reports whether a read only prepares a CompareAndSwap of the word,
// which fails when it read the wrong value.
func (s *Set) swapped(u *use) bool {
	load, ok := u.Leaf.(*ssa.UnOp)
	if !ok {
		return false
	}
	for _, b := range u.fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !after(load, call) {
				continue
			}
			op, x := s.Pkg.Op(&call.Call)
			if op.Kind == ops.AtomicUpdate && x != nil && len(call.Call.Args) > 2 && s.Pkg.Access.Of(x) == u.Ref {
				return true
			}
		}
	}
	return false
}
