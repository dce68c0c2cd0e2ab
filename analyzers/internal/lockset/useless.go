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

// A UselessKind is why a lock protects nothing.
type UselessKind uint8

// The kinds.
const (
	Local        UselessKind = iota // a mutex that only one call knows
	ReadWrite                       // a write under the read lock
	ElementWrite                    // the same, of what lies in a map or slice
	Empty                           // unlocked at once, before what it guards
)

// A Useless is a lock that protects nothing.
type Useless struct {
	Kind UselessKind
	// At is the Lock, or the write.
	At   ssa.Instruction
	Ref  *access.Ref // the lock
	Held ssa.Instruction
	// Field is what is written, and Other a write with the lock held
	// exclusively.
	Field *access.Ref
	Other ssa.Instruction
}

func (s *Set) useless() {
	s.locals()
	s.readWrites()
	s.elementWrites()
	s.empty()
}

// empty finds locks that are released before anything is done, in functions
// that go on to write what other functions write under that lock: the unlock
// was to be deferred. Where nothing is written, it can be meant to wait for
// whoever holds the lock.
func (s *Set) empty() {
	type guarded struct{ field, lock *types.Var }
	known := make(map[guarded]bool)
	for _, fl := range s.Locks.Funcs {
		for _, ev := range fl.Events {
			if ev.Kind == skeleton.StoreEvent && ev.Ref.Kind == access.Field {
				for _, h := range ev.States[0] {
					if h.Ref.Kind == access.Field && h.Ref.Base == ev.Ref.Base && h.Mode == skeleton.Exclusive {
						known[guarded{ev.Ref.Field, h.Ref.Field}] = true
					}
				}
			}
		}
	}
	for _, fl := range s.Locks.Funcs {
		for _, ev := range fl.Events {
			if ev.Kind != skeleton.UnlockEvent || ev.Deferred || ev.Mode != skeleton.Exclusive || ev.Ref.Kind != access.Field {
				continue
			}
			lock := s.justBefore(fl, ev)
			if lock == nil || s.fresh(fl.Fn, ev.Ref) {
				continue
			}
			// Nothing may lock it once more.
			if slices.ContainsFunc(fl.Events, func(e *skeleton.Event) bool {
				return e.Kind == skeleton.LockEvent && e.Instr != lock && e.Ref == ev.Ref
			}) {
				continue
			}
			if st := s.writeAfter(ev, func(f *types.Var) bool { return known[guarded{f, ev.Ref.Field}] }); st != nil {
				s.Useless = append(s.Useless, Useless{Kind: Empty, At: ev.Instr, Ref: ev.Ref, Held: lock, Field: s.Pkg.Access.Of(st.Addr), Other: st})
			}
		}
	}
}

// justBefore returns the Lock that the unlock follows with nothing in between.
func (s *Set) justBefore(fl *skeleton.FuncLocks, ev *skeleton.Event) ssa.Instruction {
	instrs := ev.Instr.Block().Instrs
	for i := slices.Index(instrs, ev.Instr) - 1; i >= 0; i-- {
		switch instr := instrs[i].(type) {
		case *ssa.FieldAddr, *ssa.DebugRef:
		case *ssa.Call:
			for _, e := range fl.Events {
				if e.Kind == skeleton.LockEvent && e.Instr == instr && !e.Try && e.Ref == ev.Ref {
					return instr
				}
			}
			return nil
		default:
			return nil
		}
	}
	return nil
}

// updates reports whether the store changes the field from what it was: x.n++,
// x.list = append(x.list, v).
func (s *Set) updates(st *ssa.Store, r *access.Ref) bool {
	var from ssa.Value
	switch v := st.Val.(type) {
	case *ssa.BinOp:
		from = v.X
	case *ssa.Call:
		if bi, ok := v.Call.Value.(*ssa.Builtin); ok && bi.Name() == "append" {
			from = v.Call.Args[0]
		}
	}
	load, ok := from.(*ssa.UnOp)
	return ok && load.Op == token.MUL && s.Pkg.Access.Of(load.X) == r
}

// writeAfter returns a write, after the unlock and in its function, of a field
// beside the lock that ok accepts.
func (s *Set) writeAfter(ev *skeleton.Event, ok func(*types.Var) bool) *ssa.Store {
	for _, b := range ev.Fn.Blocks {
		for _, instr := range b.Instrs {
			st, isStore := instr.(*ssa.Store)
			if !isStore || !skeleton.Dominates(ev.Instr, st) {
				continue
			}
			if r := s.Pkg.Access.Of(st.Addr); r.Kind == access.Field && r.Base == ev.Ref.Base && (ok(r.Field) || s.updates(st, r)) {
				return st
			}
		}
	}
	return nil
}

// locals finds mutexes that are variables of one call: no closure, goroutine
// or other function gets at them.
func (s *Set) locals() {
	for _, fl := range s.Locks.Funcs {
		var done []*access.Ref
		for _, ev := range fl.Events {
			if ev.Kind != skeleton.LockEvent || ev.Ref.Kind != access.Alloc || slices.Contains(done, ev.Ref) {
				continue
			}
			done = append(done, ev.Ref)
			alloc, ok := ev.Ref.Value.(*ssa.Alloc)
			if !ok || alloc.Parent() != fl.Fn || !ops.IsLock(alloc.Type()) {
				continue
			}
			if s.alone(alloc) && !slices.ContainsFunc(s.Double, func(d Double) bool { return d.Ref == ev.Ref }) {
				s.Useless = append(s.Useless, Useless{Kind: Local, At: ev.Instr, Ref: ev.Ref})
			}
		}
	}
}

// alone reports whether all that is done with the variable is to lock and
// unlock it here.
func (s *Set) alone(alloc *ssa.Alloc) bool {
	for _, ref := range *alloc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Call, *ssa.Defer:
			op, x := s.Pkg.Op(ref.(ssa.CallInstruction).Common())
			if x != alloc {
				return false
			}
			switch op.Kind {
			case ops.Lock, ops.RLock, ops.Unlock, ops.RUnlock, ops.TryLock, ops.TryRLock:
			default:
				return false
			}
		default:
			return false
		}
	}
	return true
}

// readWrites finds writes of a field with the RWMutex beside it held only for
// reading, where other writes hold it exclusively.
func (s *Set) readWrites() {
	type guarded struct{ field, lock *types.Var }
	exclusive := make(map[guarded]ssa.Instruction)
	each := func(f func(fl *skeleton.FuncLocks, ev *skeleton.Event, h skeleton.Held)) {
		for _, fl := range s.Locks.Funcs {
			for _, ev := range fl.Events {
				if ev.Kind != skeleton.StoreEvent || ev.Ref.Kind != access.Field || s.fresh(fl.Fn, ev.Ref) {
					continue
				}
				for _, h := range ev.States[0] {
					if h.Ref.Kind == access.Field && h.Ref.Base == ev.Ref.Base && !h.Stale && heldInAll(ev.States, h) {
						f(fl, ev, h)
					}
				}
			}
		}
	}
	each(func(_ *skeleton.FuncLocks, ev *skeleton.Event, h skeleton.Held) {
		k := guarded{ev.Ref.Field, h.Ref.Field}
		if _, ok := exclusive[k]; !ok && h.Mode == skeleton.Exclusive {
			exclusive[k] = ev.Instr
		}
	})
	each(func(fl *skeleton.FuncLocks, ev *skeleton.Event, h skeleton.Held) {
		other, ok := exclusive[guarded{ev.Ref.Field, h.Ref.Field}]
		if !ok || h.Mode != skeleton.Shared {
			return
		}
		// Another lock that is held exclusively can be what guards it here.
		for _, g := range ev.States[0] {
			if g.Mode == skeleton.Exclusive {
				return
			}
		}
		if !s.usedBeside(skeleton.Outermost(fl.Fn), ev.Ref.Field, h.Ref.Field) {
			return
		}
		s.Useless = append(s.Useless, Useless{Kind: ReadWrite, At: ev.Instr, Ref: h.Ref, Held: h.At, Field: ev.Ref, Other: other})
	})
}

// elementWrites finds writes of a field of what lies in a map or slice, with the
// RWMutex beside that held only for reading, in a function that several callers can
// run at the same time. The element has no lock of its own.
func (s *Set) elementWrites() {
	for _, fl := range s.Locks.Funcs {
		obj := fl.Fn.Object()
		if obj == nil || !obj.Exported() || s.Pkg.InTest(fl.Fn) {
			continue
		}
		for _, ev := range fl.Events {
			if ev.Kind != skeleton.StoreEvent || ev.Ref.Kind != access.Field || ev.Ref.Base.Kind != access.Elem || s.fresh(fl.Fn, ev.Ref) {
				continue
			}
			in := ev.Ref.Base.Base
			if in.Kind != access.Field || hasLock(ev.Ref.Field, in.Field.Type()) {
				continue
			}
			for _, h := range ev.States[0] {
				beside := h.Ref.Kind == access.Field && h.Ref.Base == in.Base && h.Mode == skeleton.Shared && !h.Stale
				if !beside || !heldInAll(ev.States, h) || slices.ContainsFunc(ev.States, func(st []skeleton.Held) bool {
					return slices.ContainsFunc(st, func(g skeleton.Held) bool { return g.Mode == skeleton.Exclusive })
				}) {
					continue
				}
				s.Useless = append(s.Useless, Useless{Kind: ElementWrite, At: ev.Instr, Ref: h.Ref, Held: h.At, Field: ev.Ref})
				break
			}
		}
	}
}

// hasLock reports whether the struct with the field, that the elements of a container
// are, has a lock of its own, or is not known.
func hasLock(field *types.Var, container types.Type) bool {
	n := pointee(container)
	if n == nil || !hasField(n, field) {
		return true
	}
	st := n.Underlying().(*types.Struct)
	for i := range st.NumFields() {
		t := st.Field(i).Type()
		if ptr, ok := t.Underlying().(*types.Pointer); ok {
			t = ptr.Elem()
		}
		if ops.IsLock(t) || ops.IsLocker(t) {
			return true
		}
	}
	return false
}

// usedBeside reports whether there is a reader of the field that can run beside the
// function: another one that does not hold the lock for writing, or itself when other packages can call it.
func (s *Set) usedBeside(fn *ssa.Function, field, lock *types.Var) bool {
	if obj := fn.Object(); obj != nil && obj.Exported() || len(s.Pkg.Sites(fn))+s.values(fn) != 1 {
		return true
	}
	for _, other := range s.Pkg.Funcs {
		if s.onlyWithin(skeleton.Outermost(other), fn, 0) || s.Pkg.InTest(other) && !s.Pkg.InTest(fn) {
			continue
		}
		fl := s.Locks.Of(other)
		for _, b := range other.Blocks {
			for _, instr := range b.Instrs {
				load, ok := instr.(*ssa.UnOp)
				if !ok || load.Op != token.MUL {
					continue
				}
				r := s.Pkg.Access.Of(load.X)
				if r.Kind != access.Field || r.Field != field || s.fresh(other, r) {
					continue
				}
				held, known := fl.HeldAt(load)
				if !known || !slices.ContainsFunc(held, func(h skeleton.Held) bool {
					return h.Mode == skeleton.Exclusive && h.Ref.Kind == access.Field && h.Ref.Field == lock
				}) {
					return true
				}
			}
		}
	}
	return false
}

// maxWithin bounds through how many calls [Set.onlyWithin] looks.
const maxWithin = 4

// onlyWithin reports whether the function is fn, or one that only fn calls, directly or through others
// of the kind, and not in a goroutine.
func (s *Set) onlyWithin(f, fn *ssa.Function, depth int) bool {
	if f == fn {
		return true
	}
	if obj := f.Object(); depth > maxWithin || obj == nil || obj.Exported() || s.values(f) > 0 {
		return false
	}
	called := false
	for _, site := range s.Pkg.Sites(f) {
		if s.Pkg.InTest(site.Parent()) {
			continue
		}
		if _, ok := site.(*ssa.Call); !ok || !s.onlyWithin(skeleton.Outermost(site.Parent()), fn, depth+1) {
			return false
		}
		called = true
	}
	return called
}

// values returns how often the package takes a method as a value.
func (s *Set) values(fn *ssa.Function) int {
	n := 0
	for _, other := range s.Pkg.Funcs {
		for _, b := range other.Blocks {
			for _, instr := range b.Instrs {
				if mc, ok := instr.(*ssa.MakeClosure); ok {
					if f := mc.Fn.(*ssa.Function); f.Synthetic != "" && f.Object() != nil && f.Object() == fn.Object() {
						n++
					}
				}
			}
		}
	}
	return n
}
