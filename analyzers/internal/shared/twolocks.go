package shared

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// twoLocks notes writes of a variable under one lock where another access is under another
// one of the same struct: each is guarded, and not from the other.
//
// must: every access to the variable that counts holds one of the locks, so neither is the
// phase in which the object is nobody else's.
func (s *Set) twoLocks(uses []*use, locks []*types.Var) {
	if len(locks) < 2 {
		return
	}
	var all []*use
	for _, u := range uses {
		if u.owned {
			continue
		}
		if u.quiet || u.Unsure || len(held(u, locks)) == 0 {
			return
		}
		all = append(all, u)
	}
	told := make(map[*ssa.Function]bool)
	for _, u := range all {
		if !u.Write || !s.locksFor(u) || told[u.fn] || !s.alone(u) || s.phased(u) {
			continue
		}
		for _, o := range all {
			if told[o.fn] || !s.locksFor(o) || !clash(u, o) || !s.alone(o) || s.meets(u, o) || s.sameGoroutine(u.fn, o.fn) {
				continue
			}
			if s.startsAfter(o, u) || s.startsAfter(u, o) || s.joined(o, u) || s.joined(u, o) || s.handshake(o, u) || s.handshake(u, o) {
				continue
			}
			mine, other := ofItsOwn(held(u, locks), held(o, locks)), ofItsOwn(held(o, locks), held(u, locks))
			s.unguarded = append(s.unguarded, Unguarded{
				Break: OtherLock, At: u.Access, Against: o.Access, Lock: mine, Name: s.lockName(u, mine), Other: s.lockName(o, other),
			})
			told[u.fn], told[o.fn] = true, true
			break
		}
	}
}

// locksFor reports whether the function of the use holds a lock itself, or all that call it hold one.
func (s *Set) locksFor(u *use) bool { return u.own || len(s.contexts[u.fn].held) > 0 }

// phased reports whether a mark of the same object decides if the use is come to: it can be that
// the other side only runs when that has been set.
func (s *Set) phased(u *use) bool {
	for br := range conditions(u.At) {
		cond := br.Cond
		if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
			cond = not.X
		}
		load, ok := cond.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			continue
		}
		if r := s.Pkg.Access.Of(load.X); r.Kind == access.Field && r.Base == u.Ref.Base && r.Field.Origin() != u.v {
			return true
		}
	}
	return false
}

// ofItsOwn returns the first of the locks that is not among the others, which may be held by both for
// reading, or the first of all.
func ofItsOwn(locks, others []*types.Var) *types.Var {
	if i := slices.IndexFunc(locks, func(l *types.Var) bool { return !slices.Contains(others, l) }); i >= 0 {
		return locks[i]
	}
	return locks[0]
}

// held lists those of the locks that the use holds, in their order.
func held(u *use, locks []*types.Var) []*types.Var {
	return slices.DeleteFunc(slices.Clone(locks), func(l *types.Var) bool { _, ok := u.locks[l]; return !ok })
}

// alone reports whether the use is not kept apart from others by something else: what the
// function is reached by, a comment, a mark, or what it waits for.
func (s *Set) alone(u *use) bool {
	return !s.excused(u.Leaf) && !s.recovers(u) && !s.decided(&u.Access) && s.concurrent(u)
}

// meets reports whether a lock can keep the two apart: one that both hold, or that one
// holds and callers of the other do.
func (s *Set) meets(u, o *use) bool {
	known := func(u *use) map[*types.Var]bool {
		m := make(map[*types.Var]bool)
		for l := range u.locks {
			m[l] = true
		}
		for l := range s.contexts[u.fn].some {
			m[l] = true
		}
		return m
	}
	b := known(o)
	for l := range known(u) {
		if b[l] && (u.locks[l] == skeleton.Exclusive || o.locks[l] == skeleton.Exclusive) {
			return true
		}
	}
	return false
}
