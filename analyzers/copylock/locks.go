package copylock

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// A lock is the first value within a type that must not be copied.
type lock struct {
	// path leads to it as users write it: ".state.mu", "[i].mu"; it is empty
	// when the type itself is the lock.
	path string
	typ  types.Type
	// marker says that nothing is stored there: the lock, empty or in an
	// array of length 0, only tells go vet that its holder must stay put.
	marker bool
	// vet says that go vet's copylocks knows the lock.
	vet bool
}

// locks finds the lock in a type, and remembers it.
type locks struct {
	locker *types.Interface
	known  typeutil.Map // types.Type -> *lock
}

func newLocks() *locks {
	nullary := types.NewSignatureType(nil, nil, nil, nil, nil, false)
	return &locks{locker: types.NewInterfaceType([]*types.Func{
		types.NewFunc(token.NoPos, nil, "Lock", nullary),
		types.NewFunc(token.NoPos, nil, "Unlock", nullary),
	}, nil).Complete()}
}

// in returns the lock that is copied with a value of type t, or nil. One that
// go vet knows is preferred, so that both speak of the same types.
func (ls *locks) in(t types.Type) *lock {
	if t == nil {
		return nil
	}
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array:
	case *types.Interface:
		if _, param := types.Unalias(t).(*types.TypeParam); !param {
			return nil
		}
	default:
		return nil
	}
	if l, ok := ls.known.At(t).(*lock); ok {
		return l
	}
	l := ls.search(t, ls.vetKnows, make(map[types.Type]bool))
	if l != nil {
		l.vet = true
	} else {
		l = ls.search(t, isValue, make(map[types.Type]bool))
	}
	ls.known.Set(t, l)
	return l
}

// search walks through arrays, the fields of structs and the constraints of
// type parameters. seen ends cycles, which only invalid types have.
func (ls *locks) search(t types.Type, is func(types.Type) bool, seen map[types.Type]bool) *lock {
	if seen[t] {
		return nil
	}
	seen[t] = true
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		for _, term := range terms(p.Constraint(), nil) {
			if l := ls.search(term, is, seen); l != nil {
				return l
			}
		}
		return nil
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		l := ls.search(u.Elem(), is, seen)
		if l == nil {
			return nil
		}
		if u.Len() == 0 {
			return &lock{typ: t, marker: true}
		}
		return &lock{path: "[i]" + l.path, typ: l.typ, marker: l.marker}
	case *types.Struct:
		self := is(t)
		if self && inSync(t) {
			return &lock{typ: t, marker: u.NumFields() == 0}
		}
		for f := range u.Fields() {
			if l := ls.search(f.Type(), is, seen); l != nil {
				if inSync(t) {
					return &lock{typ: t} // what is inside is none of the user's business
				}
				return &lock{path: "." + f.Name() + l.path, typ: l.typ, marker: l.marker}
			}
		}
		if self {
			return &lock{typ: t, marker: u.NumFields() == 0}
		}
	}
	return nil
}

// vetKnows is the rule of go vet: a pointer to the type is a sync.Locker and
// the type itself, unlike a struct that embeds a Locker, is none.
func (ls *locks) vetKnows(t types.Type) bool {
	return types.Implements(types.NewPointer(t), ls.locker) && !types.Implements(t, ls.locker) || isNamed(t, "sync", "noCopy")
}

// isValue reports whether t is the one type of sync and sync/atomic that must
// not be copied and does not carry go vet's mark.
func isValue(t types.Type) bool { return isNamed(t, "sync/atomic", "Value") }

func isNamed(t types.Type, pkg, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == pkg
}

func inSync(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	path := n.Obj().Pkg().Path()
	return path == "sync" || path == "sync/atomic"
}

// terms lists the types that a constraint names.
func terms(t types.Type, list []types.Type) []types.Type {
	switch t := types.Unalias(t).(type) {
	case *types.Union:
		for term := range t.Terms() {
			list = terms(term.Type(), list)
		}
	case *types.TypeParam:
		list = terms(t.Constraint(), list)
	default:
		i, ok := t.Underlying().(*types.Interface)
		if !ok {
			return append(list, t)
		}
		for e := range i.EmbeddedTypes() {
			list = terms(e, list)
		}
	}
	return list
}

// consequence says what breaks for those who use the copy.
func (l *lock) consequence() string {
	if l.marker {
		return "its type forbids copies"
	}
	if n, ok := types.Unalias(l.typ).(*types.Named); ok && inSync(n) {
		switch n.Obj().Name() {
		case "Mutex", "RWMutex":
		case "WaitGroup":
			return "Wait on one misses Done on the other"
		case "Once":
			return "each runs its function if copied before Do"
		case "Cond":
			return "Wait panics on a copy of a used Cond"
		case "Pool":
			return "the garbage collector never empties a copy of a used Pool"
		case "Map":
			return "a store to one is missing in the other if copied before any"
		case "noCopy":
			return "its type forbids copies"
		default: // the atomic types
			return "the copy reads it without Load, and misses later stores"
		}
	}
	return "the two do not exclude each other"
}
