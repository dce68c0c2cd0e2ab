package shared

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// breaks notes the accesses that are made without the guard although others
// that conflict can run.
func (s *Set) breaks(g *guard, uses []*use) {
	at := make(map[*ssa.Function]int)
	setter := s.setter(uses)
	for _, u := range uses {
		if u.quiet || u.owned || s.generated(u.fn) {
			continue
		}
		mode, held := u.locks[g.lock]
		if held {
			s.handedOut(g, u, uses)
		}
		b := NotHeld
		switch {
		case held && mode == skeleton.Exclusive, held && !u.Write:
			continue
		case held:
			b = ReadHeld
		case u.strange != nil && u.strange.Class().Var == g.lock:
			if !s.eachItsOwn(g, uses) {
				continue
			}
			b = OtherObject
		case s.helperWrite(u) || !u.Write && slices.ContainsFunc(uses, func(o *use) bool { return o.fn == u.fn && after(o.At, u.At) && !o.holds(g.lock) && s.helperWrite(o) }):
			continue // who writes without the lock, in a helper, knows to be alone
		case u.fn.Signature.Recv() != nil && u.fn.Name() == "Close" && !s.takes(u.fn, g.lock):
			continue // the last that is called
		case u.Ref.Base != nil && u.Ref.Base.Kind == access.Field && !u.Ref.Base.Field.Embedded() && !s.ownPart(u.Ref.Base.Field):
			continue // what is reached through another object may be kept by that
		}
		if s.excused(u.Leaf) || s.recovers(u) || b == NotHeld && (s.seenBefore(g, u, uses) || s.startedUnder(g, u)) || s.sets(u) || b == NotHeld && (s.prepares(u, g.lock) || s.preparedFor(u, g.lock)) {
			continue
		}
		if forPanic(u.Leaf) || !s.concurrent(u) || !u.Write && setter != nil && s.follows(u.fn, u.At, setter, 0) {
			continue
		}
		other := s.counterpart(g, u, uses)
		if other == nil || b == NotHeld && s.collected(g, u, uses) {
			continue
		}
		if g.weak && (b != NotHeld || !s.beside(u, other) || s.takers(g.lock) < 2) {
			continue
		}
		if slices.ContainsFunc(s.unguarded, func(o Unguarded) bool {
			return o.Break == Reread && o.At.Leaf == u.Leaf || o.Break == OtherLock && (o.At.Leaf == u.Leaf || o.Against.Leaf == u.Leaf)
		}) {
			continue // told already
		}
		found := Unguarded{
			Break: b, At: u.Access, Lock: g.lock, Name: s.lockName(u, g.lock), Held: g.held, All: g.all, Against: other.Access,
			Beside: b == NotHeld && s.beside(u, other), Single: g.single,
		}
		if b == NotHeld && !u.Write {
			found.Next = s.locksNext(g, u, uses)
		}
		found.Own = b == NotHeld && !u.Write && (s.usedUnder(g, u, uses) || found.Next != nil) && s.changedElsewhere(g, u, uses)
		if b == OtherObject {
			found.Other = u.strange.String()
		}
		if i, ok := at[u.fn]; ok { // one for each function
			if u.Write && !s.unguarded[i].At.Write {
				s.unguarded[i] = found
			}
			continue
		}
		at[u.fn] = len(s.unguarded)
		s.unguarded = append(s.unguarded, found)
	}
}

// forPanic reports whether the instruction is only executed on the way to a panic.
func forPanic(at ssa.Instruction) bool {
	_, dies := at.Block().Instrs[len(at.Block().Instrs)-1].(*ssa.Panic)
	return dies
}

// fewWriters is how many writes a lock can keep apart for which one reader does without it.
const fewWriters = 3

// collected reports whether the lock only keeps those apart who write, and u is in the one
// function that reads, without ever taking the lock: as what goroutines have collected is read
// when they are done. What it waits for may be in another package; where many write, not all are
// likely to be waited for.
func (s *Set) collected(g *guard, u *use, uses []*use) bool {
	mine := skeleton.Outermost(u.fn)
	return g.held <= fewWriters && !u.Write && !s.takes(mine, g.lock) && !slices.ContainsFunc(uses, func(o *use) bool {
		return !o.Write && !o.owned && skeleton.Outermost(o.fn) != mine
	})
}

// usedUnder reports whether the function of u has used the variable under the lock itself, on
// every way to u, and has let the lock go since.
func (s *Set) usedUnder(g *guard, u *use, uses []*use) bool {
	return slices.ContainsFunc(uses, func(e *use) bool {
		return e.fn == u.fn && e.Ref == u.Ref && e.own && e.holds(g.lock) && !e.quiet && skeleton.Dominates(e.At, u.At) && !after(u.At, e.At)
	})
}

// locksNext returns where the function of u goes on to take the lock of the object itself, so that it
// does not know to be alone: to use the variable under it, or where it is clear that the lock guards
// it.
func (s *Set) locksNext(g *guard, u *use, uses []*use) ssa.Instruction {
	fl := s.Pkg.Locks().Of(u.fn)
	if fl == nil || g.held < clearly && !slices.ContainsFunc(uses, func(e *use) bool {
		return e.fn == u.fn && e.Ref == u.Ref && e.own && e.holds(g.lock) && !e.quiet && after(u.At, e.At)
	}) {
		return nil
	}
	for _, ev := range fl.Events {
		if ev.Kind == skeleton.LockEvent && !ev.Try && !ev.Deferred && ev.Ref.Class().Var == g.lock && ev.Ref.Base == u.Ref.Base &&
			skeleton.Dominates(u.At, ev.Instr) && !after(ev.Instr, u.At) {
			return ev.Instr
		}
	}
	return nil
}

// changedElsewhere reports whether another function that other packages call, or one that they
// come to by another way than by that of u, gives the variable a value under the lock; or its own
// one, if several goroutines run it.
func (s *Set) changedElsewhere(g *guard, u *use, uses []*use) bool {
	return slices.ContainsFunc(uses, func(w *use) bool { return s.changes(g, u, w) })
}

// changes reports whether w is such a change.
func (s *Set) changes(g *guard, u, w *use) bool {
	if _, store := w.Leaf.(*ssa.Store); !store && !(u.elems && w.elems && w.Write) || w.quiet || w.owned || !w.holds(g.lock) || !clash(u, w) {
		return false
	}
	mine, fn := skeleton.Outermost(u.fn), skeleton.Outermost(w.fn)
	if fn == mine {
		return s.comeTogether(u.fn) && s.comeTogether(w.fn)
	}
	return s.exported(fn) || slices.ContainsFunc(s.Pkg.Sites(fn), func(site ssa.CallInstruction) bool {
		by := skeleton.Outermost(site.Parent())
		return by != mine && s.exported(by)
	})
}

// ownPart reports whether the field is a struct that is a part of its object, which has no
// lock but that.
func (s *Set) ownPart(f *types.Var) bool {
	if _, ok := f.Type().Underlying().(*types.Struct); !ok {
		return false
	}
	for st := range s.lockVars() {
		if st == nil {
			continue
		}
		for g := range st.Fields() {
			if g == f || g.Origin() == f.Origin() {
				return false // the object has another
			}
		}
	}
	return true
}

// helperWrite reports whether the use is a write in a helper.
func (s *Set) helperWrite(u *use) bool {
	return u.Write && !u.elems && !s.exported(u.fn) && !s.contexts[u.fn].by[u.fn]
}

func (u *use) holds(lock *types.Var) bool {
	_, ok := u.locks[lock]
	return ok
}

// counterpart returns a use under the lock that conflicts with u, and that no
// other lock keeps apart from it.
func (s *Set) counterpart(g *guard, u *use, uses []*use) *use {
	var best *use
	for _, o := range uses {
		if o == u || o.quiet || o.owned || !clash(u, o) || o.fn == u.fn && s.invoked(u.fn) {
			continue
		}
		if _, ok := o.locks[g.lock]; !ok || commonLock(u, o) || s.perhaps(g, u, o) {
			continue
		}
		if s.sameGoroutine(u.fn, o.fn) || s.startsAfter(o, u) || s.startsAfter(u, o) || s.joined(o, u) || s.joined(u, o) || s.handshake(o, u) || s.handshake(u, o) || s.answered(o, u) || s.answered(u, o) || s.closedAfter(o, u) {
			continue
		}
		if best != nil && s.beside(u, best) != s.beside(u, o) {
			if s.beside(u, o) {
				best = o
			}
			continue
		}
		if best == nil || o.Write && !best.Write || o.Write == best.Write && o.fn != u.fn && best.fn == u.fn {
			best = o
		}
	}
	if _, held := u.locks[g.lock]; best == nil && held && s.contexts[u.fn].api && !s.invoked(u.fn) && !commonLock(u, u) {
		return u // what is written under a read lock by whoever calls
	}
	return best
}

// closedAfter reports whether the function of the write closes a channel after it, and the read is
// only come to when that has been found closed, or something received from it.
func (s *Set) closedAfter(w, u *use) bool {
	if !w.Write || u.Write {
		return false
	}
	var closed []access.Class
	for _, b := range w.fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || !after(w.At, instr) {
				continue
			}
			if bi, ok := call.Common().Value.(*ssa.Builtin); ok && bi.Name() == "close" {
				closed = append(closed, s.Pkg.Access.Of(call.Common().Args[0]).Class())
			}
		}
	}
	is := func(ch ssa.Value) bool {
		c := s.Pkg.Access.Of(ch).Class()
		return !c.IsZero() && slices.Contains(closed, c)
	}
	for br, truth := range conditions(u.At) {
		if sel, arm := armOf(br.Cond); sel != nil && truth && arm < len(sel.States) && sel.States[arm].Dir == types.RecvOnly && is(sel.States[arm].Chan) {
			return true
		}
	}
	return false
}

// invoked reports whether the function is only reached through an interface of another package,
// which decides who calls it when: net/rpc reads with its codec in one goroutine.
func (s *Set) invoked(fn *ssa.Function) bool {
	return s.private(fn) && fn.Object() != nil && fn.Object().Exported() && len(s.Pkg.Sites(fn)) == 0
}

// beside reports whether the two uses are certain to be of different goroutines: the one
// is only reached from a goroutine that the package starts, the other one is what other
// packages call, or is only reached from another such goroutine.
func (s *Set) beside(u, o *use) bool {
	if s.ofRequests()[u.fn] && s.ofRequests()[o.fn] {
		return true
	}
	if !s.inGoroutine(u.fn) {
		u, o = o, u
	}
	if !s.inGoroutine(u.fn) {
		return false
	}
	a, b := s.contexts[u.fn], s.contexts[o.fn]
	if len(b.by) == 0 {
		return b.api
	}
	for g := range b.by {
		if a.by[g] {
			return false
		}
	}
	return s.inGoroutine(o.fn)
}

// takers counts the functions that take the lock.
func (s *Set) takers(lock *types.Var) (n int) {
	for _, fn := range s.Pkg.Funcs {
		if fn.Parent() == nil && !s.inTest(fn) && !s.neverTakes(fn, lock) {
			n++
		}
	}
	return n
}

// ofRequests are the functions that handlers of requests come to with objects which other
// requests have too.
func (s *Set) ofRequests() map[*ssa.Function]bool {
	if s.requests != nil {
		return s.requests
	}
	s.requests = make(map[*ssa.Function]bool)
	var add func(fn *ssa.Function, depth int)
	add = func(fn *ssa.Function, depth int) {
		if s.requests[fn] || depth > maxDepth {
			return
		}
		s.requests[fn] = true
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				fns, _ := s.Pkg.Callees(call)
				for _, f := range fns {
					if recv := receiver(f, call); recv != nil && !s.owns(fn, s.Pkg.Access.Of(recv)) && !s.foreign(fn, s.Pkg.Access.Of(recv)) {
						add(f, depth+1)
					}
				}
			}
		}
	}
	for _, fn := range s.Pkg.Funcs {
		obj, method := fn.Object().(*types.Func)
		if s.inTest(fn) || s.Pkg.InTestFile(fn) {
			continue
		}
		if method && ops.IsHandler(obj) && obj.Name() == "ServeHTTP" && !s.perCall(fn, obj.Name()) || s.handles(fn) {
			add(fn, 0)
		}
	}
	return s.requests
}

// inGoroutine reports whether the function is only reached from goroutines that the
// package starts. A method of a type that others cannot name counts as their own.
func (s *Set) inGoroutine(fn *ssa.Function) bool {
	c := s.contexts[fn]
	return len(c.by) > 0 && (!c.api || s.private(fn))
}

// perhaps reports whether another lock, that some callers of u hold, keeps it
// apart from o: whether the others need it is for them to know.
func (s *Set) perhaps(g *guard, u, o *use) bool {
	for l := range s.contexts[u.fn].some {
		if _, ok := o.locks[l]; l != g.lock && (ok || s.contexts[o.fn].some[l]) {
			return true
		}
	}
	return false
}

func commonLock(u, o *use) bool {
	for l, m := range u.locks {
		if n, ok := o.locks[l]; ok && (m == skeleton.Exclusive || n == skeleton.Exclusive) {
			return true
		}
	}
	return false
}

// lockName is what to call the lock at an access: beside the field, as the
// access is written.
func (s *Set) lockName(u *use, lock *types.Var) string {
	if u.Ref.Base == nil || !lock.IsField() {
		return lock.Name()
	}
	if base, ok := strings.CutSuffix(s.Name(&u.Access), "."+u.v.Name()); ok {
		return base + "." + lock.Name()
	}
	return lock.Name()
}

// sets reports whether the use gives the variable an object that is made for it,
// in a function that has nothing to do with locks: one that prepares the object
// before it is shared, as Init does.
func (s *Set) sets(u *use) bool {
	st, ok := u.Leaf.(*ssa.Store)
	if !ok || s.Pkg.Locks().Of(u.fn) != nil {
		return false
	}
	switch v := plainValue(st.Val).(type) {
	case *ssa.MakeMap, *ssa.MakeChan, *ssa.MakeSlice:
		return true
	case *ssa.Alloc:
		return !variable(v)
	case *ssa.Slice: // of an array that make or a literal makes
		a, ok := v.X.(*ssa.Alloc)
		return ok && !variable(a)
	}
	return false
}

// prepares reports whether the use sets the variable in a function of the
// package's interface that never takes the lock: mostly one that is called once,
// before the object is shared, as Start is.
func (s *Set) prepares(u *use, lock *types.Var) bool {
	_, ok := u.Leaf.(*ssa.Store)
	return (ok && s.exported(u.fn) || s.starting(u.fn)) && s.neverTakes(u.fn, lock)
}

// starting reports whether a function is by its name the first that is called
// of an object, before that is shared: also one that gives a new object what
// it reads, as packages encoding and its like ask for.
func (s *Set) starting(fn *ssa.Function) bool {
	if fn.Signature.Recv() == nil || !s.exported(fn) {
		return false
	}
	switch name := fn.Name(); name {
	case "Start", "Init", "GobDecode", "Scan":
		return true
	default:
		return strings.HasPrefix(name, "Unmarshal")
	}
}

// preparedFor reports whether the use is in a helper, and the only callers that
// do not hold the lock are functions of the interface that set fields of the
// object and never take it.
func (s *Set) preparedFor(u *use, lock *types.Var) bool {
	if s.exported(u.fn) || len(s.contexts[u.fn].by) > 0 {
		return false
	}
	found := false
	for _, site := range s.Pkg.Sites(u.fn) {
		caller := site.Parent()
		held, _ := s.Pkg.Locks().Of(caller).HeldAt(site)
		if _, ok := classes(held)[lock]; ok || s.inTest(caller) {
			continue
		}
		if _, ok := s.contexts[caller].held[lock]; ok {
			continue
		}
		if !s.exported(caller) || !s.neverTakes(caller, lock) || !setsFields(caller) {
			return false
		}
		found = true
	}
	return found
}

// setsFields reports whether a function sets fields of its receiver or of an
// argument.
func setsFields(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if st, ok := instr.(*ssa.Store); ok {
				if _, ok := root(st.Addr).(*ssa.Parameter); ok {
					return true
				}
			}
		}
	}
	return false
}

// takes reports whether the function, or one that it calls, takes the lock: it
// does not know to be alone.
func (s *Set) takes(fn *ssa.Function, lock *types.Var) bool {
	return !s.neverTakes(fn, lock) || slices.ContainsFunc(s.callees(fn), func(f *ssa.Function) bool { return !s.neverTakes(f, lock) })
}

// neverTakes reports whether the function does not take the lock.
func (s *Set) neverTakes(fn *ssa.Function, lock *types.Var) bool {
	fl := s.Pkg.Locks().Of(fn)
	if fl == nil {
		return true
	}
	for _, ev := range fl.Events {
		if ev.Kind == skeleton.LockEvent && ev.Ref.Class().Var == lock {
			return false
		}
	}
	return true
}
