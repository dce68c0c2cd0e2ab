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
	// Event is the operation, or the call in which it is.
	Event *skeleton.Event
	// Lock is the lock, and What the channel, WaitGroup, errgroup or Cond.
	Lock skeleton.Held
	What *access.Ref
	Op   WaitKind
	// Select says that it is one case of a select, all of which wait for the
	// lock.
	Select bool
	// Counter is where what it waits for happens, one place of all; in Body,
	// when that is not nil, a goroutine whose end is waited for.
	Counter ssa.Instruction
	Body    *ssa.Function
	// Needs is what takes the lock there.
	Needs ssa.Instruction
	// Between says that the other side takes the lock between two turns, so
	// that the operation blocks when it has got that far.
	Between bool
	// Full says that it blocks when the buffer of the channel is full.
	Full bool
	// Join says that the wait is for the end of goroutine Body, which takes the
	// lock before.
	Join bool
	// Limited says that the wait is given up some time, when a context is done.
	Limited bool
	// Via is the operation, in a function that Event calls, or nil.
	Via ssa.Instruction
}

// A WaitKind is how an operation waits.
type WaitKind uint8

// The kinds of waits.
const (
	Send WaitKind = iota
	Receive
	GroupWait // of a WaitGroup or an errgroup
	CondWait
	Shutdown // of a server, for its handlers
)

// A Slow is an operation that can take long and is done with a lock held.
type Slow struct {
	Event *skeleton.Event
	Lock  skeleton.Held
	Kind  SlowKind
	// What names it: "time.Sleep", "send on c.out".
	What string
}

// A SlowKind is why an operation can take long.
type SlowKind uint8

// The kinds of slow operations.
const (
	Sleeps   SlowKind = iota
	Outside           // it asks the network, a file, another process
	Waits             // for other goroutines
	Callback          // it calls a function of which nothing is known
)

// channel is what the package does with a channel, WaitGroup, errgroup or Cond.
// All of it is known unless it escaped.
type channel struct {
	sends, recvs, dones, signals, closers []ssa.Instruction
	bodies                                []body
	escaped, buffered, closes             bool
	made                                  int
}

// A body is a function that a group runs in a goroutine.
type body struct {
	fn *ssa.Function
	at ssa.Instruction
}

// A wait is one thing that an operation waits for.
type wait struct {
	op    WaitKind
	ref   *access.Ref
	instr ssa.Instruction
	path  []ssa.Instruction // the calls that lead to it
}

type blocker struct {
	s     *Set
	o     *orderer
	chans map[access.Class]*channel
	// served is where servers are given their handlers, nil before it is asked for.
	served *serving
}

func (s *Set) blocked(o *orderer) {
	any := false
	for _, fl := range s.Locks.Funcs {
		for _, ev := range fl.Events {
			any = any || ev.Kind == skeleton.BlockEvent || ev.Kind == skeleton.HeldCall || ev.Kind == skeleton.CallbackEvent
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
			switch ev.Kind {
			case skeleton.BlockEvent, skeleton.HeldCall:
				if !b.check(fl, ev) && !b.joined(fl, ev) && !b.shut(fl, ev) {
					s.slow(ev)
				}
			case skeleton.CallbackEvent:
				s.slow(ev)
			}
		}
	}
}

func (b *blocker) of(v ssa.Value) *channel {
	return b.channel(b.s.Pkg.Access.Of(v))
}

func (b *blocker) channel(r *access.Ref) *channel {
	c := r.Class()
	if c.IsZero() {
		if r.Kind != access.Result {
			return nil
		}
		c = access.Class{Site: r.Value} // g, ctx := errgroup.WithContext(ctx)
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
		if a := b.s.Pkg.Access.Cell(instr.Addr); a != nil && b.s.Pkg.Access.StoredOnce(a) == instr.Val {
			return // a name for it
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
				add(common.Args[0], func(c *channel) {
					c.closes = true
					c.closers = append(c.closers, instr)
				})
				return
			case "len", "cap":
				return
			}
		}
		op, x := b.s.Pkg.Op(common)
		switch op.Kind {
		case ops.WgDone:
			add(x, func(c *channel) {
				c.dones = append(c.dones, instr)
				c.escaped = c.escaped || b.countsItself(instr, x)
			})
			return
		case ops.CondSignal, ops.CondBroadcast:
			add(x, func(c *channel) { c.signals = append(c.signals, instr) })
			return
		case ops.WgAdd, ops.WgWait, ops.GroupWait, ops.CondWait, ops.GroupSetLimit:
			return
		case ops.WgGo, ops.GroupGo:
			args := common.Args
			fns, complete := b.s.Pkg.Functions(args[len(args)-1])
			add(x, func(c *channel) {
				if !complete || len(fns) != 1 {
					c.escaped = true
					return
				}
				c.bodies = append(c.bodies, body{fns[0], instr})
			})
			return
		}
	}
	var space [8]*ssa.Value
	for _, op := range instr.Operands(space[:0]) {
		if v := *op; v != nil && waitable(v.Type()) {
			add(v, escape)
		}
	}
}

// countsItself reports whether the function of a Done adds to the group, or waits
// for it: where it waits for a lock before, it is not waited for.
func (b *blocker) countsItself(done ssa.Instruction, group ssa.Value) bool {
	class := b.s.Pkg.Access.Of(group).Class()
	for _, blk := range done.Parent().Blocks {
		for _, instr := range blk.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			op, x := b.s.Pkg.Op(call.Common())
			if (op.Kind == ops.WgAdd || op.Kind == ops.WgWait) && x != nil && b.s.Pkg.Access.Of(x).Class() == class {
				return true
			}
		}
	}
	return false
}

func escape(c *channel) { c.escaped = true }

func isChan(t types.Type) bool { _, ok := t.Underlying().(*types.Chan); return ok }

// waitable reports whether values of the type can be waited for.
func waitable(t types.Type) bool {
	if isChan(t) {
		return true
	}
	_, ok := t.Underlying().(*types.Pointer)
	return ok && (ops.IsWaitGroup(t) || ops.IsCond(t) || ops.IsGroup(t))
}

// waits returns what the instruction waits for: one thing, or for one of
// several (a select). It returns nil if it does not wait, or not only for what
// can be named.
func (b *blocker) waits(instr ssa.Instruction) []wait {
	of := b.s.Pkg.Access.Of
	switch instr := instr.(type) {
	case *ssa.Send:
		return []wait{{op: Send, ref: of(instr.Chan), instr: instr}}
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			return []wait{{op: Receive, ref: of(instr.X), instr: instr}}
		}
	case *ssa.Select:
		if !instr.Blocking {
			return nil
		}
		var list []wait
		for _, st := range instr.States {
			op := Receive
			if st.Dir == types.SendOnly {
				op = Send
			}
			list = append(list, wait{op: op, ref: of(st.Chan), instr: instr})
		}
		return list
	case *ssa.Call:
		op, x := b.s.Pkg.Op(&instr.Call)
		if x == nil {
			return nil
		}
		switch op.Kind {
		case ops.WgWait, ops.GroupWait:
			return []wait{{op: GroupWait, ref: of(x), instr: instr}}
		case ops.CondWait:
			return []wait{{op: CondWait, ref: of(x), instr: instr}}
		}
	}
	return nil
}

// waitsIn returns what a call waits for, in the caller's terms, whatever way
// the called function takes.
func (b *blocker) waitsIn(call ssa.CallInstruction, depth int) []wait {
	if _, ok := call.(*ssa.Call); !ok || depth == 0 {
		return nil
	}
	callees, complete := b.s.Pkg.Callees(call)
	if !complete || len(callees) != 1 {
		return nil
	}
	callee := callees[0]
	for _, blk := range callee.Blocks {
		for _, instr := range blk.Instrs {
			list := b.waits(instr)
			if list == nil {
				if inner, ok := instr.(ssa.CallInstruction); ok && dominatesReturns(instr) {
					list = b.waitsIn(inner, depth-1)
				}
			}
			if list == nil || list[0].op == CondWait || !dominatesReturns(instr) {
				continue
			}
			for i := range list {
				if list[i].ref = b.s.inCaller(call, callee, list[i].ref); list[i].ref == nil {
					return nil // of this call alone
				}
				list[i].path = append([]ssa.Instruction{call}, list[i].path...)
			}
			return list
		}
	}
	return nil
}

// check decides about one operation: it must wait for the other side, with a
// lock held on all paths, and each place of the other side be one that nobody
// reaches without that lock. It returns whether that is so.
func (b *blocker) check(fl *skeleton.FuncLocks, ev *skeleton.Event) bool {
	waits := b.waits(ev.Instr)
	var via ssa.Instruction
	if waits == nil {
		call, ok := ev.Instr.(ssa.CallInstruction)
		if !ok || len(ev.Releases) > 0 {
			return false
		}
		if waits = b.waitsIn(call, 3); waits == nil {
			return false
		}
		via = waits[0].instr
	}
	if len(waits) == 0 {
		return false // select {}
	}
	for _, h := range ev.States[0] {
		if h.Stale || h.Ref.Class().IsZero() || h.Ref.Class().Elem || b.s.fresh(fl.Fn, h.Ref) || !heldInAll(ev.States, h) {
			continue
		}
		var found *Blocked
		for _, w := range waits {
			if found = b.under(w, h); found == nil {
				break
			}
		}
		if found == nil && len(waits) == 1 && waits[0].op == Send {
			found = b.between(waits[0], h)
		}
		if found != nil {
			found.Event, found.Lock, found.Via, found.Select = ev, h, via, len(waits) > 1
			b.s.Blocked = append(b.s.Blocked, *found)
			return true
		}
	}
	return false
}

// slow notes what can take long under a lock.
func (s *Set) slow(ev *skeleton.Event) {
	kind, what := s.slowness(ev)
	if what == "" {
		return
	}
	for _, h := range ev.States[0] {
		if !h.Stale && heldInAll(ev.States, h) {
			s.Slow = append(s.Slow, Slow{ev, h, kind, what})
			return
		}
	}
}

// slowness says why an operation can take long, and what to call it: nothing when
// it cannot.
func (s *Set) slowness(ev *skeleton.Event) (SlowKind, string) {
	of := s.Pkg.Access.Of
	switch instr := ev.Instr.(type) {
	case *ssa.Send:
		return Waits, "send on " + of(instr.Chan).String()
	case *ssa.UnOp:
		return Waits, "receive from " + of(instr.X).String()
	case *ssa.Select:
		return Waits, "select"
	case *ssa.Call:
		op, x := s.Pkg.Op(&instr.Call)
		switch {
		case ev.Kind == skeleton.CallbackEvent:
			return Callback, "call of " + of(instr.Call.Value).String()
		case ev.Kind == skeleton.HeldCall:
		case op.Kind == ops.WgWait, op.Kind == ops.GroupWait:
			return Waits, of(x).String() + ".Wait"
		case op.Kind == ops.SemAcquire:
			return Waits, of(x).String() + ".Acquire"
		case op.Kind == ops.Sleep:
			return Sleeps, "time.Sleep"
		case op.External:
			return Outside, s.Pkg.CallName(instr)
		}
	}
	return 0, ""
}

// others returns what the wait is for, and false if there may be more. With room, a send
// waits for a receive when the buffer is full.
func (b *blocker) others(w wait, room bool) (*channel, []ssa.Instruction, bool) {
	ch := b.channel(w.ref)
	if ch == nil || ch.escaped || !b.s.private(w.ref) && w.ref.Kind != access.Result {
		return nil, nil, false
	}
	switch w.op {
	case Send, Receive:
		// With a buffer, or once it is closed, a channel gives what came
		// before.
		if ch.buffered && !room || ch.made == 0 || w.op == Receive && ch.closes {
			return nil, nil, false
		}
		if w.op == Receive {
			return ch, ch.sends, true
		}
		return ch, ch.recvs, true
	case GroupWait:
		return ch, ch.dones, true
	default:
		return ch, ch.signals, true
	}
}

// under finds out whether all that the wait is for comes after a Lock of what is
// held.
func (b *blocker) under(w wait, h skeleton.Held) *Blocked {
	ch, others, known := b.others(w, false)
	if !known {
		return nil
	}
	if w.op == CondWait {
		// Its own Locker it releases.
		if l := b.s.Pkg.Access.Locker(w.ref); l == nil || l == h.Ref || l.Class() == h.Ref.Class() {
			return nil
		}
	}
	found := &Blocked{What: w.ref, Op: w.op}
	for _, other := range others {
		at := b.lockBefore(other, h)
		if at == nil || !sameOwner(at.Ref, b.counterRef(other, w), h.Ref, w.ref) {
			return nil
		}
		found.Counter, found.Needs = other, at.Instr
	}
	if w.op == GroupWait {
		for _, bd := range ch.bodies {
			at := b.lockIn(bd.fn, h)
			if at == nil {
				return nil
			}
			found.Counter, found.Body, found.Needs = bd.at, bd.fn, at.Instr
		}
	}
	if found.Needs == nil {
		return nil // nobody at all: another analyzer's finding
	}
	return found
}

// counterRef is what the other side calls the thing that is waited for.
func (b *blocker) counterRef(other ssa.Instruction, w wait) *access.Ref {
	of := b.s.Pkg.Access.Of
	switch other := other.(type) {
	case *ssa.Send:
		return of(other.Chan)
	case *ssa.UnOp:
		return of(other.X)
	case *ssa.Select:
		for _, st := range other.States {
			if of(st.Chan).Class() == w.ref.Class() {
				return of(st.Chan)
			}
		}
	case ssa.CallInstruction:
		if bi, ok := other.Common().Value.(*ssa.Builtin); ok && bi.Name() == "close" {
			return of(other.Common().Args[0])
		}
		if _, x := b.s.Pkg.Op(other.Common()); x != nil {
			return of(x)
		}
	}
	return nil
}

// sameOwner reports whether a lock and what is waited for belong together as they
// do on the other side: there both are fields of one object, so here they must be
// those of one object too.
func sameOwner(otherLock, otherWhat, lock, what *access.Ref) bool {
	if otherWhat == nil || otherLock.Base == nil || otherLock.Base != otherWhat.Base {
		return true
	}
	return lock.Base == what.Base
}

// between finds out whether all receivers, of a channel in one object with the lock,
// take what is held between two receives.
func (b *blocker) between(w wait, h skeleton.Held) *Blocked {
	ch, others, known := b.others(w, true)
	if !known || len(others) == 0 || ch.buffered && !b.repeats(w) || h.Ref.Base == nil || h.Ref.Base != w.ref.Base {
		return nil
	}
	found := &Blocked{What: w.ref, Op: w.op, Between: true, Full: ch.buffered}
	for _, other := range others {
		if found.Needs = b.locksBetween(other, h.Ref.Class()); found.Needs == nil {
			return nil
		}
		found.Counter = other
	}
	return found
}

// repeats reports whether the send can be made more often than the channel has room for: in
// a loop under the lock, or with what callers of the function give.
func (b *blocker) repeats(w wait) bool {
	send, ok := w.instr.(*ssa.Send)
	if !ok {
		return false
	}
	at := append(slices.Clone(w.path), ssa.Instruction(send))
	for _, instr := range at {
		if skeleton.Follows(instr, instr) {
			return true
		}
	}
	first := at[0].Parent()
	obj := first.Object()
	return obj != nil && obj.Exported() && len(at) == 1 && given(send.X, 0)
}

// given reports whether the value is, or has in it, a parameter of the function other than
// its receiver.
func given(v ssa.Value, depth int) bool {
	if depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		fn := v.Parent()
		return fn.Signature.Recv() == nil || v != fn.Params[0]
	case *ssa.MakeInterface:
		return given(v.X, depth+1)
	case *ssa.ChangeType:
		return given(v.X, depth+1)
	case *ssa.UnOp:
		return v.Op == token.MUL && given(v.X, depth+1)
	case *ssa.Alloc:
		for _, r := range *v.Referrers() {
			switch r := r.(type) {
			case *ssa.Store:
				if r.Addr == v && given(r.Val, depth+1) {
					return true
				}
			case *ssa.FieldAddr:
				for _, st := range *r.Referrers() {
					if st, ok := st.(*ssa.Store); ok && st.Addr == r && given(st.Val, depth+1) {
						return true
					}
				}
			}
		}
	}
	return false
}

func heldInAll(states [][]skeleton.Held, h skeleton.Held) bool {
	for _, st := range states {
		if !slices.ContainsFunc(st, func(x skeleton.Held) bool { return x.Ref == h.Ref && x.Mode == h.Mode }) {
			return false
		}
	}
	return true
}

// lockBefore returns the Lock of the class that everybody has to pass who gets
// to the instruction, or nil.
func (b *blocker) lockBefore(instr ssa.Instruction, h skeleton.Held) *skeleton.Event {
	_, deferred := instr.(*ssa.Defer)
	return b.firstLock(instr.Parent(), h, func(lock ssa.Instruction) bool {
		if deferred {
			return dominatesReturns(lock)
		}
		return skeleton.Dominates(lock, instr)
	})
}

// lockIn returns the Lock of the class that the function takes whatever happens,
// or nil.
func (b *blocker) lockIn(fn *ssa.Function, h skeleton.Held) *skeleton.Event {
	return b.firstLock(fn, h, dominatesReturns)
}

func (b *blocker) firstLock(fn *ssa.Function, h skeleton.Held, counts func(ssa.Instruction) bool) *skeleton.Event {
	fl := b.s.Locks.Of(fn)
	if fl == nil || fl.Cut {
		return nil
	}
	for _, ev := range fl.Events {
		if ev.Kind == skeleton.LockEvent && !ev.Try && !ev.Deferred && ev.Ref.Class() == h.Ref.Class() && conflict(h.Mode, ev.Mode) && counts(ev.Instr) {
			return ev
		}
	}
	return nil
}

// locksBetween returns what takes a lock of the class after the receive and before
// the next one, on a way round a loop, or nil.
func (b *blocker) locksBetween(recv ssa.Instruction, c access.Class) ssa.Instruction {
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
			if skeleton.Follows(recv, instr) && skeleton.Follows(instr, recv) {
				return instr
			}
			if skeleton.Follows(recv, instr) && b.calledInLoops(fn) {
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
	return complete && len(callees) == 1 && slices.ContainsFunc(b.o.of(callees[0]), func(t taken) bool { return t.class == c && !t.open })
}

// calledInLoops reports whether all calls of the function are in loops.
func (b *blocker) calledInLoops(fn *ssa.Function) bool {
	sites := b.s.Pkg.Sites(fn)
	for _, site := range sites {
		if _, ok := site.(*ssa.Call); !ok || !skeleton.Follows(site, site) {
			return false
		}
	}
	return len(sites) > 0 && !b.s.Pkg.UsedAsValue(fn)
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
