package machine

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A callCtx is a call about to happen: a call instruction, or a deferred call
// that is run now.
type callCtx struct {
	st       *state
	g        *goroutine
	instr    ssa.CallInstruction
	common   *ssa.CallCommon
	callee   val   // the function value, or the interface value of an invoke
	args     []val // as in common.Args
	deferred bool
}

func (c *callCtx) frame() *frame { return &c.g.stack[len(c.g.stack)-1] }

// value is the instruction as a value; nil for a deferred call.
func (c *callCtx) value() ssa.Value {
	if c.deferred {
		return nil
	}
	v, _ := c.instr.(ssa.Value)
	return v
}

// done ends the call with a result.
func (c *callCtx) done(v val) outcome {
	if !c.deferred {
		f := c.frame()
		if r := c.value(); r != nil {
			f.set(r, v)
		}
		f.pc++
	}
	return goOn
}

// pending stops before a visible operation.
func (c *callCtx) pending(p pending) outcome {
	p.instr, p.result, p.deferred = c.instr, c.value(), c.deferred
	c.g.pend = p
	return stop
}

func (s *system) runDeferred(st *state, g *goroutine, f *frame) outcome {
	d := f.defers[len(f.defers)-1]
	f.defers = f.defers[:len(f.defers)-1]
	return s.call(&callCtx{st: st, g: g, instr: d.instr, common: &d.instr.Call, callee: d.callee, args: d.args, deferred: true})
}

// operand returns what an operation works on and its other arguments.
func (s *system) operand(c *callCtx) (op ops.Op, on val, args []val) {
	static := skeleton.Static(c.common)
	if static != nil {
		op = ops.Of(static)
		if op.Kind == ops.None {
			return op, unknown, nil
		}
		switch {
		case c.common.IsInvoke():
			if on, m := s.promoted(c.st, c.callee, c.common.Method); m != nil && on.k == ptr && ops.Of(m).Kind == op.Kind {
				return op, on, c.args // of a lock or a group, or of what embeds one
			}
			return op, c.callee, c.args
		case c.callee.k == fn && len(s.closures[c.callee.n].binds) == 1 && isBoundTo(s.closures[c.callee.n].fn, static):
			return op, s.closures[c.callee.n].binds[0], c.args
		case static.Signature().Recv() != nil && len(c.args) > 0:
			return op, c.args[0], c.args[1:]
		}
		return op, unknown, c.args
	}
	if c.callee.k == fn {
		cl := s.closures[c.callee.n]
		if cl.fn == nil && len(cl.binds) == 1 { // made by context.AfterFunc
			return ops.Op{Kind: ops.TimerStop, Func: -1}, cl.binds[0], nil
		}
		if cl.fn == nil { // made by OnceFunc
			return ops.Op{Kind: ops.OnceDo, Func: 0}, cl.binds[0], cl.binds[1:]
		}
		if obj := skeleton.Declared(cl.fn); obj != nil && len(cl.binds) == 1 {
			if op := ops.Of(obj); op.Kind != ops.None {
				return op, cl.binds[0], c.args
			}
		}
	}
	return ops.Op{Func: -1}, unknown, nil
}

func isBoundTo(f *ssa.Function, obj *types.Func) bool {
	return f != nil && f.Synthetic != "" && skeleton.Declared(f) == obj
}

// call executes a call: an operation, a function of this package, or code that
// is not seen.
func (s *system) call(c *callCtx) outcome {
	if f := s.ps.focus; f != nil && f.ignoresCall(c.instr) {
		if c.deferred {
			return goOn
		}
		return c.done(s.result(c))
	}
	if b, ok := c.common.Value.(*ssa.Builtin); ok {
		return s.builtin(c, b.Name())
	}
	if c.callee.k == cancel {
		return c.pending(pending{op: opCancel, obj: c.callee})
	}
	if c.common.IsInvoke() {
		if f, on := s.method(c.st, c.callee, c.common.Method); f != nil {
			return s.push(c, f, nil, append([]val{on}, c.args...), afterCall, unknown)
		}
	}
	if op, on, args := s.operand(c); op.Kind != ops.None {
		if out, ok := s.operation(c, op, on, args); ok {
			return out
		}
		return s.external(c)
	}
	if target, binds, args, ok := s.target(c); ok {
		return s.push(c, target, binds, args, afterCall, unknown)
	}
	if body := s.rangeBody(c); body != nil {
		return s.turn(c, body)
	}
	if _, r, ok := s.ps.pkg.Runner(c.instr); ok {
		if out, ok := s.runner(c, r); ok {
			return out
		}
	}
	return s.external(c)
}

// runner executes a call of a function of another package that runs a function it is
// given. ok is false where that is not known, or what it returns is of use.
func (s *system) runner(c *callCtx, r skeleton.Runner) (out outcome, ok bool) {
	f := c.args[r.Param]
	if f.k != fn || s.closures[f.n].fn == nil || c.deferred {
		return stop, false
	}
	cl := s.closures[f.n]
	target := skeleton.Origin(cl.fn)
	if len(target.Blocks) == 0 || !r.Starts && target.Signature.Results().Len() > 0 {
		return stop, false
	}
	for i, a := range c.args {
		if i != r.Param {
			s.escape(c.st, a)
		}
	}
	if !r.Starts {
		return s.push(c, target, cl.binds, nil, afterDropResult, unknown), true
	}
	result := s.result(c)
	if s.ps.isActive(target) {
		s.spawn(c.st, c.g, c.instr, target, cl.binds, nil, exitNone, unknown)
		if c.st.cut {
			return stop, true
		}
	}
	return c.done(result), true
}

// rangeBody returns the body of a range over a function that is not seen, or nil.
func (s *system) rangeBody(c *callCtx) *closure {
	if c.deferred || !rangesOver(c.instr) || len(c.args) == 0 {
		return nil
	}
	f := c.args[len(c.args)-1]
	if f.k != fn || s.closures[f.n].fn == nil || !s.ps.isActive(s.closures[f.n].fn) {
		return nil
	}
	return &s.closures[f.n]
}

// rangesOver reports whether the call is what a range over a function is compiled to.
func rangesOver(instr ssa.Instruction) bool {
	return skeleton.RangeOver(instr) != nil
}

// bodyActs reports whether the body of a range over a function does anything that others
// can see, but for what it leaves in variables.
func (ps *programs) bodyActs(rng *ssa.Call) bool {
	body := rng.Call.Args[len(rng.Call.Args)-1].(*ssa.MakeClosure).Fn.(*ssa.Function)
	for _, b := range skeleton.Origin(body).Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Panic: // when it is called after the end
			case *ssa.Store:
				if ps.leads(instr.Val) {
					return true
				}
			default:
				if ps.effect(instr) {
					return true
				}
			}
		}
	}
	return false
}

// turn runs the body of a range over a function that is not seen, as long as that has
// something to yield: this is decided for each turn.
func (s *system) turn(c *callCtx, body *closure) outcome {
	l := s.leaf(leaf{gid: c.g.id, instr: c.value(), index: -3})
	more, ok := c.st.fact(l.n)
	if !ok {
		s.forkExpr, s.forkOpts = l.n, []int32{1, 0}
		return s.ask(c.instr)
	}
	s.forget(c.st, l.n)
	if more == 0 {
		return c.done(s.result(c))
	}
	return s.push(c, body.fn, body.binds, nil, afterTurn, unknown)
}

// target resolves the function that a call reaches to one with a body in this
// package.
func (s *system) target(c *callCtx) (target *ssa.Function, binds, args []val, ok bool) {
	if c.common.IsInvoke() {
		if f, on := s.method(c.st, c.callee, c.common.Method); f != nil { // of a go statement
			return f, nil, append([]val{on}, c.args...), true
		}
		fns, complete := s.ps.pkg.Callees(c.instr)
		if len(fns) == 1 && complete {
			return fns[0], nil, append([]val{c.callee}, c.args...), true
		}
		return nil, nil, nil, false
	}
	if c.callee.k == fn {
		cl := s.closures[c.callee.n]
		if cl.fn != nil {
			f := skeleton.Origin(cl.fn)
			return f, cl.binds, c.args, len(f.Blocks) > 0
		}
	}
	fns, complete := s.ps.pkg.Callees(c.instr)
	if len(fns) == 1 && complete && len(fns[0].FreeVars) == 0 {
		return fns[0], nil, c.args, true
	}
	return nil, nil, nil, false
}

// method finds the method of the concrete object behind an interface value, and what it is
// called on: the object itself, or what it embeds.
func (s *system) method(st *state, v val, m *types.Func) (*ssa.Function, val) {
	v, obj := s.promoted(st, v, m)
	if obj == nil {
		return nil, unknown
	}
	f := s.ps.pkg.SSA.Prog.FuncValue(obj.Origin())
	if f == nil || len(f.Blocks) == 0 {
		return nil, unknown
	}
	return f, v
}

// promoted returns the method that is called by m of the concrete object behind an interface
// value, and the part of it that has this method: the object itself, or what it embeds.
func (s *system) promoted(st *state, v val, m *types.Func) (val, *types.Func) {
	if v.k != ptr || v.p != 0 {
		return unknown, nil
	}
	typ := s.objs[v.n].typ
	if typ == nil || types.IsInterface(typ) {
		return unknown, nil
	}
	obj, index, _ := types.LookupFieldOrMethod(types.NewPointer(typ), false, m.Pkg(), m.Name())
	method, ok := obj.(*types.Func)
	if !ok {
		return unknown, nil
	}
	for _, i := range index[:len(index)-1] {
		strct, ok := typ.Underlying().(*types.Struct)
		if !ok {
			return unknown, nil
		}
		v, typ = s.sub(v, int32(i), types.NewPointer(typ)), strct.Field(i).Type()
		if types.IsInterface(typ) {
			return unknown, nil
		}
		if p, ok := typ.Underlying().(*types.Pointer); ok {
			v, typ = s.loadAt(st, v, typ), p.Elem()
		}
	}
	if _, byPointer := method.Signature().Recv().Type().Underlying().(*types.Pointer); !byPointer && len(index) > 1 {
		return unknown, nil
	}
	return v, method
}

// maxDepth and maxRecursion bound the stack of a goroutine.
const (
	maxDepth     = 14
	maxRecursion = 2
)

// push calls a function with a body.
func (s *system) push(c *callCtx, target *ssa.Function, binds, args []val, after afterKind, arg val) outcome {
	if !s.ps.isActive(target) && after == afterCall && !gets(target) {
		// Nothing in it matters; what it is given, it does not keep.
		if c.deferred {
			return goOn
		}
		return c.done(s.result(c))
	}
	p := s.ps.program(target)
	depth := 0
	for i := range c.g.stack {
		if c.g.stack[i].p == p {
			depth++
		}
	}
	if p == nil || depth >= maxRecursion || len(c.g.stack) >= maxDepth {
		if after == afterOnce || after == afterOnceDrop {
			y := c.st.object(arg.n).sync(arg.p)
			y.done, y.busy = true, 0
		}
		s.stats.Unfollowed++
		return s.external(c)
	}
	f := frame{p: p, regs: make([]val, p.n), after: after, arg: arg}
	if c.deferred && after == afterCall {
		f.after = afterDrop
	}
	s.bind(c.st, c.g, &f, binds, args)
	c.g.stack = append(c.g.stack, f)
	return goOn
}

// maxGet bounds the instructions of a function that only gets something.
const maxGet = 12

// gets reports whether a function only returns a number that lies behind its
// arguments, or is computed from what does: each call of it returns the same.
func gets(fn *ssa.Function) bool {
	if res := fn.Signature.Results(); len(fn.Blocks) != 1 || len(fn.Blocks[0].Instrs) > maxGet || res.Len() != 1 || !isInteger(res.At(0).Type()) {
		return false
	}
	for _, instr := range fn.Blocks[0].Instrs {
		switch instr := instr.(type) {
		case *ssa.Return:
			if _, fixed := instr.Results[0].(*ssa.Const); fixed {
				return false // a stand-in for what is to come, as a rule
			}
		case *ssa.FieldAddr, *ssa.Field, *ssa.BinOp, *ssa.ChangeType, *ssa.Convert, *ssa.DebugRef:
		case *ssa.UnOp:
			if instr.Op == token.ARROW {
				return false
			}
		case *ssa.Alloc, *ssa.Store: // of a receiver that is a value
		case *ssa.Call:
			if b, ok := instr.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" && b.Name() != "min" && b.Name() != "max" {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// bind sets the parameters and free variables of a new frame.
func (s *system) bind(st *state, g *goroutine, f *frame, binds, args []val) {
	for i, p := range f.p.fn.Params {
		switch {
		case i < len(args):
			f.set(p, args[i])
		default:
			f.set(p, s.fresh(st, g, p, 0, p.Type()))
		}
	}
	for i, fv := range f.p.fn.FreeVars {
		if i < len(binds) {
			f.set(fv, binds[i])
		} else {
			f.set(fv, s.fresh(st, g, fv, 0, fv.Type()))
		}
	}
}

// result is the unknown result of a call.
func (s *system) result(c *callCtx) val {
	v := c.value()
	if v == nil {
		return unknown
	}
	return s.fresh(c.st, c.g, v, 0, v.Type())
}

// external calls code that is not seen. What it is given it may use, except
// where it plainly only prints or encodes it.
func (s *system) external(c *callCtx) outcome {
	if prints(c.common) {
		for _, a := range c.args {
			if a.k == fn || a.k == channel {
				s.escape(c.st, a)
			}
		}
	} else {
		for _, a := range c.args {
			s.escape(c.st, a)
		}
		if c.common.IsInvoke() || c.callee.k == fn {
			s.escape(c.st, c.callee)
		}
	}
	if c.deferred {
		return goOn
	}
	if fn := skeleton.Static(c.common); fn != nil {
		switch fn.FullName() {
		case "errors.New", "fmt.Errorf":
			return c.done(val{k: solid})
		}
	}
	return c.done(s.result(c))
}

// prints reports whether the callee is a function of the standard library that
// only formats, encodes or compares what it is given.
func prints(common *ssa.CallCommon) bool {
	fn := skeleton.Static(common)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	switch path := fn.Pkg().Path(); path {
	case "fmt", "log", "log/slog", "errors", "strings", "strconv", "testing", "bytes", "time", "math", "math/rand", "math/rand/v2", "os", "unicode", "runtime":
		return true
	default:
		return strings.HasPrefix(path, "encoding/")
	}
}

// escape notes that code which is not seen can use whatever v leads to.
func (s *system) escape(st *state, v val) {
	switch v.k {
	case ptr, channel, slice, ctx, cancel:
		if v.n == 0 || s.objs[v.n].open {
			return
		}
		if o := st.look(v.n); o != nil && o.escaped && (v.k != cancel || o.outside) {
			return
		}
		o := st.object(v.n)
		o.escaped = true
		if v.k == cancel || v.k == ctx {
			o.outside = o.outside || v.k == cancel // a context can be out of sight without what cancels it
			return
		}
		for _, c := range slices.Clone(o.cells) {
			if c.v.k == channel && v.k == ptr {
				if f := s.fieldAt(val{k: ptr, n: v.n, p: c.path}); f != nil {
					if s.kept(f, s.objs[v.n].typ) {
						continue
					}
					if s.onlyDrained(f, s.objs[v.n].typ) {
						st.object(c.v.n).unfed = true
					}
				}
			}
			s.escape(st, c.v)
			if c.v.k == slice && v.k == ptr {
				s.unfedIn(st, c.v.n, s.fieldAt(val{k: ptr, n: v.n, p: c.path}), s.objs[v.n].typ)
			}
		}
		for _, q := range slices.Clone(o.queue) {
			s.escape(st, q)
		}
	case fn:
		for _, b := range s.closures[v.n].binds {
			s.escape(st, b)
		}
	case tuple:
		for _, e := range s.tuples[v.n] {
			s.escape(st, e)
		}
	}
}

// unfedIn notes of the channels in a slice in a field that others only receive from them, where
// that is so.
func (s *system) unfedIn(st *state, list int32, f *types.Var, typ types.Type) {
	if f == nil || !s.onlyDrained(f, typ) {
		return
	}
	if o := st.look(list); o != nil {
		for _, c := range slices.Clone(o.cells) {
			if c.v.k == channel {
				st.object(c.v.n).unfed = true
			}
		}
	}
}

// escapeUnder notes that what is stored in a part of an object is out of sight
// from now on.
func (s *system) escapeUnder(st *state, v val) {
	if v.k != ptr && v.k != slice {
		return
	}
	if o := st.look(v.n); o != nil {
		for _, c := range slices.Clone(o.cells) {
			if s.under(c.path, v.p) {
				s.escape(st, c.v)
			}
		}
	}
}

// recovered is what recover yields: nil where no panic unwinds the function whose deferred call
// this is.
func recovered(g *goroutine) val {
	if n := len(g.stack); n > 1 && g.stack[n-2].unwind != unwindNone {
		return val{k: solid}
	}
	return val{k: null}
}

func (s *system) builtin(c *callCtx, name string) outcome {
	arg := func(i int) val {
		if i < len(c.args) {
			return c.args[i]
		}
		return unknown
	}
	switch name {
	case "close":
		return c.pending(pending{op: opClose, obj: arg(0)})
	case "len":
		return c.done(s.length(c.st, arg(0)))
	case "cap":
		if ch := arg(0); ch.k == channel {
			if o := c.st.look(ch.n); o != nil && o.isChan && !o.escaped && !o.timer && !c.deferred {
				return c.done(integer(int(o.cap)))
			}
		}
		return c.done(s.result(c))
	case "min", "max":
		op := tokenMin
		if name == "max" {
			op = tokenMax
		}
		v := arg(0)
		for _, w := range c.args[1:] {
			v = s.extreme(op, v, w)
		}
		if v.k == top {
			v = s.result(c)
		}
		return c.done(v)
	case "append":
		return c.done(s.appendTo(c, arg(0), arg(1)))
	case "recover":
		return c.done(recovered(c.g))
	case "panic":
		c.frame().unwind = unwindPanic
		return goOn
	case "copy":
		s.escape(c.st, arg(1))
	case "ssa:wrapnilchk":
		return c.done(arg(0))
	}
	if c.deferred {
		return goOn
	}
	return c.done(s.result(c))
}

// extreme is the smaller or larger one of two integers.
func (s *system) extreme(op token.Token, a, b val) val {
	switch {
	case a.k == num && b.k == num:
		if (a.n < b.n) == (op == tokenMin) {
			return a
		}
		return b
	case (a.k == num || a.k == opaque) && (b.k == num || b.k == opaque):
		return val{k: opaque, n: s.expr(expr{op: op, a: a, b: b})}
	}
	return unknown
}

// appendTo models append where both lengths are known; otherwise what is
// appended is lost from sight.
func (s *system) appendTo(c *callCtx, x, y val) val {
	n := int32(-1)
	switch x.k {
	case null:
		n = 0
	case slice:
		if o := c.st.look(x.n); o != nil && !o.escaped {
			n = o.length
		}
	}
	m := int32(-1)
	if y.k == slice {
		if o := c.st.look(y.n); o != nil {
			m = o.length
		}
	}
	if n < 0 || m < 0 || n+m > s.maxInt || c.deferred {
		s.escape(c.st, x)
		s.escape(c.st, y)
		return s.result(c)
	}
	v := s.alloc(c.st, c.g, c.value(), nil, "")
	o := c.st.object(v.n)
	o.length = n + m
	copyCells := func(from val, count, at int32) {
		src := c.st.look(from.n)
		if src == nil {
			return
		}
		for _, cell := range slices.Clone(src.cells) {
			for i := range count {
				p := s.pathTo(from.p, -1-i)
				if s.under(cell.path, p) {
					o.setCell(s.rebase(cell.path, p, s.pathTo(0, -1-i-at)), cell.v)
				}
			}
		}
	}
	if n > 0 {
		copyCells(x, n, 0)
	}
	copyCells(y, m, n)
	return val{k: slice, n: v.n}
}

// maxGoroutines bounds the goroutines that live at one time.
const maxGoroutines = 14

// spawn starts a goroutine. It returns nil where that is beyond the bounds.
func (s *system) spawn(st *state, parent *goroutine, site ssa.Instruction, target *ssa.Function, binds, args []val, exit exitKind, onExit val) *goroutine {
	p := s.ps.program(target)
	if p == nil {
		st.cut = true
		return nil
	}
	key := gidKey{parent: parent.id, site: site}
	var id int32
	for {
		id = s.gid(key, target)
		if st.has(id) {
			key.occ++
			continue
		}
		break
	}
	if len(st.gs) >= maxGoroutines {
		st.cut = true
		return nil
	}
	g := s.newGoroutine(st, id)
	g.exitOp, g.onExit = exit, onExit
	s.begin(st, g, p, binds, args)
	st.trace = st.trace.add(event{gid: parent.id, instr: site, what: "starts", other: id})
	return g
}

// newGoroutine adds a goroutine that is yet to begin.
func (s *system) newGoroutine(st *state, id int32) *goroutine {
	g := &goroutine{id: id}
	if s.grading {
		g.occ = make(map[ssa.Instruction]int)
	}
	st.addGoroutine(g)
	return g
}

// begin gives a goroutine its first frame.
func (s *system) begin(st *state, g *goroutine, p *program, binds, args []val) {
	f := frame{p: p, regs: make([]val, p.n)}
	s.bind(st, g, &f, binds, args)
	g.stack = []frame{f}
}

func (st *state) has(id int32) bool {
	for _, g := range st.gs {
		if g.id == id {
			return true
		}
	}
	return false
}

func (s *system) goStmt(st *state, g *goroutine, f *frame, instr *ssa.Go) outcome {
	c := &callCtx{st: st, g: g, instr: instr, common: &instr.Call, args: make([]val, len(instr.Call.Args))}
	for i, a := range instr.Call.Args {
		c.args[i] = s.get(f, a)
	}
	if _, ok := instr.Call.Value.(*ssa.Builtin); !ok {
		c.callee = s.get(f, instr.Call.Value)
	}
	f.pc++
	if c.callee.k == cancel {
		st.object(c.callee.n).cancelled = true // sooner or later
		return goOn
	}
	if target, binds, args, ok := s.target(c); ok {
		if !s.ps.isActive(target) {
			return goOn
		}
		s.spawn(st, g, instr, target, binds, args, exitNone, unknown)
		if st.cut {
			return stop
		}
		return goOn
	}
	for _, a := range c.args {
		s.escape(st, a)
	}
	s.escape(st, c.callee)
	return goOn
}

// startFunc starts a function value in a goroutine, as wg.Go and its like do.
func (s *system) startFunc(st *state, g *goroutine, site ssa.Instruction, f val, exit exitKind, onExit val) bool {
	if f.k == fn && s.closures[f.n].fn != nil {
		cl := s.closures[f.n]
		target := skeleton.Origin(cl.fn)
		if len(target.Blocks) > 0 {
			s.spawn(st, g, site, target, cl.binds, nil, exit, onExit)
			return true
		}
	}
	s.escape(st, f)
	return false
}

const rlocker = -1 << 20

// operation executes a call that the table of operations knows. ok is false
// when it is to be treated as unseen code.
func (s *system) operation(c *callCtx, op ops.Op, on val, args []val) (out outcome, ok bool) {
	st := c.st
	arg := func(i int) val {
		if i < len(args) {
			return args[i]
		}
		return unknown
	}
	at := func() (val, bool) {
		v, ok := s.behind(on, nil)
		switch op.Kind {
		case ops.WgAdd, ops.WgDone, ops.WgWait:
		default:
			if on.k == opaque && c.common.IsInvoke() {
				return unknown, false // a Locker that may let several in
			}
		}
		if ok && v.p > 0 && s.paths[v.p].field == rlocker {
			v.p = s.paths[v.p].parent
		}
		return v, ok
	}
	visible := func(k opKind) (outcome, bool) {
		v, ok := at()
		if !ok {
			return c.done(s.result(c)), true
		}
		if on.k == ptr && on.p > 0 && s.paths[on.p].field == rlocker {
			switch k {
			case opLock:
				k = opRLock
			case opUnlock:
				k = opRUnlock
			}
		}
		return c.pending(pending{op: k, obj: v, arg: arg(0)}), true
	}
	switch op.Kind {
	case ops.Lock:
		return visible(opLock)
	case ops.RLock:
		return visible(opRLock)
	case ops.Unlock:
		return visible(opUnlock)
	case ops.RUnlock:
		return visible(opRUnlock)
	case ops.TryLock:
		return visible(opTryLock)
	case ops.TryRLock:
		return visible(opTryRLock)
	case ops.RLocker:
		v, ok := at()
		if !ok {
			return c.done(unknown), true
		}
		return c.done(val{k: ptr, n: v.n, p: s.pathTo(v.p, rlocker)}), true
	case ops.WgAdd:
		if a := arg(0); a.k == opaque {
			if _, _, ask := s.evalInt(st, a); ask {
				return s.ask(c.instr), true
			}
		}
		return visible(opAdd)
	case ops.WgDone:
		return visible(opDone)
	case ops.WgWait:
		return visible(opWait)
	case ops.WgGo:
		return visible(opWgGo)
	case ops.NewCond:
		v := s.alloc(st, c.g, c.instr, deref(c.common.Signature().Results().At(0).Type()), "")
		l := c.common.Signature().Results().At(0).Type()
		st.object(v.n).setCell(s.pathTo(0, condLocker(l)), arg(0))
		return c.done(v), true
	case ops.CondWait:
		return visible(opCondWait)
	case ops.CondSignal:
		return visible(opSignal)
	case ops.CondBroadcast:
		return visible(opBroadcast)
	case ops.OnceDo:
		return visible(opOnce)
	case ops.OnceFunc:
		v := s.alloc(st, c.g, c.instr, nil, "")
		return c.done(s.onceFunc(v, arg(0))), true
	case ops.TestLog:
		if fn := skeleton.Static(c.common); fn != nil && !strings.HasPrefix(fn.Name(), "Log") {
			st.over = true // the test has failed
			return stop, true
		}
		return c.done(s.result(c)), true // t.Log, or a method value that may be it
	case ops.AtomicLoad, ops.PoolGet, ops.MapLoad, ops.TestSetenv, ops.TestParallel, ops.SignalStop, ops.Sleep:
		return c.done(s.result(c)), true
	case ops.TimerStop, ops.TimerReset:
		v, ok := at()
		if ok && op.Kind == ops.TimerReset && st.look(v.n) != nil {
			if ch, has := st.look(v.n).cell(s.pathTo(v.p, 0)); has && ch.k == channel {
				if o := st.object(ch.n); o.single {
					o.timer = true
				}
			}
		}
		if !ok || st.look(v.n) == nil || st.look(v.n).later.k == top {
			return c.done(s.result(c)), true
		}
		if op.Kind == ops.TimerReset {
			s.escape(st, st.look(v.n).later) // it may run again
			return c.done(s.result(c)), true
		}
		return c.pending(pending{op: opTimerStop, obj: v}), true
	case ops.AtomicStore, ops.AtomicUpdate, ops.PoolPut, ops.MapStore, ops.MapUpdate, ops.SignalNotify, ops.TestCleanup, ops.RunsLater:
		for _, a := range args {
			s.escape(st, a)
		}
		return c.done(s.result(c)), true
	case ops.MapRange, ops.RunsNow, ops.FlightDo, ops.TestRun:
		i := op.Func
		for j, a := range args {
			if j != i {
				s.escape(st, a)
			}
		}
		if f := arg(i); f.k == fn && s.closures[f.n].fn != nil && len(s.closures[f.n].fn.Blocks) > 0 && !c.deferred {
			cl := s.closures[f.n]
			return s.push(c, skeleton.Origin(cl.fn), cl.binds, nil, afterDropResult, unknown), true
		}
		s.escape(st, arg(i))
		return c.done(s.result(c)), true
	case ops.CtxRoot:
		if strings.HasPrefix(skeleton.Static(c.common).FullName(), "(") { // a test's
			return c.done(s.result(c)), true
		}
		return c.done(val{k: ctx}), true
	case ops.CtxWithCancel, ops.CtxWithTimeout, ops.SignalNotifyContext:
		v := s.newContext(c, arg(0), op.Kind != ops.CtxWithCancel)
		return c.done(s.tuple([]val{{k: ctx, n: v.n}, {k: cancel, n: v.n}})), true
	case ops.CtxWithValue:
		s.escape(st, arg(2))
		return c.done(arg(0)), true
	case ops.CtxDetach:
		return c.done(val{k: ctx}), true
	case ops.CtxDone:
		switch {
		case on.k == ctx && on.n == 0:
			return c.done(val{k: null}), true
		case on.k == ctx:
			return c.done(val{k: channel, n: on.n}), true
		case on.k == opaque:
			return c.done(val{k: opaque, n: s.expr(expr{op: tokenDone, a: on})}), true
		}
		return c.done(unknown), true
	case ops.CtxErr:
		x := on
		if fn := skeleton.Static(c.common); fn != nil && fn.Signature().Recv() == nil {
			x = arg(0)
		}
		if x.k == ctx {
			if s.ctxDone(st, x.n) {
				return c.done(val{k: solid}), true
			}
			if !s.ctxOutside(st, x.n) {
				return c.done(val{k: null}), true
			}
		}
		if x.k == opaque {
			if _, over := st.fact(s.noErr(x)); over {
				return c.done(val{k: solid}), true
			}
		}
		return c.done(s.result(c)), true
	case ops.CtxAfterFunc, ops.AfterFunc:
		return c.done(s.startLater(c, arg(op.Func), op.Kind == ops.CtxAfterFunc, arg(0))), true
	case ops.After, ops.Tick:
		v := s.alloc(st, c.g, c.instr, nil, "")
		o := st.object(v.n)
		o.isChan, o.timer, o.single = true, true, op.Kind == ops.After
		return c.done(val{k: channel, n: v.n}), true
	case ops.NewTimer, ops.NewTicker:
		v := s.alloc(st, c.g, c.instr, nil, "")
		ch := s.alloc(st, c.g, timerChan{c.instr}, nil, "")
		o := st.object(ch.n)
		o.isChan, o.timer, o.single = true, true, op.Kind == ops.NewTimer
		st.object(v.n).setCell(s.pathTo(0, 0), val{k: channel, n: ch.n})
		return c.done(v), true
	case ops.GroupWithContext:
		v := s.alloc(st, c.g, c.instr, nil, "")
		x := s.newContext(c, arg(0), false)
		st.object(v.n).sync(0).link = val{k: ctx, n: x.n}
		return c.done(s.tuple([]val{v, {k: ctx, n: x.n}})), true
	case ops.GroupGo:
		return visible(opGroupGo)
	case ops.GroupTryGo:
		return visible(opGroupTryGo)
	case ops.GroupWait:
		return visible(opGroupWait)
	case ops.GroupSetLimit:
		if v, ok := at(); ok {
			n, known, ask := s.evalInt(st, arg(0))
			if ask {
				return s.ask(c.instr), true
			}
			if known {
				st.object(v.n).sync(v.p).limit = n
			}
		}
		return c.done(unknown), true
	case ops.NewSemaphore:
		n, known, ask := s.evalInt(st, arg(0))
		if ask {
			return s.ask(c.instr), true
		}
		v := s.alloc(st, c.g, c.instr, nil, "")
		y := st.object(v.n).sync(0)
		y.limit = n
		if !known {
			st.object(v.n).escaped = true
		}
		return c.done(v), true
	case ops.SemAcquire, ops.SemRelease, ops.SemTryAcquire:
		k := map[ops.Kind]opKind{ops.SemAcquire: opAcquire, ops.SemRelease: opRelease, ops.SemTryAcquire: opTryAcquire}[op.Kind]
		v, ok := at()
		if !ok {
			return c.done(s.result(c)), true
		}
		p := pending{op: k, obj: v, arg: arg(0)}
		if k == opAcquire {
			p.arg, p.ctx = arg(1), arg(0)
		}
		return c.pending(p), true
	case ops.Exit:
		st.over = true
		return stop, true
	case ops.TestFatal:
		// A test that fails or is skipped ends here: what it leaves behind then
		// is nobody's concern.
		st.over = true
		return stop, true
	case ops.Goexit:
		c.frame().unwind = unwindExit
		return goOn, true
	case ops.Panic:
		c.frame().unwind = unwindPanic
		return goOn, true
	}
	return goOn, false
}

// maxLater bounds the goroutines beside which AfterFunc starts more: a loop can
// make any number of timers.
const maxLater = 6

// startLater starts a function in a goroutine that begins when time has passed
// or, onDone, when the context is done. It returns the timer, or the function
// that stops it.
func (s *system) startLater(c *callCtx, f val, onDone bool, x val) val {
	st := c.st
	if onDone && x.k == ctx && x.n == 0 {
		return s.result(c) // never
	}
	if f.k != fn || s.closures[f.n].fn == nil || len(st.gs) >= maxLater {
		s.escape(st, f)
		return s.result(c)
	}
	cl := s.closures[f.n]
	target := skeleton.Origin(cl.fn)
	if len(target.Blocks) == 0 {
		s.escape(st, f)
		return s.result(c)
	}
	if !s.ps.isActive(target) {
		return s.result(c)
	}
	v := s.alloc(st, c.g, c.instr, nil, "")
	st.object(v.n).later = f
	g := s.spawn(st, c.g, c.instr, target, cl.binds, nil, exitNone, unknown)
	if g == nil {
		return v // beyond the bounds
	}
	g.pend = pending{op: opDormant, instr: c.instr, obj: v}
	if onDone {
		g.pend.ctx, g.pend.phase = x, 1
		return s.special(v)
	}
	return v
}

type timerChan struct{ site ssa.CallInstruction }

// onceFunc is the function that OnceFunc returns.
func (s *system) onceFunc(once, f val) val { return s.special(once, f) }

// special is a function that package sync or context returns, known by what it
// is bound to: a Once and a function, or a timer that it stops.
func (s *system) special(binds ...val) val {
	k := "special" + valsKey(binds)
	if id, ok := s.closIDs[k]; ok {
		return val{k: fn, n: id}
	}
	id := int32(len(s.closures))
	s.closures = append(s.closures, closure{nil, binds})
	s.closDeps = append(s.closDeps, s.leavesOf(binds))
	s.closIDs[k] = id
	return val{k: fn, n: id}
}

// condLocker is the index of field L of sync.Cond.
func condLocker(t types.Type) int32 {
	if u, ok := deref(t).Underlying().(*types.Struct); ok {
		for i := range u.NumFields() {
			if u.Field(i).Name() == "L" {
				return int32(i)
			}
		}
	}
	return 0
}

func (s *system) newContext(c *callCtx, parent val, outside bool) val {
	v := s.alloc(c.st, c.g, c.instr, nil, "")
	o := c.st.object(v.n)
	o.isCtx, o.outside = true, outside
	if parent.k == ctx {
		o.parent = parent
	} else {
		o.outside = true
	}
	return v
}

// ctxDone reports whether a context has been cancelled.
func (s *system) ctxDone(st *state, id int32) bool {
	for id != 0 {
		o := st.look(id)
		if o == nil {
			return false
		}
		if o.cancelled {
			return true
		}
		if o.parent.k != ctx {
			return false
		}
		id = o.parent.n
	}
	return false
}

// ctxOutside reports whether time or unseen code may cancel a context.
func (s *system) ctxOutside(st *state, id int32) bool {
	for id != 0 {
		o := st.look(id)
		if o == nil || o.outside || o.fed {
			return o != nil
		}
		if o.parent.k != ctx {
			return false
		}
		id = o.parent.n
	}
	return false
}
