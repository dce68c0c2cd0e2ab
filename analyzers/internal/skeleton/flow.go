package skeleton

import (
	"cmp"
	"encoding/binary"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// The exploration of one function is path-sensitive: it walks the blocks with
// states that hold which locks are held on the way here, which have been
// released for the caller, which calls are deferred, and what is known of the
// values that branches depend on. Two paths that come to a block with equal
// states are one. What a state says is true of a path that the branch
// conditions allow as far as they correlate; a branch on anything else is
// taken both ways.
//
// Of a call that is not seen it is assumed that it leaves the locks alone. It
// cannot lock or unlock an unexported lock, unless it is given the lock or a
// function that does: that is a hand-over, and the lock is forgotten.

const (
	maxStates = 4000
	maxSteps  = 400000 // instructions executed
	maxBlocks = 3000
	maxHeld   = 12
	maxSnaps  = 8
)

type lockRef struct {
	ref  *access.Ref
	mode Mode
	at   ssa.Instruction
}

type deferral struct {
	call *ssa.Defer
	next *deferral
}

type state struct {
	held   []Held
	rel    []lockRef // released for the caller
	free   []lockRef // released since this function took it, and not taken again
	handed []*access.Ref
	defers *deferral
	env    env
}

func (s *state) clone() *state {
	return &state{
		held: slices.Clone(s.held), rel: slices.Clone(s.rel), free: slices.Clone(s.free),
		handed: slices.Clone(s.handed), defers: s.defers, env: s.env.clone(),
	}
}

type pending struct {
	s *state
	b *ssa.BasicBlock
}

type eventKey struct {
	kind   EventKind
	instr  ssa.Instruction
	callee *ssa.Function
	n      int
}

type explorer struct {
	ls  *lockState
	p   *Package
	fn  *ssa.Function
	out *FuncLocks
	tr  *tracked

	bound      map[ssa.Instruction][]*boundCall
	registered map[ssa.Instruction][]*boundCall
	deferred   []*ssa.Defer
	recovers   bool

	ids     map[*access.Ref]int
	instrs  map[ssa.Instruction]int
	roots   map[ssa.Value]bool // roots and indices of the locks that were met
	visited map[string]bool
	work    []pending
	cut     bool
	lent    []*access.Ref // given to what made a function that is called here
	steps   int
	events  map[eventKey]*Event
	acq     map[string]bool
	calls   map[string]bool
	exits   map[string]bool
	named   map[ssa.Value]map[ssa.Value]bool // of a key
	offered map[*access.Ref]bool             // returned functions release them
}

func (ls *lockState) exploreNow(fn *ssa.Function) *FuncLocks {
	ex := &explorer{
		ls: ls, p: ls.p, fn: fn,
		out:        &FuncLocks{Fn: fn, Summary: &Summary{}, Released: make(map[ssa.Instruction][]ssa.Instruction), Keyed: make(map[ssa.Instruction][]ssa.Instruction), Kept: make(map[*access.Ref]bool), Keys: make(map[*ssa.MakeClosure]bool), Handed: make(map[*access.Ref]bool), Unsure: make(map[*access.Ref]bool), held: make(map[ssa.Instruction][]Held), varies: make(map[ssa.Instruction]bool)},
		bound:      make(map[ssa.Instruction][]*boundCall),
		registered: make(map[ssa.Instruction][]*boundCall),
		ids:        make(map[*access.Ref]int),
		instrs:     make(map[ssa.Instruction]int),
		roots:      make(map[ssa.Value]bool),
		visited:    make(map[string]bool),
		events:     make(map[eventKey]*Event),
		acq:        make(map[string]bool),
		calls:      make(map[string]bool),
		exits:      make(map[string]bool),
		named:      make(map[ssa.Value]map[ssa.Value]bool),
		offered:    make(map[*access.Ref]bool),
	}
	if len(fn.Blocks) > maxBlocks {
		return ex.tooLarge()
	}
	ex.bindCalls()
	if ls.known != nil {
		ex.bindRegistered(ls.known)
	}
	ex.lent = ex.lentLocks()
	ex.tr = ex.track()
	first := &state{env: newEnv(ex.tr)}
	ex.work = append(ex.work, pending{first, fn.Blocks[0]})
	for len(ex.work) > 0 && !ex.cut {
		w := ex.work[len(ex.work)-1]
		ex.work = ex.work[:len(ex.work)-1]
		ex.block(w.s, w.b, 0)
	}
	if ex.cut {
		return ex.tooLarge()
	}
	ex.finish()
	if RangeBody(fn) {
		return ex.turnOnly()
	}
	return ex.out
}

// RangeBody reports whether fn is the body of a range over a function: what
// leaves it leaves the function around, so that nothing is known of it but what
// it takes.
func RangeBody(fn *ssa.Function) bool { return strings.HasPrefix(fn.Synthetic, "range-over-func") }

// turnOnly is what is known of the body of a range over a function: what a turn takes.
func (ex *explorer) turnOnly() *FuncLocks {
	taken := ex.out.Summary.Acquires
	for i := range taken {
		taken[i].When = slices.DeleteFunc(slices.Clone(taken[i].When), func(g Guard) bool {
			return g.Ref != nil && g.Value == "0" && strings.HasPrefix(g.Ref.String(), "jump$") // it is ready
		})
	}
	out := ex.giveUp()
	out.Summary.Acquires = taken
	return out
}

// Position is where an instruction is in the source: that of a range over a function,
// when it is the call of this.
func Position(instr ssa.Instruction) token.Pos {
	if rng := RangeOver(instr); rng != nil {
		return rng.For
	}
	return instr.Pos()
}

// RangeOver is the range over a function that the instruction is the call of, or nil.
func RangeOver(instr ssa.Instruction) *ast.RangeStmt {
	call, ok := instr.(*ssa.Call)
	if !ok || call.Pos().IsValid() || len(call.Call.Args) == 0 {
		return nil
	}
	mc, ok := call.Call.Args[len(call.Call.Args)-1].(*ssa.MakeClosure)
	if !ok || !RangeBody(mc.Fn.(*ssa.Function)) {
		return nil
	}
	rng, _ := mc.Fn.(*ssa.Function).Syntax().(*ast.RangeStmt)
	return rng
}

// tooLarge is what is known of a function that was not explored to the end.
func (ex *explorer) tooLarge() *FuncLocks {
	out := ex.giveUp()
	if !RangeBody(ex.fn) { // who is around that can hold one
		out.bare = ex.ls.bareIn(ex.fn)
	}
	return out
}

func (ex *explorer) giveUp() *FuncLocks {
	sum := &Summary{Unknown: true, Releases: ex.ls.mayRelease(ex.fn)}
	return &FuncLocks{Fn: ex.fn, Summary: sum, Cut: true, Released: ex.out.Released, Handed: ex.out.Handed}
}

func (ex *explorer) id(r *access.Ref) int {
	if i, ok := ex.ids[r]; ok {
		return i
	}
	i := len(ex.ids) + 1
	ex.ids[r] = i
	for x := r; x != nil; x = x.Base {
		if x.Value != nil {
			ex.roots[x.Value] = true
		}
	}
	return i
}

func (ex *explorer) instrID(i ssa.Instruction) int {
	if i == nil {
		return 0
	}
	if n, ok := ex.instrs[i]; ok {
		return n
	}
	n := len(ex.instrs) + 1
	ex.instrs[i] = n
	return n
}

func (ex *explorer) encodeHeld(buf []byte, held []Held) []byte {
	for _, h := range held {
		buf = binary.AppendUvarint(buf, uint64(ex.id(h.Ref)))
		buf = append(buf, byte(h.Mode)|bit(h.Stale)<<1|byte(min(h.Result, 63))<<2)
		buf = binary.AppendUvarint(buf, uint64(ex.instrID(h.At)))
	}
	return append(buf, 0)
}

func (ex *explorer) encode(s *state, b *ssa.BasicBlock) string {
	buf := binary.AppendUvarint(nil, uint64(b.Index))
	buf = ex.encodeHeld(buf, s.held)
	for _, list := range [][]lockRef{s.rel, s.free} {
		for _, r := range list {
			buf = binary.AppendUvarint(buf, uint64(ex.id(r.ref)))
			buf = append(buf, byte(r.mode))
		}
		buf = append(buf, 0)
	}
	for _, r := range s.handed {
		buf = binary.AppendUvarint(buf, uint64(ex.id(r)))
	}
	buf = append(buf, 0)
	for d := s.defers; d != nil; d = d.next {
		buf = binary.AppendUvarint(buf, uint64(ex.instrID(d.call)))
	}
	buf = append(buf, 0)
	return string(s.env.encode(buf))
}

// block runs the instructions of b from i on.
func (ex *explorer) block(s *state, b *ssa.BasicBlock, i int) {
	for ; i < len(b.Instrs); i++ {
		instr := b.Instrs[i]
		ex.steps++
		ex.define(s, instr)
		ex.note(s, instr)
		ex.passOn(s, instr)
		var next []*state
		switch instr := instr.(type) {
		case *ssa.Phi:
			continue // assigned on the edge
		case *ssa.Call:
			next = ex.call(s, instr)
			if call := instr; lengthOf(call) != nil {
				ex.length(s, call)
			}
		case *ssa.Go:
			ex.spawn(s, instr)
			continue
		case *ssa.Defer:
			for d := s.defers; ; d = d.next {
				if d == nil {
					s.defers = &deferral{instr, s.defers}
					break
				}
				if d.call == instr {
					break // again in a loop
				}
			}
			continue
		case *ssa.RunDefers:
			next = ex.runDefers(s)
		case *ssa.Return:
			ex.exit(s, instr, false)
			return
		case *ssa.Panic:
			if ex.recovers {
				for _, s := range ex.runDefers(s) {
					ex.exit(s, instr, true)
				}
			} else if len(s.held) > 0 {
				for _, s := range ex.runDefers(s) {
					if len(s.held) > 0 {
						ex.out.Unwinds = append(ex.out.Unwinds, ExitState{Instr: instr, Panic: true, Held: slices.Clone(s.held)})
					}
				}
			}
			return
		case *ssa.Store:
			if fa, ok := instr.Addr.(*ssa.FieldAddr); ok && len(s.held) > 0 {
				ev := ex.event(StoreEvent, instr, nil, 0)
				ev.Ref = ex.p.Access.Of(fa)
				ex.snap(ev, s)
			}
			if len(s.held) > 0 && ex.p.zeroes(instr) {
				for _, h := range s.held {
					if partOf(h.Ref, ex.p.Access.Of(instr.Addr)) {
						ev := ex.event(OverwriteEvent, instr, nil, ex.id(h.Ref))
						ev.Ref, ev.Mode = h.Ref, h.Mode
						ev.Taken = h.At
						ex.snap(ev, s)
					}
				}
			}
			ex.store(s, instr)
			continue
		case *ssa.MapUpdate:
			ex.rename(s, ex.p.Access.Of(instr.Map))
			continue
		case *ssa.MakeClosure:
			ex.closure(s, instr)
			continue
		case *ssa.UnOp:
			if instr.Op == token.MUL {
				ex.load(s, instr)
			}
			if instr.Op == token.ARROW {
				ex.block1(s, instr)
			}
			continue
		case *ssa.Send, *ssa.Select:
			ex.block1(s, instr)
			continue
		case *ssa.If:
			t := s.clone()
			if ex.assume(&t.env, instr.Cond, true) {
				ex.edge(t, b, 0)
			}
			if ex.assume(&s.env, instr.Cond, false) {
				ex.edge(s, b, 1)
			}
			return
		case *ssa.Jump:
			ex.edge(s, b, 0)
			return
		default:
			continue
		}
		switch len(next) {
		case 0:
			return
		case 1:
			s = next[0]
		default:
			for _, s := range next {
				ex.normalize(s)
				key := ex.encode(s, b) + "#" + itoa(i)
				if !ex.visited[key] && !ex.spent() {
					ex.visited[key] = true
					ex.block(s, b, i+1)
				}
			}
			return
		}
	}
}

// block1 notes an operation that can block.
func (ex *explorer) block1(s *state, instr ssa.Instruction) {
	if sel, ok := instr.(*ssa.Select); ok && !sel.Blocking {
		return
	}
	if len(s.held) > 0 {
		ex.snap(ex.event(BlockEvent, instr, nil, 0), s)
	}
}

// define forgets what was known of the values that the instruction defines.
func (ex *explorer) define(s *state, instr ssa.Instruction) {
	if _, isPhi := instr.(*ssa.Phi); isPhi {
		return // on the edge
	}
	for _, i := range ex.tr.defines[instr] {
		s.env.slot[i] = 0
	}
	v, ok := instr.(ssa.Value)
	if !ok {
		return
	}
	if x, ok := v.(*ssa.Extract); ok {
		if _, ok := x.Tuple.(*ssa.Call); ok {
			return // with the call
		}
	}
	ex.redefine(s, v)
	for _, ref := range referrersOfTuple(v) {
		ex.redefine(s, ref)
	}
}

// referrersOfTuple returns the parts of a tuple, which are defined with it.
func referrersOfTuple(v ssa.Value) []ssa.Value {
	switch v := v.(type) {
	case *ssa.Next:
		return []ssa.Value{v}
	case *ssa.Call:
		if _, ok := v.Type().(*types.Tuple); !ok {
			break
		}
		var parts []ssa.Value
		for _, ref := range *v.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok {
				parts = append(parts, x)
			}
		}
		return parts
	}
	return nil
}

func (ex *explorer) redefine(s *state, v ssa.Value) {
	if !ex.roots[v] {
		return
	}
	ex.stale(s, func(r *access.Ref) bool { return r.DefinedBy(v) })
}

// stale notes that some names mean other objects from here on.
func (ex *explorer) stale(s *state, changed func(*access.Ref) bool) {
	for i := range s.held {
		if changed(s.held[i].Ref) {
			s.held[i].Stale = true
		}
	}
	drop := func(l lockRef) bool { return changed(l.ref) }
	s.rel = slices.DeleteFunc(s.rel, drop)
	s.free = slices.DeleteFunc(s.free, drop)
	s.handed = slices.DeleteFunc(s.handed, changed)
	// Stale holds of one lock are one.
	for i := 0; i < len(s.held); i++ {
		for j := i + 1; j < len(s.held); j++ {
			if s.held[i] == s.held[j] && s.held[i].Stale {
				s.held = slices.Delete(s.held, j, j+1)
				j--
			}
		}
	}
}

// rename is stale for a reference that was stored at r.
func (ex *explorer) rename(s *state, r *access.Ref) {
	if len(s.held)+len(s.rel)+len(s.free) == 0 {
		return
	}
	ex.stale(s, func(l *access.Ref) bool {
		for x := l; x != nil; x = x.Base {
			if x == r && x != l {
				return true
			}
			if x.Kind == access.Elem && x.Value != nil {
				if load, ok := x.Value.(*ssa.UnOp); ok && load.Op == token.MUL && ex.p.Access.Of(load.X) == r {
					return true // the index
				}
			}
		}
		return false
	})
}

func (ex *explorer) store(s *state, st *ssa.Store) {
	r := ex.p.Access.Of(st.Addr)
	ex.forgetMem(s, r)
	if i, ok := ex.tr.mem[r]; ok {
		o := ex.operand(&s.env, st.Val)
		sym := o.sym
		if sym == 0 {
			f := fact{eq: o.konst}
			if o.konst == "" && neverNil(st.Val) {
				f.neq = []string{"nil"}
			}
			sym = s.env.fresh(f)
		}
		s.env.slot[i] = sym
		s.env.dirty[i] = true
		s.env.under[i] = ex.tr.shared[i] && len(s.held) > 0
	}
	if referenceType(st.Val.Type()) {
		ex.rename(s, r)
		if isLockPointer(st.Val.Type()) {
			// Somebody else can get at the lock from now on.
			if l := ex.p.Access.Of(st.Val); l != r {
				ex.handOver(s, l)
			}
		}
	}
}

// forgetMem drops what is known of variables that a store to r changes.
func (ex *explorer) forgetMem(s *state, r *access.Ref) {
	for i, m := range ex.tr.isMem {
		if m == nil || m == r {
			continue
		}
		if r.Contains(m) || m.Kind == access.Field && r.Kind == access.Field && m.Field == r.Field {
			s.env.slot[i], s.env.under[i] = 0, false
			s.env.dirty[i] = true
		}
	}
}

func (ex *explorer) load(s *state, load *ssa.UnOp) {
	v, ok := ex.tr.slots[load]
	if !ok {
		return
	}
	e := &s.env
	i := ex.tr.mem[ex.p.Access.Of(load.X)]
	if e.slot[i] == 0 {
		f := fact{}
		if neverNil(load) {
			f.neq = []string{"nil"}
		}
		e.slot[i] = e.fresh(f)
		if !e.dirty[i] && ex.tr.pinned[i] {
			e.init[i] = e.slot[i]
		}
		e.under[i] = ex.tr.shared[i] && len(s.held) > 0
	}
	e.slot[v] = e.slot[i]
}

// length makes calls of len on the same value the same value.
func (ex *explorer) length(s *state, call *ssa.Call) {
	i, ok := ex.tr.slots[call]
	if !ok {
		return
	}
	o := ex.operand(&s.env, lengthOf(call))
	if o.sym == 0 {
		return
	}
	for _, l := range s.env.lens {
		if l.of == o.sym {
			s.env.slot[i] = l.is
			return
		}
	}
	s.env.slot[i] = s.env.fresh(fact{})
	if len(s.env.lens) < 8 {
		s.env.lens = append(s.env.lens, length{o.sym, s.env.slot[i]})
	}
}

// edge follows the k-th way out of b.
func (ex *explorer) edge(s *state, b *ssa.BasicBlock, k int) {
	to := b.Succs[k]
	// The position among to's predecessors, when b is there twice.
	nth := 0
	for j := range k {
		if b.Succs[j] == to {
			nth++
		}
	}
	pred := -1
	for i, p := range to.Preds {
		if p == b {
			if nth == 0 {
				pred = i
				break
			}
			nth--
		}
	}
	type assignment struct {
		slot int
		sym  int32
	}
	var assign []assignment
	var names []*ssa.Phi
	e := &s.env
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		if ex.roots[phi] && phi.Edges[pred] != phi {
			names = append(names, phi)
		}
		i, ok := ex.tr.slots[phi]
		if !ok {
			continue
		}
		v := phi.Edges[pred]
		var sym int32
		if t, known := ex.evalBool(e, v); known {
			sym = e.fresh(fact{eq: t})
		} else if o := ex.operand(e, v); o.sym != 0 {
			sym = o.sym
		} else {
			f := fact{eq: o.konst}
			if o.konst == "" && neverNil(v) {
				f.neq = []string{"nil"}
			}
			sym = e.fresh(f)
		}
		assign = append(assign, assignment{i, sym})
	}
	for _, a := range assign {
		e.slot[a.slot] = a.sym
	}
	for _, phi := range names {
		ex.redefine(s, phi)
	}
	ex.push(s, to)
}

// evalBool is eval for values of boolean type, as a constant.
func (ex *explorer) evalBool(e *env, v ssa.Value) (string, bool) {
	if !isBool(v.Type()) {
		return "", false
	}
	t, known := ex.eval(e, v)
	if t {
		return "true", known
	}
	return "false", known
}

func (ex *explorer) push(s *state, b *ssa.BasicBlock) {
	s.env.canonical(ex.tr, ex.tr.live[b.Index])
	ex.normalize(s)
	key := ex.encode(s, b)
	if ex.visited[key] {
		return
	}
	if ex.spent() {
		return
	}
	ex.visited[key] = true
	ex.work = append(ex.work, pending{s, b})
}

// spent reports whether the budget of the function is used up.
func (ex *explorer) spent() bool {
	ex.cut = ex.cut || len(ex.visited) >= maxStates || ex.steps > maxSteps
	return ex.cut
}

// normalize sorts what has no order.
func (ex *explorer) normalize(s *state) {
	byID := func(a, b lockRef) int {
		return cmp.Or(cmp.Compare(ex.id(a.ref), ex.id(b.ref)), cmp.Compare(a.mode, b.mode))
	}
	slices.SortFunc(s.rel, byID)
	slices.SortFunc(s.free, byID)
	slices.SortFunc(s.handed, func(a, b *access.Ref) int { return cmp.Compare(ex.id(a), ex.id(b)) })
	s.handed = slices.Compact(s.handed)
	slices.SortStableFunc(s.held, func(a, b Held) int { return cmp.Compare(ex.id(a.Ref), ex.id(b.Ref)) })
	if len(s.held) > maxHeld {
		s.held = s.held[:maxHeld]
	}
}

// withNames copies the locks that have names.
func withNames(held []Held) []Held {
	return slices.DeleteFunc(slices.Clone(held), func(h Held) bool { return h.Nameless })
}

// snap notes the locks that are held at an event.
func (ex *explorer) snap(ev *Event, s *state) {
	held := withNames(s.held)
	key := string(ex.encodeHeld(nil, held))
	if ev.seen[key] || len(ev.States) >= maxSnaps {
		return
	}
	ev.seen[key] = true
	ev.States = append(ev.States, held)
}

func (ex *explorer) event(kind EventKind, instr ssa.Instruction, callee *ssa.Function, n int) *Event {
	k := eventKey{kind, instr, callee, n}
	ev := ex.events[k]
	if ev == nil {
		ev = &Event{Kind: kind, Fn: ex.fn, Instr: instr, Callee: callee, seen: make(map[string]bool)}
		_, ev.Deferred = instr.(*ssa.Defer)
		ex.events[k] = ev
		ex.out.Events = append(ex.out.Events, ev)
	}
	return ev
}

// runDefers runs the deferred calls, the last one first.
func (ex *explorer) runDefers(s *state) []*state {
	states := []*state{s}
	var done []*state
	for len(states) > 0 {
		s := states[len(states)-1]
		states = states[:len(states)-1]
		if s.defers == nil {
			done = append(done, s)
			continue
		}
		d := s.defers
		s.defers = d.next
		after := ex.call(s, d.call)
		ex.settleDeferred(after)
		states = append(states, after...)
		if len(states)+len(done) > 64 {
			ex.cut = true
			return nil
		}
	}
	return done
}

// settleDeferred takes a lock that a deferred call releases on some paths for one
// of which nothing is known: what the call decides by is what went before, which is
// not followed into it.
func (ex *explorer) settleDeferred(after []*state) {
	for _, s := range after {
		for _, h := range slices.Clone(s.held) {
			if slices.ContainsFunc(after, func(o *state) bool {
				return !slices.ContainsFunc(o.held, func(g Held) bool { return g.Ref == h.Ref })
			}) {
				ex.forget(s, h.Ref)
			}
		}
	}
}

func (ex *explorer) isHanded(s *state, r *access.Ref) bool { return slices.Contains(s.handed, r) }

// handOver forgets a lock whose release is somebody else's from here on.
func (ex *explorer) handOver(s *state, r *access.Ref) {
	r, _ = side(r, Exclusive)
	ex.forget(s, r)
	ex.out.Handed[r] = true
}

// forget is for a lock of which it is not known whether it is held from here on.
func (ex *explorer) forget(s *state, r *access.Ref) {
	s.held = slices.DeleteFunc(s.held, func(h Held) bool { return h.Ref == r })
	ex.id(r)
	if !slices.Contains(s.handed, r) {
		s.handed = append(s.handed, r)
	}
}

// side resolves the read side of an RWMutex.
func side(r *access.Ref, m Mode) (*access.Ref, Mode) {
	if r.Kind == access.RLocker {
		return r.Base, Shared
	}
	return r, m
}

func lockMode(k ops.Kind) Mode {
	switch k {
	case ops.RLock, ops.RUnlock, ops.TryRLock:
		return Shared
	}
	return Exclusive
}
