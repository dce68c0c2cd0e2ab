package machine

import (
	"cmp"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"time"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// system is one root function with everything it starts, being explored.
type system struct {
	*tables
	ps    *programs
	root  *ssa.Function
	ranks []int64
	names []int64 // as those of a shape
	sizes []int64
	// exact says that the numbers that say how many are small and taken as they are;
	// inexact that several different ones are not: only their order is known, not
	// their sums and products.
	exact, inexact bool
	// coarse says that no number is to be exact; turns that a loop is made by a number
	// above two.
	coarse, turns bool
	two           bool // that two is among the numbers
	many          bool // a constant says how many of something other than room in a channel
	narrow        bool // a channel has room for one value or two
	// maxInt is the largest integer that is told apart.
	maxInt int32
	// hasTry says that some lock may be tried: then who holds it when matters.
	hasTry bool
	// endsProcess says that the end of the root ends the process.
	endsProcess bool

	blurred map[int32]bool // objects with elements that are not known

	buf       []byte
	live      set // of objects, while some are looked for
	leaves    set // of expressions
	sought    set // of leaves, while they are looked for
	work32    []int32
	forkExpr  int32
	forkOpts  []int32
	forkInstr ssa.Instruction

	nodes []node
	index map[string]int
	limit int // in states
	work  int // in instructions and copies

	// widened is a channel that is given capacity 1, to see whether that heals.
	widened *ssa.MakeChan

	// While a verdict is graded, the choices of its witness are fixed.
	grading bool
	fixed   map[choiceKey]int32
	// number, when it is not zero, is what all numbers are then.
	number int32
	graded []ssa.Instruction

	seen   map[*ssa.Function]bool // the functions that it may run
	keeps  map[*types.Var]bool    // fields that nobody else uses
	drains map[*types.Var]bool    // fields that others only receive from
	// script is what a type system is made of, nil for others; uses how fields are
	// used in the package.
	script *Script
	uses   map[*types.Var][]use

	stats Stats
}

type choiceKey struct {
	gid   int32
	instr ssa.Instruction
	occ   int
}

type node struct {
	st     *state
	parent int // -1 for the first ones
	edge   int // index in the parent's edges
	edges  []edge
	first  edge // of a first node: how it came about
	cut    bool // what follows is not explored
	guess  bool // the way here depends on a guess
}

type edge struct {
	to      int
	movers  []int32
	trace   *trail[event]
	choices *trail[choice]
}

// Stats counts what an exploration did.
type Stats struct {
	Systems    int // explored
	States     int // in all
	Cut        int // systems that ran into a bound
	Unfollowed int // calls not followed for depth, recursion or size
	Work       int // instructions executed, and states copied
	Time       time.Duration
	Slowest    []Region // the slowest systems, slowest first
}

// A Region is what one system took.
type Region struct {
	Root   *ssa.Function
	States int
	Work   int
	Time   time.Duration
}

// add counts a system.
func (s *Stats) add(one Stats, root *ssa.Function, took time.Duration) {
	s.Systems += one.Systems
	s.States += one.States
	s.Cut += one.Cut
	s.Unfollowed += one.Unfollowed
	s.Work += one.Work
	s.Time += took
	s.Slowest = append(s.Slowest, Region{root, one.States, one.Work, took})
	slices.SortStableFunc(s.Slowest, func(a, b Region) int { return cmp.Compare(b.Time, a.Time) })
	s.Slowest = s.Slowest[:min(len(s.Slowest), 3)]
}

// newSystem returns the system of a root; with a script, of the calls that follow
// it there.
func newSystem(ps *programs, root *ssa.Function, script *Script, uses map[*types.Var][]use, limit int) *system {
	s := &system{
		tables: newTables(),
		ps:     ps,
		root:   root,
		script: script,
		uses:   uses,
		seen:   make(map[*ssa.Function]bool),
		keeps:  make(map[*types.Var]bool),
		drains: make(map[*types.Var]bool),
		index:  make(map[string]int),
		limit:  limit,
		work:   systemWork,

		blurred: make(map[int32]bool),
	}
	s.survey(root, 0)
	if script != nil {
		for _, c := range script.Calls {
			s.survey(c.Func, 0)
		}
	}
	slices.Sort(s.ranks)
	s.ranks = slices.Compact(s.ranks)
	slices.Sort(s.names)
	s.names = slices.Compact(s.names)
	slices.Sort(s.sizes)
	s.sizes = slices.Compact(s.sizes)
	s.count()
	name := root.Name()
	s.endsProcess = root.Pkg != nil && root.Pkg.Pkg.Name() == "main" && name == "main" && root.Parent() == nil
	return s
}

// maxExact is the largest number that can be exact.
const maxExact = 6

// count decides which numbers are exact.
func (s *system) count() {
	s.exact = !s.coarse && len(s.sizes) > 0 && s.sizes[len(s.sizes)-1] <= maxExact
	s.inexact = !s.exact && len(s.sizes) > 1
	s.narrow = s.narrow && !s.coarse
	s.maxInt = int32(min(len(s.ranks), 6)) + 4
	if s.exact {
		s.maxInt += maxExact
	}
}

// twin is the system once more, not yet explored.
func (s *system) twin() *system {
	t := newSystem(s.ps, s.root, s.script, s.uses, s.limit)
	t.coarse = s.coarse
	t.count()
	return t
}

// findings are the verdicts; of a system that cannot be run to the bounds with exact
// numbers, or numbers up to three, those without.
func (s *system) findings() (*system, []*Verdict) {
	found := s.verdicts()
	if !s.exact && !s.narrow || s.stats.Cut == 0 {
		return s, found
	}
	t := newSystem(s.ps, s.root, s.script, s.uses, s.limit)
	t.coarse, t.work = true, s.work
	t.count()
	more := t.verdicts()
	t.stats.States += s.stats.States
	t.stats.Work += s.stats.Work
	return t, append(more, found...)
}

// survey notes the constants and operations of what the root can reach.
func (s *system) survey(fn *ssa.Function, depth int) {
	if s.seen[fn] || depth > maxDepth || !s.ps.isActive(fn) {
		return
	}
	s.seen[fn] = true
	p := s.ps.program(fn)
	if p == nil {
		return
	}
	s.ranks = append(s.ranks, p.counts...)
	s.names = append(s.names, p.names...)
	s.sizes = append(s.sizes, p.sizes...)
	s.turns = s.turns || p.turns
	s.many = s.many || len(p.sizes) > p.rooms
	s.two = s.two || p.two
	s.narrow = s.narrow || p.room
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case ssa.CallInstruction:
				switch op, _ := s.ps.pkg.Op(instr.Common()); op.Kind {
				case ops.TryLock, ops.TryRLock:
					s.hasTry = true
				}
				fns, _ := s.ps.pkg.Callees(instr)
				for _, f := range fns {
					s.survey(f, depth+1)
				}
			case *ssa.MakeClosure:
				s.survey(instr.Fn.(*ssa.Function), depth+1)
			}
		}
	}
}

// lastExact is the last integer that is itself; of larger ones only the order is known.
func (s *system) lastExact() int {
	if s.exact {
		return maxExact
	}
	return 2
}

// firstName is what the first constant is mapped to that is no number of anything.
const firstName = 1000

// rank maps an integer to a small one: those that are exact to themselves, above in order. States
// and the like, which nothing counts to, are told apart from all others.
func (s *system) rank(n int64) int {
	exact := s.lastExact()
	if n <= int64(exact) {
		return max(int(n), -exact)
	}
	i, counted := slices.BinarySearch(s.ranks, n)
	if name, ok := slices.BinarySearch(s.names, n); ok && !counted {
		return firstName + name
	}
	if s.exact {
		small, _ := slices.BinarySearch(s.ranks, maxExact+1)
		i -= small
	}
	return exact + 1 + min(i, 6)
}

func (s *system) chose(st *state, gid int32, instr ssa.Instruction, v int32) {
	st.choices = st.choices.add(choice{gid: gid, instr: instr, v: v})
	if s.grading {
		if g := st.goroutine(gid); g != nil {
			g.occ[instr]++
		}
	}
}

// restrict narrows the options of a decision to what the witness chose.
func (s *system) restrict(g *goroutine, instr ssa.Instruction, opts []int32) []int32 {
	if !s.grading {
		return opts
	}
	if s.number > 0 && (choice{instr: instr}).counts() && (s.exact || slices.Contains(opts, s.number)) {
		return []int32{s.number}
	}
	if v, ok := s.fixed[choiceKey{g.id, instr, g.occ[instr]}]; ok {
		if slices.Contains(opts, v) {
			return []int32{v}
		}
	}
	return opts
}

// permits reports whether a select or receive may let the outside do v.
func (s *system) permits(g *goroutine, instr ssa.Instruction, v int32) bool {
	if !s.grading {
		return true
	}
	want, ok := s.fixed[choiceKey{g.id, instr, g.occ[instr]}]
	return !ok || want == v
}

// start returns the states in which every goroutine stands before its first
// visible operation.
func (s *system) start() []*state {
	st := &state{}
	p := s.ps.program(s.root)
	if p == nil {
		return nil
	}
	g := s.newGoroutine(st, s.gid(gidKey{parent: -1}, s.root))
	if s.script != nil {
		st.trace = st.trace.add(event{what: "calls"})
	}
	s.begin(st, g, p, nil, nil)
	out := s.settle(st, nil)
	for _, t := range out {
		s.collect(t)
	}
	return out
}

// explore builds the graph of states, breadth first, so that the way to a node
// along its parents is a shortest one. It reports whether all was explored.
func (s *system) explore() bool {
	complete := true
	add := func(e edge, st *state, parent, via int) int {
		guess := parent >= 0 && s.nodes[parent].guess || e.choices.any(s.guess)
		key := s.encode(st)
		i, ok := s.index[key]
		switch {
		case !ok:
			i = len(s.nodes)
			s.index[key] = i
			s.nodes = append(s.nodes, node{st: st, parent: parent, edge: via, guess: guess, first: e})
		case s.nodes[i].guess && !guess:
			// A way without a guess is the one to show. No way without one leads
			// through i, so the parents stay a tree.
			n := &s.nodes[i]
			n.parent, n.edge, n.guess, n.first = parent, via, false, e
		case s.nodes[i].parent == parent && s.nodes[i].guess == guess:
			// Of two ways in one step, the one with fewer decisions: turns of a loop
			// that come to nothing are none.
			n := &s.nodes[i]
			have := n.first
			if parent >= 0 {
				have = s.nodes[parent].edges[n.edge]
			}
			if e.choices.shorter(have.choices) {
				n.edge, n.first = via, e
			}
		}
		return i
	}
	for _, st := range s.start() {
		add(edge{trace: st.trace, choices: st.choices}, st, -1, 0)
	}
	for i := 0; i < len(s.nodes); i++ {
		st := s.nodes[i].st
		if st.over || st.bad != nil {
			continue
		}
		if st.cut || len(s.nodes) > s.limit || s.stats.Work > s.work {
			s.nodes[i].cut = true
			complete = false
			continue
		}
		link := func(steps []step) (news bool) {
			for _, next := range steps {
				before := len(s.nodes)
				e := edge{movers: next.movers, trace: next.st.trace, choices: next.st.choices}
				e.to = add(e, next.st, i, len(s.nodes[i].edges))
				s.nodes[i].edges = append(s.nodes[i].edges, e)
				news = news || len(s.nodes) > before
			}
			return news
		}
		reduced := false
		for _, group := range s.ample(st) {
			var steps []step
			for _, id := range group {
				steps = s.steps(st, id, steps)
			}
			if len(steps) == 0 {
				continue
			}
			if link(steps) {
				reduced = true
				break
			}
		}
		if reduced {
			continue
		}
		link(s.steps(st, -1, nil))
	}
	s.stats.States += len(s.nodes)
	return complete
}

// mobile computes, for each goroutine, in which nodes it can still move, at
// some time, under some schedule.
func (s *system) mobile() map[int32][]bool {
	preds := make([][]int, len(s.nodes))
	gids := make(map[int32]bool)
	for i := range s.nodes {
		for _, e := range s.nodes[i].edges {
			preds[e.to] = append(preds[e.to], i)
		}
		for _, g := range s.nodes[i].st.gs {
			gids[g.id] = true
		}
	}
	out := make(map[int32][]bool)
	for id := range gids {
		can := make([]bool, len(s.nodes))
		var work []int
		for i := range s.nodes {
			// Where the process ends, what others would still have done is
			// not known.
			moves := s.nodes[i].cut || s.nodes[i].st.over || s.nodes[i].st.bad != nil
			for _, e := range s.nodes[i].edges {
				moves = moves || slices.Contains(e.movers, id)
			}
			if moves {
				can[i] = true
				work = append(work, i)
			}
		}
		for len(work) > 0 {
			i := work[len(work)-1]
			work = work[:len(work)-1]
			for _, p := range preds[i] {
				if !can[p] {
					can[p] = true
					work = append(work, p)
				}
			}
		}
		out[id] = can
	}
	return out
}

// A stuck goroutine will never move again.
type stuck struct {
	gid  int32
	pend pending
}

// stuckAt lists the goroutines that are stuck in each node.
func (s *system) stuckAt() [][]stuck {
	can := s.mobile()
	out := make([][]stuck, len(s.nodes))
	for i := range s.nodes {
		st := s.nodes[i].st
		if st.over || st.bad != nil || s.nodes[i].cut {
			continue
		}
		for _, g := range st.gs {
			none := g.pend.obj.k == null // a channel that is nil, which it may be for that alone
			if !can[g.id][i] && g.pend.op != opDormant && !(none && st.lax) && !s.awaitsSpent(st, g) {
				out[i] = append(out[i], stuck{g.id, g.pend})
			}
		}
	}
	return out
}

// awaitsSpent reports whether the goroutine waits for a timer, among other things it may be, that
// has fired: whether it is set again need not be seen.
func (s *system) awaitsSpent(st *state, g *goroutine) bool {
	spent := func(ch val) bool {
		if ch.k != channel {
			return false
		}
		o := st.look(ch.n)
		return o != nil && o.single && !o.timer
	}
	return g.pend.op == opRecv && spent(g.pend.obj) || g.pend.op == opSelect && slices.ContainsFunc(g.pend.cases, func(c selectCase) bool { return !c.send && spent(c.ch) })
}

// path returns the edges that lead to a node.
func (s *system) path(i int) []edge {
	var edges []edge
	for {
		n := s.nodes[i]
		if n.parent < 0 {
			edges = append(edges, n.first)
			break
		}
		edges = append(edges, s.nodes[n.parent].edges[n.edge])
		i = n.parent
	}
	slices.Reverse(edges)
	return edges
}

// weight orders the operations of goroutines that are stuck together by how
// likely the operation is the cause and not the consequence.
func weight(op opKind) int {
	switch op {
	case opSend:
		return 0
	case opRecv:
		return 1
	case opSelect:
		return 2
	case opCondWait:
		return 3
	case opAcquire, opGroupGo, opOnce:
		return 4
	case opLock, opRLock:
		return 5
	}
	return 6
}

// cause orders the goroutines that are stuck in node i by what is likely the cause.
// Where only waits for a group are, which are lost as soon as somebody who is
// counted is bound to hang, it goes on to where that one does.
func (s *system) cause(i int, at [][]stuck, order []int) (int, []stuck) {
	sorted := func(list []stuck) []stuck {
		slices.SortStableFunc(list, func(a, b stuck) int {
			return cmp.Or(cmp.Compare(weight(a.pend.op), weight(b.pend.op)), cmp.Compare(b.gid, a.gid))
		})
		return list
	}
	list := sorted(at[i])
	last := weight(opWait)
	if weight(list[0].pend.op) < last {
		return i, list
	}
	for _, j := range order {
		if s.nodes[j].guess && !s.nodes[i].guess || !slices.ContainsFunc(at[j], func(x stuck) bool { return x.gid == list[0].gid && x.pend.instr == list[0].pend.instr }) {
			continue
		}
		if more := sorted(at[j]); weight(more[0].pend.op) <= weight(opSelect) {
			return j, more
		}
	}
	return i, list
}

func (s *system) verdict(kind VerdictKind, complete bool) *Verdict {
	return &Verdict{Kind: kind, Root: s.root, Script: s.script, Complete: complete}
}

// verdicts explores the system and returns what is wrong with it.
func (s *system) verdicts() []*Verdict {
	complete := s.explore()
	s.stats.Systems = 1
	if !complete {
		s.stats.Cut = 1
	}
	var out []*Verdict
	// Panics.
	seenBad := make(map[ssa.Instruction]bool)
	order := s.byCertainty()
	for _, i := range order {
		if b := s.nodes[i].st.bad; b != nil && !seenBad[b.instr] && !s.nodes[i].st.lax {
			seenBad[b.instr] = true
			v := s.verdict(b.kind, complete)
			v.Stuck = []Stuck{s.describe(s.nodes[i].st, b.gid, b.instr, b.obj, opNone)}
			s.attach(v, i)
			s.doubt(v, i, b.instr)
			out = append(out, v)
		}
	}
	out = append(out, s.lateAdds(complete)...)
	at := s.stuckAt()
	seen := make(map[ssa.Instruction]bool)
	for _, i := range order {
		list := at[i]
		if len(list) == 0 || slices.ContainsFunc(list, func(x stuck) bool { return seen[x.pend.instr] }) {
			continue
		}
		i, list = s.cause(i, at, order)
		v := s.verdict(Leak, complete)
		for _, x := range list {
			v.Stuck = append(v.Stuck, s.describe(s.nodes[i].st, x.gid, x.pend.instr, x.pend.obj, x.pend.op))
		}
		// What hangs later, because of these, belongs to the same defect.
		for j := range s.nodes {
			if !slices.ContainsFunc(at[j], func(x stuck) bool {
				return slices.ContainsFunc(list, func(y stuck) bool { return x.gid == y.gid && x.pend.instr == y.pend.instr })
			}) {
				continue
			}
			for _, x := range at[j] {
				if s.user(x.gid) {
					v.Kind = Deadlock
				}
				if !seen[x.pend.instr] && !slices.ContainsFunc(v.Stuck, func(y Stuck) bool { return y.Instr == x.pend.instr }) {
					v.Also = append(v.Also, s.describe(s.nodes[j].st, x.gid, x.pend.instr, x.pend.obj, x.pend.op))
				}
				seen[x.pend.instr] = true
			}
		}
		s.attach(v, i)
		if list[0].pend.op == opWait {
			v.Running = s.running(at, list[0])
		}
		v.Grade = s.grade(i, list[0])
		s.doubt(v, i, list[0].pend.instr)
		v.Context, v.ContextPos = s.contextHeld(i, list[0])
		v.Heals = !s.counted(i) && !skeleton.Reaches(list[0].pend.instr.Block(), list[0].pend.instr.Block()) && s.heals(list[0], v.Stuck[0])
		switch {
		case v.Grade == Guess:
		case v.Kind == Leak && s.testLeft(v, i, list) && !v.Heals:
			v.Grade, v.Doubt = Guess, "the end of the test"
		case s.endsProcess && parks(v.Stuck):
			v.Grade, v.Doubt = Guess, "a main function that only waits"
		}
		out = append(out, v)
	}
	if complete && len(out) == 0 && s.script != nil && s.script.Stops && s.script.Protocol <= UseThenStop {
		out = append(out, s.outliving()...)
	}
	if complete && len(out) == 0 && s.script != nil && s.script.Protocol == FailedMake {
		out = append(out, s.orphans()...)
	}
	return out
}

// running lists the goroutines that are there, and not stuck, where the Wait x is, by the
// select or receive that they come to again and again.
func (s *system) running(at [][]stuck, x stuck) []Stuck {
	where := make(map[int32]int)
	waits := func(g *goroutine) bool { return g.pend.op == opSelect || g.pend.op == opRecv }
	for i := range s.nodes {
		same := func(y stuck) bool { return y.gid == x.gid && y.pend.instr == x.pend.instr }
		if !slices.ContainsFunc(at[i], same) {
			continue
		}
		for _, g := range s.nodes[i].st.gs {
			if _, ok := where[g.id]; !ok && waits(g) && g.pend.instr != nil && !slices.ContainsFunc(at[i], func(y stuck) bool { return y.gid == g.id }) {
				where[g.id] = i
			}
		}
	}
	var out []Stuck
	for _, id := range slices.Sorted(maps.Keys(where)) {
		i := where[id]
		gs := s.nodes[i].st.gs
		p := gs[slices.IndexFunc(gs, func(g *goroutine) bool { return g.id == id })].pend
		out = append(out, s.describe(s.nodes[i].st, id, p.instr, p.obj, p.op))
	}
	return out
}

// orphans finds the goroutines of a constructor that has failed: nobody has the value that
// they belong to, and from there no way leads to their end.
func (s *system) orphans() []*Verdict {
	ends := make(map[int32][]int) // the nodes behind which a goroutine is gone
	for i := range s.nodes {
		for _, e := range s.nodes[i].edges {
			for _, g := range s.nodes[i].st.gs {
				if !s.nodes[e.to].st.has(g.id) {
					ends[g.id] = append(ends[g.id], i)
				}
			}
		}
	}
	from := make([][]int, len(s.nodes))
	for i := range s.nodes {
		for _, e := range s.nodes[i].edges {
			from[e.to] = append(from[e.to], i)
		}
	}
	canEnd := make(map[int32][]bool)
	for g, work := range ends {
		seen := make([]bool, len(s.nodes))
		for len(work) > 0 {
			i := work[len(work)-1]
			work = work[:len(work)-1]
			if !seen[i] {
				seen[i] = true
				work = append(work, from[i]...)
			}
		}
		canEnd[g] = seen
	}
	var out []*Verdict
	told := make(map[ssa.Instruction]bool)
	for _, i := range s.byCertainty() {
		st := s.nodes[i].st
		if n := s.nodes[i]; st.has(0) || st.over || st.bad != nil || n.cut || n.guess && s.guesses(i) > 1 {
			continue
		}
		for _, g := range st.gs {
			p := g.pend
			if p.op != opRecv && p.op != opSelect || p.instr == nil || told[p.instr] || canEnd[g.id] != nil && canEnd[g.id][i] {
				continue
			}
			told[p.instr] = true
			v := s.verdict(Outlives, true)
			v.Stuck = []Stuck{s.describe(st, g.id, p.instr, p.obj, p.op)}
			v.Grade = Abandoned // who fails decides alone
			s.attach(v, i)
			out = append(out, v)
		}
	}
	return out
}

// outliving finds the goroutines of a type that go on and on in each schedule, when all
// calls of the script have returned, the one that stops too: whatever is decided, no way
// leads to their end.
func (s *system) outliving() []*Verdict {
	ended := make(map[int32]bool)
	first := make(map[int32]int) // a node in which the caller is done and it is not
	waits := make(map[int32]int) // one of these in which it waits for a channel
	for i := range s.nodes {
		st := s.nodes[i].st
		if st.over || st.bad != nil {
			return nil
		}
		for _, g := range st.gs {
			for _, e := range s.nodes[i].edges {
				ended[g.id] = ended[g.id] || !s.nodes[e.to].st.has(g.id)
			}
			if st.has(0) || s.user(g.id) || g.pend.op == opDormant || g.pend.instr == nil || s.ofProcess(g) {
				continue
			}
			if _, ok := first[g.id]; !ok {
				first[g.id] = i
			}
			if _, ok := waits[g.id]; !ok && (g.pend.op == opRecv || g.pend.op == opSelect) {
				waits[g.id] = i
			}
		}
	}
	var out []*Verdict
	for _, g := range slices.Sorted(maps.Keys(waits)) {
		if ended[g] {
			continue
		}
		st := s.nodes[waits[g]].st
		p := st.gs[slices.IndexFunc(st.gs, func(x *goroutine) bool { return x.id == g })].pend
		v := s.verdict(Outlives, true)
		v.Stuck = []Stuck{s.describe(st, g, p.instr, p.obj, p.op)}
		s.attach(v, first[g])
		v.Grade = Abandoned
		out = append(out, v)
	}
	return out
}

// ofProcess reports whether the goroutine has been given nothing but variables of the package: it
// does not belong to the object that is stopped.
func (s *system) ofProcess(g *goroutine) bool {
	f := &g.stack[0]
	given := func(v ssa.Value) bool {
		i, ok := f.p.regs[v]
		if !ok {
			return false
		}
		x := f.regs[i]
		return x.k != ptr || s.objs[x.n].key.globl == nil
	}
	fn := f.p.fn
	return !slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return given(p) }) &&
		!slices.ContainsFunc(fn.FreeVars, func(v *ssa.FreeVar) bool { return given(v) })
}

// maxTurns bounds how often a loop may turn on the word of data alone.
const maxTurns = 2

// guesses counts the decisions on the way to node i that are guesses, those of other
// goroutines than the root's twice: of the root's, a single one has nothing to agree with.
func (s *system) guesses(i int) (n int) {
	for _, e := range s.path(i) {
		for _, c := range e.choices.list() {
			if s.guess(c) {
				n++
				if c.gid != 0 {
					n++
				}
			}
		}
	}
	return n
}

// testLeft reports whether the goroutines of list are left behind by a test as tests do:
// it does not stop what it has started, whichever way it goes, or nobody knows since not all
// was explored. What other schedules end, and who waits for a lock that the test does not
// hold itself, was not meant to stay, except at a variable of the package, which other tests
// use too.
func (s *system) testLeft(v *Verdict, i int, list []stuck) bool {
	if !s.inTest() {
		return false
	}
	global := func(x stuck) bool {
		return (x.pend.obj.k == ptr || x.pend.obj.k == channel) && s.objs[x.pend.obj.n].key.globl != nil
	}
	lock := func(x stuck) bool {
		if x.pend.op != opLock && x.pend.op != opRLock {
			return false
		}
		y := s.nodes[i].st.lookSync(x.pend.obj)
		return y.writer != 1 && !slices.Contains(y.readers, 0) // the root's
	}
	return slices.ContainsFunc(list, global) || (v.Grade == Abandoned || !v.Complete) && !slices.ContainsFunc(list, lock)
}

// inTest reports whether the root is a test.
func (s *system) inTest() bool {
	return s.ps.pkg.InTest(s.root)
}

// inBubble reports whether the root's file uses synctest.
func (s *system) inBubble() bool {
	for _, f := range s.ps.pkg.Pass.Files {
		if s.root.Pos() < f.FileStart || s.root.Pos() >= f.FileEnd {
			continue
		}
		for _, imp := range f.Imports {
			if imp.Path.Value == `"testing/synctest"` || imp.Path.Value == `"internal/synctest"` {
				return true
			}
		}
	}
	return false
}

// byCertainty lists the nodes, those first that are reached without a guess:
// of the ways to hang at one place, these are the ones to show.
func (s *system) byCertainty() []int {
	var sure, unsure []int
	for i, n := range s.nodes {
		if n.guess {
			unsure = append(unsure, i)
		} else {
			sure = append(sure, i)
		}
	}
	return append(sure, unsure...)
}

// doubt makes a verdict a guess when the way to node i, where instr hangs or
// panics, is not certain enough to speak of. A decision in doubt that makes no
// difference to that is none.
func (s *system) doubt(v *Verdict, i int, instr ssa.Instruction) {
	if s.inexact {
		v.Grade, v.Doubt = Guess, "sums of constants"
		return
	}
	if !s.exact && len(s.sizes) > 0 && s.oneByOne(v, i, instr) {
		v.Grade, v.Doubt = Guess, "a constant that is not exact"
		return
	}
	if s.inBubble() {
		// Its clock orders what sleeps, and the runtime ends what hangs.
		v.Grade, v.Doubt = Guess, "a synctest bubble"
		return
	}
	if v.Kind != LateAdd && s.disagrees(i, instr) {
		v.Grade, v.Doubt = Guess, "numbers that may be the same"
		return
	}
	if v.Kind != LateAdd && instr != nil && s.addsUp(i, instr) {
		v.Grade, v.Doubt = Guess, "a sum of numbers that were chosen"
		return
	}
	if v.Kind != LateAdd && s.missesNumber(i, instr) {
		v.Grade, v.Doubt = Guess, "a number that may be one of the constants"
		return
	}
	if (v.Kind == Leak || v.Kind == Deadlock) && instr != nil && s.script == nil && s.toldBefore(i, instr) {
		v.Grade, v.Doubt = Guess, "a state that changes before the stop"
		return
	}
	turns := make(map[choice]int)
	tried := make(map[choiceKey]bool)
	for _, e := range s.path(i) {
		for _, c := range e.choices.list() {
			_, branches := c.instr.(*ssa.If)
			branches = branches || rangesOver(c.instr)
			turns[c]++
			if v.Kind != Leak && s.inTest() {
				// What decides in a test, it knows, and what happens to it, it arranges.
				v.Grade, v.Doubt, v.Doubted = Guess, "a decision in a test, which knows what it expects", c.instr
				return
			}
			switch {
			case c.unseen:
				v.Grade, v.Doubt, v.Doubted = Guess, "another method of the type", c.instr
				return
			case c.v != 0 && s.filledOutside(c.instr):
				v.Grade, v.Doubt, v.Doubted = Guess, "what another method of the type has put there", c.instr
				return
			case s.asksAtomic(c.instr):
				// Who comes first, or last, is what the program counts on.
				v.Grade, v.Doubt, v.Doubted = Guess, "an atomic", c.instr
				return
			case turns[c] == 1 && (c.gid == 0 && asksOwn(c.instr) || s.asksCaller(c.instr)), c.gid != 0 && turns[c] == 1 && s.rejects(c.instr):
				continue // the other side has no part in it
			case c.alone && v.Kind == Leak && !v.Stuck[0].Nil && !s.inTest():
				continue // whatever it was, what came to be since had no part in it
			case decidesFixed(c.instr):
				v.Grade, v.Doubt, v.Doubted = Guess, "a value made of constants", c.instr
				return
			case c.weak && c.gid != 0 && !s.inTest() && s.leftAnyway(i, c.gid):
				continue // the other side has no part in what it does since
			case c.weak:
				v.Doubt = "a value that was lost"
			case s.waitsOnCond(c):
				v.Doubt = "the condition of a Cond, which others change"
			case s.loops(c):
				if turns[c] == 1 && comparesError(c.instr) && s.leftInTime(i, c.gid) || s.leftAnyway(i, c.gid) {
					continue // it could go on just then, whatever comes later
				}
				if turns[c] == 1 && !s.inTest() && s.decidesAlone(i, c.gid) {
					continue // the first turn, and no other loop has had one
				}
				v.Doubt = "data in a loop"
			case branches && turns[c] > maxTurns:
				v.Doubt = "data in a loop with many turns"
			case branches && s.inTest():
				v.Doubt = "a condition in a test, which knows what it expects"
			default:
				continue
			}
			k := choiceKey{gid: c.gid, instr: c.instr}
			if tried[k] {
				v.Doubt = ""
				continue // of the same kind as one that makes no difference
			}
			tried[k] = true
			if len(tried) <= maxTried && s.script == nil && s.regardless(i, instr, k) {
				v.Doubt = ""
				continue
			}
			v.Grade, v.Doubted = Guess, c.instr
			return
		}
	}
}

// asksOwn reports whether a branch compares something with a parameter of the function
// that is used for nothing but comparisons: who sends cannot know of it, and does not
// end with it.
func asksOwn(instr ssa.Instruction) bool {
	br, ok := instr.(*ssa.If)
	if !ok {
		return false
	}
	cmp, ok := br.Cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	own := func(v ssa.Value) bool {
		pm, ok := v.(*ssa.Parameter)
		if !ok || pm.Referrers() == nil {
			return false
		}
		for _, r := range *pm.Referrers() {
			switch r.(type) {
			case *ssa.BinOp, *ssa.DebugRef:
			default:
				return false
			}
		}
		return true
	}
	return own(cmp.X) != own(cmp.Y)
}

// asksCaller reports whether a branch asks what the function was given to decide: a
// function, of what has been received, or whether that has to do with a parameter, as
// strings.Contains does.
func (s *system) asksCaller(instr ssa.Instruction) bool {
	br, ok := instr.(*ssa.If)
	if !ok {
		return false
	}
	cond := br.Cond
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		cond = not.X
	}
	call, ok := cond.(*ssa.Call)
	if !ok || !slices.ContainsFunc(call.Call.Args, fromReceived) {
		return false
	}
	if call.Call.StaticCallee() == nil {
		return !call.Call.IsInvoke() && s.isGiven(call.Call.Value)
	}
	return call.Call.StaticCallee().Pkg != instr.Parent().Pkg && slices.ContainsFunc(call.Call.Args, s.isGiven)
}

// isGiven reports whether the value is a parameter of the function, or of the one around it.
func (s *system) isGiven(v ssa.Value) bool {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	if free, ok := v.(*ssa.FreeVar); ok {
		v = s.ps.pkg.Access.Binding(free)
	}
	if cell, ok := v.(*ssa.Alloc); ok {
		v = s.ps.pkg.Access.StoredOnce(cell)
	}
	_, ok := v.(*ssa.Parameter)
	return ok
}

// fromReceived reports whether the value is what was received, or a part of it.
func fromReceived(v ssa.Value) bool {
	switch x := v.(type) {
	case *ssa.Field:
		return fromReceived(x.X)
	case *ssa.MakeInterface:
		return fromReceived(x.X)
	case *ssa.UnOp:
		if fa, ok := x.X.(*ssa.FieldAddr); ok && x.Op == token.MUL {
			return fromReceived(fa.X)
		}
	}
	return received(v)
}

// rejects reports whether a branch is taken since a function that was given what has been
// received returns an error: the value is refused, whoever has sent it.
func (s *system) rejects(instr ssa.Instruction) bool {
	if !comparesError(instr) {
		return false
	}
	err := instr.(*ssa.If).Cond.(*ssa.BinOp).X
	if ex, ok := err.(*ssa.Extract); ok {
		err = ex.Tuple
	}
	call, ok := err.(*ssa.Call)
	return ok && slices.ContainsFunc(call.Call.Args, received)
}

// refuses reports whether a branch, by the answer of a function that was given what has been
// received, leads to a return with an error that is made there.
func refuses(br *ssa.If, to *ssa.BasicBlock) bool {
	cond := br.Cond
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		cond = not.X
	}
	call, ok := cond.(*ssa.Call)
	if !ok || call.Call.StaticCallee() == nil || call.Call.StaticCallee().Signature.Recv() != nil || !slices.ContainsFunc(call.Call.Args, received) {
		return false
	}
	ret, ok := to.Instrs[len(to.Instrs)-1].(*ssa.Return)
	if !ok || len(ret.Results) == 0 || !isError(ret.Results[len(ret.Results)-1].Type()) {
		return false
	}
	switch err := ret.Results[len(ret.Results)-1].(type) {
	case *ssa.MakeInterface:
		return true
	case *ssa.Call:
		return err.Block() == to && err.Call.StaticCallee() != nil && err.Call.StaticCallee().Pkg != to.Parent().Pkg
	case *ssa.UnOp:
		_, sentinel := err.X.(*ssa.Global)
		return sentinel
	}
	return false
}

// received reports whether the value is what a receive or a range over a channel yields.
func received(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.UnOp:
		return v.Op == token.ARROW
	case *ssa.Extract:
		recv, ok := v.Tuple.(*ssa.UnOp)
		return ok && recv.Op == token.ARROW && v.Index == 0
	}
	return false
}

// decidesFixed reports whether a decision is about what is made of constants only, and
// which was lost in a computation.
func decidesFixed(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.If:
		cmp, ok := instr.Cond.(*ssa.BinOp)
		return ok && (fixed(cmp.X, nil) && changes(cmp.X) || fixed(cmp.Y, nil) && changes(cmp.Y))
	case *ssa.BinOp:
		return fixed(instr.X, nil) && fixed(instr.Y, nil)
	}
	return false
}

// changes reports whether the value is computed.
func changes(v ssa.Value) bool {
	_, constant := v.(*ssa.Const)
	return !constant
}

// asksAtomic reports whether a branch is decided by an atomic that is changed and asked
// in one step.
func (s *system) asksAtomic(instr ssa.Instruction) bool {
	br, ok := instr.(*ssa.If)
	if !ok {
		return false
	}
	var asks func(v ssa.Value, depth int) bool
	asks = func(v ssa.Value, depth int) bool {
		switch v := v.(type) {
		case *ssa.BinOp:
			return depth < 4 && (asks(v.X, depth+1) || asks(v.Y, depth+1))
		case *ssa.UnOp:
			return depth < 4 && asks(v.X, depth+1)
		case *ssa.Call:
			op, _ := s.ps.pkg.Op(&v.Call)
			return op.Kind == ops.AtomicUpdate
		}
		return false
	}
	return asks(br.Cond, 0)
}

// counts reports whether a choice says how many of something there are.
func (c choice) counts() bool {
	switch c.instr.(type) {
	case *ssa.If, *ssa.Select, *ssa.UnOp:
		return false
	}
	return !rangesOver(c.instr)
}

// oneByOne reports whether the way to node i does what instr does more often than the
// smallest number that is not exact, and not in a loop by that number: of make(chan T, 9)
// it is known here that nine turns of a loop fill it, but not that nine sends do.
func (s *system) oneByOne(v *Verdict, i int, instr ssa.Instruction) bool {
	const least = 3
	switch v.Kind {
	case Leak, Deadlock, NegativeCounter:
	default:
		return false // a matter of order
	}
	if v.Stuck[0].Op == Send && v.Stuck[0].Cap < least {
		return false
	}
	sends := func(x Stuck) bool { return x.Op == Send || x.Op == Select }
	if !s.many && !slices.ContainsFunc(v.Stuck, sends) && !slices.ContainsFunc(v.Also, sends) {
		return false // there is room enough, however much
	}
	kind := s.sideOf(instr)
	times := make(map[ssa.Instruction]int)
	for _, e := range s.path(i) {
		for _, ev := range e.trace.list() {
			if ev.instr != nil && s.sideOf(ev.instr) == kind {
				times[ev.instr]++
			}
		}
	}
	n := 0
	for at, k := range times {
		if k >= least-1 && s.turnsByData(at) {
			continue // as often as it takes
		}
		if k < least || !s.turns {
			n += k
		}
	}
	return n >= least
}

// turnsByData reports whether the instruction is in a loop that no number bounds.
func (s *system) turnsByData(instr ssa.Instruction) bool {
	b := instr.Block()
	if b == nil || !skeleton.Reaches(b, b) {
		return false
	}
	bounds := s.ps.program(instr.Parent()).bounds
	for _, x := range b.Parent().Blocks {
		br, ok := x.Instrs[len(x.Instrs)-1].(*ssa.If)
		if !ok || !skeleton.Reaches(b, x) || !skeleton.Reaches(x, b) {
			continue
		}
		if cmp, ok := br.Cond.(*ssa.BinOp); ok && bounds[cmp] {
			return false
		}
	}
	return true
}

// sideOf tells sends, receives and what counts apart.
func (s *system) sideOf(instr ssa.Instruction) ops.Kind {
	switch instr := instr.(type) {
	case *ssa.Send:
		return ops.None
	case ssa.CallInstruction:
		op, _ := s.ps.pkg.Op(instr.Common())
		switch op.Kind {
		case ops.WgWait, ops.WgAdd:
			return ops.WgDone
		}
		return op.Kind
	}
	return ops.WgGo // a receive or select
}

// disagrees reports whether the way to node i takes different numbers for two things
// from outside of which one is made from the other, or is compared with it, or which are
// fields of one object or what one function returns, and instr neither hangs nor panics
// where they are the same.
func (s *system) disagrees(i int, instr ssa.Instruction) bool {
	var numbers []choice
	compared := make(map[[2]ssa.Value]bool)
	for _, e := range s.path(i) {
		for _, c := range e.choices.list() {
			if c.counts() {
				numbers = append(numbers, c)
			}
			if br, ok := c.instr.(*ssa.If); ok {
				if cmp, ok := br.Cond.(*ssa.BinOp); ok {
					x, y := collection(cmp.X), collection(cmp.Y)
					compared[[2]ssa.Value{x, y}], compared[[2]ssa.Value{y, x}] = true, true
				}
			}
		}
	}
	differ := false
	for j, a := range numbers {
		for _, b := range numbers[:j] {
			if a.v == b.v {
				continue
			}
			x, y := counted(a.instr), counted(b.instr)
			differ = differ || x != nil && y != nil && (x == y || madeFrom(x, y, 0) || madeFrom(y, x, 0) || s.siblings(x, y) || sameCall(x, y) || compared[[2]ssa.Value{x, y}])
		}
	}
	if !differ {
		return false
	}
	for _, n := range []int32{2, 1} {
		g := s.again(i)
		g.limit, g.number = maxAgain, n
		if s.ends(g, instr) {
			return false
		}
	}
	return true
}

// missesNumber reports whether a number is chosen on the way to node i, and instr neither
// hangs nor panics when it is one of the constants that say how many: what they say
// of may be the same.
func (s *system) missesNumber(i int, instr ssa.Instruction) bool {
	chosen := false
	for _, e := range s.path(i) {
		for _, c := range e.choices.list() {
			chosen = chosen || c.counts()
		}
	}
	if !chosen {
		return false
	}
	var constants []int32
	if s.two {
		constants = append(constants, 2)
	}
	if s.exact {
		for _, n := range s.sizes {
			constants = append(constants, int32(n))
		}
	}
	for _, n := range constants {
		g := s.again(i)
		g.limit, g.number = maxAgain, n
		if !s.ends(g, instr) {
			return true
		}
	}
	return false
}

// counted is what a choice of a number counts: the collection, or the number itself.
func counted(instr ssa.Instruction) ssa.Value {
	var v ssa.Value
	switch instr := instr.(type) {
	case *ssa.MakeChan:
		v = instr.Size
	case *ssa.MakeSlice:
		v = instr.Len
	case *ssa.BinOp:
		if v = instr.Y; counter(v) {
			v = instr.X
		}
	case *ssa.Next:
		if r, ok := instr.Iter.(*ssa.Range); ok {
			v = r.X
		}
	case ssa.Value:
		v = instr
	}
	return collection(v)
}

// collection is the value that a number is the length of, or the number itself.
func collection(v ssa.Value) ssa.Value {
	for {
		conv, ok := v.(*ssa.Convert)
		if !ok {
			break
		}
		v = conv.X
	}
	if call, ok := v.(*ssa.Call); ok {
		if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			return collection(call.Call.Args[0]) // of []rune(s), the string
		}
	}
	return v
}

// sameCall reports whether the values are what two calls of one function return, or one
// call does that is made twice.
func sameCall(x, y ssa.Value) bool {
	a, ok := x.(*ssa.Call)
	b, too := y.(*ssa.Call)
	if !ok || !too {
		return false
	}
	f := skeleton.Static(&a.Call)
	return a == b || f != nil && f == skeleton.Static(&b.Call)
}

// siblings reports whether two values are those of fields of one object, which knows
// how they go together.
func (s *system) siblings(x, y ssa.Value) bool {
	of := func(v ssa.Value) *access.Ref {
		if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
			if ref := s.ps.pkg.Access.Of(load.X); ref != nil && ref.Field != nil {
				return ref.Base
			}
		}
		return nil
	}
	base := of(x)
	return base != nil && base == of(y)
}

// maxMade bounds how many steps it is asked what a value is made from.
const maxMade = 5

// madeFrom reports whether x is computed from y, by calls that are given it.
func madeFrom(x, y ssa.Value, depth int) bool {
	if depth > maxMade {
		return false
	}
	if depth > 0 && x == y {
		return true
	}
	switch x := x.(type) {
	case *ssa.Extract:
		return madeFrom(x.Tuple, y, depth+1)
	case *ssa.Call:
		return slices.ContainsFunc(x.Call.Args, func(a ssa.Value) bool { return madeFrom(a, y, depth+1) })
	case *ssa.Slice:
		return madeFrom(x.X, y, depth+1)
	case *ssa.Phi:
		return slices.ContainsFunc(x.Edges, func(e ssa.Value) bool { return madeFrom(e, y, depth+1) })
	}
	return false
}

// maxAgain bounds the states of a system that is run again with other decisions.
const maxAgain = 800

// ends reports whether instr hangs or panics somewhere in g, which is explored for it.
func (s *system) ends(g *system, instr ssa.Instruction) bool {
	g.explore()
	s.stats.States += len(g.nodes)
	s.stats.Work += g.stats.Work
	for n, list := range g.stuckAt() {
		if b := g.nodes[n].st.bad; b != nil && b.instr == instr || slices.ContainsFunc(list, func(y stuck) bool { return y.pend.instr == instr }) {
			return true
		}
	}
	return false
}

// maxTried bounds how many decisions of a way are tried the other way round.
const maxTried = 6

// regardless reports whether instr hangs or panics too when all decisions at one
// place are taken otherwise than on the way to node i, and all others as there.
func (s *system) regardless(i int, instr ssa.Instruction, at choiceKey) bool {
	g := s.again(i)
	g.limit = maxAgain
	for k, v := range g.fixed {
		if k.instr != at.instr || k.gid != at.gid {
			continue // another goroutine may decide as before
		}
		if v == 0 {
			g.fixed[k] = 1
		} else {
			g.fixed[k] = 0
		}
	}
	return s.ends(g, instr)
}

// guess reports whether a decision is not certain enough to speak of.
func (s *system) guess(c choice) bool { return c.weak || c.unseen || s.loops(c) || s.waitsOnCond(c) }

// lateAdds finds an Add that can come at the time when a Wait finds the counter
// at zero: whether Wait waits for what is added is then a matter of luck. Package
// sync forbids it.
func (s *system) lateAdds(complete bool) []*Verdict {
	var out []*Verdict
	seen := make(map[ssa.Instruction]bool)
	for _, i := range s.byCertainty() {
		st := s.nodes[i].st
		for _, g := range st.gs {
			if g.pend.op != opAdd && g.pend.op != opWgGo || seen[g.pend.instr] || s.open(st, g.pend.obj.n) {
				continue
			}
			n, known := int32(1), true
			if g.pend.op == opAdd {
				n, known, _ = s.evalInt(st, g.pend.arg)
			}
			if !known || n <= 0 || st.lookSync(g.pend.obj).count != 0 {
				continue
			}
			for _, w := range st.gs {
				if w.id == g.id || w.pend.op != opWait || w.pend.obj != g.pend.obj {
					continue
				}
				seen[g.pend.instr] = true
				v := s.verdict(LateAdd, complete)
				v.Stuck = []Stuck{s.describe(st, g.id, g.pend.instr, g.pend.obj, opNone)}
				v.Also = []Stuck{s.describe(st, w.id, w.pend.instr, w.pend.obj, opWait)}
				s.attach(v, i)
				s.doubt(v, i, nil)
				out = append(out, v)
				break
			}
		}
	}
	return out
}

// contextHeld reports whether the stuck goroutine x holds a context whose end made
// another goroutine leave, and where that one saw it.
func (s *system) contextHeld(i int, x stuck) (bool, token.Pos) {
	st := s.nodes[i].st
	var g *goroutine
	for _, y := range st.gs {
		if y.id == x.gid {
			g = y
		}
	}
	if g == nil {
		return false, token.NoPos
	}
	for _, e := range s.path(i) {
		for _, ev := range e.trace.list() {
			if ev.what != "selects" || ev.index < 0 || ev.gid == x.gid {
				continue
			}
			var held bool
			switch {
			case ev.ch.k == channel && s.isContext(st, ev.ch.n):
				held = slices.Contains(s.reach(st, g), ev.ch.n)
			case ev.ch.k == opaque && s.exprs[ev.ch.n].op == tokenDone:
				held = s.holds(st, g, s.exprs[ev.ch.n].a)
			}
			if held {
				return true, ev.instr.(*ssa.Select).States[ev.index].Pos
			}
		}
	}
	return false, token.NoPos
}

func (s *system) isContext(st *state, id int32) bool {
	o := st.look(id)
	return o != nil && o.isCtx
}

// holds reports whether the goroutine has the value in a register, or in a
// variable that it can reach.
func (s *system) holds(st *state, g *goroutine, want val) bool {
	found := false
	see := func(v val) { found = found || v == want }
	g.values(see)
	for _, id := range s.reach(st, g) {
		if o := st.look(id); o != nil && s.objs[id].key.globl == nil {
			o.values(see)
		}
	}
	return found
}

// parks reports whether all that hangs, the root among it, does so at receives:
// that is how a main function and its daemons wait for ever on purpose, while code
// that is not seen serves.
func parks(stuck []Stuck) bool {
	return slices.ContainsFunc(stuck, func(x Stuck) bool { return x.Root }) &&
		!slices.ContainsFunc(stuck, func(x Stuck) bool { return x.Op != Recv && (x.Op != Select || x.Sends()) })
}

// counted reports whether the way to node i depends on how many of something
// there are, which is 1 or 2 here and anything in the program.
func (s *system) counted(i int) bool {
	for _, e := range s.path(i) {
		if e.choices.any(choice.counts) {
			return true
		}
	}
	return false
}

// loops reports whether a decision is about data, in a loop of a goroutine other
// than the root: what ends such a loop is as a rule agreed on between the
// goroutines by the data itself, which is not followed.
func (s *system) loops(c choice) bool {
	if s.script != nil && (s.script.Stops || comparesError(c.instr) || s.asksError(c.instr)) || asksReceived(c.instr) {
		return false // who stops leaves the rest
	}
	if rangesOver(c.instr) {
		return c.gid != 0 && s.ps.bodyActs(c.instr.(*ssa.Call))
	}
	return c.gid != 0 && s.inLoop(c.instr) && leavesLoop(c.instr)
}

// leftInTime reports whether on the way to node i another goroutine than gid has left a
// select since a context or timer was done: whatever the data.
func (s *system) leftInTime(i int, gid int32) bool {
	for _, e := range s.path(i) {
		for _, ev := range e.trace.list() {
			sel, ok := ev.instr.(*ssa.Select)
			if !ok || ev.what != "selects" || ev.gid == gid || ev.index < 0 || ev.index >= len(sel.States) {
				continue
			}
			switch ch := sel.States[ev.index].Chan.(type) {
			case *ssa.Call:
				switch op, _ := s.ps.pkg.Op(&ch.Call); op.Kind {
				case ops.CtxDone, ops.After:
					return true
				}
			case *ssa.UnOp:
				if fa, ok := ch.X.(*ssa.FieldAddr); ok && ops.IsTimer(fa.X.Type()) {
					return true
				}
			}
		}
	}
	return false
}

// leftAnyway reports whether on the way to node i another goroutine than gid has left a
// loop for what it decides by itself: it refused what it had received, compared that with
// what its caller wants, or asked the caller. What the others would still have for it has
// no part in that.
func (s *system) leftAnyway(i int, gid int32) bool {
	for _, e := range s.path(i) {
		for _, ev := range e.trace.list() {
			br, ok := ev.instr.(*ssa.If)
			if !ok || ev.what != "decides" || ev.gid == gid || !s.inLoop(br) {
				continue
			}
			to := br.Block().Succs[1]
			if ev.index == 1 {
				to = br.Block().Succs[0]
			}
			if to != br.Block() && !skeleton.Reaches(to, br.Block()) && (s.rejects(br) || asksOwn(br) || s.asksCaller(br) || refuses(br, to)) {
				return true
			}
		}
	}
	return false
}

// decidesAlone reports whether on the way to node i only that goroutine, which is not the
// first, has decided anything by data, and nothing twice.
func (s *system) decidesAlone(i int, gid int32) bool {
	seen := make(map[choiceKey]bool)
	for _, e := range s.path(i) {
		for _, c := range e.choices.list() {
			k := choiceKey{gid: c.gid, instr: c.instr}
			if c.gid != gid && !c.alone || seen[k] {
				return false
			}
			seen[k] = true
		}
	}
	return gid != 0
}

// leavesLoop reports whether a way of a branch within a loop ends it.
func leavesLoop(instr ssa.Instruction) bool {
	b := instr.Block()
	return slices.ContainsFunc(b.Succs, func(to *ssa.BasicBlock) bool { return to != b && !skeleton.Reaches(to, b) })
}

// asksReceived reports whether a branch asks whether a receive has had a value or
// the channel is closed: while there are values, such a loop goes on by itself.
func asksReceived(instr ssa.Instruction) bool {
	br, ok := instr.(*ssa.If)
	if !ok {
		return false
	}
	x, ok := br.Cond.(*ssa.Extract)
	if !ok {
		return false
	}
	recv, ok := x.Tuple.(*ssa.UnOp)
	return ok && recv.CommaOk && x.Index == 1
}

// waitsOnCond reports whether a decision is about data in a loop of a function
// that waits on a Cond: what such a loop waits for is changed by others.
func (s *system) waitsOnCond(c choice) bool {
	return s.inLoop(c.instr) && s.ps.program(c.instr.Parent()).waits
}

// inLoop reports whether an instruction is a branch within a loop.
func (s *system) inLoop(instr ssa.Instruction) bool {
	br, ok := instr.(*ssa.If)
	return ok && s.ps.program(br.Parent()).loops[br.Block().Index] || rangesOver(instr)
}

// heals runs the system again with room for one value in the channel of a
// stuck send.
func (s *system) heals(x stuck, d Stuck) bool {
	if x.pend.op != opSend || x.pend.obj.k != channel || d.Cap != 0 {
		return false
	}
	site, ok := s.objs[x.pend.obj.n].key.site.(*ssa.MakeChan)
	if !ok || s.widened != nil {
		return false
	}
	h := s.twin()
	h.widened = site
	whole := h.explore()
	s.stats.States += len(h.nodes)
	s.stats.Work += h.stats.Work
	if !whole {
		return false
	}
	for _, list := range h.stuckAt() {
		if len(list) > 0 {
			return false
		}
	}
	return !slices.ContainsFunc(h.nodes, func(n node) bool { return n.st.bad != nil })
}

// grade decides whether the choices of the way to node i are enough for the
// goroutine to be stuck, whatever the schedule.
func (s *system) grade(i int, x stuck) Grade {
	g := s.again(i)
	whole := g.explore()
	s.stats.States += len(g.nodes)
	s.stats.Work += g.stats.Work
	if !whole {
		return ScheduleOnly
	}
	at := g.stuckAt()
	// Every state must be able to reach one where the goroutine is stuck.
	preds := make([][]int, len(g.nodes))
	for n := range g.nodes {
		for _, e := range g.nodes[n].edges {
			preds[e.to] = append(preds[e.to], n)
		}
	}
	reach := make([]bool, len(g.nodes))
	var work []int
	for n := range g.nodes {
		if slices.ContainsFunc(at[n], func(y stuck) bool { return y.pend.instr == x.pend.instr }) {
			reach[n] = true
			work = append(work, n)
		}
	}
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		for _, p := range preds[n] {
			if !reach[p] {
				reach[p] = true
				work = append(work, p)
			}
		}
	}
	if slices.Contains(reach, false) {
		return ScheduleOnly
	}
	return Abandoned
}

// again returns the system once more, with the choices fixed that the way to node
// i takes.
func (s *system) again(i int) *system {
	g := s.twin()
	g.tables = s.tables
	g.grading = true
	g.fixed = make(map[choiceKey]int32)
	occ := make(map[choiceKey]int)
	for _, e := range s.path(i) {
		for _, c := range e.choices.list() {
			k := choiceKey{gid: c.gid, instr: c.instr}
			n := occ[k]
			occ[k]++
			k.occ = n
			g.fixed[k] = c.v
			if n == 0 {
				g.graded = append(g.graded, c.instr)
			}
		}
	}
	return g
}
