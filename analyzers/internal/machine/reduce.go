package machine

import "slices"

// reach returns the objects that a goroutine can get at, sorted; what lies
// behind unknown pointers is left out, unless goroutines synchronise on it.
func (s *system) reach(st *state, g *goroutine) []int32 {
	seen := make(map[int32]bool)
	var work []int32
	var visit func(v val)
	visit = func(v val) {
		switch v.k {
		case ptr, channel, slice, cancel, ctx:
			if v.n != 0 && !seen[v.n] {
				seen[v.n] = true
				work = append(work, v.n)
			}
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
			if id, ok := s.objIDs[objKey{lazy: v.n + 1}]; ok && !seen[id] && st.look(id) != nil {
				seen[id] = true
				work = append(work, id)
			}
		}
	}
	g.values(visit)
	// Package variables are at hand for everybody.
	for _, o := range st.objs {
		if s.objs[o.id].key.globl != nil && !seen[o.id] {
			seen[o.id] = true
			work = append(work, o.id)
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
	ids := make([]int32, 0, len(seen))
	for id := range seen {
		ids = append(ids, id)
	}
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
	owners := make(map[int32]int) // how many goroutines reach an object
	for i, g := range st.gs {
		sets[i] = s.reach(st, g)
		for _, id := range sets[i] {
			owners[id]++
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
			own = own && owners[id] < 2
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
	first := make(map[int32]int)
	root := func(i int) int {
		for group[i] != i {
			i = group[i]
		}
		return i
	}
	for i, set := range sets {
		for _, id := range set {
			if j, ok := first[id]; ok {
				group[root(i)] = root(j)
			} else {
				first[id] = i
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

func startsGoroutine(op opKind) bool { return op == opWgGo || op == opGroupGo }
