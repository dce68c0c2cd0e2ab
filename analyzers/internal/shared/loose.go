package shared

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Loose is a field that a goroutine of the object writes, or reads while the object
// lives, and that a method
// which other packages call uses, or a package variable and a function, where
// nothing in the package could put the two in an order: neither holds a lock, the method waits for nothing, and what
// the goroutine signals after its write nobody waits for.
type Loose struct {
	At      Access // the method's
	Against Access // the goroutine's write
	Go      ssa.CallInstruction
	// Early is what the goroutine signals before its write, and the method waits for.
	Early ssa.Instruction
	// Again says that At is the goroutine's, and Against a write that the function
	// which starts it makes when it is called once more, under Lock.
	Again bool
	Lock  string
}

// Category is the kind of a loose field.
func (l *Loose) Category() string {
	if l.Again {
		return "next-call"
	}
	return "methods"
}

// Remedy is what to do about it.
func (l *Loose) Remedy() string {
	if l.Again {
		return "hold " + l.Lock + " there too"
	}
	if l.Early != nil {
		return "write first, then signal"
	}
	return "guard both by a mutex"
}

// Loose returns these.
func (s *Set) Loose() []Loose {
	s.looseOnce.Do(func() {
		s.Pkg.Mu.Lock()
		defer s.Pkg.Mu.Unlock()
		if s.prepare() {
			s.findLoose()
		}
	})
	return s.loose
}

func (s *Set) findLoose() {
	s.findContexts()
	starts := false
	for _, c := range s.contexts {
		starts = starts || len(c.by) > 0 && !c.quiet
	}
	if !starts {
		return
	}
	uses, order := s.collect(s.structs(), false)
	for _, v := range order {
		told := make(map[*ssa.Function]bool)
		s.looseUses(uses[v], told)
		s.setters(uses[v], told)
		s.reruns(uses[v])
	}
}

// structs returns the struct types of the package, and nil for its variables, as those
// with a lock are listed, but with none.
func (s *Set) structs() map[*types.Struct][]*types.Var {
	found := map[*types.Struct][]*types.Var{nil: {nil}}
	scope := s.Pass.Pkg.Scope()
	for _, name := range scope.Names() {
		if tn, ok := scope.Lookup(name).(*types.TypeName); ok {
			if st, ok := tn.Type().Underlying().(*types.Struct); ok {
				found[st] = []*types.Var{nil}
			}
		}
	}
	return found
}

func (s *Set) looseUses(uses []*use, told map[*ssa.Function]bool) {
	for _, u := range uses {
		c := s.contexts[u.fn]
		if !u.Write || u.quiet || u.owned || len(u.locks) > 0 || c.api && !s.private(u.fn) || c.quiet || len(c.by) == 0 || s.excused(u.Leaf) {
			continue
		}
		for _, o := range uses {
			if told[o.fn] || !clash(u, o) || !s.loosely(o) {
				continue
			}
			if g, early := s.looseGoroutine(u, o); g != nil {
				told[o.fn] = true
				s.addLoose(Loose{At: o.Access, Against: u.Access, Go: g, Early: early})
			}
		}
	}
}

// addLoose adds one, unless there is one of the same two lines.
func (s *Set) addLoose(l Loose) {
	if !slices.ContainsFunc(s.loose, func(o Loose) bool {
		return o.At.Leaf.Parent() == l.At.Leaf.Parent() && s.Line(&o.At) == s.Line(&l.At) && s.Line(&o.Against) == s.Line(&l.Against)
	}) {
		s.loose = append(s.loose, l)
	}
}

// private reports whether the function is a method of a type that other packages cannot
// name, nor call the methods of as those of a type that embeds it.
func (s *Set) private(fn *ssa.Function) bool {
	recv := fn.Signature.Recv()
	if recv == nil {
		return false
	}
	n, ok := types.Unalias(deref(recv.Type())).(*types.Named)
	return ok && !n.Obj().Exported() && !s.embedded()[n.Origin().Obj()]
}

// embedded returns the types that structs of the package embed.
func (s *Set) embedded() map[*types.TypeName]bool {
	if s.embeds != nil {
		return s.embeds
	}
	s.embeds = make(map[*types.TypeName]bool)
	scope := s.Pass.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		if st, ok := tn.Type().Underlying().(*types.Struct); ok {
			for f := range st.Fields() {
				if m, ok := types.Unalias(deref(f.Type())).(*types.Named); ok && f.Embedded() {
					s.embeds[m.Origin().Obj()] = true
				}
			}
		}
	}
	return s.embeds
}

// loosely reports whether the use is one that a method of the object makes
// when it is called, whenever that is: it holds no lock and has waited for
// nothing.
func (s *Set) loosely(o *use) bool {
	c := s.contexts[o.fn]
	served := s.onlyServes(o.fn)
	if !c.api && !served || c.quiet || len(c.by) > 0 && !served || o.quiet || o.owned || len(o.locks) > 0 || len(c.some) > 0 {
		return false
	}
	if !s.exported(o.fn) && !served || !s.sharable(o.Ref) {
		return false
	}
	if root := o.Ref.Root(); root.Kind != access.Global && (o.fn.Signature.Recv() == nil || o.Ref.Base == nil || root.Kind != access.Param || root.Value != o.fn.Params[0]) {
		return false
	}
	if s.excused(o.Leaf) || s.starting(o.fn) || saysLocked(o.fn) {
		return false
	}
	return s.sharedBy(o)
}

// acquiresBefore returns what a method waits for before it uses the field.
func (s *Set) acquiresBefore(o *use) []syncOp {
	var list []syncOp
	for _, op := range s.ops(o.fn) {
		if op.acquire && !op.deferred && follows(&op, o.At) {
			list = append(list, op)
		}
	}
	return list
}

// follows reports whether the instruction can be executed after the operation, in a
// select after that case of it.
func follows(op *syncOp, at ssa.Instruction) bool {
	sel, ok := op.at.(*ssa.Select)
	if !ok || op.arm < 0 || len(sel.States) == 1 && sel.Blocking {
		return after(op.at, at)
	}
	if first := armBlock(sel, op.arm); first != nil {
		w := &walk{at: at, seen: make(map[*ssa.BasicBlock]bool)}
		return w.block(first, 0)
	}
	return after(op.at, at) // nothing depends on which case it is
}

// looseGoroutine returns what starts the goroutine of u, if nothing in sight
// can put o in an order with it.
func (s *Set) looseGoroutine(u, o *use) (start ssa.CallInstruction, early ssa.Instruction) {
	for g := range s.contexts[u.fn].by {
		var mine *Access
		for i, a := range s.list(g) {
			if a.Leaf == u.Leaf && (o.Ref.Base == nil || o.Ref.Base.Base == nil || samePath(a.Ref, o.Ref)) {
				mine = &s.list(g)[i]
			}
		}
		site := s.startOf(g, o)
		if mine == nil || site == nil || s.decided(mine) || s.handsOut(g, u.st) {
			return nil, nil
		}
		body := &thread{fn: g, ops: s.ops(g)}
		if s.passes(body, mine, s.releasesAfter(&thread{fn: o.fn, ops: s.ops(o.fn)}, &o.Access)) {
			return nil, nil // the goroutine waits for what the method does next
		}
		turns := make(map[ssa.Instruction]bool) // what is signalled in each turn, before the write
		signals := slices.DeleteFunc(s.releasesAfter(body, mine), func(op syncOp) bool {
			turns[op.at] = turns[op.at] || eachTurn(&op, mine)
			return turns[op.at]
		})
		if slices.ContainsFunc(signals, func(op syncOp) bool {
			return op.medium == byChannel && op.ref != nil && s.offered(op.ref.Class().Var) || op.medium == byContext && s.offersContext(o.fn)
		}) {
			return nil, nil // other packages can wait for it before they call the method
		}
		for _, op := range s.acquiresBefore(o) {
			if early = s.tooEarly(&op, body, mine, signals); early == nil {
				return nil, nil
			}
			if turns[early] {
				early = nil // to write first is no remedy: the next turn writes again
			}
		}
		meant := s.talks(o.fn, body, mine) || waitsOn(o, mine) ||
			repeats(mine) && s.ofRequests()[o.fn] // requests come at any time
		for _, fn := range s.Pkg.Funcs {
			if s.contexts[fn].by[g] || meant {
				continue
			}
			for _, op := range s.ops(fn) {
				if op.acquire && op.medium != byLock && s.answers(&op, signals) {
					return nil, nil
				}
			}
		}
		if start == nil || site.Pos() < start.Pos() {
			start = site
		}
	}
	return start, early
}

// samePath reports whether the names lead through the same fields from an object of
// the same type.
func samePath(a, b *access.Ref) bool {
	for ; a.Kind == access.Field && b.Kind == access.Field; a, b = a.Base, b.Base {
		if a.Field != b.Field {
			return false
		}
	}
	return a.Value != nil && b.Value != nil && types.Identical(deref(a.Value.Type()), deref(b.Value.Type()))
}

// waitsOn reports whether the use reads a channel to wait there, which the goroutine
// replaces again and again: who waits does so while the goroutine runs, and finds what it
// waits for by the very read that races.
func waitsOn(o *use, write *Access) bool {
	load, ok := o.Leaf.(*ssa.UnOp)
	if !ok || o.Write || !repeats(write) {
		return false
	}
	if _, ok := load.Type().Underlying().(*types.Chan); !ok {
		return false
	}
	for _, r := range *load.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp:
			if r.Op == token.ARROW {
				return true
			}
		case *ssa.Select:
			for _, st := range r.States {
				if r.Blocking && st.Chan == load && st.Dir == types.RecvOnly {
					return true
				}
			}
		}
	}
	return false
}

// repeats reports whether the access is in a loop, of its function or of one that leads to it.
func repeats(a *Access) bool {
	for ; a != nil; a = a.via {
		if after(a.At, a.At) {
			return true
		}
	}
	return false
}

// talks reports whether the function sends to the goroutine what makes it write: so it is
// meant to be called while that runs.
func (s *Set) talks(fn *ssa.Function, body *thread, write *Access) bool {
	for _, send := range s.ops(fn) {
		if send.medium != byChannel || !send.send || send.ref == nil || send.ref.Class().IsZero() {
			continue
		}
		for _, op := range body.ops {
			if op.medium == byChannel && op.receive && op.ref != nil && op.ref.Class() == send.ref.Class() && after(op.at, write.At) && after(write.At, op.at) {
				return true
			}
		}
	}
	return false
}

// answers is matches, where an object that is not known is one of its type.
func (s *Set) answers(op *syncOp, signals []syncOp) bool {
	return s.matches(op, slices.DeleteFunc(slices.Clone(signals), func(b syncOp) bool {
		return op.typ != nil && b.typ != nil && op.medium == b.medium && op.medium != byObject && !identical(op.typ, b.typ)
	}))
}

// startOf returns what starts the goroutine. For a method that writes that must
// be in the function that makes the object: one that is started later can find
// what was set before.
func (s *Set) startOf(g *ssa.Function, o *use) ssa.CallInstruction {
	for _, call := range s.startsOf(g) {
		if s.inTest(call.Parent()) {
			continue
		}
		recv := receiver(g, call)
		if !o.Write || recv != nil && s.owns(call.Parent(), s.Pkg.Access.Of(recv)) {
			return call
		}
	}
	return nil
}

// handsOut reports whether the goroutine gives the object to code that is not
// seen, or calls a function that it has been given: either can use the object
// in the same goroutine, or tell others when it is at rest.
func (s *Set) handsOut(g *ssa.Function, st *types.Struct) bool {
	for _, fn := range s.Pkg.Funcs {
		if fn != g && !s.contexts[fn].by[g] {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if send, ok := instr.(*ssa.Send); ok && st != nil && gives(send.X, st) {
					return true
				}
				if put, ok := instr.(*ssa.MapUpdate); ok && st != nil && gives(put.Value, st) {
					return true // where others find it
				}
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				common := call.Common()
				if _, builtin := common.Value.(*ssa.Builtin); builtin {
					continue
				}
				if op, _ := s.Pkg.Op(common); op.Kind != ops.None {
					switch f := skeleton.FuncArg(common, op).(type) {
					case nil, *ssa.MakeClosure, *ssa.Function:
						continue // what it runs is seen
					default:
						if _, ok := f.Type().Underlying().(*types.Signature); ok {
							return true
						}
					}
				}
				fns, complete := s.Pkg.Callees(call)
				if complete && len(fns) > 0 {
					continue
				}
				if !common.IsInvoke() && common.StaticCallee() == nil && !s.givenFirst(common.Value) {
					return true
				}
				for _, arg := range common.Args {
					if st != nil && gives(arg, st) {
						return true
					}
				}
			}
		}
	}
	return false
}

// givenFirst reports whether a function that is called was given to the function around the
// goroutine, or lies in a field that is set before
// anybody but its maker has the object: it was made before the object was.
func (s *Set) givenFirst(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return s.parameter(v)
	}
	if s.parameter(load.X) {
		return true
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok || structOf(fa.X.Type()) == nil {
		return false
	}
	field := structOf(fa.X.Type()).Field(fa.Field).Origin()
	return !field.Exported() && !s.mutable[field]
}

// parameter reports whether the value is one that the function around a literal was given.
func (s *Set) parameter(v ssa.Value) bool {
	free, ok := v.(*ssa.FreeVar)
	if !ok {
		return false
	}
	bound := s.Pkg.Access.Binding(free)
	if a, ok := bound.(*ssa.Alloc); ok {
		bound = s.Pkg.Access.StoredOnce(a)
	}
	_, ok = bound.(*ssa.Parameter)
	return ok
}

func gives(v ssa.Value, st *types.Struct) bool {
	v = plainValue(v)
	if c, ok := v.(*ssa.MakeClosure); ok {
		for _, b := range c.Bindings {
			if gives(b, st) {
				return true
			}
		}
		return false
	}
	t := v.Type()
	for range 2 { // of a variable that holds the pointer, too
		t = deref(t)
		if structOf(t) == st {
			return true
		}
	}
	return false
}

// ToldBy reports whether one of the conflicts is between the same two lines.
func (l *Loose) ToldBy(s *Set) bool {
	a, b := s.Line(&l.At), s.Line(&l.Against)
	return slices.ContainsFunc(s.Conflicts(), func(c Conflict) bool {
		x, y := s.Line(&c.A), s.Line(&c.B)
		return (x == a && y == b || x == b && y == a) && (c.A.Leaf.Parent() == l.At.Leaf.Parent() || c.B.Leaf.Parent() == l.At.Leaf.Parent())
	})
}

// DescribeLoose puts a loose field in words.
func (s *Set) DescribeLoose(l *Loose) Text {
	t := Text{At: &l.At, Other: &l.Against}
	t.Pos, t.End = s.Range(t.At)
	t.Name = s.Name(t.At)
	t.Start, _ = s.Spawn(l.Go)
	t.Starts = s.PlaceOf(t.Pos, t.Start)
	t.Against = "the " + Does(t.Other) + By(t.Other) + " on " + s.Place(t.Pos, t.Other)
	t.Message = Does(t.At) + " of " + t.Name + By(t.At) + " races with " + t.Against
	if l.Again {
		t.Message += " of the next call: the goroutine of " + t.Starts + " can still run"
	} else if l.Early != nil {
		t.Message += ": what it waits for is signalled on " + s.PlaceOf(t.Pos, l.Early.Pos()) + ", before that"
	} else {
		t.Message += ": nothing orders it with the goroutine of " + t.Starts
	}
	t.Related = s.Related(&Conflict{Go: l.Go}, t.Other)
	return t
}
