package machine

import "go/types"

// condLocker returns the lock that a Cond works with.
func (s *system) condLocker(st *state, cond val) (val, bool) {
	if o := st.look(cond.n); o != nil {
		// Field L is the only cell of a Cond that refers to a lock.
		for _, c := range o.cells {
			if s.paths[c.path].parent == cond.p && c.v.k == ptr {
				v := c.v
				if v.p > 0 && s.paths[v.p].field == rlocker {
					return unknown, false
				}
				return v, true
			}
		}
	}
	// Who made it is not in sight: the field that it lies in tells.
	obj, path := cond.n, cond.p
	if k := s.objs[obj].key; path == 0 && k.lazy > 0 {
		if e := s.exprs[k.lazy-1]; e.leaf.obj != 0 {
			obj, path = e.leaf.obj, e.leaf.path
		}
	}
	if path == 0 {
		return unknown, false
	}
	typ := s.typeAt(obj, s.paths[path].parent)
	if typ == nil {
		return unknown, false
	}
	u, ok := typ.Underlying().(*types.Struct)
	if !ok || int(s.paths[path].field) >= u.NumFields() || s.paths[path].field < 0 {
		return unknown, false
	}
	locker := s.ps.pkg.Access.LockerField(u.Field(int(s.paths[path].field)).Origin())
	if locker == nil {
		return unknown, false
	}
	for i := range u.NumFields() {
		if u.Field(i).Origin() == locker {
			return val{k: ptr, n: obj, p: s.pathTo(s.paths[path].parent, int32(i))}, true
		}
	}
	return unknown, false
}

// typeAt is the type of a part of an object; nil when it is not known.
func (s *system) typeAt(obj, path int32) types.Type { return s.part(s.objs[obj].typ, path) }

// part is the type of what lies at a path in a value of type t; nil when it is not
// known.
func (s *system) part(t types.Type, path int32) types.Type {
	if path == 0 || t == nil {
		return t
	}
	n := s.paths[path]
	t = s.part(t, n.parent)
	if t == nil || n.field < 0 {
		return nil
	}
	u, ok := t.Underlying().(*types.Struct)
	if !ok || int(n.field) >= u.NumFields() {
		return nil
	}
	return u.Field(int(n.field)).Type()
}
