package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
)

// handedOut notes a guarded map or slice that is itself returned by a function
// of the package's interface, used past the unlock, or sent to another goroutine: its
// entries, which others write in place under the lock, are then read without it.
func (s *Set) handedOut(g *guard, u *use, uses []*use) {
	load, ok := u.Leaf.(*ssa.UnOp)
	if !ok || !u.own {
		return
	}
	s.copiedOut(g, u, uses, load)
	_, isMap := load.Type().Underlying().(*types.Map)
	if _, slice := load.Type().Underlying().(*types.Slice); !slice && !isMap {
		return
	}
	found := Unguarded{At: u.Access, Lock: g.lock, Held: g.held, All: g.all}
	found.At.Map = isMap
	switch {
	case s.contexts[u.fn].api && returned(load, 0):
		if saysRaw(u.fn) || s.drained(u, uses) {
			return
		}
		found.Break = Returned
	case !isMap:
		return // most often nobody writes the elements in place any more
	case s.sent(g, load):
		if s.replaced(u, uses) || s.excused(load) {
			return
		}
		found.Break = Sent
	default:
		if found.Use = s.usedLater(g, u, load); found.Use == nil || s.replaced(u, uses) || s.excused(found.Use) || !s.concurrent(u) {
			return
		}
		found.Break = Kept
	}
	for _, o := range uses {
		writer, ok := o.Leaf.(*ssa.UnOp)
		if !ok || !o.Write || o.quiet || o.owned || found.Break != Sent && (o.fn == u.fn || s.sameGoroutine(u.fn, o.fn)) {
			continue
		}
		if _, held := o.locks[g.lock]; held && s.Pkg.Access.Of(writer.X).Class() == s.Pkg.Access.Of(load.X).Class() {
			found.Name, found.Against = s.lockName(u, g.lock), o.Access
			s.unguarded = append(s.unguarded, found)
			return
		}
	}
}

// copiedOut notes a struct of which an exported function returns a copy, with a map in it that
// others write in place under the lock: that is not copied.
func (s *Set) copiedOut(g *guard, u *use, uses []*use, load *ssa.UnOp) {
	st, ok := load.Type().Underlying().(*types.Struct)
	if !ok || !s.contexts[u.fn].api || !s.exported(u.fn) || saysRaw(u.fn) || s.excused(load) || !returned(load, 0) || changed(load) {
		return
	}
	for _, o := range uses {
		writer, ok := o.Leaf.(*ssa.UnOp)
		if !ok || !o.Write || o.quiet || o.owned || o.fn == u.fn {
			continue
		}
		fa, ok := writer.X.(*ssa.FieldAddr)
		if _, held := o.locks[g.lock]; !ok || !held || structOf(fa.X.Type()) != st {
			continue
		}
		if _, isMap := writer.Type().Underlying().(*types.Map); isMap && s.Pkg.Access.Of(fa.X).Class() == s.Pkg.Access.Of(load.X).Class() {
			found := Unguarded{Break: Returned, At: u.Access, Lock: g.lock, Held: g.held, All: g.all, Name: s.lockName(u, g.lock), Against: o.Access}
			found.At.Map = true
			found.At.Ref = s.Pkg.Access.Of(writer.X)
			s.unguarded = append(s.unguarded, found)
			return
		}
	}
}

// changed reports whether the copy is kept in a variable of which a field is set anew.
func changed(load *ssa.UnOp) bool {
	for _, r := range *load.Referrers() {
		st, ok := r.(*ssa.Store)
		if !ok || st.Val != load {
			continue
		}
		a, ok := st.Addr.(*ssa.Alloc)
		if !ok {
			return true
		}
		for _, ref := range *a.Referrers() {
			switch ref.(type) {
			case *ssa.FieldAddr, *ssa.Call, *ssa.MakeClosure, *ssa.MakeInterface:
				return true
			}
		}
	}
	return false
}

// usedLater returns what is done with the entries of a map where no lock is held
// any more.
func (s *Set) usedLater(g *guard, u *use, load *ssa.UnOp) ssa.Instruction {
	if _, caller := s.contexts[u.fn].held[g.lock]; caller {
		return nil
	}
	for _, r := range *load.Referrers() {
		switch r := r.(type) {
		case *ssa.Lookup, *ssa.Range, *ssa.MapUpdate:
			if s.unlocked(u.fn, r) {
				return r
			}
		}
	}
	return nil
}

// sent reports whether the map is sent on a channel, to who does not take the lock.
func (s *Set) sent(g *guard, load *ssa.UnOp) bool {
	for _, r := range *load.Referrers() {
		send, ok := r.(*ssa.Send)
		if !ok || send.X != load {
			continue
		}
		receivers := s.receivers(s.Pkg.Access.Of(send.Chan).Class())
		return len(receivers) > 0 && !slices.ContainsFunc(receivers, func(fn *ssa.Function) bool { return !s.neverTakes(fn, g.lock) })
	}
	return false
}

// receivers returns the functions that receive from the channels of a class.
func (s *Set) receivers(class access.Class) (list []*ssa.Function) {
	if class.IsZero() {
		return nil
	}
	for _, fn := range s.Pkg.Funcs {
		if slices.ContainsFunc(s.ops(fn), func(op syncOp) bool {
			return op.receive && op.depth == 0 && op.ref != nil && op.ref.Class() == class
		}) {
			list = append(list, fn)
		}
	}
	return list
}

// replaced reports whether the function of u, or one that it calls, gives the
// variable another value: what it took is its own, then.
func (s *Set) replaced(u *use, uses []*use) bool {
	for _, o := range uses {
		if _, store := o.Leaf.(*ssa.Store); store && (o.fn == u.fn || slices.Contains(s.callees(u.fn), o.fn)) {
			return true
		}
	}
	return false
}

// drained reports whether the function gives the variable another value after it has
// taken what it returns.
func (s *Set) drained(u *use, uses []*use) bool {
	return slices.ContainsFunc(uses, func(o *use) bool {
		_, store := o.Leaf.(*ssa.Store)
		return store && o.fn == u.fn && after(u.At, o.At)
	})
}

// returned reports whether the value is a result of its function.
func returned(v ssa.Value, depth int) bool {
	if depth > 4 {
		return false
	}
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Return:
			return true
		case *ssa.Store: // to the result, which deferred calls can change
			a, ok := r.Addr.(*ssa.Alloc)
			if !ok || r.Val != v || a.Heap {
				continue
			}
			for _, load := range *a.Referrers() {
				if load, ok := load.(*ssa.UnOp); ok && returned(load, depth+1) {
					return true
				}
			}
		case *ssa.ChangeType:
			if returned(r, depth+1) {
				return true
			}
		}
	}
	return false
}
