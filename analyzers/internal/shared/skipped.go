package shared

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A SkippedClose is a return, for an error, of the only function that closes the channel of an
// object, without the close: whoever has the object and waits for the channel waits for ever.
// Must: that nobody else closes or sends, and that this function is called once with each
// object, which others can find before.
type SkippedClose struct {
	Return  *ssa.Return
	Chan    *access.Ref
	Close   ssa.Instruction // the one that is skipped
	Receive ssa.Instruction // what waits
}

// SkippedCloses returns those of the package.
func (s *Set) SkippedCloses() (list []SkippedClose) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	for _, c := range s.chanFields() {
		if c.escapes || !c.made() || c.room > 0 || len(c.sends) > 0 || len(c.closes) != 1 {
			continue
		}
		closes, plain := c.closes[0].at.(*ssa.Call)
		if !plain || s.inTest(closes.Parent()) {
			continue
		}
		ch := s.Pkg.Access.Of(closes.Call.Args[0])
		if ch.Kind != access.Field {
			continue
		}
		object := ch.Base
		for depth := 0; closes != nil && depth <= maxPassed; depth++ {
			list = append(list, s.skippedClose(c, closes, object)...)
			closes, object = s.closedFor(closes, object)
		}
	}
	for _, c := range s.localChans() {
		for _, o := range c.receives {
			if x, ok := s.leftOpen(c, o); ok {
				list = append(list, x)
				break
			}
		}
	}
	slices.SortFunc(list, func(a, b SkippedClose) int { return int(a.Return.Pos() - b.Return.Pos()) })
	return list
}

// skippedClose looks for a return of the function that closes the channel of an object, itself or
// by a call, on which it does not.
func (s *Set) skippedClose(c *chanField, closes *ssa.Call, object *access.Ref) (list []SkippedClose) {
	fn := closes.Parent()
	i := slices.IndexFunc(c.receives, func(o chanOp) bool { return o.arm < 0 && !s.inTest(o.fn()) })
	if i < 0 || loops(closes.Block()) {
		return nil
	}
	receive := c.receives[i].at
	made, own := object.Value.(*ssa.Alloc)
	switch own = own && object.Kind == access.Alloc && made.Parent() == fn; {
	case own, s.foundBefore(fn, object):
	default:
		if receive = s.foundByKey(c, fn, object); receive == nil {
			return nil
		}
	}
	ch := s.Pkg.Access.Field(object, c.fields[0])
	if _, builtin := closes.Call.Value.(*ssa.Builtin); builtin {
		ch = s.Pkg.Access.Of(closes.Call.Args[0])
	}
	for _, b := range fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || loops(b) || !after(br, closes) || own && !madeKnown(made, br) {
			continue
		}
		side := onError(br)
		if side == nil || side == closes.Block() || skeleton.Reaches(side, closes.Block()) || own && s.takesBack(made, side) {
			continue
		}
		for to := range reachable(side) {
			if ret, ok := to.Instrs[len(to.Instrs)-1].(*ssa.Return); ok && ret.Pos().IsValid() {
				return append(list, SkippedClose{Return: ret, Chan: ch, Close: closes, Receive: receive})
			}
		}
	}
	return nil
}

// closedFor returns the only call of a function that closes the channel of the object which it is given,
// whatever it does beside that, and the object there; nil if there are others, or it can do without.
func (s *Set) closedFor(closes *ssa.Call, object *access.Ref) (*ssa.Call, *access.Ref) {
	fn := closes.Parent()
	p, ok := object.Value.(*ssa.Parameter)
	sites := s.Pkg.Sites(fn)
	if !ok || object.Kind != access.Param || len(sites) != 1 || s.givenOut(fn) || !cannotMiss(fn.Blocks[0], 0, closes) {
		return nil, nil
	}
	call, ok := sites[0].(*ssa.Call)
	i := slices.Index(fn.Params, p)
	if !ok || s.inTest(call.Parent()) || call.Call.IsInvoke() || call.Call.StaticCallee() == nil || i < 0 || i >= len(call.Call.Args) {
		return nil, nil
	}
	return call, s.Pkg.Access.Of(call.Call.Args[i])
}

// takesBack reports whether the function deletes from a map on that side of the branch under a
// lock that it has taken before it made the object known, and has held since.
func (s *Set) takesBack(made *ssa.Alloc, side *ssa.BasicBlock) bool {
	var deletes ssa.Instruction
	for b := range reachable(side) {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && s.deletes(call, 1) {
				deletes = call
			}
		}
	}
	if deletes == nil {
		return false
	}
	fn := deletes.Parent()
	now, _ := s.heldAt(fn, deletes)
	return slices.ContainsFunc(*made.Referrers(), func(r ssa.Instruction) bool {
		if _, ok := r.(*ssa.MapUpdate); !ok {
			return false
		}
		then, _ := s.heldAt(fn, r)
		return slices.ContainsFunc(then, func(h skeleton.Held) bool {
			return slices.ContainsFunc(now, func(g skeleton.Held) bool { return g.Ref == h.Ref && g.At == h.At })
		})
	})
}

// deletes reports whether the call deletes from a map, itself or by what it calls.
func (s *Set) deletes(call *ssa.Call, depth int) bool {
	if bi, ok := call.Call.Value.(*ssa.Builtin); ok {
		return bi.Name() == "delete"
	}
	if depth == 0 {
		return false
	}
	fns, _ := s.Pkg.Callees(call)
	return slices.ContainsFunc(fns, func(fn *ssa.Function) bool {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if c, ok := instr.(*ssa.Call); ok && s.deletes(c, depth-1) {
					return true
				}
			}
		}
		return false
	})
}

// leftOpen looks for a return, for an error, of the function that has made a channel and started
// the goroutine that ranges over it, on which nothing has closed it.
func (s *Set) leftOpen(c *chanField, o chanOp) (x SkippedClose, ok bool) {
	starts := s.startsOf(o.fn())
	fn := c.sites[0].Parent()
	if len(starts) != 1 || starts[0].Parent() != fn || len(c.closes) == 0 || fn.Name() == "main" || !rangesTillClose(o.at) {
		return x, false
	}
	closes := make(map[*ssa.BasicBlock]bool)
	for _, k := range c.closes {
		by := closer(s, fn, k)
		if by == nil || skeleton.IsDefer(by) || by.Parent() != fn || by != k.at && !skeleton.Dominates(starts[0], by) {
			return x, false // it can come whenever what runs it, or has deferred it, likes
		}
		closes[by.Block()] = true
	}
	for _, b := range fn.Blocks {
		br, isIf := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !isIf || loops(b) || !skeleton.Dominates(starts[0], br) || closes[b] {
			continue
		}
		side := onError(br)
		if side == nil || closed(starts[0].Block(), b, closes) {
			continue
		}
		if ret := returnWithout(side, closes); ret != nil {
			return SkippedClose{Return: ret, Chan: s.Pkg.Access.Of(c.sites[0]), Close: c.closes[0].at, Receive: o.at}, true
		}
	}
	return x, false
}

// closer is what leads to the close in the function: itself, or the literal that it stands in.
func closer(s *Set, fn *ssa.Function, k chanOp) ssa.Instruction {
	at := k.at
	for at.Parent() != fn {
		made := s.Pkg.Closures(at.Parent())
		if len(made) != 1 {
			return nil
		}
		at = made[0]
	}
	return at
}

// closed reports whether each way from one block to another leads through one of the blocks.
func closed(from, to *ssa.BasicBlock, through map[*ssa.BasicBlock]bool) bool {
	if through[from] {
		return true
	}
	seen := map[*ssa.BasicBlock]bool{from: true}
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return false
		}
		for _, n := range b.Succs {
			if !seen[n] && !through[n] {
				seen[n] = true
				work = append(work, n)
			}
		}
	}
	return true
}

// returnWithout is a return that can be reached from the block by way of none of the others.
func returnWithout(from *ssa.BasicBlock, others map[*ssa.BasicBlock]bool) *ssa.Return {
	for b := range reachable(from) {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && ret.Pos().IsValid() && !closed(from, b, others) {
			return ret
		}
	}
	return nil
}

// rangesTillClose reports whether the receive is that of a range which nothing but the close of
// the channel ends.
func rangesTillClose(at ssa.Instruction) bool {
	recv, ok := at.(*ssa.UnOp)
	if !ok || !recv.CommaOk || !loops(recv.Block()) {
		return false
	}
	loop := skeleton.NaturalLoop(recv.Block())
	if loop == nil {
		return false
	}
	for b := range loop {
		for _, n := range b.Succs {
			if !loop[n] && b != recv.Block() {
				return false
			}
		}
	}
	return true
}

// foundBefore reports whether each object that the function is called with has just been made,
// by a caller that has put it where others find it.
func (s *Set) foundBefore(fn *ssa.Function, object *access.Ref) bool {
	p, ok := object.Value.(*ssa.Parameter)
	if !ok {
		return false
	}
	i := slices.Index(fn.Params, p)
	sites := s.Pkg.Sites(fn)
	if i < 0 || len(sites) == 0 || s.Pkg.UsedAsValue(fn) || s.exported(fn) {
		return false
	}
	for _, site := range sites {
		args := site.Common().Args
		if site.Common().IsInvoke() || i >= len(args) || loops(site.Block()) {
			return false
		}
		made, ok := args[i].(*ssa.Alloc)
		if !ok && s.yieldsKnown(args[i], site) {
			continue
		}
		if !ok || !madeKnown(made, site) {
			return false
		}
	}
	return true
}

// yieldsKnown reports whether the value is what a function of the package has returned that makes a new
// object known, or finds one, and says by another result which of the two; and the site lies where it is new.
func (s *Set) yieldsKnown(v ssa.Value, site ssa.Instruction) bool {
	object, ok := v.(*ssa.Extract)
	if !ok {
		return false
	}
	call, ok := object.Tuple.(*ssa.Call)
	if !ok || loops(call.Block()) {
		return false
	}
	fns, complete := s.Pkg.Callees(call)
	if !complete || len(fns) != 1 {
		return false
	}
	for br, yes := range conditions(site) {
		says, ok := br.Cond.(*ssa.Extract)
		if not, neg := br.Cond.(*ssa.UnOp); neg && not.Op == token.NOT {
			says, ok = not.X.(*ssa.Extract)
			yes = !yes
		}
		if !ok || says.Tuple != object.Tuple {
			continue
		}
		known := false
		for _, b := range fns[0].Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || b == fns[0].Recover {
				continue
			}
			k, ok := lastStored(ret.Results[says.Index]).(*ssa.Const)
			if !ok || k.Value == nil || k.Value.Kind() != constant.Bool {
				return false
			}
			if constant.BoolVal(k.Value) != yes {
				continue
			}
			made, ok := lastStored(ret.Results[object.Index]).(*ssa.Alloc)
			if !ok || !madeKnown(made, ret) {
				return false
			}
			known = true
		}
		return known
	}
	return false
}

// lastStored is a value, or if it is loaded from a variable, what has been stored there last, as
// far as that is one value: in the block, or in the only ones that lead there.
func lastStored(v ssa.Value) ssa.Value {
	for range 4 {
		load, ok := v.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			return v
		}
		cell, ok := load.X.(*ssa.Alloc)
		if !ok {
			return v
		}
		stored := storedBefore(load, func(st *ssa.Store) bool { return st.Addr == cell })
		if stored == nil {
			return v
		}
		v = stored
	}
	return v
}

// storedBefore is what the last such store before the instruction has stored, in its block or in those
// that are the only way there; nil if there is none.
func storedBefore(at ssa.Instruction, such func(*ssa.Store) bool) ssa.Value {
	b := at.Block()
	i := slices.Index(b.Instrs, at)
	for range maxFlow {
		for i--; i >= 0; i-- {
			if st, ok := b.Instrs[i].(*ssa.Store); ok && such(st) {
				return st.Val
			}
		}
		if len(b.Preds) != 1 {
			return nil
		}
		b = b.Preds[0]
		i = len(b.Instrs)
	}
	return nil
}

// foundByKey is a receive of who has found the object in a map, if the function finds it there, too, and is
// run once for each: all are put there before, nobody takes one out, and each call of the function is
// that of a goroutine of its own, for each of what somebody ranges over.
func (s *Set) foundByKey(c *chanField, fn *ssa.Function, object *access.Ref) ssa.Instruction {
	if object.Kind != access.Elem || object.Base.Kind != access.Field || s.Pass.Pkg.Name() == "main" || s.givenOut(fn) {
		return nil
	}
	all := object.Base.Field
	if _, ok := all.Type().Underlying().(*types.Map); !ok || all.Exported() || all.Pkg() != s.Pass.Pkg || s.keepsNot(all, fn) {
		return nil
	}
	sites := s.Pkg.Sites(fn)
	for _, site := range sites {
		lit := site.Parent()
		starts := s.startsOf(lit)
		if _, plain := site.(*ssa.Call); !plain || loops(site.Block()) || len(starts) != 1 || lit.Parent() == nil || len(s.Pkg.Closures(lit)) != 1 || !forEach(starts[0].Block()) {
			return nil
		}
	}
	if len(sites) == 0 {
		return nil
	}
	for _, o := range c.receives {
		recv, ok := o.at.(*ssa.UnOp)
		if !ok || s.inTest(o.fn()) {
			continue
		}
		if r := s.Pkg.Access.Of(recv.X); r.Kind == access.Field && r.Base.Kind == access.Elem && r.Base.Base.Kind == access.Field && r.Base.Base.Field == all {
			return recv
		}
	}
	return nil
}

// keepsNot reports whether somebody takes something out of the map of a field, puts something else there than
// what he has just made, or does so in the function itself.
func (s *Set) keepsNot(all *types.Var, fn *ssa.Function) bool {
	is := func(m ssa.Value) bool {
		r := s.Pkg.Access.Of(m)
		return r.Kind == access.Field && r.Field == all
	}
	return slices.ContainsFunc(s.Pkg.Funcs, func(f *ssa.Function) bool {
		return slices.ContainsFunc(f.Blocks, func(b *ssa.BasicBlock) bool {
			return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
				switch instr := instr.(type) {
				case *ssa.MapUpdate:
					made, ok := lastStored(instr.Value).(*ssa.Alloc)
					return is(instr.Map) && (!ok || made.Parent() != f || f == fn)
				case *ssa.Call:
					bi, ok := instr.Call.Value.(*ssa.Builtin)
					return ok && (bi.Name() == "delete" || bi.Name() == "clear") && is(instr.Call.Args[0])
				}
				return false
			})
		})
	})
}

// forEach reports whether the block is executed once for each element that a loop ranges over, and that loop once.
func forEach(b *ssa.BasicBlock) bool {
	in := 0
	for _, head := range b.Parent().Blocks {
		if loop := skeleton.NaturalLoop(head); loop[b] {
			if in++; head.Comment != "rangeindex.loop" && head.Comment != "rangeiter.loop" {
				return false
			}
		}
	}
	return in == 1
}

// madeKnown reports whether a new object is put into a map, a slice or a field, or is sent,
// before the instruction.
func madeKnown(made *ssa.Alloc, before ssa.Instruction) bool {
	is := func(v ssa.Value) bool { return v == made || lastStored(v) == made }
	for _, b := range made.Parent().Blocks {
		for _, instr := range b.Instrs {
			switch r := instr.(type) {
			case *ssa.MapUpdate:
				if is(r.Value) && after(r, before) {
					return true
				}
			case *ssa.Store:
				if _, local := r.Addr.(*ssa.Alloc); !local && is(r.Val) && after(r, before) {
					return true
				}
			case *ssa.Send:
				if is(r.X) && after(r, before) {
					return true
				}
			}
		}
	}
	return false
}
