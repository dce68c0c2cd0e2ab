package machine

import (
	"encoding/binary"
	"slices"
	"sort"

	"golang.org/x/tools/go/ssa"
)

// A state is a moment of a system's execution. States are copied on write: a
// clone shares goroutines and objects with its origin until it changes them.
type state struct {
	gs    []*goroutine // by id
	objs  []*object    // by id
	facts []fact       // by expression: what was decided of unknown values
	over  bool         // the process has ended
	cut   bool         // something was beyond the bounds; nothing is known of what follows
	bad   *badness     // the operation that brought us here panics
	// lax says that somebody has come past a wait that only code which is not seen could have
	// ended then: it might, so nobody is stuck there, but a panic is not to be told by that.
	lax bool
	// What the step that led here did, for the witness.
	trace   *trail[event]
	choices *trail[choice]
}

// A trail is a list that grows at its end, whose beginnings are shared.
type trail[T any] struct {
	prev *trail[T]
	last T
}

func (t *trail[T]) add(x T) *trail[T] { return &trail[T]{t, x} }

// any reports whether something in the trail satisfies f.
func (t *trail[T]) any(f func(T) bool) bool {
	for ; t != nil; t = t.prev {
		if f(t.last) {
			return true
		}
	}
	return false
}

// shorter reports whether the trail holds less than another.
func (t *trail[T]) shorter(o *trail[T]) bool {
	for t != nil && o != nil {
		t, o = t.prev, o.prev
	}
	return t == nil && o != nil
}

// list returns what the trail holds, oldest first.
func (t *trail[T]) list() []T {
	var out []T
	for ; t != nil; t = t.prev {
		out = append(out, t.last)
	}
	slices.Reverse(out)
	return out
}

type fact struct {
	expr int32
	v    int32
}

// A badness is a panic that the runtime raises for a misused channel or group.
type badness struct {
	kind  VerdictKind
	gid   int32
	instr ssa.Instruction
	obj   val
}

// A goroutine is its stack. It stands before the operation pend.
type goroutine struct {
	owner *state
	id    int32
	stack []frame
	pend  pending
	// onExit is what the end of the goroutine does to the group it belongs to.
	onExit val
	exitOp exitKind
	// self is the value that a script is about, todo what is still to be called.
	self val
	todo []ScriptCall
	// occ counts executions of choices, only while a verdict is graded.
	occ map[ssa.Instruction]int
}

type exitKind uint8

const (
	exitNone  exitKind = iota
	exitWg             // wg.Go: Done
	exitGroup          // errgroup: count down, cancel on error
)

type frame struct {
	p      *program
	block  int32
	pc     int32 // index into the block's instructions
	prev   int32 // block we came from
	regs   []val
	defers []deferred
	// After a call: where the result goes in the frame below.
	after afterKind
	arg   val // of after
	// unwinding: a panic or Goexit is running the deferred calls.
	unwind unwindKind
	// shared says that regs and defers belong to another state too.
	shared bool
}

type afterKind uint8

const (
	afterNone       afterKind = iota
	afterCall                 // the result is the value of the instruction at pc
	afterDrop                 // the result is dropped, pc stays (deferred calls)
	afterDropResult           // the result is dropped, pc moves on
	afterOnce                 // mark the Once arg done; then as afterCall
	afterOnceDrop             // mark the Once arg done; then as afterDrop
	afterTurn                 // of a range over a function: when it is to go on, pc stays
)

type unwindKind uint8

const (
	unwindNone unwindKind = iota
	unwindPanic
	unwindExit      // Goexit, t.FailNow
	unwindRecovered // runs the deferred calls, then goes on in the recover block
)

type deferred struct {
	instr  *ssa.Defer
	callee val
	args   []val
}

type object struct {
	owner   *state
	id      int32
	escaped bool
	// fed and drained say that code outside a script can send on a channel (or
	// cancel a context), and receive from it.
	fed, drained bool
	// unfed says that others can have the channel, but do nothing else than to receive from it.
	unfed bool
	// blurred says that an element which is not known was set: no cell is certain.
	blurred bool
	cells   []cell // by path; fields, elements, variables
	syncs   []sync // by path
	// Of a channel.
	isChan bool
	cap    int32
	n      int32
	queue  []val // the values in the buffer, when they carry references
	closed bool
	timer  bool // time sends on it whenever it likes
	single bool // and does so once for each time that the timer is set
	// unsized says that its capacity is not known: there is room for all, and of more
	// than cap it is not known how many they are.
	unsized bool
	later   val // of a timer that AfterFunc made: what it runs
	// Of a slice: length, or -1.
	length int32
	// Of a context.
	isCtx     bool
	cancelled bool
	outside   bool // time or an unseen caller may cancel it
	parent    val
}

type cell struct {
	path int32
	v    val
}

// A sync is the state of a lock, group, Cond, Once or semaphore that lies at a
// path of an object.
type sync struct {
	path    int32
	writer  int32 // 1 + goroutine that holds it
	readers []int32
	count   int32 // WaitGroup, errgroup, semaphore (taken)
	limit   int32 // errgroup (0 none), semaphore
	done    bool  // Once
	busy    int32 // Once: 1 + goroutine that runs it
	link    val   // Cond: its Locker; errgroup: its context
	waits   []int32
	waiting bool // WaitGroup: somebody waits
}

func (st *state) clone() *state {
	return &state{
		gs:    slices.Clone(st.gs),
		objs:  slices.Clone(st.objs),
		facts: slices.Clone(st.facts),
		over:  st.over,
		cut:   st.cut,
		lax:   st.lax,
	}
}

func (st *state) goroutine(id int32) *goroutine {
	i := sort.Search(len(st.gs), func(i int) bool { return st.gs[i].id >= id })
	if i == len(st.gs) || st.gs[i].id != id {
		return nil
	}
	g := st.gs[i]
	if g.owner != st {
		c := *g
		c.owner = st
		c.stack = make([]frame, len(g.stack))
		copy(c.stack, g.stack)
		for j := range c.stack {
			c.stack[j].shared = true
		}
		c.top()
		if g.occ != nil {
			c.occ = make(map[ssa.Instruction]int, len(g.occ))
			for k, v := range g.occ {
				c.occ[k] = v
			}
		}
		st.gs[i] = &c
		g = &c
	}
	return g
}

// top returns the topmost frame for writing, or nil. Only that frame of a
// goroutine ever changes.
func (g *goroutine) top() *frame {
	if len(g.stack) == 0 {
		return nil
	}
	f := &g.stack[len(g.stack)-1]
	if f.shared {
		f.regs, f.defers, f.shared = slices.Clone(f.regs), slices.Clone(f.defers), false
	}
	return f
}

func (st *state) addGoroutine(g *goroutine) {
	g.owner = st
	i := sort.Search(len(st.gs), func(i int) bool { return st.gs[i].id >= g.id })
	st.gs = slices.Insert(st.gs, i, g)
}

func (st *state) dropGoroutine(id int32) {
	st.gs = slices.DeleteFunc(st.gs, func(g *goroutine) bool { return g.id == id })
}

func (st *state) find(id int32) int {
	return sort.Search(len(st.objs), func(i int) bool { return st.objs[i].id >= id })
}

// look returns an object for reading, or nil.
func (st *state) look(id int32) *object {
	if i := st.find(id); i < len(st.objs) && st.objs[i].id == id {
		return st.objs[i]
	}
	return nil
}

// object returns an object for writing, made empty when there is none.
func (st *state) object(id int32) *object {
	i := st.find(id)
	if i == len(st.objs) || st.objs[i].id != id {
		o := &object{owner: st, id: id, length: -1}
		st.objs = slices.Insert(st.objs, i, o)
		return o
	}
	o := st.objs[i]
	if o.owner != st {
		c := *o
		c.owner = st
		c.cells = slices.Clone(o.cells)
		c.queue = slices.Clone(o.queue)
		c.syncs = slices.Clone(o.syncs)
		for j := range c.syncs {
			c.syncs[j].readers = slices.Clone(c.syncs[j].readers)
			c.syncs[j].waits = slices.Clone(c.syncs[j].waits)
		}
		st.objs[i] = &c
		o = &c
	}
	return o
}

func (o *object) cell(path int32) (val, bool) {
	i := sort.Search(len(o.cells), func(i int) bool { return o.cells[i].path >= path })
	if i < len(o.cells) && o.cells[i].path == path {
		return o.cells[i].v, true
	}
	return val{}, false
}

func (o *object) setCell(path int32, v val) {
	i := sort.Search(len(o.cells), func(i int) bool { return o.cells[i].path >= path })
	if i < len(o.cells) && o.cells[i].path == path {
		o.cells[i].v = v
		return
	}
	o.cells = slices.Insert(o.cells, i, cell{path, v})
}

// sync returns the sync at the path for writing.
func (o *object) sync(path int32) *sync {
	i := sort.Search(len(o.syncs), func(i int) bool { return o.syncs[i].path >= path })
	if i == len(o.syncs) || o.syncs[i].path != path {
		o.syncs = slices.Insert(o.syncs, i, sync{path: path})
	}
	return &o.syncs[i]
}

var noSync sync

// lookSync returns the sync at the path for reading.
func (st *state) lookSync(v val) *sync {
	if o := st.look(v.n); o != nil {
		for i := range o.syncs {
			if o.syncs[i].path == v.p {
				return &o.syncs[i]
			}
		}
	}
	return &noSync
}

func (st *state) fact(e int32) (int32, bool) {
	i := sort.Search(len(st.facts), func(i int) bool { return st.facts[i].expr >= e })
	if i < len(st.facts) && st.facts[i].expr == e {
		return st.facts[i].v, true
	}
	return 0, false
}

func (st *state) setFact(e, v int32) {
	i := sort.Search(len(st.facts), func(i int) bool { return st.facts[i].expr >= e })
	if i < len(st.facts) && st.facts[i].expr == e {
		st.facts[i].v = v
		return
	}
	st.facts = slices.Insert(st.facts, i, fact{e, v})
}

// forget drops what was decided of a leaf that is defined anew.
func (s *system) forget(st *state, e int32) {
	if len(st.facts) == 0 {
		return
	}
	st.facts = slices.DeleteFunc(st.facts, func(f fact) bool { return slices.Contains(s.deps[f.expr], e) })
}

// held reports whether somebody holds a value that depends on one of the leaves,
// apart from the register of instr in the topmost frame of g, which is about to be
// set.
func (s *system) held(st *state, g *goroutine, instr ssa.Value, leaves []int32) bool {
	found := false
	s.sought.clear(len(s.exprs))
	for _, l := range leaves {
		s.sought.add(l)
	}
	visit := func(v val) {
		if found {
			return
		}
		var deps []int32
		switch v.k {
		case opaque:
			deps = s.deps[v.n]
		case fn:
			deps = s.closDeps[v.n]
		case tuple:
			deps = s.tupleDeps[v.n]
		}
		for _, d := range deps {
			if s.sought.has(d) {
				found = true
				return
			}
		}
	}
	if len(g.stack) > 0 {
		top := &g.stack[len(g.stack)-1]
		if r, ok := top.p.regs[instr]; ok && len(top.regs) > r {
			was := top.regs[r]
			top.regs[r] = unknown
			defer func() { top.regs[r] = was }()
		}
	}
	for _, x := range st.gs {
		if found {
			return true
		}
		x.values(visit)
	}
	for _, o := range st.objs {
		if found {
			return true
		}
		o.values(visit)
	}
	return found
}

// renew makes leaves new values: what was known of them, and of what lies behind
// them, holds no more.
func (s *system) renew(st *state, leaves []int32) {
	gone := make(map[int32]bool)
	stale := func(x int32) bool {
		return slices.ContainsFunc(s.deps[x], func(l int32) bool { return slices.Contains(leaves, l) || gone[s.exprs[l].leaf.obj] })
	}
	for changed := true; changed; {
		changed = false
		for _, o := range st.objs {
			if k := s.objs[o.id].key; k.lazy > 0 && !gone[o.id] && stale(k.lazy-1) {
				gone[o.id] = true
				changed = true
			}
		}
	}
	if len(gone) > 0 {
		st.objs = slices.DeleteFunc(st.objs, func(o *object) bool { return gone[o.id] })
	}
	if len(st.facts) > 0 {
		st.facts = slices.DeleteFunc(st.facts, func(f fact) bool { return stale(f.expr) })
	}
}

// values visits every value that the goroutine holds, but for those that depend on nothing.
func (g *goroutine) values(visit func(val)) {
	visit(g.onExit)
	visit(g.self)
	visit(g.pend.obj)
	visit(g.pend.arg)
	visit(g.pend.ctx)
	for i := range g.stack {
		f := &g.stack[i]
		for _, r := range f.regs {
			if r.k >= opaque {
				visit(r)
			}
		}
		for _, d := range f.defers {
			visit(d.callee)
			for _, a := range d.args {
				visit(a)
			}
		}
		visit(f.arg)
	}
}

// values visits every value that the object holds, but for those that depend on nothing.
func (o *object) values(visit func(val)) {
	for _, c := range o.cells {
		if c.v.k >= opaque {
			visit(c.v)
		}
	}
	for _, q := range o.queue {
		visit(q)
	}
	for i := range o.syncs {
		visit(o.syncs[i].link)
	}
	visit(o.parent)
	visit(o.later)
}

// A set of small numbers that is cleared at no cost.
type set struct {
	at  []uint32
	gen uint32
}

// clear empties the set and makes room for the numbers below n.
func (s *set) clear(n int) {
	if len(s.at) < n {
		s.at = make([]uint32, 2*n)
		s.gen = 0
	}
	s.gen++
}

// add puts x into the set and reports whether it is new there.
func (s *set) add(x int32) bool {
	if s.at[x] == s.gen {
		return false
	}
	s.at[x] = s.gen
	return true
}

func (s *set) has(x int32) bool { return s.at[x] == s.gen }

// collect drops objects that nothing refers to, and decisions about values
// that nobody holds any more, so that equal situations become equal states.
func (s *system) collect(st *state) {
	live, leaves := &s.live, &s.leaves
	live.clear(len(s.objs))
	leaves.clear(len(s.exprs))
	work := s.work32[:0]
	var visit func(v val)
	mark := func(id int32) {
		if id != 0 && live.add(id) {
			work = append(work, id)
		}
	}
	visit = func(v val) {
		switch v.k {
		case ptr, channel, slice, cancel, ctx:
			mark(v.n)
		case fn:
			for _, b := range s.closures[v.n].binds {
				visit(b)
			}
		case tuple:
			for _, e := range s.tuples[v.n] {
				visit(e)
			}
		case opaque:
			for _, l := range s.deps[v.n] {
				leaves.add(l)
			}
		}
	}
	for _, g := range st.gs {
		g.values(visit)
	}
	for _, o := range st.objs {
		// What lies behind an unknown pointer stays: the pointer may be had again.
		if s.objs[o.id].open {
			mark(o.id)
		}
	}
	for len(work) > 0 {
		id := work[len(work)-1]
		work = work[:len(work)-1]
		o := st.look(id)
		if o == nil {
			continue
		}
		o.values(visit)
	}
	s.work32 = work
	st.objs = slices.DeleteFunc(st.objs, func(o *object) bool {
		return !live.has(o.id)
	})
	st.facts = slices.DeleteFunc(st.facts, func(f fact) bool {
		for _, l := range s.deps[f.expr] {
			if leaf := s.exprs[l].leaf; leaf.instr != nil && !leaves.has(l) {
				return true
			}
		}
		return false
	})
}

// encode writes the state as bytes that are equal for equal states.
func (s *system) encode(st *state) string {
	buf := s.buf[:0]
	num := func(n int32) { buf = binary.AppendVarint(buf, int64(n)) }
	flag := func(bs ...bool) {
		var x byte
		for i, b := range bs {
			if b {
				x |= 1 << i
			}
		}
		buf = append(buf, x)
	}
	value := func(v val) {
		k := byte(v.k)
		if v.neg {
			k |= 0x80
		}
		buf = append(buf, k)
		switch v.k {
		case top, null, solid:
		case ptr:
			num(v.p)
			num(v.n)
		default:
			num(v.n)
		}
	}
	flag(st.over, st.cut, st.lax)
	num(int32(len(st.gs)))
	for _, g := range st.gs {
		num(g.id)
		num(int32(g.pend.phase))
		flag(g.pend.woken, g.pend.deferred)
		if g.pend.deferred {
			value(g.pend.obj)
			value(g.pend.arg)
		}
		value(g.onExit)
		value(g.self)
		num(int32(len(g.todo)))
		num(int32(len(g.stack)))
		for i := range g.stack {
			f := &g.stack[i]
			num(f.p.id)
			num(f.block)
			num(f.pc)
			buf = append(buf, byte(f.after), byte(f.unwind))
			value(f.arg)
			for _, r := range f.regs {
				value(r)
			}
			num(int32(len(f.defers)))
			for _, d := range f.defers {
				num(int32(d.instr.Pos()))
				value(d.callee)
				for _, a := range d.args {
					value(a)
				}
			}
		}
		if g.occ != nil {
			for _, c := range s.graded {
				num(int32(g.occ[c]))
			}
		}
	}
	for _, o := range st.objs {
		num(o.id)
		flag(o.escaped, o.closed, o.cancelled, o.timer, o.outside, o.blurred, o.fed, o.drained)
		flag(o.unsized, o.unfed, o.single)
		num(o.cap)
		num(o.n)
		num(o.length)
		value(o.later)
		num(int32(len(o.cells)))
		for _, c := range o.cells {
			num(c.path)
			value(c.v)
		}
		for _, q := range o.queue {
			value(q)
		}
		num(int32(len(o.syncs)))
		for i := range o.syncs {
			y := &o.syncs[i]
			num(y.path)
			num(y.writer)
			num(int32(len(y.readers)))
			for _, r := range y.readers {
				num(r)
			}
			num(y.count)
			num(y.limit)
			flag(y.done, y.waiting)
			num(y.busy)
			num(int32(len(y.waits)))
			for _, w := range y.waits {
				num(w)
			}
			value(y.link)
		}
	}
	num(-1)
	for _, f := range st.facts {
		num(f.expr)
		num(f.v)
	}
	s.buf = buf
	return string(buf)
}
