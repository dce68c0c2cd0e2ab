package shared

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A medium is what goroutines signal each other by.
type medium uint8

const (
	byChannel medium = iota
	byGroup          // WaitGroup, errgroup
	byLock
	byCond
	byAtomic
	byContext
	byOnce
	byTimer
	byObject // a method of a type that is not seen
	byStream // the ends of a pipe
	byAll    // waits for everything, or signals anything
)

// A syncOp is an operation by which one goroutine can wait for another. What
// precedes a release happens before what follows an acquire.
type syncOp struct {
	medium           medium
	ref              *access.Ref // nil when the object is not known
	typ              types.Type  // of the object
	acquire, release bool
	at               ssa.Instruction
	arm              int // of a select, -1 for none
	send, receive    bool
	deferred         bool
	own              bool // what it ends is a context that only the function and its callees have
	pipe             bool // the stream is, or has, an end of a pipe
	depth            int
}

const maxSyncs = 300

// ops returns the operations of fn and of what it calls.
func (s *Set) ops(fn *ssa.Function) []syncOp {
	if l, ok := s.syncs[fn]; ok {
		return l
	}
	if s.busy[fn] {
		return nil
	}
	s.busy[fn] = true
	defer delete(s.busy, fn)
	c := &collector{s: s, fn: fn}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			c.instr(instr)
		}
	}
	s.syncs[fn] = c.list
	return c.list
}

type collector struct {
	s    *Set
	fn   *ssa.Function
	list []syncOp
}

func (c *collector) add(op syncOp) {
	if len(c.list) < maxSyncs {
		_, op.deferred = op.at.(*ssa.Defer)
		c.list = append(c.list, op)
	}
}

// channel notes a send, receive or close. The one of a context is the context's.
func (c *collector) channel(ch ssa.Value, at ssa.Instruction, arm int, send, receive bool) {
	if ctx := c.s.doneOf(ch); ctx {
		c.add(syncOp{medium: byContext, at: at, arm: arm, acquire: true})
		return
	}
	if c.s.clock(ch) {
		return // nobody but time sends on it
	}
	c.add(syncOp{
		medium: byChannel, ref: c.s.Pkg.Access.Of(ch), typ: ch.Type(), at: at, arm: arm,
		acquire: send || receive, release: true, send: send, receive: receive,
	})
}

// clock reports whether the channel is that of a timer or ticker.
func (s *Set) clock(ch ssa.Value) bool {
	switch ch := ch.(type) {
	case *ssa.Call:
		op, _ := s.Pkg.Op(&ch.Call)
		return op.Kind == ops.After || op.Kind == ops.Tick
	case *ssa.UnOp:
		fa, ok := ch.X.(*ssa.FieldAddr)
		return ok && (ops.IsTimer(fa.X.Type()) || ops.IsTicker(fa.X.Type()))
	}
	return false
}

func (s *Set) doneOf(ch ssa.Value) bool {
	call, ok := ch.(*ssa.Call)
	if !ok {
		return false
	}
	op, _ := s.Pkg.Op(&call.Call)
	return op.Kind == ops.CtxDone
}

func (c *collector) instr(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Send:
		c.channel(instr.Chan, instr, -1, true, false)
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			c.channel(instr.X, instr, -1, false, true)
		}
	case *ssa.Select:
		for i, st := range instr.States {
			c.channel(st.Chan, instr, i, st.Dir == types.SendOnly, st.Dir == types.RecvOnly)
		}
	case *ssa.Go:
		c.started(instr)
	case ssa.CallInstruction:
		c.call(instr)
	}
}

// started adds what a goroutine signals that is started here: what precedes comes
// before that, too.
func (c *collector) started(g *ssa.Go) {
	fns, complete := c.s.Pkg.Callees(g)
	if !complete || len(fns) != 1 {
		if g.Call.StaticCallee() == nil && !g.Call.IsInvoke() {
			c.add(syncOp{medium: byAll, at: g, arm: -1, release: true})
		}
		return
	}
	args := g.Call.Args
	if g.Call.IsInvoke() {
		args = append([]ssa.Value{g.Call.Value}, args...)
	}
	r := run{fn: fns[0], args: args}
	for _, op := range c.s.ops(r.fn) {
		if op, ok := c.s.translateOp(r, op); ok && op.release && op.medium != byLock && op.depth <= 2 {
			op.depth, op.at, op.arm, op.deferred, op.acquire = op.depth+1, g, -1, false, false
			c.add(op)
		}
	}
}

func (c *collector) call(call ssa.CallInstruction) {
	common := call.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		if b.Name() == "close" {
			c.channel(common.Args[0], call, -1, false, false)
		}
		return
	}
	c.streams(call)
	op, x := c.s.Pkg.Op(common)
	m, acquire, release := meaning(op.Kind)
	if acquire || release {
		so := syncOp{medium: m, at: call, arm: -1, acquire: acquire, release: release}
		if x != nil && m != byContext && m != byTimer {
			so.ref, so.typ = c.s.Pkg.Access.Of(x), deref(x.Type())
		}
		c.add(so)
		if op.Func < 0 {
			return
		}
	}
	if ops.IsCancel(common.Value.Type()) {
		c.add(syncOp{medium: byContext, at: call, arm: -1, release: true, own: c.s.ownContext(common.Value)})
	}
	if c.s.stopsFunc(common.Value) {
		c.add(syncOp{medium: byTimer, at: call, arm: -1, acquire: true})
	}
	runs := c.s.runs(call)
	for _, r := range runs {
		c.inherit(r, call)
		c.functions(common.Args, call)
	}
	if len(runs) == 0 && (op.Kind == ops.None || op.Kind == ops.Blocking || op.Kind == ops.TestRun) {
		c.unseen(call)
	}
}

// stopsFunc reports whether the function is what context.AfterFunc has returned, which keeps the
// other one from running, as Stop of a timer does.
func (s *Set) stopsFunc(f ssa.Value) bool {
	if load, ok := f.(*ssa.UnOp); ok && load.Op == token.MUL {
		if fa, ok := load.X.(*ssa.FieldAddr); ok {
			return s.stoppers[access.FieldOf(fa.X.Type(), fa.Field)]
		}
		if cell := s.Pkg.Access.Cell(load.X); cell != nil {
			f = s.Pkg.Access.StoredOnce(cell)
		}
	}
	made, ok := f.(*ssa.Call)
	if !ok {
		return false
	}
	op, _ := s.Pkg.Op(&made.Call)
	return op.Kind == ops.CtxAfterFunc
}

// meaning tells what an operation of the table does to others' memory.
func meaning(k ops.Kind) (m medium, acquire, release bool) {
	switch k {
	case ops.WgDone:
		return byGroup, false, true
	case ops.WgWait, ops.GroupWait:
		return byGroup, true, false
	case ops.Lock, ops.RLock, ops.TryLock, ops.TryRLock:
		return byLock, true, false
	case ops.Unlock, ops.RUnlock:
		return byLock, false, true
	case ops.CondWait:
		return byCond, true, false
	case ops.CondSignal, ops.CondBroadcast:
		return byCond, false, true
	case ops.AtomicLoad, ops.MapLoad:
		return byAtomic, true, false
	case ops.AtomicStore, ops.MapStore:
		return byAtomic, false, true
	case ops.AtomicUpdate, ops.MapUpdate:
		return byAtomic, true, true
	case ops.OnceDo, ops.FlightDo:
		return byOnce, true, true
	case ops.BubbleWait:
		return byAll, true, false
	case ops.CtxErr:
		return byContext, true, false
	case ops.SemAcquire, ops.SemTryAcquire:
		return byGroup, true, false
	case ops.SemRelease:
		return byGroup, false, true
	case ops.TimerStop, ops.TimerReset:
		return byTimer, true, false
	}
	return 0, false, false
}

// inherit adds what a called function does. An object without a name here is
// one that is not known.
func (c *collector) inherit(r run, call ssa.CallInstruction) {
	seen := make(map[syncOp]bool)
	for _, op := range c.s.ops(r.fn) {
		op, ok := c.s.translateOp(r, op)
		if !ok || op.depth > 4 {
			continue
		}
		op.depth, op.at, op.arm, op.deferred = op.depth+1, call, -1, false
		if !seen[op] {
			seen[op] = true
			c.add(op)
		}
	}
}

// translateOp rewrites an operation in the caller's terms. One on an object
// that the called function makes is nobody else's, unless it is a channel or
// the like, which can be handed on.
func (s *Set) translateOp(c run, op syncOp) (syncOp, bool) {
	if op.ref == nil {
		return op, true
	}
	root := op.ref.Root()
	own := root.Kind == access.Alloc && root.Value.Parent() == c.fn
	op.ref = s.translate(c, op.ref)
	return op, op.ref != nil || !own || op.medium != byLock
}

// waitsFor reports whether a, on the same object, can be what waits for b. A
// send waits for a receive only where the channel holds no more than one.
func (a *syncOp) waitsFor(b *syncOp) bool {
	if a.medium != byChannel || !a.send && !a.receive {
		return true
	}
	switch {
	case a.receive:
		return !b.receive || b.send
	case b.send:
		return false
	}
	return atMostOne(a.ref)
}

// unseen adds what a call can do with what it is given.
func (c *collector) unseen(call ssa.CallInstruction) {
	common := call.Common()
	args := common.Args
	if common.IsInvoke() {
		args = append([]ssa.Value{common.Value}, args...)
	}
	c.functions(args, call)
	for i, arg := range args {
		if ops.IsContext(arg.Type()) && !yields(common.Signature()) {
			c.add(syncOp{medium: byContext, at: call, arm: -1, acquire: true}) // it can return since that is done
		}
		if m, ok := signals(arg.Type()); ok {
			so := syncOp{medium: m, at: call, arm: -1, acquire: true, release: true}
			if m != byContext {
				so.ref, so.typ = c.s.Pkg.Access.Of(arg), deref(arg.Type())
			}
			c.add(so)
		}
		// Stop, Wait, Close: a method that is told nothing can be one that
		// waits for what the others of the object signal.
		method := common.IsInvoke() || common.Signature().Recv() != nil
		if i == 0 && method && reference(arg.Type()) && !types.Identical(arg.Type(), types.Universe.Lookup("error").Type()) && len(ops.Touches(skeleton.Static(common))) == 0 {
			so := syncOp{medium: byObject, ref: c.s.Pkg.Access.Of(arg), typ: deref(arg.Type()), at: call, arm: -1, release: true}
			rest := skeleton.Args(common)
			so.acquire = len(rest) == 0 || len(rest) == 1 && ops.IsContext(rest[0].Type())
			c.add(so)
		}
	}
}

// yields reports whether a function returns more than an error: it is called for that, and
// not to wait for the end of a context that it is given.
func yields(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if !types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
			return true
		}
	}
	return false
}

// functions adds what functions do that a call is given, and can run.
func (c *collector) functions(args []ssa.Value, call ssa.CallInstruction) {
	for _, arg := range args {
		if _, ok := arg.Type().Underlying().(*types.Signature); !ok {
			continue
		}
		fns, _ := c.s.Pkg.Functions(arg)
		for _, fn := range fns {
			if fn.Blocks != nil {
				c.inherit(run{fn: fn, any: true}, call)
			}
		}
	}
}

// signals reports whether a value of the type is one to signal by.
func signals(t types.Type) (medium, bool) {
	switch {
	case ops.IsWaitGroup(t):
		return byGroup, true
	case ops.IsLock(t), ops.IsLocker(t):
		return byLock, true
	case ops.IsCond(t):
		return byCond, true
	case ops.IsCancel(t):
		return byContext, true
	}
	_, ch := t.Underlying().(*types.Chan)
	return byChannel, ch
}

// same reports whether two operations can be on one object.
func (s *Set) same(a, b *syncOp) bool {
	if a.medium != b.medium {
		return false
	}
	if a.medium == byStream {
		return a.samePipe(b)
	}
	if a.medium == byObject && (a.ref == nil || b.ref == nil) {
		return s.kin(a.typ, b.typ)
	}
	if a.ref == nil || b.ref == nil || a.ref == b.ref {
		return true
	}
	if a.medium == byObject {
		return a.ref.Class() == b.ref.Class() && !a.ref.Class().IsZero()
	}
	if a.typ != nil && b.typ != nil && !identical(a.typ, b.typ) {
		return false
	}
	ca, cb := a.ref.Class(), b.ref.Class()
	if ca.IsZero() || cb.IsZero() {
		return true
	}
	return ca == cb
}

// kin reports whether one object can be of both types, as far as a call of one of its
// methods shows it: they are the same, or one is an interface that the other has.
func (s *Set) kin(a, b types.Type) bool {
	if a == nil || b == nil || a == b {
		return true
	}
	if !types.IsInterface(a) && !types.IsInterface(b) {
		return types.Identical(a, b)
	}
	key := [2]types.Type{a, b}
	akin, known := s.akin[key]
	if !known {
		akin = oneObject(a, b)
		s.akin[key] = akin
	}
	return akin
}

// oneObject is kin, found anew.
func oneObject(a, b types.Type) bool {
	if types.Identical(a, b) {
		return true
	}
	has := func(t, iface types.Type) bool {
		i, ok := iface.Underlying().(*types.Interface)
		return ok && (types.Implements(t, i) || types.Implements(types.NewPointer(t), i))
	}
	return has(a, b) || has(b, a)
}

// identical is the identity of types but for the direction of channels.
func identical(a, b types.Type) bool {
	if x, ok := a.Underlying().(*types.Chan); ok {
		if y, ok := b.Underlying().(*types.Chan); ok {
			return types.Identical(x.Elem(), y.Elem())
		}
	}
	return types.Identical(a, b)
}
