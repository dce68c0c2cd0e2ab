package shared

import (
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
		i := slices.IndexFunc(c.receives, func(o chanOp) bool { return o.arm < 0 && !s.inTest(o.fn()) })
		closes := c.closes[0].at
		if _, plain := closes.(*ssa.Call); i < 0 || !plain || s.inTest(closes.Parent()) {
			continue
		}
		list = append(list, s.skippedClose(closes.(*ssa.Call), c.receives[i].at)...)
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

func (s *Set) skippedClose(closes *ssa.Call, receive ssa.Instruction) (list []SkippedClose) {
	fn := closes.Parent()
	ch := s.Pkg.Access.Of(closes.Call.Args[0])
	if ch.Kind != access.Field || loops(closes.Block()) {
		return nil
	}
	made, own := ch.Base.Value.(*ssa.Alloc)
	if own = own && ch.Base.Kind == access.Alloc && made.Parent() == fn; !own && !s.foundBefore(fn, ch.Base) {
		return nil
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
		if !ok || !madeKnown(made, site) {
			return false
		}
	}
	return true
}

// madeKnown reports whether a new object is put into a map, a slice or a field, or is sent,
// before the instruction.
func madeKnown(made *ssa.Alloc, before ssa.Instruction) bool {
	return slices.ContainsFunc(*made.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.MapUpdate:
			return r.Value == made && after(r, before)
		case *ssa.Store:
			_, local := r.Addr.(*ssa.Alloc)
			return r.Val == made && !local && after(r, before)
		case *ssa.Send:
			return r.X == made && after(r, before)
		}
		return false
	})
}
