package shared

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Way tells which code runs at the same time.
type Way uint8

// The ways.
const (
	Again   Way = iota // another instance of the goroutine
	Spawner            // the function that starts it
	Sibling            // another goroutine that the function starts
	Request            // the same code, run for another request
)

// A Conflict is two accesses to one variable, at least one of them a write,
// that two goroutines make without an order.
type Conflict struct {
	Way Way
	// Fn starts the goroutine that makes access A, by Go; Other starts the one
	// that makes B, of a Sibling.
	Fn        *ssa.Function
	Go, Other ssa.CallInstruction
	A, B      Access
	// Shared says that a lock is held, but by RLock.
	Shared bool
	// Parallel says that the goroutines are parallel subtests.
	Parallel bool
	// Abandoned says that Go is a call that starts the goroutine and waits for it,
	// but returns without it when a timer or context is faster.
	Abandoned bool
	// Several says that Go is a call that runs it in several goroutines.
	Several bool
}

type place struct {
	ref         *access.Ref
	entr, spare bool
}

func (s *Set) conflictsOf(fn *ssa.Function, spawns []*spawn) {
	rest := s.list(fn)
	operations := s.ops(fn)
	done := make(map[place]bool)
	told := make(map[ssa.Instruction]bool) // the writes of the instances that are told
	found := func(c Conflict) {
		p := place{c.A.Ref, c.A.Map, c.A.Spare}
		// What a test does to code at the same time, it knows to be ordered; and
		// where it is not, the race detector tells.
		write := c.A.Leaf
		if !c.A.Write {
			write = c.B.Leaf
		}
		if c.Way == Again && told[write] {
			return // of a part and of the whole
		}
		if !done[p] && (!s.inTest(fn) || s.Pkg.InTestFile(c.A.Leaf.Parent()) || s.Pkg.InTestFile(c.B.Leaf.Parent())) {
			done[p] = true
			told[write] = told[write] || c.Way == Again
			c.Fn = fn
			s.conflicts = append(s.conflicts, c)
		}
	}
	for i, sp := range spawns {
		here := &thread{fn: fn, start: sp.at, ops: operations, succeeded: sp.succeeds}
		mine := slices.Clone(sp.list)
		slices.SortStableFunc(mine, writesFirst)
		for _, a := range mine {
			var own []Conflict
			if !sp.inherited && (sp.how != abandons || sp.several) {
				own = s.candidates(sp, sp, a, mine)
			}
			var others []Conflict
			if !sp.parallel && !sp.requests && sp.how != always {
				others = s.candidates(sp, nil, a, rest)
			}
			renew, ok := s.renewal(fn, a.Ref)
			if !ok || len(own)+len(others) == 0 {
				continue
			}
			signals := s.through(spawns, sp, s.releasesAfter(&sp.body, &a))
			if s.inTest(fn) && (!slices.ContainsFunc(operations, func(op syncOp) bool { return op.waits() && s.matches(&op, signals) })) {
				// A test that waits for nothing of it knows how it goes; one that
				// waits on some paths only has forgotten the others.
				others = slices.DeleteFunc(others, func(c Conflict) bool {
					return !s.Pkg.OnlyTests() || s.inTest(c.A.Leaf.Parent()) || s.inTest(c.B.Leaf.Parent())
				})
			}
			if s.inTest(fn) && selected(&a) || sp.requests && s.ofContext(&a) {
				own = nil
			}
			if s.inTest(fn) && serves(&sp.body) {
				others = nil // the test is its client, and waits for an answer
			}
			if len(own) > 0 && (sp.requests || sp.several || s.reaches(here, sp.at, false, signals, renew)) && !s.single(sp, &a) {
				for _, c := range own {
					if s.unorderedTurns(fn, sp, &a, &c.B) {
						c.Way = Again
						if sp.requests {
							c.Way = Request
						}
						found(c)
						break
					}
				}
			}
			signalled := s.order(here, signals)
			for _, c := range others {
				b := c.B
				if b.Unsure || sp.how == abandons && asked(sp.at, &b) || s.steered(sp, &b) || s.atOnce(fn, sp, &a, &b) || s.fedElsewhere(fn, sp, &a) || s.heldAround(fn, &a) || signalled.passes(&b, renew) {
					continue
				}
				if !s.passes(&sp.body, &a, append(s.releasesAfter(here, &b), started(spawns, &b)...)) {
					c.Way = Spawner
					found(c)
					break
				}
			}
		}
		for j, other := range spawns {
			if i == j || sp.inherited || other.inherited || sp.how != never || other.how != never || other.parallel != sp.parallel || other.requests || sp.requests {
				continue
			}
			for _, a := range mine {
				cands := s.candidates(sp, other, a, other.list)
				if len(cands) == 0 {
					continue
				}
				renew, ok := s.renewal(fn, a.Ref)
				if !ok || !s.reaches(here, other.at, false, s.releasesAfter(&sp.body, &a), renew) {
					continue
				}
				for _, c := range cands {
					if s.unordered(&sp.body, &a, &other.body, &c.B) {
						c.Way, c.Other = Sibling, other.statement()
						found(c)
						break
					}
				}
			}
		}
	}
}

// ofContext reports whether the access is to a field of what the package puts into contexts: that
// goes with one request, and what is found there is of this one.
func (s *Set) ofContext(a *Access) bool {
	if s.inContexts == nil {
		s.inContexts = make(map[*types.Var]bool)
		for _, fn := range s.Pkg.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					call, ok := instr.(*ssa.Call)
					if !ok {
						continue
					}
					op, _ := s.Pkg.Op(&call.Call)
					if op.Kind != ops.CtxWithValue || len(call.Call.Args) < 3 {
						continue
					}
					if v, ok := call.Call.Args[2].(*ssa.MakeInterface); ok && structOf(v.X.Type()) != nil {
						for f := range structOf(v.X.Type()).Fields() {
							s.inContexts[f.Origin()] = true
						}
					}
				}
			}
		}
	}
	return a.Ref.Kind == access.Field && s.inContexts[a.Ref.Field]
}

// steered reports whether it depends on a field if the access is made, and the
// function that starts the goroutine sets that field: to say, it may be, that it runs, or
// that what follows is over.
func (s *Set) steered(sp *spawn, b *Access) bool {
	start := sp.statement()
	for br := range conditions(b.At) {
		if !after(sp.at, br) {
			continue
		}
		cond := br.Cond
		if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
			cond = not.X
		}
		if eq, ok := cond.(*ssa.BinOp); ok {
			if _, constant := eq.Y.(*ssa.Const); constant {
				cond = eq.X
			}
		}
		load, ok := cond.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			continue
		}
		field := s.Pkg.Access.Of(load.X).Class()
		if field.Var == nil || !field.Var.IsField() {
			continue
		}
		for _, w := range s.list(start.Parent()) {
			if w.Write && !w.Map && !w.Spare && w.Ref.Class() == field && (after(start, w.At) || after(w.At, start)) {
				return true
			}
		}
	}
	return false
}

// atOnce reports whether the goroutine lets time pass before its access, and the function that
// starts it makes its own without waiting for anything: as in t.timer = time.AfterFunc(d, f),
// where f reads t.timer. By the memory model that is a race; it does not happen. A test that
// looks at something first thing, before it has given the goroutine anything to do, knows what
// the goroutine waits for, and so does who completes an object that he has just made.
func (s *Set) atOnce(fn *ssa.Function, sp *spawn, a, b *Access) bool {
	if sp.at == nil || sp.inherited || after(b.At, sp.at) || loops(b.At.Block()) {
		return false
	}
	between := func(at ssa.Instruction) bool { return after(sp.at, at) && after(at, b.At) }
	first, waits := (s.inTest(fn) || s.completes(fn, b)) && !b.Deferred, false
	for _, op := range s.ops(fn) {
		if between(op.at) {
			first = first && !s.inTest(fn) && op.medium == byObject // what it calls has not got the object's channels, as a rule
			waits = waits || op.acquire && op.medium != byLock
		}
	}
	if waits && !first {
		return false
	}
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			if s.ticks(instr) && between(instr) {
				return false
			}
		}
	}
	if first && s.passes(&sp.body, a, []syncOp{{medium: byChannel, send: true}, {medium: byChannel, receive: true}, {medium: byGroup}, {medium: byCond}}) {
		return true
	}
	op, _ := s.Pkg.Op(sp.statement().Common())
	return !waits && (op.Kind == ops.AfterFunc || len(sp.body.fn.Blocks) > 0 && s.passesClock(sp.body.fn, a))
}

// completes reports whether the function sets a field of an object that it makes and returns.
func (s *Set) completes(fn *ssa.Function, b *Access) bool {
	if !b.Write || b.Ref.Base == nil || b.Ref.Base.Kind != access.Alloc {
		return false
	}
	obj := b.Ref.Base.Value
	return obj.Parent() == fn && obj.Referrers() != nil && slices.ContainsFunc(*obj.Referrers(), func(r ssa.Instruction) bool {
		_, ok := r.(*ssa.Return)
		return ok
	})
}

// passesClock reports whether time passes on every path to the access.
func (s *Set) passesClock(fn *ssa.Function, a *Access) bool {
	t := &thread{fn: fn}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if s.ticks(instr) {
				t.ops = append(t.ops, syncOp{medium: byTimer, at: instr, arm: -1, acquire: true})
			}
		}
	}
	if !s.reaches(t, a.At, a.Deferred, []syncOp{{medium: byAll}}, nil) {
		return true
	}
	return a.via != nil && s.passesClock(a.call.fn, a.via)
}

// ticks reports whether the instruction waits for time, or for that and something else.
func (s *Set) ticks(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		return instr.Op == token.ARROW && s.clock(instr.X)
	case *ssa.Select:
		return instr.Blocking && slices.ContainsFunc(instr.States, func(c *ssa.SelectState) bool { return c.Dir == types.RecvOnly && s.clock(c.Chan) })
	case *ssa.Call:
		op, _ := s.Pkg.Op(&instr.Call)
		return op.Kind == ops.Sleep
	}
	return false
}

// selected reports whether the access depends on a comparison, but for one with nil:
// on what one instance finds, and perhaps no other.
func selected(a *Access) bool {
	for br := range conditions(a.Leaf) {
		switch cond := br.Cond.(type) {
		case *ssa.BinOp:
			if (cond.Op == token.EQL || cond.Op == token.NEQ) && !isZero(cond.X) && !isZero(cond.Y) {
				return true
			}
		case *ssa.Call:
			return true
		}
	}
	return false
}

// fedElsewhere reports whether the goroutine makes the access only when it has received
// from a channel that the function has made and does not send on: who it has been
// given to can know when to send.
func (s *Set) fedElsewhere(fn *ssa.Function, sp *spawn, a *Access) bool {
	var fed []syncOp
	for _, op := range sp.body.ops {
		if op.medium != byChannel || !op.receive || op.ref == nil {
			continue
		}
		root := op.ref.Root()
		if root != op.ref || root.Kind != access.Alloc || root.Value.Parent() != fn {
			continue
		}
		if !slices.ContainsFunc(s.ops(fn), func(o syncOp) bool {
			return o.medium == byChannel && o.ref == op.ref && !o.receive && o.depth == 0 && !given(&o)
		}) {
			fed = append(fed, syncOp{medium: byChannel, ref: op.ref, typ: op.typ, arm: -1, send: true, release: true})
		}
	}
	return len(fed) > 0 && s.passes(&sp.body, a, fed)
}

// given reports whether the operation is what a call can do with its argument.
func given(op *syncOp) bool {
	call, ok := op.at.(*ssa.Call)
	if !ok {
		return false
	}
	_, builtin := call.Call.Value.(*ssa.Builtin)
	return !builtin
}

// heldAround reports whether the callers of the function that starts a goroutine
// hold a lock, or may, that the goroutine takes for its access.
func (s *Set) heldAround(fn *ssa.Function, a *Access) bool {
	if len(a.Held) == 0 {
		return false
	}
	s.findContexts()
	c := s.contexts[skeleton.Outermost(fn)]
	if c == nil || s.exported(fn) {
		return false
	}
	for l := range classes(a.Held) {
		if _, ok := c.held[l]; ok || c.quiet {
			return true
		}
	}
	return false
}

// started lists what goroutines signal that the function starts after an access:
// who waits for those has waited for the access too.
func started(spawns []*spawn, a *Access) []syncOp {
	var list []syncOp
	for _, sp := range spawns {
		if sp.at == nil || !after(a.At, sp.at) {
			continue
		}
		for _, op := range sp.body.ops {
			if op.release && op.medium != byLock {
				list = append(list, op)
			}
		}
	}
	return list
}

// candidates lists the conflicts of access a with those in a list, if nothing
// orders them. To find an order costs more.
func (s *Set) candidates(sp, other *spawn, a Access, list []Access) []Conflict {
	var out []Conflict
	for i := range list {
		b := &list[i]
		if !clashes(&a, b) || a.Later && !nextTurn(sp, b) {
			continue
		}
		if c, ok := s.conflict(sp, other, &a, b); ok {
			out = append(out, c)
		}
	}
	return out
}

// serves reports whether the goroutine accepts or uses connections.
func serves(t *thread) bool {
	return slices.ContainsFunc(t.ops, func(op syncOp) bool {
		n, ok := types.Unalias(op.typ).(*types.Named)
		return ok && n.Obj().Pkg() != nil && (n.Obj().Pkg().Path() == "net" || n.Obj().Pkg().Path() == "net/http")
	})
}

// nextTurn reports whether the access is a write under a condition in the loop that starts the
// goroutine: one of a later turn, which need never come, and so is nothing to wait for.
func nextTurn(sp *spawn, b *Access) bool {
	if !b.Write || !loops(sp.at.Block()) || !after(b.At, sp.at) || !after(sp.at, b.At) {
		return false
	}
	for br := range conditions(b.At) {
		if after(sp.at, br) && after(br, sp.at) {
			return true
		}
	}
	return false
}

// through adds to what a goroutine can be waited for by what other goroutines do
// that wait for it: who waits for those has waited for it too.
func (s *Set) through(spawns []*spawn, from *spawn, signals []syncOp) []syncOp {
	used := map[*spawn]bool{from: true}
	for changed := true; changed; {
		changed = false
		for _, other := range spawns {
			if used[other] || !slices.ContainsFunc(other.body.ops, func(op syncOp) bool { return op.waits() && s.matches(&op, signals) }) {
				continue
			}
			used[other], changed = true, true
			for _, op := range other.body.ops {
				if op.release && op.medium != byLock {
					signals = append(signals, op)
				}
			}
		}
	}
	return signals
}

// dropTwice keeps one of the conflicts between the same two accesses, which
// several functions can bring about.
func (s *Set) dropTwice() {
	seen := make(map[[2]ssa.Instruction]bool)
	s.conflicts = slices.DeleteFunc(s.conflicts, func(c Conflict) bool {
		pair := [2]ssa.Instruction{c.A.Leaf, c.B.Leaf}
		old := seen[pair]
		seen[pair] = true
		return old
	})
}

func writesFirst(a, b Access) int {
	word := func(a Access) int {
		if a.Write {
			return 0
		}
		return 1
	}
	return cmp.Compare(word(a), word(b))
}

// clashes reports whether two accesses are to the same memory, one of them a write, and
// not both atomic.
func clashes(a, b *Access) bool {
	return (a.Write || b.Write) && !(a.Atomic && b.Atomic) && overlap(a, b)
}

// conflict reports whether nothing keeps two accesses that clash apart, as a common lock
// does.
func (s *Set) conflict(sp, other *spawn, a, b *Access) (Conflict, bool) {
	if a.Elem && (other != nil || !inTurn(a, b, sp.at)) || s.lazy(a) || s.lazy(b) || s.firstTime(b) || b.Deferred && afterPanic(b.Leaf) {
		return Conflict{}, false
	}
	c := Conflict{Go: sp.statement(), A: *a, B: *b, Parallel: sp.parallel, Abandoned: sp.how == abandons && other != sp, Several: sp.several && other == sp}
	c.A.Value, c.B.Value = a.Value || b.Value, a.Value || b.Value
	protected, shared := s.common(sp, other, a, b)
	c.Shared = shared
	return c, !protected
}

// afterPanic reports whether the instruction is only come to when a panic has been recovered, which
// is not known to come after the goroutine has been started.
func afterPanic(at ssa.Instruction) bool {
	for br := range conditions(at) {
		if recovered(br.Cond) {
			return true
		}
	}
	return false
}

// overlap reports whether two accesses touch the same memory.
func overlap(a, b *Access) bool {
	if a.Map != b.Map || a.Elem != b.Elem || a.Spare != b.Spare || (a.By != nil) != (b.By != nil) {
		return false
	}
	if a.Ref == b.Ref {
		return true
	}
	part := func(inner, outer *Access) bool {
		return (outer.Value || outer.Ref.Kind == access.Field) && within(inner.Ref, outer.Ref)
	}
	return part(a, b) || part(b, a)
}

// within reports whether inner is a part of the value of the variable outer.
func within(inner, outer *access.Ref) bool {
	for x := inner; x != nil; x = x.Base {
		if x == outer {
			return true
		}
		if x.Base == nil || x.Kind != access.Field {
			return false
		}
		var t types.Type
		switch b := x.Base; b.Kind {
		case access.Field:
			t = b.Field.Type()
		default:
			if b.Value == nil {
				return false
			}
			t = deref(b.Value.Type()) // a variable is known by its address
		}
		if _, ok := t.Underlying().(*types.Struct); !ok {
			return false
		}
	}
	return false
}

// common reports whether a lock, or a channel used as one, orders the
// accesses; shared, whether there is one that both hold by RLock only.
func (s *Set) common(sp, other *spawn, a, b *Access) (protected, shared bool) {
	for _, h := range a.Held {
		if sp == other && h.Ref.Root().Value != nil && h.Ref.Root().Value.Parent() == sp.body.fn && h.Ref.Root().Kind == access.Alloc {
			continue // each instance has its own
		}
		for _, g := range b.Held {
			if h.Ref != g.Ref && (h.Ref.Kind != access.Field || h.Ref.Class() != g.Ref.Class()) {
				continue
			}
			if h.Mode == skeleton.Shared && g.Mode == skeleton.Shared {
				shared = true
				continue
			}
			return true, false
		}
	}
	if other != nil && s.token(&sp.body, a, &other.body, b) {
		return true, false
	}
	return false, shared
}

// unordered reports whether neither access waits for the other's goroutine.
func (s *Set) unordered(t *thread, a *Access, u *thread, b *Access) bool {
	return s.unorderedBut(t, a, u, b, func(syncOp) bool { return false })
}

// unorderedTurns is unordered, of two goroutines that one statement of fn starts: an object that
// each turn of the loop has of its own is not what the other one waits for. A channel is another
// matter: one turn can hand it on to the next.
func (s *Set) unorderedTurns(fn *ssa.Function, sp *spawn, a, b *Access) bool {
	return s.unorderedBut(&sp.body, a, &sp.body, b, func(op syncOp) bool { return op.medium == byObject && s.ofTurn(fn, sp, op.ref) })
}

// unorderedBut is unordered, without the releases that are apart.
func (s *Set) unorderedBut(t *thread, a *Access, u *thread, b *Access, apart func(syncOp) bool) bool {
	if s.decided(a) || s.decided(b) || len(u.fn.Blocks) == 0 {
		return false
	}
	return !s.passes(u, b, slices.DeleteFunc(s.releasesAfter(t, a), apart)) && !s.passes(t, a, slices.DeleteFunc(s.releasesAfter(u, b), apart))
}

// ofTurn reports whether what the name means is another object in each turn of the loop that
// starts the goroutines.
func (s *Set) ofTurn(fn *ssa.Function, sp *spawn, r *access.Ref) bool {
	if r == nil || sp.at == nil || sp.at.Parent() != fn || !loops(sp.at.Block()) {
		return false
	}
	turns := func(at ssa.Instruction) bool { return at.Parent() == fn && after(at, sp.at) && after(sp.at, at) }
	for x := r; x != nil; x = x.Base {
		if index, ok := x.Value.(ssa.Instruction); ok && x.Kind == access.Elem && turns(index) {
			return true
		}
	}
	made, ok := s.renewal(fn, r)
	return ok && made != nil && turns(made)
}

// renewal returns the instruction in fn that makes what the name means anew,
// nil for none. ok is false when the name does not outlast one instruction.
func (s *Set) renewal(fn *ssa.Function, r *access.Ref) (instr ssa.Instruction, ok bool) {
	root := r.Root()
	if root.Kind == access.Param || root.Kind == access.Global {
		return nil, true
	}
	if root.Value == nil {
		return nil, false
	}
	if root.Value.Parent() != fn {
		return nil, true
	}
	switch v := root.Value.(type) {
	case *ssa.Extract:
		instr, ok = v.Tuple.(ssa.Instruction)
	case *ssa.Phi:
		return nil, false
	default:
		instr, ok = v.(ssa.Instruction)
	}
	return instr, ok
}
