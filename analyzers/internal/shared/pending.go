package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Pending is a receive, with nothing beside it, from a channel that is kept in a map until one
// goroutine finds it there and answers. That goroutine returns for an error, and leaves those
// in the map as they are. Must: all channels that get into the map are made by the package,
// and nobody else sends on one or closes it; the goroutine is not started again, and on its
// way out does nothing with them. May: that somebody waits when the error comes.
type Pending struct {
	At    *ssa.UnOp
	Map   *access.Ref         // where the goroutine finds the channel
	By    *ssa.Function       // leaves
	Error *ssa.If             // on which it does
	Go    ssa.CallInstruction // starts it
}

// Pending returns those of the package, in the order of the source.
func (s *Set) Pending() (list []Pending) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if s.Pass.Pkg.Name() == "main" || !s.prepare() { // where all ends with main
		return nil
	}
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if made, ok := instr.(*ssa.MakeChan); ok {
					if p, ok := s.pending(made); ok {
						list = append(list, p)
					}
				}
			}
		}
	}
	s.findContexts()
	for _, c := range s.chanFields() {
		if p, ok := s.pendingField(c); ok {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b Pending) int { return int(a.At.Pos() - b.At.Pos()) })
	return list
}

func (s *Set) pending(made *ssa.MakeChan) (p Pending, ok bool) {
	f := &flow{s: s, c: &chanField{sites: []*ssa.MakeChan{made}}, seen: make(map[ssa.Value]bool), kept: make(map[*types.Var]bool)}
	f.follow(made)
	answers := slices.Concat(f.c.sends, f.c.closes)
	if f.c.escapes || len(f.kept) != 1 || len(answers) == 0 {
		return p, false
	}
	return s.leftPending(f.c, answers, func(ch ssa.Value) (in, object *access.Ref) {
		if r := s.Pkg.Access.Of(ch); r.Kind == access.Elem {
			return r.Base, r.Root()
		}
		return nil, nil
	})
}

// pendingField is the same of a channel in a field of what is kept in the map.
func (s *Set) pendingField(c *chanField) (p Pending, ok bool) {
	answers := slices.Concat(c.sends, c.closes)
	if c.escapes || !c.made() || len(c.fields) != 1 || len(answers) == 0 {
		return p, false
	}
	return s.leftPending(c, answers, func(ch ssa.Value) (in, object *access.Ref) {
		if load, ok := ch.(*ssa.UnOp); ok {
			if fa, ok := load.X.(*ssa.FieldAddr); ok {
				return s.foundIn(fa.X, 0)
			}
		}
		return nil, nil
	})
}

// foundIn returns the map that a value has been looked up in, here or by a function that is
// called for it, and the object whose map it is.
func (s *Set) foundIn(v ssa.Value, depth int) (in, object *access.Ref) {
	switch v := v.(type) {
	case *ssa.Lookup:
		if _, ok := v.X.Type().Underlying().(*types.Map); ok {
			in = s.Pkg.Access.Of(v.X)
			return in, in.Root()
		}
	case *ssa.Extract:
		return s.foundIn(v.Tuple, depth)
	case *ssa.UnOp: // of a result, in a function that defers calls
		if a, ok := v.X.(*ssa.Alloc); ok && storedIn(a) != nil {
			return s.foundIn(storedIn(a), depth)
		}
	case *ssa.Call:
		fn := v.Call.StaticCallee()
		if fn == nil || depth > maxPassed || fn.Pkg != s.Pkg.SSA {
			return nil, nil
		}
		for _, b := range fn.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || len(ret.Results) == 0 || isZero(ret.Results[0]) {
				continue
			}
			in, object = s.foundIn(ret.Results[0], depth+1)
			if in == nil || object.Kind != access.Param {
				return nil, nil
			}
			i := slices.Index(fn.Params, object.Value.(*ssa.Parameter))
			if i < 0 || i >= len(v.Call.Args) {
				return nil, nil
			}
			return in, s.Pkg.Access.Of(v.Call.Args[i]).Root()
		}
	}
	return nil, nil
}

// leftPending looks at who receives from the channels, and who answers; mapOf tells where the
// latter have a channel from.
func (s *Set) leftPending(c *chanField, answers []chanOp, mapOf func(ch ssa.Value) (in, object *access.Ref)) (p Pending, ok bool) {
	for _, o := range c.receives {
		if recv, ok := o.at.(*ssa.UnOp); ok && !s.inTest(o.fn()) && !knowsOf(recv, c.receives) && (p.At == nil || recv.Pos() < p.At.Pos()) {
			p.At = recv
		}
	}
	if p.At == nil {
		return p, false
	}
	for _, o := range answers {
		var object *access.Ref
		if ch := chanOfOp(o); ch != nil {
			p.Map, object = mapOf(ch)
		}
		at, object := s.fromGoroutine(o.at, object, 0)
		if at == nil || object == nil || !s.startedOnce(s.startsOf(at.Parent())[0], object, 0) || p.By != nil && p.By != at.Parent() || s.callsInTurn(at.Parent(), p.At.Parent()) {
			return p, false
		}
		p.By = at.Parent()
		br := s.returnsFor(at, answers)
		if br == nil {
			return p, false
		}
		p.Error = br
	}
	p.Go = s.startsOf(p.By)[0]
	return p, true
}

// startedOnce reports whether a goroutine is started by who has made the object that it works on, or by the only
// function that this one calls for that: there is no other one, then or later.
func (s *Set) startedOnce(call ssa.CallInstruction, object *access.Ref, depth int) bool {
	fn := call.Parent()
	if loops(call.Block()) {
		return false
	}
	if object.Kind == access.Param {
		p := object.Value.(*ssa.Parameter)
		args := operands(call)
		if fns, _ := s.Pkg.Callees(call); len(fns) == 1 && fns[0] == p.Parent() && slices.Index(p.Parent().Params, p) < len(args) {
			object = s.Pkg.Access.Of(args[slices.Index(p.Parent().Params, p)])
		} else if p.Parent() != fn {
			return false
		}
	}
	switch object.Kind {
	case access.Alloc:
		return object.Value.Parent() == fn
	case access.Param:
		sites := s.Pkg.Sites(fn)
		if depth > maxPassed || len(sites) != 1 || s.givenOut(fn) || object.Value.Parent() != fn {
			return false
		}
		_, plain := sites[0].(*ssa.Call)
		return plain && s.startedOnce(sites[0], object, depth+1)
	}
	return false
}

// knowsOf reports whether a receive comes behind another one, or where it has been asked for something: of who
// finds the channel gone from the map, the answer is on its way.
func knowsOf(recv *ssa.UnOp, all []chanOp) bool {
	if slices.ContainsFunc(all, func(o chanOp) bool { return o.fn() == recv.Parent() && o.at != recv && after(o.at, recv) }) {
		return true
	}
	for br := range conditions(recv) {
		cond := br.Cond
		if not, ok := cond.(*ssa.UnOp); ok {
			cond = not.X
		}
		switch cond := cond.(type) {
		case *ssa.Call:
			return true
		case *ssa.Extract:
			if _, sel := cond.Tuple.(*ssa.Select); !sel {
				return true
			}
		}
	}
	return false
}

// chanOfOp is the channel that is sent on, or closed.
func chanOfOp(o chanOp) ssa.Value {
	switch at := o.at.(type) {
	case *ssa.Send:
		return at.Chan
	case *ssa.Select:
		return at.States[o.arm].Chan
	case ssa.CallInstruction:
		return at.Common().Args[0]
	}
	return nil
}

// fromGoroutine is the instruction by which the function of a goroutine comes to the operation, if
// nobody else does and there is one such goroutine, and the object that is worked on, as that function has it.
func (s *Set) fromGoroutine(at ssa.Instruction, object *access.Ref, depth int) (ssa.Instruction, *access.Ref) {
	fn := at.Parent()
	if s.inTest(fn) || depth > maxPassed || skeleton.IsDefer(at) || object == nil {
		return nil, nil
	}
	starts := s.startsOf(fn)
	sites := s.Pkg.Sites(fn)
	switch {
	case len(starts) == 1:
		others := slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool { return site != starts[0] })
		if others || s.inTest(starts[0].Parent()) || s.givenOut(fn) && !s.Pkg.UsedAsValue(fn) || s.startsAgain(starts[0]) || loops(starts[0].Block()) {
			return nil, nil
		}
		return at, object
	case len(starts) > 1 || len(sites) != 1 || s.givenOut(fn):
		return nil, nil
	}
	if call, ok := sites[0].(*ssa.Call); ok {
		if p, ok := object.Value.(*ssa.Parameter); ok && object.Kind == access.Param && p.Parent() == fn {
			if i, args := slices.Index(fn.Params, p), operands(call); i < len(args) {
				object = s.Pkg.Access.Of(args[i]).Root()
			}
		}
		return s.fromGoroutine(call, object, depth+1)
	}
	return nil, nil
}

// returnsFor is the branch on which the function returns for an error, out of the loop around the
// instruction, and does none of the operations any more, nor calls or has deferred what does.
func (s *Set) returnsFor(at ssa.Instruction, all []chanOp) *ssa.If {
	fn := at.Parent()
	if !loops(at.Block()) {
		return nil
	}
	does := func(f *ssa.Function) bool {
		return slices.ContainsFunc(all, func(x chanOp) bool { return x.fn() == f || s.callsInTurn(f, x.fn()) })
	}
	again := func(instr ssa.Instruction) bool {
		if slices.ContainsFunc(all, func(x chanOp) bool { return x.at == instr }) {
			return true
		}
		call, ok := instr.(ssa.CallInstruction)
		if !ok {
			return false
		}
		fns, _ := s.Pkg.Callees(call)
		return slices.ContainsFunc(append(slices.Clone(fns), s.starts(call)...), does)
	}
	for _, b := range fn.Blocks {
		if slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool { return skeleton.IsDefer(instr) && again(instr) }) {
			return nil
		}
	}
	for _, b := range fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !loops(b) || !after(at, br) || !after(br, at) {
			continue
		}
		side := onError(br)
		if side == nil {
			continue
		}
		returns, more := false, false
		for to := range reachable(side) {
			more = more || slices.ContainsFunc(to.Instrs, again)
			if _, ok := to.Instrs[len(to.Instrs)-1].(*ssa.Return); ok {
				returns = true
			}
		}
		if returns && !more {
			return br
		}
	}
	return nil
}
