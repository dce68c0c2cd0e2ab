package skeleton

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// call applies a call to a state. It returns the states in which the call can
// return: none when it never does.
func (ex *explorer) call(s *state, call ssa.CallInstruction) []*state {
	common := call.Common()
	op, x := ex.p.Op(common)
	if d, ok := call.(*ssa.Defer); ok {
		ex.hold(s, d)
	}
	if ex.turn(s, call, op) {
		return []*state{s}
	}
	switch op.Kind {
	case ops.Lock, ops.RLock, ops.TryLock, ops.TryRLock:
		if x == nil {
			return []*state{s}
		}
		return ex.lockOp(s, call, op, x)
	case ops.Unlock, ops.RUnlock:
		if x != nil {
			r, m := side(ex.p.Access.Of(x), lockMode(op.Kind))
			ev := ex.event(UnlockEvent, call, nil, 0)
			ev.Op, ev.Ref, ev.Mode = op, r, m
			ex.snap(ev, s)
			ex.unlock(s, r, m, call, ev)
		}
		return []*state{s}
	case ops.Exit, ops.Goexit, ops.TestFatal:
		return nil
	case ops.Panic:
		return nil
	case ops.RunsNow, ops.OnceDo:
		if r, m := ex.p.unlocks(FuncArg(common, op)); r != nil {
			ex.unlock(s, r, m, call, nil) // once.Do(mu.Unlock)
		}
	case ops.None:
		if b, ok := common.Value.(*ssa.Builtin); ok {
			if b.Name() == "delete" {
				ex.rename(s, ex.p.Access.Of(common.Args[0]))
			}
			return []*state{s}
		}
	case ops.Sleep, ops.WgWait, ops.CondWait, ops.GroupWait, ops.SemAcquire, ops.Blocking:
		if len(s.held) > 0 {
			ev := ex.event(BlockEvent, call, nil, 0)
			ev.Op = op
			ex.snap(ev, s)
		}
	}
	if !common.IsInvoke() && common.StaticCallee() == nil {
		for _, r := range ex.lent {
			ex.handOver(s, r)
		}
	}
	for i, bc := range ex.registered[call] {
		ex.callEvent(s, call, bc, -1-i)
	}
	bound := ex.bound[call]
	if len(bound) == 0 {
		return ex.unseen(s, call, op)
	}
	if pm, ok := common.Value.(*ssa.Parameter); ok && common.IsInvoke() && pm.Parent() == ex.fn {
		ex.paramCall(s, pm, call)
	}
	if len(s.held) > 0 {
		ev := ex.event(HeldCall, call, nil, 0)
		ev.Op = op
		if len(ev.States) == 0 {
			for _, bc := range bound {
				if bc.fn != nil {
					ev.Callees = appendNew(ev.Callees, bc.fn)
				}
				if bc.sum != nil {
					ev.Releases = append(ev.Releases, bc.sum.Releases...)
					if bc.fn == nil {
						ev.Acquires, ev.Name = bc.sum.Acquires, bc.name
					}
				}
			}
		}
		ex.snap(ev, s)
	}
	states := []*state{s}
	// What the called function runs for it, first.
	var main []*boundCall
	for i, bc := range bound {
		ex.callEvent(s, call, bc, i)
		if bc.callback && bc.sum != nil && bc.single {
			var next []*state
			for _, s := range states {
				next = append(next, ex.apply(s, call, bc, false)...)
			}
			states = next
		} else if !bc.callback && !bc.format {
			main = append(main, bc)
		}
	}
	if len(main) == 0 {
		return states
	}
	if len(main) > 1 || !main[0].single {
		// Which of them runs is not known: agree, or forget.
		for _, r := range disputed(main) {
			for _, s := range states {
				ex.forget(s, r)
			}
		}
	}
	var out []*state
	for _, s := range states {
		for i, bc := range main {
			t := s
			if i < len(main)-1 {
				t = s.clone()
			}
			out = append(out, ex.apply(t, call, bc, true)...)
		}
	}
	if len(out) > 64 {
		ex.cut = true
		return nil
	}
	return out
}

// disputed returns the locks that some of the targets change.
func disputed(list []*boundCall) []*access.Ref {
	var refs []*access.Ref
	for _, bc := range list {
		if bc.sum == nil {
			continue
		}
		for _, e := range bc.sum.Exits {
			for _, f := range e.Effects {
				if !slices.Contains(refs, f.Ref) {
					refs = append(refs, f.Ref)
				}
			}
		}
	}
	return refs
}

// unseen applies a call of which nothing is known.
func (ex *explorer) unseen(s *state, call ssa.CallInstruction, op ops.Op) []*state {
	common := call.Common()
	if op.Kind == ops.None {
		for _, arg := range common.Args {
			if isLockPointer(arg.Type()) {
				ex.handOver(s, ex.p.Access.Of(arg))
			}
		}
		if pm, ok := common.Value.(*ssa.Parameter); ok && pm.Parent() == ex.fn {
			ex.paramCall(s, pm, call)
		}
		if common.StaticCallee() == nil {
			if _, ok := call.(*ssa.Call); ok && !common.IsInvoke() && len(s.held) > 0 && !ops.IsCancel(common.Value.Type()) {
				ex.snap(ex.event(CallbackEvent, call, nil, 0), s)
			}
			s.free = nil // it can be a function that locks
		}
	}
	return []*state{s}
}

// paramCall notes that the function calls what it was given.
func (ex *explorer) paramCall(s *state, pm *ssa.Parameter, call ssa.CallInstruction) {
	pc := ParamCall{Param: slices.Index(ex.fn.Params, pm), At: ex.p.where(Position(call)), Held: ex.ownHeld(s)}
	if common := call.Common(); common.IsInvoke() {
		pc.Method = common.Method
	}
	key := pc.At + string(ex.encodeHeld(nil, s.held))
	if ex.calls[key] || len(ex.out.Summary.Calls) >= 8 {
		return
	}
	ex.calls[key] = true
	ex.out.Summary.Calls = append(ex.out.Summary.Calls, pc)
}

// ownHeld is what this function holds and its callers can name.
func (ex *explorer) ownHeld(s *state) []Effect {
	var list []Effect
	for _, h := range s.held {
		if !h.Stale && ex.outer(h.Ref) {
			list = append(list, Effect{Ref: h.Ref, Mode: h.Mode})
		}
	}
	return list
}

// outer reports whether callers can name the object.
func (ex *explorer) outer(r *access.Ref) bool {
	root := r.Root()
	switch root.Kind {
	case access.Param, access.Global, access.Free:
		return true
	}
	return root.Value != nil && root.Value.Parent() != ex.fn
}

// callEvent notes a call that takes locks.
func (ex *explorer) callEvent(s *state, call ssa.CallInstruction, bc *boundCall, n int) {
	if bc.sum == nil {
		return
	}
	var acquires []Acquire
	for _, a := range bc.sum.Acquires {
		if !ex.guardsHold(s, bc, a.When) {
			continue
		}
		acquires = append(acquires, a)
	}
	if len(acquires) == 0 {
		return
	}
	ev := ex.event(CallEvent, call, bc.fn, n)
	ev.Name, ev.Callback, ev.Format, ev.ByHeld, ev.ByPos = bc.name, bc.callback, bc.format, bc.byHeld, bc.byPos
	ev.Registered = bc.registered
	for _, a := range acquires {
		if bc.single && len(ev.Acquires) < 32 && !slices.ContainsFunc(ev.Acquires, func(b Acquire) bool { return b.Ref == a.Ref && b.Mode == a.Mode }) {
			ev.Acquires = append(ev.Acquires, a)
		}
		if bc.single {
			ex.acquires(s, a, call)
		}
	}
	ex.snap(ev, s)
}

// guardsHold reports whether all the guards are known to hold.
func (ex *explorer) guardsHold(s *state, bc *boundCall, guards []Guard) bool {
	for _, g := range guards {
		o := ex.guarded(&s.env, bc, g)
		v := s.env.value(o)
		switch {
		case v != "":
			if (v == g.Value) == g.Not {
				return false
			}
		case o.sym != 0 && g.Not && slices.Contains(s.env.fact(o.sym).neq, g.Value):
		default:
			return false
		}
	}
	return true
}

// guarded is the value that a callee's guard is about.
func (ex *explorer) guarded(e *env, bc *boundCall, g Guard) operand {
	if g.Param > 0 {
		if v := bc.argOf(g); v != nil {
			return ex.operand(e, v)
		}
		return operand{}
	}
	if i, ok := ex.tr.mem[g.Ref]; ok {
		if e.slot[i] == 0 {
			e.slot[i] = e.fresh(fact{})
			if !e.dirty[i] && ex.tr.pinned[i] {
				e.init[i] = e.slot[i]
			}
		}
		return operand{sym: e.slot[i]}
	}
	return operand{}
}

// acquires notes that the function takes a lock, for its summary.
func (ex *explorer) acquires(s *state, a Acquire, at ssa.Instruction) {
	a.Ref = ex.p.behindCopy(a.Ref)
	if !ex.outer(a.Ref) {
		return
	}
	for _, r := range s.rel {
		if r.ref == a.Ref {
			return // the caller's hold has been released
		}
	}
	when := ex.when(s)
	b := Acquire{Ref: a.Ref, Mode: a.Mode, At: Position(at), When: when, Held: ex.ownHeld(s), Registered: a.Registered}
	// One for each lock, the one with the fewest conditions.
	sum := ex.out.Summary
	for i, have := range sum.Acquires {
		if have.Ref == b.Ref && have.Mode == b.Mode && have.Registered == b.Registered {
			if len(b.When) < len(have.When) || len(b.When) == len(have.When) && len(b.Held) < len(have.Held) {
				b.Chain = ex.chain(a, at)
				sum.Acquires[i] = b
			}
			return
		}
	}
	if len(sum.Acquires) < 24 {
		b.Chain = ex.chain(a, at)
		sum.Acquires = append(sum.Acquires, b)
	}
}

// behindCopy names by the parameter what a pointer in it leads to, where the function
// has it in a variable: the receiver of a method of a struct that is passed by value.
func (p *Package) behindCopy(r *access.Ref) *access.Ref {
	root := r.Root()
	a, ok := root.Value.(*ssa.Alloc)
	if !ok {
		return r
	}
	pm, ok := p.Access.StoredOnce(a).(*ssa.Parameter)
	if !ok {
		return r
	}
	first := r
	for first != root && first.Base != root {
		first = first.Base
	}
	if first == root || first.Kind != access.Field || !referenceType(first.Field.Type()) {
		return r
	}
	for _, ref := range *a.Referrers() {
		if fa, ok := ref.(*ssa.FieldAddr); ok && fieldVar(fa) == first.Field &&
			slices.ContainsFunc(*fa.Referrers(), func(i ssa.Instruction) bool { st, ok := i.(*ssa.Store); return ok && st.Addr == fa }) {
			return r
		}
	}
	return p.Access.Subst(r, func(*access.Ref) *access.Ref { return p.Access.Of(pm) })
}

func (ex *explorer) chain(a Acquire, at ssa.Instruction) []Step {
	steps := []Step{{Name: funcName(ex.fn), Pos: ex.p.where(Position(at))}}
	if len(a.Chain) > 6 {
		return append(steps, a.Chain[len(a.Chain)-1])
	}
	return append(steps, a.Chain...)
}

// FuncName is the name of a function in messages.
func FuncName(fn *ssa.Function) string { return funcName(fn) }

func funcName(fn *ssa.Function) string {
	if RangeBody(fn) {
		return "the loop body"
	}
	if fn.Object() == nil {
		return "the function literal"
	}
	if recv := fn.Signature.Recv(); recv != nil {
		return typeName(recv.Type()) + "." + fn.Name()
	}
	return fn.Name()
}

// when is what is known, on this path, of flags on entry.
func (ex *explorer) when(s *state) []Guard {
	var list []Guard
	for i, sym := range s.env.init {
		if sym == 0 || !ex.tr.pinned[i] {
			continue
		}
		f := s.env.fact(sym)
		if f.empty() {
			continue
		}
		g := Guard{Ref: ex.tr.isMem[i], Value: f.eq}
		if g.Ref == nil {
			g.Param = ex.paramOfSlot(i)
		}
		if f.eq == "" {
			g.Value, g.Not = f.neq[0], true
		}
		list = append(list, g)
	}
	return list
}

// paramOfSlot is the index, plus one, of the parameter with the slot.
func (ex *explorer) paramOfSlot(i int) int {
	for k, pm := range ex.fn.Params {
		if n, ok := ex.tr.slots[pm]; ok && n == i {
			return k + 1
		}
	}
	return 0
}

// apply applies what a call does; results says that its results are the call's.
func (ex *explorer) apply(s *state, call ssa.CallInstruction, bc *boundCall, results bool) []*state {
	if bc.sum == nil {
		if results && bc.single && bc.fn != nil && ex.p.NoReturn(bc.fn) {
			return nil
		}
		ex.forgetStores(s, bc)
		return []*state{s}
	}
	sum := bc.sum
	if sum.Unknown {
		for _, r := range sum.Releases {
			ex.handOver(s, r)
		}
		ex.forgetStores(s, bc)
		return []*state{s}
	}
	if sum.never && results && bc.single {
		return nil
	}
	for _, r := range sum.Releases {
		if !effectOn(sum, r) {
			// Released and taken again: other code gets in between.
			ex.forgetShared(s)
		}
	}
	if len(sum.Exits) == 0 {
		ex.forgetStores(s, bc)
		return []*state{s}
	}
	// The exits that the caller's flags allow.
	var exits []Exit
	for _, e := range sum.Exits {
		if ex.feasible(s, bc, e.When) {
			exits = append(exits, e)
		}
	}
	exits = withoutErrors(call, exits, results)
	for _, r := range undecided(exits) {
		ex.forget(s, r)
	}
	var out []*state
	for i, e := range exits {
		t := s
		if i < len(exits)-1 {
			t = s.clone()
		}
		if ex.applyExit(t, call, bc, e, results) {
			out = append(out, t)
		}
	}
	return out
}

// feasible reports whether the guards can hold.
func (ex *explorer) feasible(s *state, bc *boundCall, guards []Guard) bool {
	for _, g := range guards {
		o := ex.guarded(&s.env, bc, g)
		if v := s.env.value(o); v != "" {
			if (v == g.Value) == g.Not {
				return false
			}
		} else if o.sym != 0 && !g.Not && slices.Contains(s.env.fact(o.sym).neq, g.Value) {
			return false
		}
	}
	return true
}

// withoutErrors leaves out the exits with an error where there are others without, and the caller
// of the function drops the error or only returns it: it knows that there is none.
func withoutErrors(call ssa.CallInstruction, exits []Exit, results bool) []Exit {
	v, _ := call.(*ssa.Call)
	looks := func(ref ssa.Instruction) bool {
		_, ok := ref.(*ssa.Return)
		return !ok
	}
	lookedAt := func(i, n int) bool {
		switch {
		case v == nil || !results:
			return false
		case n == 1:
			return slices.ContainsFunc(*v.Referrers(), looks)
		}
		return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
			x, ok := ref.(*ssa.Extract)
			return looks(ref) && (!ok || x.Index == i && slices.ContainsFunc(*x.Referrers(), looks))
		})
	}
	failed := func(e Exit) bool {
		last := len(e.Results) - 1
		if last < 0 || e.Results[last] != (Guard{Value: "nil", Not: true}) || lookedAt(last, last+1) {
			return false
		}
		return slices.ContainsFunc(exits, func(o Exit) bool {
			return len(o.Results) == last+1 && o.Results[last] == Guard{Value: "nil"}
		})
	}
	sig := call.Common().Signature().Results()
	if sig.Len() == 0 || !types.Identical(sig.At(sig.Len()-1).Type(), types.Universe.Lookup("error").Type()) {
		return exits
	}
	return slices.DeleteFunc(slices.Clone(exits), failed)
}

// undecided returns the locks on which exits differ that the caller cannot
// tell apart, by flags or results: whether they are held then depends on what
// is not seen.
func undecided(exits []Exit) []*access.Ref {
	var refs []*access.Ref
	for i, a := range exits {
		for _, b := range exits[i+1:] {
			if excluded(a.When, b.When) || excluded(a.Results, b.Results) {
				continue
			}
			for _, list := range [][2][]Effect{{a.Effects, b.Effects}, {b.Effects, a.Effects}} {
				for _, e := range list[0] {
					if !slices.Contains(list[1], e) && !slices.Contains(refs, e.Ref) {
						refs = append(refs, e.Ref)
					}
				}
			}
		}
	}
	return refs
}

// excluded reports whether two sets of guards cannot both hold.
func excluded(a, b []Guard) bool {
	for i, g := range a {
		for j, h := range b {
			if g.Ref != h.Ref || g.Param != h.Param || g.Ref == nil && g.Param == 0 && i != j || g.Value == "" || h.Value == "" {
				continue
			}
			if g.Not && h.Not {
				continue
			}
			if (g.Value == h.Value) == (g.Not != h.Not) {
				return true
			}
		}
	}
	return false
}

func effectOn(sum *Summary, r *access.Ref) bool {
	for _, e := range sum.Exits {
		for _, f := range e.Effects {
			if f.Ref == r {
				return true
			}
		}
	}
	return false
}

func (ex *explorer) applyExit(s *state, call ssa.CallInstruction, bc *boundCall, e Exit, results bool) bool {
	for _, g := range e.When {
		o := ex.guarded(&s.env, bc, g)
		switch {
		case o.konst != "":
			if (o.konst == g.Value) == g.Not {
				return false
			}
		case o.sym != 0:
			if !s.env.learn(o.sym, g.Value, !g.Not) {
				return false
			}
		}
	}
	ex.forgetStores(s, bc)
	for _, g := range e.Post {
		i, ok := ex.tr.mem[g.Ref]
		if !ok {
			continue
		}
		s.env.dirty[i] = true
		s.env.slot[i] = 0
		if g.Value != "" {
			s.env.slot[i] = s.env.fresh(fact{eq: g.Value})
		}
	}
	for _, f := range e.Effects {
		if f.Release {
			ex.unlock(s, f.Ref, f.Mode, call, nil)
		}
	}
	for _, f := range e.Effects {
		if f.Release {
			continue
		}
		for _, h := range s.held {
			if h.Ref == f.Ref && !h.Stale && !f.Nameless && (h.Mode == Exclusive || f.Mode == Exclusive) {
				return false // blocks for ever
			}
		}
		if ex.isHanded(s, f.Ref) {
			continue
		}
		if f.Result > 0 && !results {
			ex.forget(s, f.Ref) // the key is not the call's result
			continue
		}
		ex.take(s, Held{Ref: f.Ref, Mode: f.Mode, At: call, Result: f.Result, Nameless: f.Nameless})
	}
	if results {
		ex.bindResults(s, call, e.Results)
	}
	return true
}

// bindResults notes what an exit of the callee tells of the call's results.
func (ex *explorer) bindResults(s *state, call ssa.CallInstruction, results []Guard) {
	v, ok := call.(*ssa.Call)
	if !ok {
		return
	}
	set := func(v ssa.Value, g Guard) {
		if i, ok := ex.tr.slots[v]; ok && g.Value != "" {
			f := fact{eq: g.Value}
			if g.Not {
				f = fact{neq: []string{g.Value}}
			}
			s.env.slot[i] = s.env.fresh(f)
		}
	}
	if len(results) == 1 {
		set(v, results[0])
		return
	}
	for _, ref := range *v.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index < len(results) {
			set(x, results[x.Index])
		}
	}
}

// forgetStores drops what is known of variables that the callee writes.
func (ex *explorer) forgetStores(s *state, bc *boundCall) {
	if bc.fn == nil {
		return
	}
	var stores map[storeKey]bool
	for i, m := range ex.tr.isMem {
		if m == nil || s.env.slot[i] == 0 && s.env.dirty[i] {
			continue
		}
		if stores == nil {
			stores = ex.ls.storesOf(bc.fn)
		}
		if stores[keyOf(m)] {
			s.env.slot[i], s.env.under[i], s.env.dirty[i] = 0, false, true
		}
	}
}

// forgetShared drops what was read under a lock: it can change from here on.
func (ex *explorer) forgetShared(s *state) {
	for i := range s.env.under {
		if s.env.under[i] {
			s.env.slot[i], s.env.under[i], s.env.dirty[i] = 0, false, true
		}
	}
}

// readWrite reports whether the type is an interface of locks that can be taken for reading,
// too: a project's own name for an RWMutex.
func readWrite(t types.Type) bool {
	if !types.IsInterface(t) {
		return false
	}
	m, _, _ := types.LookupFieldOrMethod(t, false, nil, "RLock")
	return m != nil
}

func (ex *explorer) lockOp(s *state, call ssa.CallInstruction, op ops.Op, x ssa.Value) []*state {
	r, m := side(ex.p.Access.Of(x), lockMode(op.Kind))
	try := op.Kind == ops.TryLock || op.Kind == ops.TryRLock
	ex.id(r)
	ev := ex.event(LockEvent, call, nil, 0)
	ev.Op, ev.Ref, ev.Mode, ev.Try = op, r, m, try
	ev.Retakes = ev.Retakes || slices.ContainsFunc(s.rel, func(l lockRef) bool { return l.ref == r })
	ev.Opaque = call.Common().IsInvoke() && !concrete(r, x) && !readWrite(x.Type())
	ex.snap(ev, s)
	blocked := false
	for _, h := range s.held {
		if ev.Opaque {
			break
		}
		if h.Ref == r && !h.Stale && (h.Mode == Exclusive || m == Exclusive) {
			blocked = true
		}
	}
	if !try {
		if blocked {
			return nil
		}
		if !ev.Opaque {
			ex.acquires(s, Acquire{Ref: r, Mode: m}, call)
		}
		ex.take(s, Held{Ref: r, Mode: m, At: call})
		return []*state{s}
	}
	var out []*state
	v, _ := call.(*ssa.Call)
	result := func(s *state, val string) {
		if v == nil {
			return
		}
		if i, ok := ex.tr.slots[v]; ok {
			s.env.slot[i] = s.env.fresh(fact{eq: val})
		}
	}
	if !blocked {
		t := s.clone()
		ex.take(t, Held{Ref: r, Mode: m, At: call})
		result(t, "true")
		out = append(out, t)
	}
	result(s, "false")
	return append(out, s)
}

// concrete reports whether it is known which lock is behind a Locker.
func concrete(r *access.Ref, x ssa.Value) bool {
	if r.Kind == access.RLocker {
		return true
	}
	if t := refType(r); t != nil {
		return ops.IsLock(t)
	}
	return ops.IsLock(x.Type())
}

// take adds a lock to those held.
func (ex *explorer) take(s *state, l Held) {
	ex.id(l.Ref)
	s.free = slices.DeleteFunc(s.free, func(f lockRef) bool { return f.ref == l.Ref })
	n := 0
	for _, h := range s.held {
		if h.Ref == l.Ref && h.Mode == l.Mode && (!h.Stale || h.At == l.At) {
			n++
		}
	}
	if n < 2 {
		s.held = append(s.held, l)
	}
}

// unlock releases a lock. ev is nil for one that a callee releases.
func (ex *explorer) unlock(s *state, r *access.Ref, m Mode, at ssa.Instruction, ev *Event) {
	ex.id(r)
	release := func(i int) {
		h := s.held[i]
		s.held = slices.Delete(s.held, i, i+1)
		ex.released(h, at)
		ex.forgetShared(s)
	}
	for i := len(s.held) - 1; i >= 0; i-- {
		if h := s.held[i]; h.Ref == r && h.Mode == m && !h.Stale {
			release(i)
			if m == Exclusive {
				s.free = append(s.free, lockRef{r, m, at})
			}
			if ev != nil {
				ev.Matched = true
			}
			return
		}
	}
	for i := len(s.held) - 1; i >= 0; i-- {
		if h := s.held[i]; h.Ref == r {
			release(i)
			if ev != nil && !h.Stale {
				ev.WrongMode, ev.Taken = true, h.At
			} else if ev != nil {
				ev.Matched = true
			}
			return
		}
	}
	if ex.isHanded(s, r) || ex.out.Handed[r] {
		ex.out.Unsure[r] = true
		return
	}
	for i := len(s.held) - 1; i >= 0; i-- {
		if similar(s.held[i].Ref, r) {
			release(i)
			if ev != nil {
				ev.Matched = true
			}
			return
		}
	}
	ex.forgetShared(s)
	for _, l := range slices.Concat(s.free, s.rel) {
		if l.ref == r && m == Exclusive && l.mode == Exclusive && l.at != at {
			if ev != nil && !ev.Twice {
				ev.Twice, ev.Freed = true, l.at
			}
			return
		}
	}
	if ev != nil {
		ev.NotHeld = true
	}
	if !slices.ContainsFunc(s.rel, func(l lockRef) bool { return l.ref == r && l.mode == m }) {
		s.rel = append(s.rel, lockRef{r, m, at})
	}
	if ex.outer(r) && !slices.Contains(ex.out.Summary.Releases, r) {
		ex.out.Summary.Releases = append(ex.out.Summary.Releases, r)
	}
}

// similar reports whether two names can mean one lock: one of them is reached
// through something that is not named, and both are of one class.
func similar(a, b *access.Ref) bool {
	if a == b {
		return true
	}
	if named(a) && named(b) {
		return false
	}
	ca, cb := a.Class(), b.Class()
	if !ca.IsZero() || !cb.IsZero() {
		if ca.Var != nil && cb.Var != nil {
			return ca.Var == cb.Var
		}
		// An element, a parameter or a result can be any.
		ta, tb := lockType(a), lockType(b)
		return ta == nil || tb == nil || types.Identical(ta, tb)
	}
	return true
}

// named reports whether the Ref is one variable or a path from a parameter,
// with nothing in it that two names can share.
func named(r *access.Ref) bool {
	for x := r; x != nil; x = x.Base {
		switch x.Kind {
		case access.Result, access.Value, access.Elem:
			return false
		}
	}
	return true
}

func lockType(r *access.Ref) types.Type {
	t := refType(r)
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if !ops.IsLock(t) {
		return nil
	}
	return t
}
