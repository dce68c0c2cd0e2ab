package lockset

import (
	"cmp"
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
	Same     bool
	from, to access.Class
	gates    []access.Class // held exclusively as well
}

// A Twin is a pair of locks of one field that a function takes in the order of
// its parameters.
type Twin struct {
	Event         *skeleton.Event
	First, Second *access.Ref
	Held          ssa.Instruction // what took First
	Chain         []skeleton.Step // of a call
}

// A Cycle is a set of edges that lead in a circle.
type Cycle struct{ Edges []Edge }

// Same reports whether each edge is between locks of one object: nothing has to be
// assumed of which objects meet.
func (c *Cycle) Same() bool {
	return !slices.ContainsFunc(c.Edges, func(e Edge) bool { return !e.Same })
}

// taken is a lock that a function takes, itself or in calls.
type taken struct {
	class access.Class
	name  string
	mode  skeleton.Mode
	chain []skeleton.Step
	ref   *access.Ref // in the terms of the function that has the edge, or nil
}

type orderer struct {
	s     *Set
	takes map[*ssa.Function][]taken
	busy  map[*ssa.Function]bool
	entry map[*ssa.Function][]access.Class
	edges []Edge
	// removed are the deletes of the function that is looked at.
	removed []removal
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
		return r.from != h.Ref && r.from.Contains(h.Ref) && dominates(r.at, h.At)
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
	if fl == nil || fl.Cut {
		return nil
	}
	o.busy[fn] = true
	var list []taken
	add := func(t taken) {
		if t.class.IsZero() || len(list) >= 48 || slices.ContainsFunc(list, func(u taken) bool { return u.class == t.class && u.mode == t.mode }) {
			return
		}
		list = append(list, t)
	}
	for _, ev := range fl.Events {
		if ev.Kind == skeleton.LockEvent && !ev.Try && !ev.Retakes && !o.s.fresh(fn, ev.Ref) {
			add(taken{class: ev.Ref.Class(), name: skeleton.FieldName(ev.Ref), mode: ev.Mode, chain: []skeleton.Step{o.step(fn, ev.Instr)}, ref: ev.Ref})
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
			if !complete || len(callees) != 1 {
				continue
			}
			for _, t := range o.of(callees[0]) {
				if len(t.chain) < 7 {
					t.chain = append([]skeleton.Step{o.step(fn, instr)}, t.chain...)
					t.ref = o.s.inCaller(call, callees[0], t.ref)
					add(t)
				}
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
			if !ev.Try && !s.fresh(fl.Fn, ev.Ref) {
				o.edge(fl, ev, taken{class: ev.Ref.Class(), name: skeleton.FieldName(ev.Ref), mode: ev.Mode, ref: ev.Ref})
			}
		case skeleton.HeldCall:
			for _, a := range ev.Acquires {
				o.edge(fl, ev, taken{a.Ref.Class(), skeleton.FieldName(a.Ref), a.Mode, a.Chain, a.Ref})
			}
			if len(ev.Callees) == 1 {
				call, _ := ev.Instr.(ssa.CallInstruction)
				for _, t := range o.of(ev.Callees[0]) {
					t.ref = s.inCaller(call, ev.Callees[0], t.ref)
					o.edge(fl, ev, t)
				}
			}
		}
	}
}

func (o *orderer) edge(fl *skeleton.FuncLocks, ev *skeleton.Event, t taken) {
	if t.class.IsZero() {
		return
	}
	for _, st := range ev.States {
		for _, h := range st {
			c := h.Ref.Class()
			if o.unpublished(h) || c.IsZero() || c == t.class || c.Var != nil && c.Var == t.class.Var || o.s.fresh(fl.Fn, h.Ref) || slices.Contains(ev.Releases, h.Ref) {
				continue
			}
			if slices.ContainsFunc(o.edges, func(e Edge) bool { return e.At == ev.Instr && e.from == c && e.to == t.class }) {
				continue
			}
			e := Edge{
				From: skeleton.FieldName(h.Ref), To: t.name, Fn: fl.Fn, At: ev.Instr, Held: h.At, Chain: t.chain,
				FromMode: h.Mode, ToMode: t.mode, from: c, to: t.class,
				gates: append(slices.Clone(o.entry[fl.Fn]), gates(ev.States)...),
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
	report := func(edges ...Edge) {
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
		o.s.Cycles = append(o.s.Cycles, Cycle{edges})
	}
	for _, same := range []bool{true, false} { // what is certain first
		for _, a := range o.edges {
			for _, b := range o.edges {
				if b.from == a.to && b.to == a.from && (a.Same && b.Same || !same) && compatible(a, b) {
					report(a, b)
				}
			}
		}
	}
	for _, a := range o.edges {
		for _, b := range o.edges {
			if b.from != a.to || b.to == a.from || !compatible(a, b) {
				continue
			}
			for _, c := range o.edges {
				if c.from == b.to && c.to == a.from && compatible(b, c) && compatible(c, a) && !gated(a, b, c) {
					report(a, b, c)
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

// twins finds two objects of one type, both given to the function, that it locks
// in the order in which they are given: who calls it the other way round at the
// same time waits for ever. Whoever compares something of one with something of
// the other, or swaps them, knows of that.
func (o *orderer) twins(fl *skeleton.FuncLocks) {
	s := o.s
	if s.Pkg.InTest(fl.Fn) {
		return
	}
	note := func(ev *skeleton.Event, ref *access.Ref, mode skeleton.Mode, chain []skeleton.Step) {
		second := paramOf(fl.Fn, ref)
		if second == nil {
			return
		}
		for _, st := range ev.States {
			for _, h := range st {
				first := paramOf(fl.Fn, h.Ref)
				if first == nil || first == second || h.Stale || h.Ref.Class() != ref.Class() || !conflict(h.Mode, mode) ||
					!types.Identical(first.Type(), second.Type()) || o.ordered(fl.Fn, first, second) ||
					slices.ContainsFunc(s.Twins, func(t Twin) bool { return t.Event.Fn == fl.Fn && t.First == h.Ref && t.Second == ref }) {
					continue
				}
				s.Twins = append(s.Twins, Twin{ev, h.Ref, ref, h.At, chain})
			}
		}
	}
	for _, ev := range fl.Events {
		switch ev.Kind {
		case skeleton.LockEvent:
			if !ev.Try {
				note(ev, ev.Ref, ev.Mode, nil)
			}
		case skeleton.CallEvent:
			if _, ok := ev.Instr.(*ssa.Call); ok {
				for _, a := range ev.Acquires {
					note(ev, a.Ref, a.Mode, a.Chain)
				}
			}
		}
	}
}

// paramOf returns the parameter of which the lock is a field, or nil.
func paramOf(fn *ssa.Function, r *access.Ref) *ssa.Parameter {
	root := r
	for root.Kind == access.Field {
		root = root.Base
	}
	if pm, ok := root.Value.(*ssa.Parameter); ok && root.Kind == access.Param && root != r && pm.Parent() == fn {
		return pm
	}
	return nil
}

// ordered reports whether the function compares something of one with something
// of the other by size, or gives both to another function.
func (o *orderer) ordered(fn *ssa.Function, a, b *ssa.Parameter) bool {
	of := func(v ssa.Value) ssa.Value {
		if call, ok := v.(*ssa.Call); ok && len(call.Call.Args) > 0 {
			v = call.Call.Args[0] // a.ID()
		}
		return o.s.Pkg.Access.Of(v).Root().Value
	}
	both := func(values ...ssa.Value) bool {
		var ofA, ofB bool
		for _, v := range values {
			ofA = ofA || of(v) == ssa.Value(a)
			ofB = ofB || of(v) == ssa.Value(b)
		}
		return ofA && ofB
	}
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			switch instr := instr.(type) {
			case *ssa.BinOp:
				switch instr.Op {
				case token.LSS, token.GTR, token.LEQ, token.GEQ:
					if both(instr.X, instr.Y) {
						return true
					}
				}
			case *ssa.Call:
				if both(instr.Call.Args...) {
					return true
				}
			}
		}
	}
	return false
}
