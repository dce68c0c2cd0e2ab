package lockset

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Blocked is an operation that waits with a lock held for something that
// only happens under that lock.
type Blocked struct {
	Event *skeleton.Event
	// Lock is the lock, and What the channel or WaitGroup.
	Lock skeleton.Held
	What *access.Ref
	// Op is "send", "receive" or "Wait"; Counter is where what it waits for
	// happens, one place of all.
	Op      string
	Counter ssa.Instruction
	// Needs is what takes the lock there.
	Needs ssa.Instruction
	// Between says that the other side takes the lock between two turns, so
	// that the operation blocks when it has got that far.
	Between bool
}

// channel is what the package does with a channel or WaitGroup. All of it is
// known unless it escaped.
type channel struct {
	sends, recvs, dones       []ssa.Instruction
	escaped, buffered, closes bool
	made                      int
}

type blocker struct {
	s     *Set
	o     *orderer
	chans map[access.Class]*channel
}

func (s *Set) blocked(o *orderer) {
	any := false
	for _, fl := range s.Locks.Funcs {
		for _, ev := range fl.Events {
			any = any || ev.Kind == skeleton.BlockEvent
		}
	}
	if !any {
		return
	}
	b := &blocker{s: s, o: o, chans: make(map[access.Class]*channel)}
	for _, fn := range s.Pkg.Funcs {
		for _, blk := range fn.Blocks {
			for _, instr := range blk.Instrs {
				b.note(instr)
			}
		}
	}
	for _, fl := range s.Locks.Funcs {
		for _, ev := range fl.Events {
			if ev.Kind == skeleton.BlockEvent {
				b.check(fl, ev)
			}
		}
	}
}

func (b *blocker) of(v ssa.Value) *channel {
	c := b.s.Pkg.Access.Of(v).Class()
	if c.IsZero() {
		return nil
	}
	ch := b.chans[c]
	if ch == nil {
		ch = new(channel)
		b.chans[c] = ch
	}
	return ch
}

func (b *blocker) note(instr ssa.Instruction) {
	add := func(v ssa.Value, f func(*channel)) {
		if ch := b.of(v); ch != nil {
			f(ch)
		}
	}
	switch instr := instr.(type) {
	case *ssa.Send:
		add(instr.Chan, func(c *channel) { c.sends = append(c.sends, instr) })
		if isChan(instr.X.Type()) {
			add(instr.X, escape)
		}
		return
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			add(instr.X, func(c *channel) { c.recvs = append(c.recvs, instr) })
		}
		return
	case *ssa.Select:
		for _, st := range instr.States {
			add(st.Chan, func(c *channel) {
				if st.Dir == types.SendOnly {
					c.sends = append(c.sends, instr)
				} else {
					c.recvs = append(c.recvs, instr)
				}
			})
		}
		return
	case *ssa.MakeChan:
		size, known := instr.Size.(*ssa.Const)
		add(instr, func(c *channel) {
			c.made++
			c.buffered = c.buffered || !known || constant.Sign(size.Value) != 0
		})
		return
	case *ssa.Store:
		if mc, ok := instr.Val.(*ssa.MakeChan); ok {
			to := b.of(instr.Addr)
			from := b.of(mc)
			if to != nil && from != nil && to != from {
				// The variable names the channel from here on.
				size, known := mc.Size.(*ssa.Const)
				to.made++
				to.buffered = to.buffered || !known || constant.Sign(size.Value) != 0
				if len(*mc.Referrers()) > 1 {
					to.escaped = true
				}
			}
			return
		}
		if isChan(instr.Val.Type()) {
			add(instr.Val, escape)
			add(instr.Addr, escape)
		}
		return
	case *ssa.ChangeType, *ssa.MakeClosure, *ssa.FieldAddr, *ssa.DebugRef, *ssa.BinOp, *ssa.If:
		return
	}
	if call, ok := instr.(ssa.CallInstruction); ok {
		common := call.Common()
		if bi, ok := common.Value.(*ssa.Builtin); ok {
			switch bi.Name() {
			case "close":
				add(common.Args[0], func(c *channel) { c.closes = true })
				return
			case "len", "cap":
				return
			}
		}
		op, x := b.s.Pkg.Op(common)
		switch op.Kind {
		case ops.WgDone:
			add(x, func(c *channel) { c.dones = append(c.dones, instr) })
			return
		case ops.WgAdd, ops.WgWait:
			return
		case ops.WgGo:
			add(x, escape)
			return
		}
	}
	var space [8]*ssa.Value
	for _, op := range instr.Operands(space[:0]) {
		if v := *op; v != nil && (isChan(v.Type()) || isWaitGroupPointer(v.Type())) {
			add(v, escape)
		}
	}
}

func escape(c *channel) { c.escaped = true }

func isChan(t types.Type) bool { _, ok := t.Underlying().(*types.Chan); return ok }

func isWaitGroupPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok && ops.IsWaitGroup(t)
}

// check decides about one operation: it must wait for the other side, with a
// lock held on all paths, and each place of the other side be one that nobody
// reaches without that lock.
func (b *blocker) check(fl *skeleton.FuncLocks, ev *skeleton.Event) {
	var what ssa.Value
	var op string
	switch instr := ev.Instr.(type) {
	case *ssa.Send:
		what, op = instr.Chan, "send"
	case *ssa.UnOp:
		what, op = instr.X, "receive"
	case ssa.CallInstruction:
		if ev.Op.Kind != ops.WgWait {
			return
		}
		_, what = b.s.Pkg.Op(instr.Common())
		op = "Wait"
	default:
		return
	}
	if what == nil {
		return
	}
	ref := b.s.Pkg.Access.Of(what)
	ch := b.of(what)
	if ch == nil || ch.escaped || !b.s.private(ref) {
		return
	}
	var others []ssa.Instruction
	switch op {
	case "send", "receive":
		// With a buffer, or once it is closed, a channel gives what came
		// before.
		if ch.buffered || ch.made == 0 || op == "receive" && ch.closes {
			return
		}
		others = ch.recvs
		if op == "receive" {
			others = ch.sends
		}
	case "Wait":
		others = ch.dones
	}
	if len(others) == 0 {
		return // nobody at all: another analyzer's finding
	}
	for _, h := range ev.States[0] {
		c := h.Ref.Class()
		if h.Stale || c.IsZero() || c.Elem || b.s.fresh(fl.Fn, h.Ref) || !heldInAll(ev.States, h) {
			continue
		}
		var needs ssa.Instruction
		all := true
		for _, other := range others {
			n := b.under(other, c, h.Mode)
			all = all && n != nil
			needs = n
		}
		if all {
			b.s.Blocked = append(b.s.Blocked, Blocked{ev, h, ref, op, others[len(others)-1], needs, false})
			return
		}
		// A channel and a lock of one object.
		if op != "send" || h.Ref.Base == nil || h.Ref.Base != ref.Base {
			continue
		}
		all = true
		for _, other := range others {
			n := b.between(other, c)
			all = all && n != nil
			needs = n
		}
		if all {
			b.s.Blocked = append(b.s.Blocked, Blocked{ev, h, ref, op, others[len(others)-1], needs, true})
			return
		}
	}
}

func heldInAll(states [][]skeleton.Held, h skeleton.Held) bool {
	for _, st := range states {
		if !slices.ContainsFunc(st, func(x skeleton.Held) bool { return x.Ref == h.Ref && x.Mode == h.Mode }) {
			return false
		}
	}
	return true
}

// under returns the Lock of the class that everybody has to pass who gets to
// the instruction, or nil.
func (b *blocker) under(instr ssa.Instruction, c access.Class, held skeleton.Mode) ssa.Instruction {
	fl := b.s.Locks.Of(instr.Parent())
	if fl == nil || fl.Cut {
		return nil
	}
	_, deferred := instr.(*ssa.Defer)
	for _, ev := range fl.Events {
		if ev.Kind != skeleton.LockEvent || ev.Try || ev.Deferred || ev.Ref.Class() != c || !conflict(held, ev.Mode) {
			continue
		}
		if deferred {
			if dominatesReturns(ev.Instr) {
				return ev.Instr
			}
		} else if dominates(ev.Instr, instr) {
			return ev.Instr
		}
	}
	return nil
}

// between returns what takes a lock of the class after the receive and before
// the next one, on a way round a loop, or nil.
func (b *blocker) between(recv ssa.Instruction, c access.Class) ssa.Instruction {
	if _, ok := recv.(*ssa.UnOp); !ok {
		return nil // a select has other ways out
	}
	fn := recv.Parent()
	fl := b.s.Locks.Of(fn)
	if fl == nil || fl.Cut {
		return nil
	}
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			if !b.takes(fl, instr, c) {
				continue
			}
			if follows(recv, instr) && follows(instr, recv) {
				return instr
			}
			if follows(recv, instr) && b.calledInLoops(fn) {
				return instr
			}
		}
	}
	return nil
}

// takes reports whether the instruction locks, itself or in a call.
func (b *blocker) takes(fl *skeleton.FuncLocks, instr ssa.Instruction, c access.Class) bool {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return false
	}
	for _, ev := range fl.Events {
		if ev.Instr == instr && ev.Kind == skeleton.LockEvent {
			return !ev.Try && ev.Ref.Class() == c
		}
	}
	callees, complete := b.s.Pkg.Callees(call)
	return complete && len(callees) == 1 && slices.ContainsFunc(b.o.of(callees[0]), func(t taken) bool { return t.class == c })
}

// calledInLoops reports whether all calls of the function are in loops.
func (b *blocker) calledInLoops(fn *ssa.Function) bool {
	sites := b.s.Pkg.Sites(fn)
	for _, site := range sites {
		if _, ok := site.(*ssa.Call); !ok || !follows(site, site) {
			return false
		}
	}
	return len(sites) > 0 && !b.s.Pkg.UsedAsValue(fn)
}

// follows reports whether a way leads from a to b.
func follows(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() && slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b) {
		return true
	}
	seen := make(map[*ssa.BasicBlock]bool)
	work := slices.Clone(a.Block().Succs)
	for len(work) > 0 {
		blk := work[len(work)-1]
		work = work[:len(work)-1]
		if blk == b.Block() {
			return true
		}
		if !seen[blk] {
			seen[blk] = true
			work = append(work, blk.Succs...)
		}
	}
	return false
}

func dominates(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() {
		return slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b)
	}
	return a.Block().Dominates(b.Block())
}

func dominatesReturns(a ssa.Instruction) bool {
	found := false
	for _, blk := range a.Parent().Blocks {
		if _, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.Return); ok && blk != a.Parent().Recover {
			if !a.Block().Dominates(blk) {
				return false
			}
			found = true
		}
	}
	return found
}
