package shared

import (
	"cmp"
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
}

// A spawn is a place where goroutines are started.
type spawn struct {
	at       ssa.CallInstruction
	body     thread
	list     []Access
	parallel bool
	requests bool // a handler, which is run for each request
}

func (s *Set) findConflicts() {
	for _, fn := range s.Pkg.Funcs {
		var spawns []*spawn
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					if sp := s.spawned(call); sp != nil {
						spawns = append(spawns, sp)
					}
				}
			}
		}
		if len(spawns) > 0 {
			s.conflictsOf(fn, spawns)
		}
		if obj, ok := fn.Object().(*types.Func); ok && ops.IsHandler(obj) && !s.inTest(fn) {
			sp := &spawn{requests: true, body: thread{fn: fn, ops: s.ops(fn)}}
			for _, a := range s.list(fn) {
				// What the request brings is its own.
				if root := a.Ref.Root(); !a.Unsure && (root.Kind == access.Global || root.Value == fn.Params[0]) {
					sp.list = append(sp.list, a)
				}
			}
			s.conflictsOf(fn, []*spawn{sp})
		}
	}
}

// spawned returns what the call starts, nil when it starts nothing in sight.
func (s *Set) spawned(call ssa.CallInstruction) *spawn {
	common := call.Common()
	r := run{args: common.Args}
	op, x := s.Pkg.Op(common)
	sp := &spawn{at: call}
	var fns []*ssa.Function
	complete := false
	if _, ok := call.(*ssa.Go); ok && op.Kind == ops.None {
		fns, complete = s.Pkg.Callees(call)
		if common.IsInvoke() {
			r.args = append([]ssa.Value{common.Value}, r.args...)
		}
	} else if op.Kind.Spawns() || op.Kind == ops.TestRun {
		if f := skeleton.FuncArg(common, op); f != nil {
			fns, complete = s.Pkg.Functions(f)
			r.any = true
		}
		sp.parallel = op.Kind == ops.TestRun
	} else if op.Many && !s.inTest(call.Parent()) {
		fns, complete = s.Pkg.Functions(skeleton.FuncArg(common, op))
		r.any = true
		sp.requests = true
	}
	var around []syncOp
	if op.Kind == ops.None && len(fns) == 0 {
		var f ssa.Value
		if f, around = s.wrapped(call); f != nil {
			fns, complete = s.Pkg.Functions(f)
			r.any = true
		}
	}
	if !complete || len(fns) != 1 || fns[0].Blocks == nil {
		return nil
	}
	sp.body.ops = around
	r.fn = fns[0]
	sp.body.fn = r.fn
	if sp.parallel && !s.callsParallel(r.fn) {
		return nil
	}
	for _, a := range s.list(r.fn) {
		if a.Ref = s.translate(r, a.Ref); a.Ref == nil || a.Unsure {
			continue
		}
		a.Held = s.translateHeld(r, a.Held)
		sp.list = append(sp.list, a)
	}
	for _, o := range s.ops(r.fn) {
		if o, ok := s.translateOp(r, o); ok {
			sp.body.ops = append(sp.body.ops, o)
		}
	}
	switch op.Kind {
	case ops.WgGo, ops.GroupGo, ops.GroupTryGo:
		sp.body.ops = append(sp.body.ops, syncOp{medium: byGroup, ref: s.Pkg.Access.Of(x), typ: deref(x.Type()), at: call, arm: -1, release: true, deferred: true})
	case ops.FlightDoChan:
		if v, ok := call.(ssa.Value); ok {
			sp.body.ops = append(sp.body.ops, syncOp{medium: byChannel, ref: s.Pkg.Access.Of(v), typ: v.Type(), at: call, arm: -1, release: true, deferred: true})
		}
	case ops.AfterFunc, ops.CtxAfterFunc:
		sp.body.ops = append(sp.body.ops, syncOp{medium: byTimer, at: call, arm: -1, release: true, deferred: true})
	}
	return sp
}

// callsParallel reports whether a subtest runs beside others.
func (s *Set) callsParallel(fn *ssa.Function) bool {
	for _, instr := range fn.Blocks[0].Instrs {
		if call, ok := instr.(*ssa.Call); ok {
			if op, _ := s.Pkg.Op(&call.Call); op.Kind == ops.TestParallel {
				return true
			}
		}
	}
	return false
}

type place struct {
	ref  *access.Ref
	entr bool
}

func (s *Set) conflictsOf(fn *ssa.Function, spawns []*spawn) {
	rest := s.list(fn)
	operations := s.ops(fn)
	done := make(map[place]bool)
	found := func(c Conflict) {
		p := place{c.A.Ref, c.A.Map}
		if !done[p] {
			done[p] = true
			c.Fn = fn
			s.conflicts = append(s.conflicts, c)
		}
	}
	for i, sp := range spawns {
		here := &thread{fn: fn, start: sp.at, ops: operations}
		mine := slices.Clone(sp.list)
		slices.SortStableFunc(mine, writesFirst)
		for _, a := range mine {
			renew, ok := s.renewal(fn, a.Ref)
			if !ok {
				continue
			}
			signals := s.releasesAfter(&sp.body, &a)
			if (sp.requests || s.reaches(here, sp.at, false, signals, renew)) && !s.single(sp, &a) {
				for _, b := range mine {
					if c, ok := s.conflict(sp, sp, a, b); ok && s.unordered(&sp.body, &a, &sp.body, &b) {
						c.Way = Again
						if sp.requests {
							c.Way = Request
						}
						found(c)
						break
					}
				}
			}
			if sp.parallel || sp.requests {
				continue
			}
			for _, b := range rest {
				c, ok := s.conflict(sp, nil, a, b)
				if !ok || b.Unsure || s.passes(here, &b, signals, renew) {
					continue
				}
				if !s.passes(&sp.body, &a, s.releasesAfter(here, &b), nil) {
					c.Way = Spawner
					found(c)
					break
				}
			}
		}
		for j, other := range spawns {
			if i == j || other.parallel != sp.parallel || other.requests || sp.requests {
				continue
			}
			for _, a := range mine {
				renew, ok := s.renewal(fn, a.Ref)
				if !ok || !s.reaches(here, other.at, false, s.releasesAfter(&sp.body, &a), renew) {
					continue
				}
				for _, b := range other.list {
					if c, ok := s.conflict(sp, other, a, b); ok && s.unordered(&sp.body, &a, &other.body, &b) {
						c.Way, c.Other = Sibling, other.at
						found(c)
						break
					}
				}
			}
		}
	}
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

// conflict reports whether the accesses are to the same memory, one a write,
// not both atomic, and without a common lock.
func (s *Set) conflict(sp, other *spawn, a, b Access) (Conflict, bool) {
	c := Conflict{Go: sp.at, A: a, B: b, Parallel: sp.parallel}
	if !overlap(&a, &b) || !a.Write && !b.Write || a.Atomic && b.Atomic || s.lazy(&a) || s.lazy(&b) {
		return c, false
	}
	protected, shared := s.common(sp, other, &a, &b)
	c.Shared = shared
	return c, !protected
}

// overlap reports whether two accesses touch the same memory.
func overlap(a, b *Access) bool {
	if a.Map != b.Map {
		return false
	}
	if a.Ref == b.Ref {
		return true
	}
	return a.Value && b.Value && (a.Ref.Contains(b.Ref) || b.Ref.Contains(a.Ref))
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
	if other != nil {
		for _, t := range s.tokens(&sp.body, a) {
			for _, u := range s.tokens(&other.body, b) {
				if t.same(&u) {
					return true, false
				}
			}
		}
	}
	return false, shared
}

// unordered reports whether neither access waits for the other's goroutine.
func (s *Set) unordered(t *thread, a *Access, u *thread, b *Access) bool {
	if s.decided(t.fn, a) || s.decided(u.fn, b) {
		return false
	}
	if len(u.fn.Blocks) == 0 || s.passes(u, b, s.releasesAfter(t, a), nil) {
		return false
	}
	return !s.passes(t, a, s.releasesAfter(u, b), nil)
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
