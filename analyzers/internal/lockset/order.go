package lockset

import (
	"cmp"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// Lock order is a question about classes: every instance of Server.mu is one
// node. An edge leads from a lock that is held to one that is taken then, in
// the function or in what it calls. A cycle of edges is a deadlock when its
// edges can be gone along at the same time, by goroutines that meet on the
// same objects. That they do is assumed, except where the text speaks against
// it: a third lock that all edges are under, locks that are all only read,
// objects that the function has made itself, and instances of one class, which
// are parent and child more often than not.

// An Edge is an order in which two locks are taken.
type Edge struct {
	From, To         string // as FieldName names them
	Fn               *ssa.Function
	At               ssa.Instruction // the Lock, or the call that leads to it
	Held             ssa.Instruction // what took From
	Chain            []skeleton.Step // of a call
	Name             string          // of the lock as written, when At is the Lock
	FromMode, ToMode skeleton.Mode
	// Same says that both are fields of one object, or both package variables.
	Same           bool
	from, to       access.Class
	fromRef, toRef *access.Ref // toRef is nil when it has no name in the function
	fromAt, toAt   place
	phase          bool           // an atomic flag decides whether To is taken
	open           bool           // the call can be of other functions, too
	gates          []access.Class // held exclusively as well
	when           []condition    // under which it is gone along
}

// A Cycle is a set of edges that lead in a circle.
type Cycle struct {
	Edges []Edge
	// Meet says that the edges are known to be between the same objects: those of
	// one object, or of objects that point to each other.
	Meet bool
}

// taken is a lock that a function takes, itself or in calls.
type taken struct {
	class access.Class
	name  string
	mode  skeleton.Mode
	chain []skeleton.Step
	ref   *access.Ref    // in the terms of the function that has the edge, or nil
	at    place          // likewise
	open  bool           // on the way is a call that can be of other functions, too
	drops []access.Class // what is let go on the way, for a caller that holds it
}

type orderer struct {
	s     *Set
	takes map[*ssa.Function][]taken
	busy  map[*ssa.Function]bool
	entry map[*ssa.Function][]access.Class
	edges []Edge
	// removed are the deletes of the function that is looked at.
	removed  []removal
	runs     map[*ssa.Function]*runs
	starting map[*ssa.Function]bool // whether they start goroutines
	single   map[access.Class]bool  // channels that hold one value
	// callbacks are the stores of function literals and method values in fields.
	callbacks map[*types.Var][]*ssa.Store
	// stores are the stores of functions in fields, registered what becomes of them.
	stores     map[*types.Var][]*ssa.Store
	registered map[*types.Var][]registration
}

// A removal takes an element out of a map.
type removal struct {
	from *access.Ref
	at   ssa.Instruction
}

func removals(s *Set, fn *ssa.Function) (list []removal) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if bi, ok := call.Call.Value.(*ssa.Builtin); ok && bi.Name() == "delete" {
					list = append(list, removal{s.Pkg.Access.Of(call.Call.Args[0]), call})
				}
			}
		}
	}
	return list
}

// unpublished reports whether the lock is in an element that was taken out of
// its map before: nobody else finds it there any more.
func (o *orderer) unpublished(h skeleton.Held) bool {
	return slices.ContainsFunc(o.removed, func(r removal) bool {
		return r.from != h.Ref && r.from.Contains(h.Ref) && skeleton.Dominates(r.at, h.At)
	})
}

func (s *Set) order() *orderer {
	o := &orderer{s: s, takes: make(map[*ssa.Function][]taken), busy: make(map[*ssa.Function]bool)}
	o.entries()
	for _, fl := range s.Locks.Funcs {
		if !fl.Cut {
			o.collect(fl)
			o.twins(fl)
		}
	}
	pos := func(e Edge) token.Pos { return s.Pos(e.At) }
	slices.SortStableFunc(o.edges, func(a, b Edge) int { return cmp.Compare(pos(a), pos(b)) })
	o.cycles()
	return o
}

// entries finds the locks that are held whenever a function is called, for
// those whose callers are all in sight.
func (o *orderer) entries() {
	s := o.s
	o.entry = make(map[*ssa.Function][]access.Class)
	for _, fl := range s.Locks.Funcs {
		o.entry[fl.Fn] = releasedAlways(fl)
	}
	for range 4 {
		for _, fl := range s.Locks.Funcs {
			if here := o.lentTo(fl.Fn); len(here) > 0 {
				o.entry[fl.Fn] = append(here, releasedAlways(fl)...)
				continue
			}
			if !s.closed(fl.Fn) && !s.ofUnexported(fl.Fn) {
				continue
			}
			var all []access.Class
			for i, site := range s.Pkg.Sites(fl.Fn) {
				here := o.heldAt(site)
				if i == 0 {
					all = here
				} else {
					all = slices.DeleteFunc(all, func(c access.Class) bool { return !slices.Contains(here, c) })
				}
			}
			o.entry[fl.Fn] = append(all, releasedAlways(fl)...)
		}
	}
}

// lentTo is what is held whenever a function is called that is only given to others, which
// call it with their locks held.
func (o *orderer) lentTo(fn *ssa.Function) (all []access.Class) {
	r := o.runsOf(fn)
	if r.open {
		return nil
	}
	for i, run := range r.list {
		if run.kind != lent {
			return nil
		}
		here := o.heldAt(run.at)
		if fl := o.s.Locks.Of(run.by); fl != nil {
			here = append(here, heldForParam(fl.Summary.Calls, run.arg)...)
		}
		if i > 0 {
			here = slices.DeleteFunc(here, func(c access.Class) bool { return !slices.Contains(all, c) })
		}
		all = here
	}
	return all
}

// heldForParam is what is held exclusively whenever the function calls its parameter.
func heldForParam(calls []skeleton.ParamCall, param int) (all []access.Class) {
	first := true
	for _, c := range calls {
		if c.Param != param {
			continue
		}
		var here []access.Class
		for _, e := range c.Held {
			if cl := e.Ref.Class(); e.Mode == skeleton.Exclusive && !cl.IsZero() && (first || slices.Contains(all, cl)) {
				here = append(here, cl)
			}
		}
		all, first = here, false
	}
	return all
}

// ofUnexported reports whether the function is a method of a type that only
// this package can name, and called here.
func (s *Set) ofUnexported(fn *ssa.Function) bool {
	recv := fn.Signature.Recv()
	if recv == nil || len(s.Pkg.Sites(fn)) == 0 || s.Pkg.UsedAsValue(fn) {
		return false
	}
	t := recv.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && !n.Obj().Exported()
}

// releasedAlways are the locks that the function releases for its callers
// however it returns: they hold it.
func releasedAlways(fl *skeleton.FuncLocks) []access.Class {
	var all []access.Class
	for i, e := range fl.Summary.Exits {
		var here []access.Class
		for _, f := range e.Effects {
			if c := f.Ref.Class(); f.Release && f.Mode == skeleton.Exclusive && !c.IsZero() {
				here = append(here, c)
			}
		}
		if i == 0 {
			all = here
		} else {
			all = slices.DeleteFunc(all, func(c access.Class) bool { return !slices.Contains(here, c) })
		}
	}
	return all
}

// heldAt is what is held exclusively at a call on all paths.
func (o *orderer) heldAt(site ssa.CallInstruction) []access.Class {
	if _, ok := site.(*ssa.Go); ok {
		return nil
	}
	list := slices.Clone(o.entry[site.Parent()])
	fl := o.s.Locks.Of(site.Parent())
	if fl == nil {
		return list
	}
	for _, ev := range fl.Events {
		if ev.Kind != skeleton.HeldCall || ev.Instr != site {
			continue
		}
		for _, c := range gates(ev.States) {
			if !slices.Contains(list, c) {
				list = append(list, c)
			}
		}
	}
	return list
}

// gates are the classes that are held exclusively in all states.
func gates(states [][]skeleton.Held) []access.Class {
	var all []access.Class
	for i, st := range states {
		var here []access.Class
		for _, h := range st {
			if c := h.Ref.Class(); h.Mode == skeleton.Exclusive && !c.IsZero() {
				here = append(here, c)
			}
		}
		if i == 0 {
			all = here
		} else {
			all = slices.DeleteFunc(all, func(c access.Class) bool { return !slices.Contains(here, c) })
		}
	}
	return all
}

// of returns what a call of the function takes.
func (o *orderer) of(fn *ssa.Function) []taken {
	if list, ok := o.takes[fn]; ok {
		return list
	}
	if o.busy[fn] {
		return nil
	}
	fl := o.s.Locks.Of(fn)
	if fl == nil { // it has no locks of its own
		fl = &skeleton.FuncLocks{Fn: fn, Summary: new(skeleton.Summary)}
	}
	if fl.Cut || fn.Pkg != o.s.Pkg.SSA {
		return nil
	}
	o.busy[fn] = true
	var list []taken
	add := func(t taken) {
		if t.class.IsZero() || len(list) >= 48 {
			return
		}
		i := slices.IndexFunc(list, func(u taken) bool { return u.class == t.class && u.mode == t.mode && u.open == t.open })
		switch {
		case i < 0:
			list = append(list, t)
		case list[i].at.root == nil:
			list[i].at = t.at
		}
	}
	for _, ev := range fl.Events {
		if ev.Kind == skeleton.LockEvent && !ev.Try && !ev.Retakes && !o.s.fresh(fn, ev.Ref) {
			add(taken{class: ev.Ref.Class(), name: skeleton.FieldName(ev.Ref), mode: ev.Mode, chain: []skeleton.Step{o.step(fn, ev.Instr)}, ref: ev.Ref, at: o.s.placeOf(ev.Ref, 0)})
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if _, ok := instr.(*ssa.Go); ok {
				continue
			}
			callees, complete := o.s.Pkg.Callees(call)
			if slices.ContainsFunc(call.Common().Args, isFlag) {
				continue // which may say that the lock is held
			}
			for _, callee := range callees {
				for _, t := range o.of(callee) {
					if len(t.chain) < 7 {
						t.chain = append([]skeleton.Step{o.step(fn, instr)}, t.chain...)
						t.ref = o.s.inCaller(call, callee, t.ref)
						t.at = o.s.placeInCaller(call, callee, nil, t.at, 0)
						t.open = t.open || !complete || len(callees) > 1
						add(t)
					}
				}
			}
			o.byField(call, func(_ *ssa.Function, t taken) {
				t.chain = append([]skeleton.Step{o.step(fn, instr)}, t.chain...)
				add(t)
			})
		}
	}
	for _, r := range fl.Summary.Releases {
		if c := r.Class(); !c.IsZero() {
			for i := range list {
				list[i].drops = append(slices.Clip(list[i].drops), c)
			}
		}
	}
	delete(o.busy, fn)
	o.takes[fn] = list
	return list
}

func (o *orderer) step(fn *ssa.Function, at ssa.Instruction) skeleton.Step {
	return skeleton.Step{Name: skeleton.FuncName(fn), Pos: o.s.file(at)}
}

func (o *orderer) collect(fl *skeleton.FuncLocks) {
	s := o.s
	if s.Pkg.InTest(fl.Fn) {
		return // tests do one thing after the other
	}
	o.removed = removals(s, fl.Fn)
	for _, ev := range fl.Events {
		switch ev.Kind {
		case skeleton.LockEvent:
			if !ev.Try && !s.fresh(fl.Fn, ev.Ref) && !o.unborn(ev.Instr, ev.Ref) {
				o.edge(fl, ev, taken{class: ev.Ref.Class(), name: skeleton.FieldName(ev.Ref), mode: ev.Mode, ref: ev.Ref, at: s.placeOf(ev.Ref, 0)})
			}
		case skeleton.HeldCall:
			for _, a := range ev.Acquires {
				o.edge(fl, ev, taken{class: a.Ref.Class(), name: skeleton.FieldName(a.Ref), mode: a.Mode, chain: a.Chain, ref: a.Ref, at: s.placeOf(a.Ref, 0)})
			}
			call, ok := ev.Instr.(ssa.CallInstruction)
			if !ok || slices.ContainsFunc(call.Common().Args, isFlag) {
				continue
			}
			for _, callee := range ev.Callees {
				for _, t := range o.of(callee) {
					t.ref = s.inCaller(call, callee, t.ref)
					t.at = s.placeInCaller(call, callee, nil, t.at, 0)
					t.open = t.open || len(ev.Callees) > 1
					o.edge(fl, ev, t)
					o.again(fl, ev, callee, t)
				}
			}
		case skeleton.CallbackEvent:
			o.callback(fl, ev)
			if call, ok := ev.Instr.(*ssa.Call); ok {
				o.byField(call, func(callee *ssa.Function, t taken) { o.again(fl, ev, callee, t) })
			}
		}
	}
}

// callback adds the edges of a call, with a lock held, of a function that is stored
// in a field of an object: what the literals and method values take that are put
// there, where their maker knows both objects.
func (o *orderer) callback(fl *skeleton.FuncLocks, ev *skeleton.Event) {
	s := o.s
	call, ok := ev.Instr.(*ssa.Call)
	if !ok {
		return
	}
	load, ok := call.Call.Value.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return
	}
	if o.callbacks == nil {
		o.callbacks = callbacks(s.Pkg.Funcs)
	}
	owner := s.placeOf(s.Pkg.Access.Of(fa.X), 0)
	for _, st := range o.callbacks[access.FieldOf(fa.X.Type(), fa.Field)] {
		mc := closureOf(st.Val)
		made := s.placeOf(s.Pkg.Access.Of(st.Addr.(*ssa.FieldAddr).X), 0)
		callees, _ := s.Pkg.Functions(mc)
		for _, callee := range callees {
			for _, t := range o.of(callee) {
				t.at = s.placeInCaller(call, callee, mc, t.at, 0)
				if t.at.root == nil || t.at.root.Kind == access.Global {
					continue
				}
				way, ok := s.wayTo(mc.Parent(), t.at.root, made)
				if !ok {
					continue
				}
				t.ref, t.open = nil, true
				o.edgeFrom(fl, ev, t, func(h place) place {
					if owner.root == nil || h.root != owner.root || len(h.path) < len(owner.path) || !slices.Equal(h.path[:len(owner.path)], owner.path) {
						return place{}
					}
					return place{t.at.root, slices.Concat(way, h.path[len(owner.path):])}
				})
			}
		}
	}
}

// isFlag reports whether an argument is true or false.
func isFlag(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Bool
}

// wayTo returns the fields that lead from an object to another in the function that
// makes a closure: the object is the other's own part, or is stored in a field of it.
func (s *Set) wayTo(fn *ssa.Function, from *access.Ref, to place) ([]*types.Var, bool) {
	if to.root == from {
		return to.path, true
	}
	if to.root == nil || len(to.path) > 0 {
		return nil, false
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok || s.Pkg.Access.Of(st.Val) != to.root {
				continue
			}
			if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
				if p := s.placeOf(s.Pkg.Access.Of(fa), 0); p.root == from {
					return p.path, true
				}
			}
		}
	}
	return nil, false
}

// callbacks finds the stores of closures in fields.
func callbacks(fns []*ssa.Function) map[*types.Var][]*ssa.Store {
	all := make(map[*types.Var][]*ssa.Store)
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok || closureOf(st.Val) == nil {
					continue
				}
				if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
					if f := access.FieldOf(fa.X.Type(), fa.Field); f != nil {
						all[f] = append(all[f], st)
					}
				}
			}
		}
	}
	return all
}

func closureOf(v ssa.Value) *ssa.MakeClosure {
	if ct, ok := v.(*ssa.ChangeType); ok {
		v = ct.X
	}
	mc, _ := v.(*ssa.MakeClosure)
	return mc
}

func (o *orderer) edge(fl *skeleton.FuncLocks, ev *skeleton.Event, t taken) {
	o.edgeFrom(fl, ev, t, nil)
}

// edgeFrom adds the edges from what is held to what is taken. in, if there is one,
// gives the place of what is held in the terms of the function that t.at is in.
func (o *orderer) edgeFrom(fl *skeleton.FuncLocks, ev *skeleton.Event, t taken, in func(place) place) {
	if t.class.IsZero() {
		return
	}
	for _, st := range ev.States {
		for _, h := range st {
			c := h.Ref.Class()
			if o.unpublished(h) || c.IsZero() || c == t.class || c.Var != nil && c.Var == t.class.Var || o.s.fresh(fl.Fn, h.Ref) || o.unborn(ev.Instr, h.Ref) || slices.Contains(ev.Releases, h.Ref) || slices.Contains(t.drops, c) {
				continue
			}
			at := o.s.placeOf(h.Ref, 0)
			if in != nil {
				at = in(at)
			}
			if i := slices.IndexFunc(o.edges, func(e Edge) bool { return e.At == ev.Instr && e.from == c && e.to == t.class && e.open == t.open }); i >= 0 {
				if e := &o.edges[i]; e.fromAt.root == nil || e.fromAt.root != e.toAt.root {
					e.fromAt, e.toAt = at, t.at
				}
				continue
			}
			e := Edge{
				From: skeleton.FieldName(h.Ref), To: t.name, Fn: fl.Fn, At: ev.Instr, Held: h.At, Chain: t.chain,
				FromMode: h.Mode, ToMode: t.mode, from: c, to: t.class, fromRef: h.Ref, toRef: t.ref,
				fromAt: at, toAt: t.at, open: t.open, phase: o.s.phase(h.At, ev.Instr),
				gates: slices.Concat(o.entry[fl.Fn], gates(ev.States), o.tokens(ev.Instr)),
				when:  o.s.conditions(h.Ref, h.At, ev.Instr),
				Same:  together(h.Ref, t.ref),
			}
			if ev.Ref != nil {
				e.Name = ev.Ref.String()
			}
			o.edges = append(o.edges, e)
		}
	}
}

// together reports whether two locks are fields of one object, or are both package
// variables.
func together(a, b *access.Ref) bool {
	if b == nil || a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case access.Global:
		return true
	case access.Field:
		return a.Base == b.Base
	}
	return false
}

// cycles pairs edges that lead against each other, and triples; one finding
// for each set of classes.
func (o *orderer) cycles() {
	type key [3]access.Class
	var seen []key
	report := func(meet bool, edges ...Edge) {
		var k key
		for i, e := range edges {
			k[i] = e.from
		}
		for _, have := range seen {
			shared := 0
			for _, c := range k[:len(edges)] {
				if slices.Contains(have[:], c) {
					shared++
				}
			}
			if shared >= 2 {
				return // a part of it has been reported
			}
		}
		seen = append(seen, k)
		o.s.Cycles = append(o.s.Cycles, Cycle{edges, meet})
	}
	for _, certain := range []bool{true, false} { // what is certain first
		for _, a := range o.edges {
			for _, b := range o.edges {
				if b.from != a.to || b.to != a.from || !certain && (a.open || b.open) || !compatible(a, b) || o.apart(a, b) {
					continue
				}
				if meet := !a.phase && !b.phase && (a.Same && b.Same || o.s.meet(a, b)); meet || !certain {
					report(meet, a, b)
				}
			}
		}
		o.triples(certain, report)
	}
}

// triples reports three edges that lead in a circle.
func (o *orderer) triples(certain bool, report func(meet bool, edges ...Edge)) {
	after := make(map[access.Class][]Edge)
	for _, e := range o.edges {
		if certain || !e.open {
			after[e.from] = append(after[e.from], e)
		}
	}
	for _, a := range o.edges {
		if !certain && a.open {
			continue
		}
		for _, b := range after[a.to] {
			if b.to == a.from || !compatible(a, b) {
				continue
			}
			for _, c := range after[b.to] {
				if c.to != a.from || !compatible(b, c) || !compatible(c, a) || gated(a, b, c) {
					continue
				}
				meet := !a.phase && !b.phase && !c.phase && o.s.ring(a, b, c)
				if (meet || !certain) && !o.apart(a, b) && !o.apart(b, c) && !o.apart(c, a) {
					report(meet, a, b, c)
				}
			}
		}
	}
}

// compatible reports whether the goroutine on edge a can wait for the one on
// edge b, which holds what a takes.
func compatible(a, b Edge) bool {
	return conflict(b.FromMode, a.ToMode) && (a.from != b.to || conflict(a.FromMode, b.ToMode)) && !gated(a, b)
}

// gated reports whether the edges are all under one lock that is not among
// them.
func gated(edges ...Edge) bool {
	for _, g := range edges[0].gates {
		all := true
		for _, e := range edges {
			all = all && slices.Contains(e.gates, g) && e.from != g && e.to != g
		}
		if all {
			return true
		}
	}
	return false
}
