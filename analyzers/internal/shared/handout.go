package shared

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
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
	s.keptEntry(g, u, uses, load)
	s.innerMaps(g, u, uses, load)
	_, isMap := load.Type().Underlying().(*types.Map)
	if _, slice := load.Type().Underlying().(*types.Slice); !slice && !isMap {
		return
	}
	found := Unguarded{At: u.Access, Lock: g.lock, Held: g.held, All: g.all}
	found.At.Map = isMap
	if !isMap && !s.exported(u.fn) {
		s.handedIn(g, u, uses, load)
	}
	switch {
	case s.contexts[u.fn].api && returned(load, 0):
		if saysRaw(u.fn) || s.drained(u, uses) {
			return
		}
		found.Break = Returned
	case !isMap: // most often nobody writes the elements in place any more
		s.keptSlice(g, u, uses, load)
		return
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
		if s.setBefore(o, uses) || s.sealed(u.fn, o.At) {
			continue // to one that nobody has been handed yet
		}
		if _, held := o.locks[g.lock]; held && s.Pkg.Access.Of(writer.X).Class() == s.Pkg.Access.Of(load.X).Class() {
			found.Name, found.Against = s.lockName(u, g.lock), o.Access
			s.unguarded = append(s.unguarded, found)
			return
		}
	}
}

// handedIn notes a guarded slice that a helper returns to a function of the package, which
// goes through it without the lock, while another function moves its elements in their place
// under the lock.
func (s *Set) handedIn(g *guard, u *use, uses []*use, load *ssa.UnOp) {
	if !returned(load, 0) || u.fn.Signature.Results().Len() != 1 || u.fn.Parent() != nil || s.Pkg.UsedAsValue(u.fn) || s.replaced(u, uses) || s.drained(u, uses) {
		return
	}
	for _, call := range s.callsWithout(g.lock, u.fn) {
		through := s.throughUnlocked(call.Parent(), call)
		if through == nil || s.excused(through) || !s.concurrent(&use{fn: call.Parent(), Access: Access{At: through, Leaf: through}}) {
			continue
		}
		for _, o := range uses {
			writer, ok := o.Leaf.(*ssa.UnOp)
			if !ok || o.quiet && !o.own || o.owned || o.fn == u.fn || o.fn == call.Parent() || s.sameGoroutine(call.Parent(), o.fn) || s.setBefore(o, uses) || s.sealed(call.Parent(), o.At) {
				continue
			}
			if _, held := o.locks[g.lock]; !held || s.Pkg.Access.Of(writer.X).Class() != s.Pkg.Access.Of(load.X).Class() {
				continue
			}
			move := shifts(writer)
			if move == nil {
				continue
			}
			against := o.Access
			against.At, against.Leaf, against.Write = move, move, true
			s.unguarded = append(s.unguarded, Unguarded{Break: Kept, At: u.Access, Use: through, Lock: g.lock, Held: g.held, All: g.all, Name: s.lockName(u, g.lock), Against: against})
			return
		}
	}
}

// callsWithout lists the calls of the function, but for those of tests, by functions around which
// nobody holds the lock.
func (s *Set) callsWithout(lock *types.Var, fn *ssa.Function) (list []*ssa.Call) {
	for _, site := range s.Pkg.Sites(fn) {
		call, ok := site.(*ssa.Call)
		if !ok || s.inTest(call.Parent()) {
			continue
		}
		c := s.contexts[call.Parent()]
		if _, held := c.held[lock]; !held && !c.quiet && !c.some[lock] {
			list = append(list, call)
		}
	}
	return list
}

// throughUnlocked returns what goes through the elements of the slice where its function holds no
// lock.
func (s *Set) throughUnlocked(fn *ssa.Function, slice ssa.Value) ssa.Instruction {
	for _, r := range *slice.Referrers() {
		ia, ok := r.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, use := range *ia.Referrers() {
			if load, ok := use.(*ssa.UnOp); ok && load.Op == token.MUL && s.unlocked(fn, load) {
				return load
			}
		}
	}
	return nil
}

// keptSlice notes a slice whose elements are read past the unlock, while another function moves
// them in their place under the lock.
func (s *Set) keptSlice(g *guard, u *use, uses []*use, load *ssa.UnOp) {
	use := s.elementsLater(g, u, load)
	if use == nil || s.replaced(u, uses) || s.excused(use) || !s.concurrent(u) {
		return
	}
	for _, o := range uses {
		writer, ok := o.Leaf.(*ssa.UnOp)
		if !ok || o.quiet || o.owned || o.fn == u.fn || s.sameGoroutine(u.fn, o.fn) {
			continue
		}
		move := shifts(writer)
		if _, held := o.locks[g.lock]; !held || move == nil || s.Pkg.Access.Of(writer.X).Class() != s.Pkg.Access.Of(load.X).Class() {
			continue
		}
		against := o.Access
		against.At, against.Leaf, against.Write = move, move, true
		s.unguarded = append(s.unguarded, Unguarded{Break: Kept, At: u.Access, Use: use, Lock: g.lock, Held: g.held, All: g.all, Name: s.lockName(u, g.lock), Against: against})
		return
	}
}

// keptEntry notes the same of a slice that is an entry of a map: it is looked up under the
// lock, and its elements are read past the unlock.
func (s *Set) keptEntry(g *guard, u *use, uses []*use, load *ssa.UnOp) {
	for _, slice := range entrySlices(load) {
		use := s.elementsLater(g, u, slice)
		if use == nil || s.excused(use) || !s.concurrent(u) {
			continue
		}
		for _, o := range uses {
			other, ok := o.Leaf.(*ssa.UnOp)
			if !ok || o.quiet || o.owned || o.fn == u.fn || s.sameGoroutine(u.fn, o.fn) {
				continue
			}
			if _, held := o.locks[g.lock]; !held || s.Pkg.Access.Of(other.X).Class() != s.Pkg.Access.Of(load.X).Class() {
				continue
			}
			for _, moved := range entrySlices(other) {
				if move := shifts(moved); move != nil {
					against := o.Access
					against.At, against.Leaf, against.Write = move, move, true
					at := u.Access
					at.Map, at.Write = false, false
					s.unguarded = append(s.unguarded, Unguarded{Break: Kept, At: at, Use: use, Lock: g.lock, Held: g.held, All: g.all, Name: s.lockName(u, g.lock), Against: against})
					return
				}
			}
		}
	}
}

// entrySlices lists the slices that are looked up in the map.
func entrySlices(m ssa.Value) []ssa.Value {
	return slices.DeleteFunc(entriesOf(m), func(v ssa.Value) bool {
		_, ok := v.Type().Underlying().(*types.Slice)
		return !ok
	})
}

// entriesOf lists what is looked up in the map.
func entriesOf(m ssa.Value) (list []ssa.Value) {
	for _, r := range *m.Referrers() {
		lookup, ok := r.(*ssa.Lookup)
		if !ok || lookup.X != m {
			continue
		}
		var v ssa.Value = lookup
		if lookup.CommaOk {
			v = extracted(lookup, 0)
		}
		if v != nil {
			list = append(list, v)
		}
	}
	return list
}

// innerMaps notes the same of maps that are entries of a map, and are written in their place: one
// that is used past the unlock, or returned.
func (s *Set) innerMaps(g *guard, u *use, uses []*use, load *ssa.UnOp) {
	for _, inner := range entriesOf(load) {
		if _, ok := inner.Type().Underlying().(*types.Map); !ok || s.takesAway(u.fn, load) {
			continue
		}
		found := Unguarded{At: u.Access, Lock: g.lock, Held: g.held, All: g.all, Name: s.lockName(u, g.lock), Entry: true}
		found.At.Map, found.At.Write = true, false
		switch {
		case returned(inner, 0) && s.contexts[u.fn].api && s.exported(u.fn):
			if saysRaw(u.fn) || s.Pkg.InTestFile(u.fn) {
				continue // as a fake does, whose user knows what goes on at the time
			}
			found.Break = Returned
		case returned(inner, 0):
			found.Break, found.Use = Kept, s.usedByCallers(g, u)
		default:
			found.Break, found.Use = Kept, s.usedLater(g, u, inner)
		}
		if found.Break == Kept && found.Use == nil || s.excused(u.Leaf) || !s.concurrent(u) {
			continue
		}
		for _, o := range uses {
			other, ok := o.Leaf.(*ssa.UnOp)
			if !ok || o.quiet && !o.own || o.owned || !o.holds(g.lock) || o.fn == u.fn || s.sameGoroutine(u.fn, o.fn) || s.Pkg.Access.Of(other.X).Class() != s.Pkg.Access.Of(load.X).Class() {
				continue
			}
			for _, v := range entriesOf(other) {
				if w := writtenInPlace(v, 0); w != nil {
					found.Against = o.Access
					found.Against.At, found.Against.Leaf, found.Against.Write = w, w, true
					s.unguarded = append(s.unguarded, found)
					return
				}
			}
		}
	}
}

// takesAway reports whether the function removes entries of the map, or sets them: what it has
// taken out can be its own.
func (s *Set) takesAway(fn *ssa.Function, m *ssa.UnOp) bool {
	class := s.Pkg.Access.Of(m.X).Class()
	is := func(v ssa.Value) bool {
		load, ok := v.(*ssa.UnOp)
		return ok && load.Op == token.MUL && s.Pkg.Access.Of(load.X).Class() == class
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.MapUpdate:
				if is(instr.Map) {
					return true
				}
			case *ssa.Call:
				if b, ok := instr.Call.Value.(*ssa.Builtin); ok && (b.Name() == "delete" || b.Name() == "clear") && is(instr.Call.Args[0]) {
					return true
				}
			}
		}
	}
	return false
}

// writtenInPlace returns what writes or deletes entries of the map, or of one that it is put for
// where there is none.
func writtenInPlace(m ssa.Value, depth int) ssa.Instruction {
	if m.Referrers() == nil || depth > 2 {
		return nil
	}
	for _, r := range *m.Referrers() {
		switch r := r.(type) {
		case *ssa.MapUpdate:
			if r.Map == m {
				return r
			}
		case *ssa.Call:
			if b, ok := r.Call.Value.(*ssa.Builtin); ok && (b.Name() == "delete" || b.Name() == "clear") && r.Call.Args[0] == m {
				return r
			}
		case *ssa.Phi:
			if w := writtenInPlace(r, depth+1); w != nil {
				return w
			}
		}
	}
	return nil
}

// usedByCallers returns what is done with the entries of the map that the function of u returns,
// where its caller holds no lock.
func (s *Set) usedByCallers(g *guard, u *use) ssa.Instruction {
	if u.fn.Signature.Results().Len() != 1 || u.fn.Parent() != nil || s.Pkg.UsedAsValue(u.fn) {
		return nil
	}
	for _, call := range s.callsWithout(g.lock, u.fn) {
		if at := s.entriesUsed(call.Parent(), call); at != nil && !s.excused(at) && s.concurrent(&use{fn: call.Parent(), Access: Access{At: at, Leaf: at}}) {
			return at
		}
	}
	return nil
}

// elementsLater returns what reads an element of the slice where no lock is held any more.
func (s *Set) elementsLater(g *guard, u *use, slice ssa.Value) ssa.Instruction {
	if _, caller := s.contexts[u.fn].held[g.lock]; caller {
		return nil
	}
	return s.throughUnlocked(u.fn, slice)
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
		if !ok || !o.Write || o.quiet || o.owned || o.fn == u.fn || s.setBefore(o, uses) || s.sealed(u.fn, o.At) {
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
func (s *Set) usedLater(g *guard, u *use, m ssa.Value) ssa.Instruction {
	if _, caller := s.contexts[u.fn].held[g.lock]; caller {
		return nil
	}
	return s.entriesUsed(u.fn, m)
}

// entriesUsed returns what is done with the entries of a map where the function holds no lock.
func (s *Set) entriesUsed(fn *ssa.Function, m ssa.Value) ssa.Instruction {
	for _, r := range *m.Referrers() {
		switch r := r.(type) {
		case *ssa.Lookup, *ssa.Range, *ssa.MapUpdate:
			if s.unlocked(fn, r) {
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

// setBefore reports whether the function of u gives the variable another value before it uses it,
// whichever way it comes there.
func (s *Set) setBefore(u *use, uses []*use) bool {
	return slices.ContainsFunc(uses, func(o *use) bool {
		_, store := o.Leaf.(*ssa.Store)
		return store && o.fn == u.fn && o.At != u.At && skeleton.Dominates(o.At, u.At)
	})
}

// sealed reports whether the function sets a mark, and the write is only made where that is not
// set: nothing is written any more when the function has been called.
func (s *Set) sealed(fn *ssa.Function, write ssa.Instruction) bool {
	for br, truth := range conditions(write) {
		cond := br.Cond
		if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
			cond, truth = not.X, !truth
		}
		load, ok := cond.(*ssa.UnOp)
		if !ok || load.Op != token.MUL || truth {
			continue
		}
		mark := s.Pkg.Access.Of(load.X).Class()
		for _, blk := range fn.Blocks {
			for _, instr := range blk.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok || mark.IsZero() || s.Pkg.Access.Of(st.Addr).Class() != mark {
					continue
				}
				if c, ok := st.Val.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Bool && constant.BoolVal(c.Value) {
					return true
				}
			}
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
