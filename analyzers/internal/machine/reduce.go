package machine

import "slices"

// reach returns the objects that a goroutine can get at, sorted; what lies
// behind unknown pointers is left out, unless goroutines synchronise on it.
func (s *system) reach(st *state, g *goroutine) []int32 {
	seen := &s.live
	seen.clear(len(s.objs))
	work := s.work32[:0]
	var ids []int32
	add := func(id int32) {
		if id != 0 && seen.add(id) {
			ids = append(ids, id)
			work = append(work, id)
		}
	}
	var visit func(v val)
	visit = func(v val) {
		switch v.k {
		case ptr, channel, slice, cancel, ctx:
			add(v.n)
		case fn:
			for _, b := range s.closures[v.n].binds {
				visit(b)
			}
		case tuple:
			for _, e := range s.tuples[v.n] {
				visit(e)
			}
		case opaque:
			// The object behind it, if anything was done to it.
			if id, ok := s.objIDs[objKey{lazy: v.n + 1}]; ok && st.look(id) != nil {
				add(id)
			}
		}
	}
	g.values(visit)
	// Package variables are at hand for everybody.
	for _, o := range st.objs {
		if s.objs[o.id].key.globl != nil {
			add(o.id)
		}
	}
	for len(work) > 0 {
		o := st.look(work[len(work)-1])
		work = work[:len(work)-1]
		if o == nil {
			continue
		}
		o.values(visit)
	}
	s.work32 = work
	slices.Sort(ids)
	return ids
}

// uses lists the objects that a pending operation works on.
func uses(p *pending) []int32 {
	var ids []int32
	add := func(v val) {
		if v.n != 0 && (v.k == channel || v.k == ptr || v.k == cancel || v.k == ctx) {
			ids = append(ids, v.n)
		}
	}
	add(p.obj)
	add(p.ctx)
	for _, c := range p.cases {
		add(c.ch)
	}
	return ids
}

// ample returns the goroutines whose steps are enough to look at in a state: a
// group that shares no object with any other goroutine, or one goroutine whose
// next operation is on objects of its own. What the others do commutes with
// it. The groups are tried in order; the caller must look at all goroutines
// when the chosen ones lead nowhere new, lest a loop starve the rest.
func (s *system) ample(st *state) [][]int32 {
	if len(st.gs) < 2 {
		return nil
	}
	sets := make([][]int32, len(st.gs))
	for i, g := range st.gs {
		sets[i] = s.reach(st, g)
	}
	// Which goroutine reaches an object first, and which objects several do.
	first := make([]int32, len(s.objs))
	several := make([]bool, len(s.objs))
	for i, ids := range sets {
		for _, id := range ids {
			if first[id] == 0 {
				first[id] = int32(i) + 1
			} else {
				several[id] = true
			}
		}
	}
	var out [][]int32
	for _, g := range st.gs {
		if s.eager(g) {
			out = append(out, []int32{g.id})
			return out
		}
		own := true
		for _, id := range uses(&g.pend) {
			own = own && !several[id]
		}
		if own && !startsGoroutine(g.pend.op) {
			out = append(out, []int32{g.id})
		}
	}
	// Groups.
	group := make([]int, len(st.gs))
	for i := range group {
		group[i] = i
	}
	root := func(i int) int {
		for group[i] != i {
			i = group[i]
		}
		return i
	}
	for i, set := range sets {
		for _, id := range set {
			if j := int(first[id]) - 1; j != i {
				group[root(i)] = root(j)
			}
		}
	}
	for i := range st.gs {
		if root(i) != i {
			continue
		}
		var members []int32
		for j, g := range st.gs {
			if root(j) == i {
				members = append(members, g.id)
			}
		}
		if len(members) < len(st.gs) {
			out = append(out, members)
		}
	}
	return out
}

func startsGoroutine(op opKind) bool { return op == opWgGo || op == opGroupGo || op == opGroupTryGo }
