package shared

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// takenWrites notes writes to a field of an object that was taken out from under the lock of
// the map or slice that it lies in, where others use the field under that lock.
//
// must: every other write holds the lock, or is to an object that was taken out as well, so
// there is no phase in which the object is somebody's own. Who writes holds no lock at all.
func (s *Set) takenWrites(uses []*use, told map[ssa.Value]bool) {
	for _, lock := range locksOf(uses) {
		if s.takenWrite(uses, lock, told) {
			return
		}
	}
}

// locksOf lists the locks that are held at some of the uses, in the order of the source.
func locksOf(uses []*use) (list []*types.Var) {
	for _, u := range uses {
		for l := range u.locks {
			if (!u.quiet || u.theirs) && !u.owned && !slices.Contains(list, l) {
				list = append(list, l)
			}
		}
	}
	slices.SortFunc(list, func(a, b *types.Var) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return list
}

func (s *Set) takenWrite(uses []*use, lock *types.Var, told map[ssa.Value]bool) (found bool) {
	type out struct {
		*use
		base  ssa.Value
		taken ssa.Instruction
	}
	var list []out
	for _, u := range uses {
		if !u.Write || u.owned || u.holds(lock) && !u.quiet {
			continue
		}
		base := pointerTo(u)
		if u.quiet || u.Unsure || u.Atomic || base == nil || len(u.locks) > 0 || saysLocked(u.fn) || s.starting(u.fn) || s.marksUnder(u.fn, u.st) || s.removes(u.fn, u.st, 0) {
			return false
		}
		taken, ok := s.takenUnder(u.fn, base, lock, 0)
		if !ok {
			return false
		}
		list = append(list, out{u, base, taken})
	}
	for _, u := range list {
		if told[u.base] || !s.alone(u.use) || s.waitsBefore(u.fn, u.At) || readsOf(u.At, u.st) {
			continue
		}
		if o := s.besideTaken(u.use, u.taken, lock, uses); o != nil {
			told[u.base], found = true, true
			s.unguarded = append(s.unguarded, Unguarded{
				Break: Taken, At: u.Access, Use: u.taken, Lock: lock, Name: s.ownerOf(lock) + lock.Name(), Against: o.Access,
			})
		}
	}
	return found
}

// marksUnder reports whether the function sets a field of such an object under some lock: to
// say, it may be, that it has it for itself.
func (s *Set) marksUnder(fn *ssa.Function, st *types.Struct) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if store, ok := instr.(*ssa.Store); ok && !s.unlocked(fn, store) {
				if fa, ok := store.Addr.(*ssa.FieldAddr); ok && structOf(fa.X.Type()) == st {
					return true
				}
			}
		}
	}
	return false
}

// otherKeepers notes uses of a field of an object in a map or slice under the lock of that,
// where all others are under another lock of the same owner.
func (s *Set) otherKeepers(uses []*use) {
	lock := s.writtenUnder(uses)
	if lock == nil || !lock.IsField() {
		return
	}
	var odd []*use
	for _, u := range uses {
		if u.owned || u.holds(lock) {
			continue
		}
		if u.Write || u.Atomic {
			return
		}
		if u.quiet || u.Unsure {
			continue
		}
		odd = append(odd, u)
	}
	for _, u := range odd {
		var own *types.Var // what guards the map, and not the field
		for _, l := range locksOf([]*use{u}) {
			if s.ownerOf(l) != "" && s.ownerOf(l) == s.ownerOf(lock) {
				own = l
			}
		}
		p := pointerTo(u)
		if own == nil || p == nil || !s.alone(u) || saysLocked(u.fn) || s.waitsBefore(u.fn, u.At) || readsOf(u.At, u.st) {
			continue
		}
		in, ok := s.liesIn(p, u.At, 0)
		if !ok {
			continue
		}
		for _, from := range in {
			if o := s.besideIn(u, from, lock, uses); o != nil {
				s.unguarded = append(s.unguarded, Unguarded{
					Break: OtherLock, At: u.Access, Against: o.Access, Lock: own,
					Name: s.ownerOf(own) + own.Name(), Other: s.ownerOf(lock) + lock.Name(),
				})
				return
			}
		}
	}
}
