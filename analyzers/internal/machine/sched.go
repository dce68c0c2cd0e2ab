package machine

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// An opKind is a visible operation: one whose order against those of other
// goroutines matters.
type opKind uint8

const (
	opNone opKind = iota
	opSend
	opRecv
	opSelect
	opClose
	opLock
	opRLock
	opUnlock
	opRUnlock
	opTryLock
	opTryRLock
	opAdd
	opDone
	opWait
	opWgGo
	opCondWait
	opSignal
	opBroadcast
	opOnce
	opCancel
	opGroupGo
	opGroupTryGo
	opGroupWait
	opAcquire
	opTryAcquire
	opRelease
	opDormant // a goroutine that AfterFunc starts, before it begins
	opTimerStop
)

// pending is the operation that a goroutine stands before.
type pending struct {
	op       opKind
	instr    ssa.Instruction
	obj      val
	arg      val // the value sent, the count added, the function started
	ctx      val // of opAcquire
	cases    []selectCase
	def      bool // select has a default
	result   ssa.Value
	commaOk  bool
	deferred bool // a deferred call: no result, and the pc stays
	// phase 1 of a write lock: readers hold it, new ones queue behind; of
	// Cond.Wait: the lock is released; phase 2: woken, the lock is wanted.
	phase int8
	woken bool
}

type selectCase struct {
	send bool
	ch   val
	v    val
	typ  types.Type
}

// An event is what one goroutine did in a step, for the witness.
type event struct {
	gid   int32
	instr ssa.Instruction
	what  string
	index int   // of a select: the case
	other int32 // the goroutine that was started, or that took part
	ch    val   // of the case of a select
}

// A choice is a decision that no schedule makes: of an unknown value at a
// branch, or that time or unseen code acts.
type choice struct {
	gid   int32
	instr ssa.Instruction
	v     int32
	weak  bool // a guess: see system.weak
	alone bool // made by a branch of the first goroutine before there was another one
	// unseen says that a method which the script does not call acts.
	unseen bool
}

// A step is a way from one state to the next.
type step struct {
	st     *state
	movers []int32
}

// complete ends the pending operation of g with a result.
func (s *system) complete(g *goroutine, result val) {
	p := g.pend
	g.pend = pending{}
	f := &g.stack[len(g.stack)-1]
	if p.deferred {
		return
	}
	if p.result != nil {
		f.set(p.result, result)
	}
	f.pc++
}

// service tells how a channel end can proceed.
type service uint8

const (
	never   service = iota
	certain         // now
	maybe           // unseen code or time may do its part
)

// recvReady tells whether a receive can proceed without a sender that waits.
func (s *system) recvReady(st *state, ch val) service {
	switch ch.k {
	case null:
		return never
	case channel:
		o := st.look(ch.n)
		switch {
		case o == nil:
			return maybe
		case o.isCtx:
			if s.ctxDone(st, ch.n) {
				return certain
			}
			if s.ctxOutside(st, ch.n) {
				return maybe
			}
			return never
		case o.closed || o.n > 0:
			return certain
		case o.timer || o.escaped || o.fed:
			return maybe
		}
		return never
	}
	return maybe
}

// sendReady likewise for a send. A send on a closed channel can proceed: it
// panics.
func (s *system) sendReady(st *state, ch val) service {
	switch ch.k {
	case null:
		return never
	case channel:
		o := st.look(ch.n)
		switch {
		case o == nil:
			return maybe
		case o.closed || o.n < o.cap:
			return certain
		case o.escaped || o.drained || o.unsized:
			return maybe
		}
		return never
	}
	return maybe
}

// takeRecv performs a receive that recvReady allows and returns its value.
func (s *system) takeRecv(st *state, g *goroutine, ch val, elem types.Type, from ssa.Value, index int) (v val, ok val) {
	if ch.k != channel {
		if ch.k == opaque && s.exprs[ch.n].op == tokenDone {
			st.setFact(s.noErr(s.exprs[ch.n].a), 0)
		}
		v := s.fresh(st, g, from, index, elem)
		if s.neverClosed(ch) {
			return v, integer(1)
		}
		return v, s.okLeaf(st, g, from, index)
	}
	o := st.object(ch.n)
	switch {
	case o.isCtx:
		if !s.ctxDone(st, ch.n) {
			s.fire(st, ch.n)
		}
		return s.zero(elem), integer(0)
	case o.n > 0:
		o.n--
		if len(o.queue) > 0 {
			v = o.queue[0]
			o.queue = o.queue[1:]
		}
		if v.k == top {
			v = s.fresh(st, g, from, index, elem)
		}
		return v, integer(1)
	case o.closed:
		return s.zero(elem), integer(0)
	case o.timer:
		if o.single && !o.escaped {
			o.timer = false // until it is set again
		}
		return s.fresh(st, g, from, index, elem), integer(1)
	}
	st.lax = st.lax || o.unfed
	return s.fresh(st, g, from, index, elem), s.okLeaf(st, g, from, index)
}

// noErr is the expression that a context which is not known has no error: it is false
// once somebody has received from its Done channel.
func (s *system) noErr(ctx val) int32 {
	return s.expr(expr{op: token.EQL, a: val{k: opaque, n: s.expr(expr{op: tokenErr, a: ctx})}, b: val{k: null}})
}

// okIndex is the index of the second result of a receive from code that is not
// seen, less that of the case in a select.
const okIndex = -100

func (s *system) okLeaf(st *state, g *goroutine, from ssa.Value, index int) val {
	v := s.leaf(leaf{gid: g.id, instr: from, index: okIndex - index})
	s.forget(st, v.n)
	return v
}

// fire cancels the nearest context that something outside can cancel.
func (s *system) fire(st *state, id int32) {
	for id != 0 {
		o := st.object(id)
		if o.outside || o.fed {
			o.cancelled = true
			return
		}
		if o.parent.k != ctx {
			return
		}
		id = o.parent.n
	}
}

// putSend performs a send that sendReady allows.
func (s *system) putSend(st *state, g *goroutine, ch, v val, instr ssa.Instruction) {
	if ch.k != channel {
		s.escape(st, v)
		return
	}
	o := st.object(ch.n)
	if o.closed {
		st.bad = &badness{SendClosed, g.id, instr, ch}
		return
	}
	if o.escaped || o.drained {
		s.escape(st, v)
	}
	switch {
	case o.n < o.cap:
		o.n++
		o.queue = append(slices.Clone(o.queue), v)
	case o.unsized:
		s.escape(st, ch)
	}
}

// elemOf is the element type of a channel type.
func elemOf(t types.Type) types.Type {
	if c, ok := t.Underlying().(*types.Chan); ok {
		return c.Elem()
	}
	return types.Typ[types.Invalid]
}

func recvElem(p *pending) types.Type { return elemOf(p.instr.(*ssa.UnOp).X.Type()) }

// finishRecv ends a receive with a value.
func (s *system) finishRecv(g *goroutine, v, ok val) {
	if g.pend.commaOk {
		s.complete(g, s.tuple([]val{v, ok}))
	} else {
		s.complete(g, v)
	}
}

// finishSelect ends a select with case i (-1 the default) and the value that
// it received.
func (s *system) finishSelect(g *goroutine, i int, v, ok val) {
	sel := g.pend.instr.(*ssa.Select)
	vals := []val{integer(i), ok}
	for j, c := range sel.States {
		if c.Dir == types.RecvOnly {
			x := s.zero(elemOf(c.Chan.Type()))
			if j == i {
				x = v
			}
			vals = append(vals, x)
		}
	}
	s.complete(g, s.tuple(vals))
}

// ends lists how a pending goroutine can use channels: the operation itself,
// or the cases of a select.
func ends(g *goroutine) []selectCase {
	switch g.pend.op {
	case opSend:
		return []selectCase{{send: true, ch: g.pend.obj, v: g.pend.arg}}
	case opRecv:
		return []selectCase{{ch: g.pend.obj}}
	case opSelect:
		return g.pend.cases
	}
	return nil
}

// partner reports whether another goroutine waits at the other end.
func partner(st *state, self int32, ch val, wantSend bool) bool {
	if ch.k != channel {
		return false
	}
	for _, g := range st.gs {
		if g.id == self {
			continue
		}
		for _, e := range ends(g) {
			if e.ch == ch && e.send == wantSend {
				return true
			}
		}
	}
	return false
}

// unbuffered reports whether a send on the channel must meet a receive.
func unbuffered(st *state, ch val) bool {
	o := st.look(ch.n)
	return o != nil && o.isChan && o.cap == 0 && !o.closed && !o.timer
}

// eager reports whether the operation can be done at once, since it takes
// nothing from anybody and no other order makes a difference.
func (s *system) eager(g *goroutine) bool {
	switch g.pend.op {
	case opUnlock, opRUnlock:
		return !s.hasTry
	case opDone:
		return true
	case opSend:
		return g.pend.obj.k != channel && g.pend.obj.k != null
	case opRecv:
		return g.pend.obj.k != channel && g.pend.obj.k != null
	}
	return false
}

// steps appends what can happen next to out. When only is not negative, only
// what that goroutine does, by itself or meeting another.
func (s *system) steps(st *state, only int32, out []step) []step {
	for _, x := range st.gs {
		if only >= 0 && x.id != only {
			continue
		}
		out = s.stepsOf(st, x, out)
	}
	return out
}

// do clones the state for one alternative, applies it, and runs on until all
// goroutines stand before visible operations again.
func (s *system) do(st *state, out []step, movers []int32, apply func(st *state)) []step {
	c := st.clone()
	s.stats.Work += copyWork
	c.trace, c.choices = nil, nil
	apply(c)
	for _, t := range s.settle(c, nil) {
		s.collect(t)
		out = append(out, step{t, movers})
	}
	return out
}

func (s *system) stepsOf(st *state, x *goroutine, out []step) []step {
	p := &x.pend
	id := x.id
	one := []int32{id}
	simple := func(what string, f func(st *state, g *goroutine)) {
		out = s.do(st, out, one, func(st *state) {
			g := st.goroutine(id)
			st.trace = st.trace.add(event{gid: id, instr: g.pend.instr, what: what})
			f(st, g)
		})
	}
	done := func(what string, f func(st *state, g *goroutine)) {
		simple(what, func(st *state, g *goroutine) {
			f(st, g)
			s.complete(g, s.resultOf(st, g))
		})
	}
	nothing := func(*state, *goroutine) {}
	switch p.op {
	case opSend:
		if s.sendReady(st, p.obj) != never {
			simple("send", func(st *state, g *goroutine) {
				s.putSend(st, g, g.pend.obj, g.pend.arg, g.pend.instr)
				s.complete(g, unknown)
			})
		}
		if p.obj.k == channel && unbuffered(st, p.obj) {
			out = s.meet(st, x, -1, p.obj, p.arg, out)
		}
	case opRecv:
		if r := s.recvReady(st, p.obj); r != never {
			if r == maybe && !s.permits(x, p.instr, 0) {
				break
			}
			simple("receive", func(st *state, g *goroutine) {
				if r == maybe {
					s.chose(st, id, g.pend.instr, 0)
					st.choices.last.unseen = s.unseenServes(st, g.pend.obj)
				}
				v, ok := s.takeRecv(st, g, g.pend.obj, recvElem(&g.pend), g.pend.result, 0)
				s.finishRecv(g, v, ok)
			})
		}
	case opSelect:
		out = s.selectSteps(st, x, out)
	case opClose:
		done("close", func(st *state, g *goroutine) {
			switch ch := g.pend.obj; ch.k {
			case null:
				st.bad = &badness{CloseNil, id, g.pend.instr, ch}
			case channel:
				o := st.object(ch.n)
				if o.closed && !o.escaped {
					st.bad = &badness{CloseClosed, id, g.pend.instr, ch}
				}
				o.closed = true
			}
		})
	case opLock:
		y := st.lookSync(p.obj)
		switch {
		case y.writer == 0 && len(y.readers) == 0:
			done("lock", func(st *state, g *goroutine) {
				st.object(g.pend.obj.n).sync(g.pend.obj.p).writer = id + 1
			})
		case p.phase == 0 && y.writer == 0:
			// Readers hold it: from now on new readers queue behind.
			simple("waits for", func(_ *state, g *goroutine) { g.pend.phase = 1 })
		}
	case opRLock:
		y := st.lookSync(p.obj)
		if y.writer == 0 && !s.writerWaits(st, id, p.obj) {
			done("rlock", func(st *state, g *goroutine) {
				y := st.object(g.pend.obj.n).sync(g.pend.obj.p)
				y.readers = append(slices.Clone(y.readers), id)
				slices.Sort(y.readers)
			})
		}
	case opTryLock, opTryRLock:
		shared := p.op == opTryRLock
		simple("trylock", func(st *state, g *goroutine) {
			y := st.object(g.pend.obj.n).sync(g.pend.obj.p)
			free := y.writer == 0 && (shared || len(y.readers) == 0)
			if free {
				if shared {
					y.readers = append(slices.Clone(y.readers), id)
					slices.Sort(y.readers)
				} else {
					y.writer = id + 1
				}
			}
			s.complete(g, boolean(free))
		})
	case opUnlock:
		done("unlock", func(st *state, g *goroutine) {
			obj := g.pend.obj
			y := st.object(obj.n).sync(obj.p)
			if y.writer == 0 && !s.open(st, obj.n) {
				st.bad = &badness{UnlockUnlocked, id, g.pend.instr, obj}
			}
			y.writer = 0
		})
	case opRUnlock:
		done("runlock", func(st *state, g *goroutine) {
			obj := g.pend.obj
			y := st.object(obj.n).sync(obj.p)
			i := slices.Index(y.readers, id)
			switch {
			case i >= 0:
			case len(y.readers) > 0:
				i = 0
			case !s.open(st, obj.n):
				st.bad = &badness{UnlockUnlocked, id, g.pend.instr, obj}
			}
			if i >= 0 {
				y.readers = slices.Delete(slices.Clone(y.readers), i, i+1)
			}
		})
	case opAdd:
		done("add", func(st *state, g *goroutine) {
			n := int32(-1 << 20)
			if v, known, _ := s.evalInt(st, g.pend.arg); known {
				n = v
			}
			s.wgAdd(st, g, g.pend.obj, n, g.pend.instr)
		})
	case opDone:
		done("done", func(st *state, g *goroutine) { s.wgAdd(st, g, g.pend.obj, -1, g.pend.instr) })
	case opWait, opGroupWait:
		y := st.lookSync(p.obj)
		if y.count <= 0 || s.open(st, p.obj.n) && !s.paired(p.obj) {
			done("wait", func(st *state, g *goroutine) {
				st.lax = st.lax || y.count > 0
				if y := st.object(g.pend.obj.n).sync(g.pend.obj.p); y.link.k == ctx {
					st.object(y.link.n).cancelled = true
				}
			})
		}
	case opWgGo:
		done("go", func(st *state, g *goroutine) {
			obj := g.pend.obj
			if s.startFunc(st, g, g.pend.instr, g.pend.arg, exitWg, obj) {
				st.object(obj.n).sync(obj.p).count++
			}
		})
	case opGroupGo, opGroupTryGo:
		y := st.lookSync(p.obj)
		room := y.limit == 0 || y.count < y.limit || s.open(st, p.obj.n)
		start := func(st *state, g *goroutine) {
			obj := g.pend.obj
			if s.startFunc(st, g, g.pend.instr, g.pend.arg, exitGroup, obj) {
				st.object(obj.n).sync(obj.p).count++
			}
		}
		switch {
		case p.op == opGroupTryGo:
			simple("go", func(st *state, g *goroutine) {
				if room {
					start(st, g)
				}
				s.complete(g, boolean(room))
			})
		case room:
			done("go", start)
		}
	case opCondWait:
		s.condWait(st, x, simple, done)
	case opSignal, opBroadcast:
		all := p.op == opBroadcast
		done("signal", func(st *state, g *goroutine) {
			obj := g.pend.obj
			y := st.object(obj.n).sync(obj.p)
			for len(y.waits) > 0 {
				if w := st.goroutine(y.waits[0]); w != nil {
					w.pend.woken = true
				}
				y.waits = slices.Clone(y.waits[1:])
				if !all {
					break
				}
			}
		})
	case opOnce:
		y := st.lookSync(p.obj)
		switch {
		case y.done:
			done("once", nothing)
		case y.busy == 0:
			simple("once", s.runOnce)
		}
	case opCancel:
		done("cancel", func(st *state, g *goroutine) { st.object(g.pend.obj.n).cancelled = true })
	case opAcquire:
		n, known, _ := s.evalInt(st, p.arg)
		y := st.lookSync(p.obj)
		if !known || s.open(st, p.obj.n) || y.count+n <= y.limit {
			simple("acquire", func(st *state, g *goroutine) {
				st.lax = st.lax || known && y.count+n > y.limit
				st.object(g.pend.obj.n).sync(g.pend.obj.p).count += n
				s.complete(g, val{k: null})
			})
		} else if p.ctx.k != ctx || s.ctxDone(st, p.ctx.n) || s.ctxOutside(st, p.ctx.n) {
			simple("gives up on", func(st *state, g *goroutine) {
				s.chose(st, id, g.pend.instr, 1)
				if g.pend.ctx.k == ctx {
					s.fire(st, g.pend.ctx.n)
				}
				s.complete(g, val{k: solid})
			})
		}
	case opTryAcquire:
		n, known, _ := s.evalInt(st, p.arg)
		y := st.lookSync(p.obj)
		ok := !known || y.count+n <= y.limit
		simple("tryacquire", func(st *state, g *goroutine) {
			if ok {
				st.object(g.pend.obj.n).sync(g.pend.obj.p).count += n
			}
			s.complete(g, boolean(ok))
		})
	case opDormant:
		r := certain // time passes
		switch {
		case p.phase == 0:
		case p.ctx.k == ctx:
			r = s.recvReady(st, val{k: channel, n: p.ctx.n})
		default:
			r = maybe
		}
		if r == never || r == maybe && !s.permits(x, p.instr, 0) {
			break
		}
		simple("begins", func(st *state, g *goroutine) {
			if r == maybe {
				s.chose(st, id, g.pend.instr, 0)
				if g.pend.ctx.k == ctx {
					s.fire(st, g.pend.ctx.n)
				}
			}
			g.pend = pending{}
		})
	case opTimerStop:
		simple("stop", func(st *state, g *goroutine) {
			p := g.pend
			stopped := false
			for _, d := range st.gs {
				if d.pend.op == opDormant && d.pend.obj == p.obj {
					st.dropGoroutine(d.id)
					stopped = true
					break
				}
			}
			s.complete(g, boolean(stopped))
		})
	case opRelease:
		n, _, _ := s.evalInt(st, p.arg)
		done("release", func(st *state, g *goroutine) { st.object(g.pend.obj.n).sync(g.pend.obj.p).count -= n })
	}
	return out
}

// resultOf is the value of an operation that returns nothing of interest.
func (s *system) resultOf(st *state, g *goroutine) val {
	if g.pend.result == nil || g.pend.deferred {
		return unknown
	}
	return s.fresh(st, g, g.pend.result, 0, g.pend.result.Type())
}

func (s *system) wgAdd(st *state, g *goroutine, obj val, n int32, at ssa.Instruction) {
	y := st.object(obj.n).sync(obj.p)
	if n < 0 && y.count == 0 && !s.open(st, obj.n) && n > -1<<19 {
		st.bad = &badness{NegativeCounter, g.id, at, obj}
		return
	}
	y.count += n
}

// writerWaits reports whether a writer stands in line for the lock.
func (s *system) writerWaits(st *state, self int32, obj val) bool {
	for _, g := range st.gs {
		if g.id != self && g.pend.op == opLock && g.pend.phase == 1 && g.pend.obj == obj {
			return true
		}
	}
	return false
}

// meet lets the goroutine x, which stands before a send (or the send case
// index of a select) of v, hand it to each goroutine that waits to receive.
func (s *system) meet(st *state, x *goroutine, index int, ch, v val, out []step) []step {
	for _, y := range st.gs {
		if y.id == x.id {
			continue
		}
		for j, e := range ends(y) {
			if e.send || e.ch != ch {
				continue
			}
			xid, yid := x.id, y.id
			xout, yout := s.outside(st, x), s.outside(st, y)
			if xout && !s.permits(x, x.pend.instr, -2) || yout && !s.permits(y, y.pend.instr, -2) {
				continue
			}
			out = s.do(st, out, []int32{xid, yid}, func(st *state) {
				a, b := st.goroutine(xid), st.goroutine(yid)
				if xout {
					s.chose(st, xid, a.pend.instr, -2)
				}
				if yout {
					s.chose(st, yid, b.pend.instr, -2)
				}
				st.trace = st.trace.add(event{gid: xid, instr: a.pend.instr, what: "send", index: index, other: yid})
				st.trace = st.trace.add(event{gid: yid, instr: b.pend.instr, what: "receive", index: j, other: xid})
				got := v
				if got.k == top {
					if b.pend.op == opSelect {
						got = s.fresh(st, b, b.pend.result, 2+j, elemOf(b.pend.cases[j].typ))
					} else {
						got = s.fresh(st, b, b.pend.result, 0, recvElem(&b.pend))
					}
				}
				if b.pend.op == opSelect {
					s.finishSelect(b, j, got, integer(1))
				} else {
					s.finishRecv(b, got, integer(1))
				}
				if a.pend.op == opSelect {
					s.finishSelect(a, index, unknown, integer(0))
				} else {
					s.complete(a, unknown)
				}
			})
		}
	}
	return out
}

// outside reports whether a pending select has a case that unseen code or time
// may let proceed.
func (s *system) outside(st *state, g *goroutine) bool {
	if g.pend.op != opSelect {
		return false
	}
	return slices.ContainsFunc(g.pend.cases, func(c selectCase) bool {
		if c.send {
			return s.sendReady(st, c.ch) == maybe
		}
		return s.recvReady(st, c.ch) == maybe
	})
}

func (s *system) selectSteps(st *state, x *goroutine, out []step) []step {
	id := x.id
	ready, outside := false, s.outside(st, x)
	// Whether the outside acts is a choice; which of the ready cases is taken
	// otherwise is up to the schedule.
	pick := func(st *state, g *goroutine, v int32) {
		if outside {
			s.chose(st, id, g.pend.instr, v)
		}
	}
	for i, c := range x.pend.cases {
		var r service
		if c.send {
			r = s.sendReady(st, c.ch)
		} else {
			r = s.recvReady(st, c.ch)
		}
		if r == certain || partner(st, id, c.ch, !c.send) && unbuffered(st, c.ch) {
			ready = true
		}
		choose := int32(-2)
		if r == maybe {
			choose = int32(i)
		}
		if r != never && (!outside || s.permits(x, x.pend.instr, choose)) {
			out = s.do(st, out, []int32{id}, func(st *state) {
				g := st.goroutine(id)
				pick(st, g, choose)
				if r == maybe && s.unseenServes(st, c.ch) {
					st.choices.last.unseen = true // nobody else has it yet
				}
				st.trace = st.trace.add(event{gid: id, instr: g.pend.instr, what: "selects", index: i, ch: c.ch})
				v, ok := unknown, integer(0)
				if c.send {
					s.putSend(st, g, c.ch, c.v, g.pend.instr)
				} else {
					v, ok = s.takeRecv(st, g, c.ch, elemOf(c.typ), g.pend.result, 2+i)
				}
				s.finishSelect(g, i, v, ok)
			})
		}
		if c.send && c.ch.k == channel && unbuffered(st, c.ch) {
			out = s.meet(st, x, i, c.ch, c.v, out)
		}
	}
	if x.pend.def && !ready && (!outside || s.permits(x, x.pend.instr, -1)) {
		out = s.do(st, out, []int32{id}, func(st *state) {
			g := st.goroutine(id)
			pick(st, g, -1)
			st.trace = st.trace.add(event{gid: id, instr: g.pend.instr, what: "selects", index: -1})
			s.finishSelect(g, -1, unknown, integer(0))
		})
	}
	return out
}

// condWait models Cond.Wait: release the lock and stand in line; be woken;
// take the lock again, for reading where it was held so (phases 3 and 4).
func (s *system) condWait(st *state, x *goroutine, simple, done func(string, func(*state, *goroutine))) {
	id, p := x.id, &x.pend
	locker, known := s.condLocker(st, p.obj)
	switch p.phase {
	case 0:
		simple("waits on", func(st *state, g *goroutine) {
			if !known {
				st.cut = true // which lock is free now is not known
				return
			}
			lock := st.object(locker.n).sync(locker.p)
			g.pend.phase = 1
			if lock.writer == 0 && len(lock.readers) > 0 { // the Locker is an RLocker
				i := max(slices.Index(lock.readers, id), 0)
				lock.readers = slices.Delete(slices.Clone(lock.readers), i, i+1)
				g.pend.phase = 3
			}
			lock.writer = 0
			y := st.object(g.pend.obj.n).sync(g.pend.obj.p)
			y.waits = append(slices.Clone(y.waits), id)
		})
	case 1, 3:
		if p.woken || s.open(st, p.obj.n) {
			simple("is woken on", func(st *state, g *goroutine) {
				y := st.object(g.pend.obj.n).sync(g.pend.obj.p)
				y.waits = slices.DeleteFunc(slices.Clone(y.waits), func(w int32) bool { return w == id })
				g.pend.phase, g.pend.woken = g.pend.phase+1, false
			})
		}
	case 2:
		if st.lookSync(locker).writer == 0 && len(st.lookSync(locker).readers) == 0 {
			done("lock", func(st *state, _ *goroutine) { st.object(locker.n).sync(locker.p).writer = id + 1 })
		}
	case 4:
		if st.lookSync(locker).writer == 0 && !s.writerWaits(st, id, locker) {
			done("rlock", func(st *state, _ *goroutine) {
				lock := st.object(locker.n).sync(locker.p)
				lock.readers = append(slices.Clone(lock.readers), id)
				slices.Sort(lock.readers)
			})
		}
	}
}

// runOnce runs the function of a Once in the goroutine.
func (s *system) runOnce(st *state, g *goroutine) {
	p := g.pend
	y := st.object(p.obj.n).sync(p.obj.p)
	f := p.arg
	if f.k != fn || s.closures[f.n].fn == nil || len(s.closures[f.n].fn.Blocks) == 0 {
		s.escape(st, f)
		y.done = true
		s.complete(g, s.resultOf(st, g))
		return
	}
	y.busy = g.id + 1
	g.pend = pending{}
	cl := s.closures[f.n]
	c := &callCtx{st: st, g: g, instr: p.instr.(ssa.CallInstruction), common: p.instr.(ssa.CallInstruction).Common(), deferred: p.deferred}
	after := afterOnce
	if p.deferred {
		after = afterOnceDrop
	}
	s.push(c, cl.fn, cl.binds, nil, after, p.obj)
}
