package machine

import (
	"fmt"
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

// A focus says which objects of a package are looked at: the classes of a channel
// and of what the functions that use this channel synchronise on beside it. What is
// done with others is taken to go on without delay and to be of no consequence. A
// system that is too large as a whole may be small when seen so (disentangling: Z. Liu
// et al., Automatically detecting and fixing concurrency bugs in Go software systems,
// ASPLOS 2021).
type focus struct {
	*classes
	in map[int32]bool
	// core is the channel, of which alone is spoken.
	core int32
	// carriers answers which types have fields that lead to what is in focus.
	carriers map[types.Type]bool
	// on are the programs that are seen with the focus.
	on *programs
}

// focusOn returns the focus on the channel that site makes, for what root leads to.
// Beside the channel it takes in what is waited for in one select with it, and what
// at least two of the functions synchronise on that use it or lead to those that do:
// the rest cannot bring them into an order. What a function calls is taken for part of
// it when the focus is wide; its own literals are in any case.
func (c *classes) focusOn(site *ssa.MakeChan, root *ssa.Function, wide bool) *focus {
	core := c.of(site)
	f := &focus{classes: c, in: map[int32]bool{core: true}, core: core}
	alone := f.narrow(make(map[access.Class]bool))
	if !alone.isActive(root) {
		return nil
	}
	// Channels that are made elsewhere are served elsewhere, too.
	made := make(map[int32]bool)
	c.ps.reach(root, func(fn *ssa.Function) {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if m, ok := instr.(*ssa.MakeChan); ok {
					made[c.of(m)] = true
				}
			}
		}
	})
	users := make(map[int32]int)
	add := make(map[int32]bool)
	alone.reach(root, func(fn *ssa.Function) {
		own := make(map[int32]bool)
		f.within(fn, wide, 0, func(g *ssa.Function) {
			f.operations(g, func(class int32, op ops.Kind) {
				class = c.find(class)
				switch op {
				case ops.None:
					if made[class] || f.contexts[class] {
						own[class] = true
					}
				case ops.Lock, ops.RLock, ops.Unlock, ops.RUnlock, ops.TryLock, ops.TryRLock, ops.RLocker:
					// To be in turn is no order.
				case ops.CondWait, ops.CondSignal, ops.CondBroadcast:
					own[class], own[c.content(class)] = true, true // with its lock
				default:
					own[class] = true
				}
			})
		})
		f.links(fn, made, func(class int32) { add[class] = true })
		for n := range own {
			users[n]++
		}
		if !own[core] {
			return
		}
		f.operations(fn, func(class int32, op ops.Kind) {
			switch op {
			case ops.Lock, ops.RLock:
				add[c.find(class)] = true
			}
		})
	})
	for n, count := range users {
		if count > 1 {
			add[n] = true
		}
	}
	maps.Copy(f.in, add)
	// A context is done when one that it is derived from is.
	for changed := true; changed; {
		changed = false
		for _, d := range c.derived {
			if !f.in[c.of(d.ctx)] {
				continue
			}
			var more []int32
			if d.from != nil && c.counts(d.from) {
				more = append(more, c.of(d.from))
			}
			if d.cancel != nil {
				more = append(more, c.of(d.cancel))
			}
			if d.group != nil {
				more = append(more, c.object(d.group))
			}
			for _, n := range more {
				changed = changed || !f.in[n]
				f.in[n] = true
			}
		}
	}
	return f
}

// maxWithin bounds how deep the calls are that are taken for part of a function.
const maxWithin = 2

// within calls visit for fn and for what it calls or defers, but not for what it
// starts as a goroutine.
func (f *focus) within(fn *ssa.Function, wide bool, depth int, visit func(fn *ssa.Function)) {
	visit(fn)
	if depth >= maxWithin {
		return
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if _, spawns := instr.(*ssa.Go); !ok || spawns {
				continue
			}
			fns, _ := f.ps.pkg.Callees(call)
			for _, g := range fns {
				if wide || g.Parent() == fn {
					f.within(g, wide, depth+1, visit)
				}
			}
		}
	}
}

// links calls visit with the classes of what leads from fn to the channel in focus: the
// channels that are made and on which it sends what leads there, the groups in which it
// starts what does, and what it waits for in one select with the channel.
func (f *focus) links(fn *ssa.Function, made map[int32]bool, visit func(class int32)) {
	channel := func(ch ssa.Value, context bool) {
		if _, nowhere := ch.(*ssa.Const); nowhere {
			return
		}
		if class := f.find(f.of(ch)); made[class] || context && f.contexts[class] {
			visit(class)
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send:
				if f.leads(instr.X) {
					channel(instr.Chan, false)
				}
			case *ssa.Select:
				about := f.about(instr)
				for _, s := range instr.States {
					if about || s.Send != nil && f.leads(s.Send) {
						channel(s.Chan, about)
					}
				}
			case ssa.CallInstruction:
				switch op, on := f.ps.pkg.Op(instr.Common()); op.Kind {
				case ops.WgGo, ops.GroupGo, ops.GroupTryGo:
					if v := skeleton.FuncArg(instr.Common(), op); on != nil && v != nil && f.leads(v) {
						visit(f.find(f.object(on)))
					}
				}
			}
		}
	}
}

// operations calls visit with the class of each object that the function itself
// operates on, and with the operation of package sync or its like.
func (f *focus) operations(fn *ssa.Function, visit func(class int32, op ops.Kind)) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send:
				visit(f.of(instr.Chan), ops.None)
			case *ssa.UnOp:
				if instr.Op == token.ARROW {
					visit(f.of(instr.X), ops.None)
				}
			case *ssa.Select:
				for _, s := range instr.States {
					if _, ok := s.Chan.(*ssa.Const); !ok {
						visit(f.of(s.Chan), ops.None)
					}
				}
			case ssa.CallInstruction:
				common := instr.Common()
				if bi, ok := common.Value.(*ssa.Builtin); ok {
					if bi.Name() == "close" {
						visit(f.of(common.Args[0]), ops.None)
					}
					continue
				}
				if op, on := f.ps.pkg.Op(common); on != nil && synchronises(op.Kind) {
					visit(f.object(on), op.Kind)
				}
			}
		}
	}
}

// synchronises reports whether an operation works on an object of package sync,
// errgroup or semaphore.
func synchronises(k ops.Kind) bool {
	switch k {
	case ops.Lock, ops.RLock, ops.Unlock, ops.RUnlock, ops.TryLock, ops.TryRLock, ops.RLocker,
		ops.WgAdd, ops.WgDone, ops.WgWait, ops.WgGo, ops.CondWait, ops.CondSignal, ops.CondBroadcast,
		ops.OnceDo, ops.GroupGo, ops.GroupTryGo, ops.GroupWait, ops.GroupSetLimit,
		ops.SemAcquire, ops.SemTryAcquire, ops.SemRelease:
		return true
	}
	return false
}

// has reports whether the channel is in focus.
func (f *focus) has(ch ssa.Value) bool {
	_, nowhere := ch.(*ssa.Const)
	return !nowhere && f.in[f.of(ch)]
}

// needs reports whether the channel is in focus and not that of a context, for
// which alone nobody need be looked at.
func (f *focus) needs(ch ssa.Value) bool { return f.has(ch) && !f.contexts[f.of(ch)] }

// concerns reports whether an operation of a call works on an object in focus.
func (f *focus) concerns(call *ssa.CallCommon) bool {
	op, on := f.ps.pkg.Op(call)
	return on != nil && synchronises(op.Kind) && f.in[f.object(on)]
}

// Bounds of what is run with a focus: states and instructions of one system, how many
// systems a package has, and their instructions.
const (
	focusStates      = systemStates / 2
	focusWork        = systemWork / 2
	maxFocuses       = 24
	packageFocusWork = packageWork / 4
)

// refine runs the roots that were too large as a whole with a focus on one channel
// after the other.
func (res *Result) refine(ps *programs, cut []*ssa.Function, tell func(*system, []*Verdict)) {
	if len(cut) == 0 {
		return
	}
	c := newClasses(ps)
	done := make(map[*ssa.MakeChan]bool)
	var work, n int
	for _, root := range cut {
		var sites []*ssa.MakeChan
		ps.reach(root, func(fn *ssa.Function) {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					if site, ok := instr.(*ssa.MakeChan); ok && !done[site] {
						sites = append(sites, site)
					}
				}
			}
		})
		for _, site := range sites {
			if work > packageFocusWork || n > maxFocuses {
				return
			}
			s, found := res.focused(c, site, root, false)
			if s == nil {
				continue
			}
			n++
			work += s.stats.Work
			done[site] = s.stats.Cut == 0 && !s.gives(site)
			if slices.ContainsFunc(found, func(v *Verdict) bool { return v.Grade != Guess }) {
				w, more := res.focused(c, site, root, true)
				if w == nil {
					continue
				}
				work += w.stats.Work
				s, found = w, confirmed(found, more, w.stats.Cut == 0)
			}
			tell(s, found)
		}
	}
}

// focused runs the root with the focus on a channel, and returns what is wrong with
// this; nil when root has nothing to do with it.
func (res *Result) focused(c *classes, site *ssa.MakeChan, root *ssa.Function, wide bool) (*system, []*Verdict) {
	f := c.focusOn(site, root, wide)
	if f == nil {
		return nil, nil
	}
	narrow := f.narrowed(root)
	if narrow == nil {
		return nil, nil
	}
	begin := time.Now()
	s := newSystem(narrow, root, nil, nil, focusStates)
	s.work = focusWork
	s, found := s.findings()
	found = slices.DeleteFunc(found, func(v *Verdict) bool { return !f.about(v.Stuck[0].Instr) })
	res.Stats.add(s.stats, root, time.Since(begin))
	if w := skeleton.Debug("machine"); w != nil {
		fmt.Fprintf(w, "focus on %s in %s, wide %t: %d states, %d work, %d cut, %d found, %v\n", c.ps.pkg.Pass.Fset.Position(site.Pos()), root, wide, s.stats.States, s.stats.Work, s.stats.Cut, len(found), time.Since(begin))
	}
	return s, found
}

// confirmed returns what holds of the verdicts of a focus once more is looked at. Where
// that could not be run to the end, it is believed of what hangs: what is passed over
// could only have kept somebody from getting there. A panic needs the order that
// others bring about.
func confirmed(found, more []*Verdict, whole bool) (list []*Verdict) {
	for _, v := range found {
		same := func(w *Verdict) bool { return w.Kind == v.Kind && w.Stuck[0].Instr == v.Stuck[0].Instr }
		switch i := slices.IndexFunc(more, same); {
		case i >= 0 && (more[i].Complete || more[i].Grade == Abandoned):
			list = append(list, more[i])
		case i >= 0 || !whole && (v.Kind == Leak || v.Kind == Deadlock):
			list = append(list, v)
		}
	}
	return list
}

// about reports whether an instruction operates on the channel that the focus is on.
func (f *focus) about(instr ssa.Instruction) bool {
	is := func(v ssa.Value) bool { return f.has(v) && f.of(v) == f.find(f.core) }
	switch instr := instr.(type) {
	case *ssa.Send:
		return is(instr.Chan)
	case *ssa.UnOp:
		return is(instr.X)
	case *ssa.Select:
		return slices.ContainsFunc(instr.States, func(c *ssa.SelectState) bool { return is(c.Chan) })
	case ssa.CallInstruction:
		bi, ok := instr.Common().Value.(*ssa.Builtin)
		return ok && bi.Name() == "close" && is(instr.Common().Args[0])
	}
	return false
}

// gives reports whether the system has handed a channel of the site to code that is
// not seen.
func (s *system) gives(site *ssa.MakeChan) bool {
	for _, n := range s.nodes {
		for _, o := range n.st.objs {
			if o.escaped && s.objs[o.id].key.site == any(site) {
				return true
			}
		}
	}
	return false
}

// narrowed returns the programs of the package as seen with the focus, nil when
// what branches depend on goes too deep. That is taken from the functions that root
// reaches and that matter.
func (f *focus) narrowed(root *ssa.Function) *programs {
	conds := make(map[access.Class]bool)
	for range maxRounds {
		n := f.narrow(conds)
		more := n.condsFrom(root)
		if len(more) == len(conds) {
			return n
		}
		conds = more
	}
	return nil
}

// narrow returns the programs as seen with the focus, where branches depend on conds.
func (f *focus) narrow(conds map[access.Class]bool) *programs {
	f.carriers = make(map[types.Type]bool)
	f.on = f.ps.again()
	f.on.conds, f.on.focus = conds, f
	return f.on
}

// maxRounds bounds how often it is asked again what branches depend on.
const maxRounds = 4

// condsFrom returns the fields and variables that branches of consequence depend on,
// in what root reaches.
func (ps *programs) condsFrom(root *ssa.Function) map[access.Class]bool {
	conds := make(map[access.Class]bool)
	ps.reach(root, func(fn *ssa.Function) {
		if p := ps.program(fn); p != nil {
			ps.condsOf(fn, conds, func(b *ssa.BasicBlock) bool { return p.skip[b.Index] < 0 })
		}
	})
	return conds
}

// reach calls visit for root and each function that it can lead to and that matters.
func (ps *programs) reach(root *ssa.Function, visit func(fn *ssa.Function)) {
	seen := make(map[*ssa.Function]bool)
	var walk func(fn *ssa.Function, depth int)
	walk = func(fn *ssa.Function, depth int) {
		if seen[fn] || depth > maxDepth || !ps.isActive(fn) {
			return
		}
		seen[fn] = true
		visit(fn)
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case ssa.CallInstruction:
					fns, _ := ps.pkg.Callees(instr)
					for _, f := range fns {
						walk(f, depth+1)
					}
				case *ssa.MakeClosure:
					walk(instr.Fn.(*ssa.Function), depth+1)
				}
			}
		}
	}
	walk(root, 0)
}

// leads reports whether a value can lead to an object in focus. A context alone
// changes nothing.
func (f *focus) leads(v ssa.Value) bool {
	if _, ok := v.(*ssa.Const); ok || !f.counts(v) || ops.IsContext(v.Type()) {
		return false
	}
	return f.leadsClass(f.of(v)) || f.carries(v.Type())
}

func (f *focus) leadsResult(fn *ssa.Function, i int) bool {
	t := fn.Signature.Results().At(i).Type()
	if ops.IsContext(t) {
		return false
	}
	n, ok := f.nodes[result{fn, i}]
	return ok && f.leadsClass(n) || f.carries(t)
}

// maxBehind bounds how many pointers are followed.
const maxBehind = 6

// leadsClass reports whether class n, what lies behind it or a function in it leads to
// an object in focus.
func (f *focus) leadsClass(n int32) bool { return f.behindIs(n, f.on.isActive) }

// holds reports whether class n, or what lies behind it, is in focus.
func (f *focus) holds(n int32) bool {
	return f.behindIs(n, func(*ssa.Function) bool { return false })
}

func (f *focus) behindIs(n int32, leads func(*ssa.Function) bool) bool {
	for range maxBehind {
		n = f.find(n)
		if f.in[n] && !f.contexts[n] || slices.ContainsFunc(f.types[n], f.carries) || slices.ContainsFunc(f.funcs[n], leads) {
			return true
		}
		if n = f.behind[n]; n < 0 {
			return false
		}
	}
	return false
}

// carries reports whether a value of the type can lead to an object in focus by
// its fields.
func (f *focus) carries(t types.Type) bool {
	if yes, ok := f.carriers[t]; ok {
		return yes
	}
	f.carriers[t] = false
	yes := false
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		yes = f.carries(u.Elem())
	case *types.Slice:
		yes = f.carries(u.Elem())
	case *types.Array:
		yes = f.carries(u.Elem())
	case *types.Map:
		yes = f.carries(u.Elem())
	case *types.Chan:
		yes = f.carries(u.Elem())
	case *types.Struct:
		for i := range u.NumFields() {
			x := u.Field(i)
			if n, ok := f.nodes[x.Origin()]; ok && !ops.IsContext(x.Type()) && f.holds(n) || f.carries(x.Type()) {
				yes = true
				break
			}
		}
	}
	f.carriers[t] = yes
	return yes
}

// matters decides whether a call of the operation is of consequence, where that
// does not depend on what it calls.
func (f *focus) matters(call ssa.CallInstruction, op ops.Op) (yes, known bool) {
	common := call.Common()
	function := func() bool {
		v := skeleton.FuncArg(common, op)
		return v != nil && f.leads(v)
	}
	switch op.Kind {
	case ops.None, ops.Panic, ops.Goexit, ops.Exit, ops.TestFatal:
		return false, false
	case ops.CtxWithCancel, ops.CtxWithTimeout, ops.CtxWithValue, ops.CtxDetach, ops.CtxRoot, ops.CtxDone, ops.CtxErr,
		ops.SignalNotifyContext, ops.TimerStop, ops.TimerReset, ops.NewTimer, ops.NewTicker, ops.After, ops.Tick,
		ops.AtomicLoad, ops.AtomicStore, ops.AtomicUpdate, ops.Sleep, ops.Blocking, ops.TestLog, ops.TestSetenv, ops.TestParallel:
		return false, true
	}
	if synchronises(op.Kind) && f.concerns(common) || op.Func >= 0 && function() {
		return true, true
	}
	for _, a := range skeleton.Args(common) {
		if f.leads(a) {
			return true, true
		}
	}
	return false, true
}

// ignores reports whether an operation of a channel is passed over, since the
// channel is not in focus.
func (f *focus) ignores(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.MakeChan:
		return !f.has(instr)
	case *ssa.Send:
		return !f.has(instr.Chan)
	case *ssa.UnOp:
		return instr.Op == token.ARROW && !f.has(instr.X)
	case *ssa.Select:
		return !slices.ContainsFunc(instr.States, func(c *ssa.SelectState) bool { return f.has(c.Chan) })
	}
	return false
}

// ignoresCall likewise for a close and an operation of package sync.
func (f *focus) ignoresCall(call ssa.CallInstruction) bool {
	common := call.Common()
	if bi, ok := common.Value.(*ssa.Builtin); ok {
		return bi.Name() == "close" && !f.has(common.Args[0])
	}
	op, _ := f.ps.pkg.Op(common)
	return synchronises(op.Kind) && !f.on.callMatters(call)
}
