package shared

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Mixed is a plain access to a word that package sync/atomic accesses
// elsewhere.
type Mixed struct {
	At     Access // the plain one
	Atomic Access // and one that conflicts with it
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
	held, known := s.Pkg.Locks().Of(fn).HeldAt(instr)
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
	if u.Unsure || c.quiet || s.excused(u.Leaf) || s.swapped(u) || base != nil && (s.owns(u.fn, base) || s.foreign(u.fn, base)) || !s.concurrent(u) {
		return
	}
	for l, m := range c.held {
		u.locks[l] = m
	}
	var best *use
	for _, a := range atomics {
		if s.inTest(a.fn) || !a.Write && !u.Write {
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
	if best != nil {
		s.mixed = append(s.mixed, Mixed{At: u.Access, Atomic: best.Access})
	}
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

// findTorn finds a store of what was computed from a load of the same variable,
// or under a condition on one, where nothing keeps other writers out.
func (s *Set) findTorn() {
	type atomicOp struct {
		fn   *ssa.Function
		call *ssa.Call
		ref  *access.Ref
		kind ops.Kind
	}
	var stores []atomicOp
	writers := make(map[access.Class][]*ssa.Function)
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				op, x := s.Pkg.Op(&call.Call)
				if x == nil || op.Kind != ops.AtomicStore && op.Kind != ops.AtomicUpdate {
					continue
				}
				r := s.Pkg.Access.Of(x)
				writers[r.Class()] = append(writers[r.Class()], fn)
				if op.Kind == ops.AtomicStore {
					stores = append(stores, atomicOp{fn, call, r, op.Kind})
				}
			}
		}
	}
	if len(stores) == 0 {
		return
	}
	s.findContexts()
	for _, st := range stores {
		args := skeleton.Args(&st.call.Call)
		if len(args) == 0 {
			continue
		}
		held, known := s.Pkg.Locks().Of(st.fn).HeldAt(st.call)
		c := s.contexts[st.fn]
		if !known || len(held) > 0 || len(c.held) > 0 || c.quiet || s.owns(st.fn, st.ref) || !s.written(st.fn, writers[st.ref.Class()]) {
			continue
		}
		if u := (&use{fn: st.fn, Access: Access{At: st.call}}); !s.concurrent(u) {
			continue
		}
		val := args[len(args)-1]
		if load := s.computed(val, st.ref, 0); load != nil {
			s.torn = append(s.torn, Torn{Load: load, Store: st.call, Ref: st.ref, Fn: st.fn})
			continue
		}
		for br, truth := range conditions(st.call) {
			load, ordered := s.compared(br.Cond, val, st.ref)
			if load == nil || !alone(load, st.call) {
				continue
			}
			effect := effectUnder(br, truth)
			if effect != nil || ordered {
				s.torn = append(s.torn, Torn{Load: load, Store: st.call, Ref: st.ref, Fn: st.fn, Check: true, Effect: effect})
				break
			}
		}
	}
}

// alone reports whether the load comes before the store without a wait between.
func alone(load, store *ssa.Call) bool { return load.Block().Dominates(store.Block()) }

// written reports whether several goroutines can be at the writes.
func (s *Set) written(fn *ssa.Function, writers []*ssa.Function) bool {
	c := s.contexts[fn]
	if c.api {
		return true
	}
	for g := range c.by {
		if s.startedOften(g) {
			return true
		}
	}
	for _, w := range writers {
		if w != fn && !s.sameGoroutine(w, fn) && (s.contexts[w].api || len(s.contexts[w].by) > 0) {
			return true
		}
	}
	return false
}

// computed returns the load of ref that the value is computed from.
func (s *Set) computed(v ssa.Value, ref *access.Ref, depth int) *ssa.Call {
	b, ok := v.(*ssa.BinOp)
	if !ok {
		if conv, ok := v.(*ssa.Convert); ok && depth < 3 {
			return s.computed(conv.X, ref, depth+1)
		}
		return nil
	}
	for _, x := range []ssa.Value{b.X, b.Y} {
		if load := s.loadOf(x, ref); load != nil {
			return load
		}
		if depth < 3 {
			if load := s.computed(x, ref, depth+1); load != nil {
				return load
			}
		}
	}
	return nil
}

func (s *Set) loadOf(v ssa.Value, ref *access.Ref) *ssa.Call {
	if conv, ok := v.(*ssa.Convert); ok {
		v = conv.X
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if op, x := s.Pkg.Op(&call.Call); op.Kind == ops.AtomicLoad && x != nil && s.Pkg.Access.Of(x) == ref {
		return call
	}
	return nil
}

// compared returns the load of ref that a condition is on; ordered says that it
// is compared by order with the value that is stored.
func (s *Set) compared(cond, stored ssa.Value, ref *access.Ref) (load *ssa.Call, ordered bool) {
	switch c := cond.(type) {
	case *ssa.UnOp:
		if c.Op == token.NOT {
			return s.loadOf(c.X, ref), false
		}
	case *ssa.BinOp:
		for _, pair := range [2][2]ssa.Value{{c.X, c.Y}, {c.Y, c.X}} {
			if load := s.loadOf(pair[0], ref); load != nil {
				switch c.Op {
				case token.LSS, token.GTR, token.LEQ, token.GEQ:
					return load, pair[1] == stored
				}
				return load, false
			}
		}
	}
	return s.loadOf(cond, ref), false
}

// effectUnder returns a close or a go statement that the branch leads to.
func effectUnder(br *ssa.If, truth bool) ssa.Instruction {
	to := br.Block().Succs[1]
	if truth {
		to = br.Block().Succs[0]
	}
	for _, b := range br.Parent().Blocks {
		if !to.Dominates(b) {
			continue
		}
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Go:
				return instr
			case *ssa.Call:
				if bi, ok := instr.Call.Value.(*ssa.Builtin); ok && bi.Name() == "close" {
					return instr
				}
			}
		}
	}
	return nil
}
