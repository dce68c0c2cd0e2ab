package machine

import (
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// An outcome is what executing one instruction led to.
type outcome uint8

const (
	goOn outcome = iota // next instruction
	stop                // the goroutine stands before a visible operation, or is gone
	fork                // a value must be decided first: system.forkExpr and forkOpts
)

// maxSteps bounds how long a goroutine runs between visible operations.
const maxSteps = 20000

// settle runs every goroutine that stands before nothing visible, under every
// decision of unknown values, until all stand before a visible operation. It
// appends the states to out. A step that is begun within the bound of work may take
// as much again; then what is left is cut.
func (s *system) settle(st *state, out []*state) []*state {
	work := []*state{st}
	var turned map[string]bool // states at decisions in loops: a turn that changes nothing is none
	for len(work) > 0 {
		st := work[len(work)-1]
		work = work[:len(work)-1]
		if len(work)+len(out) > maxForks || s.stats.Work > 2*s.work {
			st.cut = true
		}
	again:
		if st.over || st.cut || st.bad != nil {
			out = append(out, st)
			continue
		}
		var g *goroutine
		for _, x := range st.gs {
			if x.pend.op == opNone {
				g = st.goroutine(x.id)
				break
			}
		}
		if g == nil {
			out = append(out, st)
			continue
		}
		for range maxSteps {
			s.stats.Work++
			switch s.step(st, g) {
			case goOn:
				continue
			case stop:
				goto again
			case fork:
				expr, opts, instr := s.forkExpr, s.forkOpts, s.forkInstr
				if s.inLoop(instr) {
					s.collect(st)
					key := s.encode(st)
					if turned[key] {
						goto next
					}
					if turned == nil {
						turned = make(map[string]bool)
					}
					turned[key] = true
				}
				opts, agree := s.possible(st, expr, opts)
				opts = s.restrict(g, instr, opts)
				// A clone shares what st owns, so st itself must not go on.
				for _, opt := range slices.Backward(opts) {
					c := st.clone()
					s.stats.Work += copyWork
					c.choices = st.choices
					c.setFact(expr, opt)
					s.conclude(c, expr, opt)
					c.trace = st.trace.add(s.decision(g, instr, opt))
					s.chose(c, g.id, instr, opt)
					_, branch := instr.(*ssa.If)
					c.choices.last.alone = branch && len(st.gs) == 1 && s.script == nil && !s.inLoop(instr)
					if s.weak(expr) || !agree || switchedOff(instr) || s.exprs[expr].op == token.RANGE && (opt == 0 || s.ownLength(expr)) {
						c.choices.last.weak = true // nobody else has it yet
					}
					work = append(work, c)
				}
				goto next
			}
		}
		st.cut = true // spins
		out = append(out, st)
	next:
	}
	return out
}

// switchedOff reports whether the branch asks if a channel is nil that the function sets to nil itself
// when it is done with it: that says nothing of what the channel was before.
func switchedOff(instr ssa.Instruction) bool {
	br, ok := instr.(*ssa.If)
	if !ok {
		return false
	}
	cmp, ok := br.Cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	phi, ok := cmp.X.(*ssa.Phi)
	if !ok {
		return false
	}
	_, ch := phi.Type().Underlying().(*types.Chan)
	return ch && slices.ContainsFunc(phi.Edges, func(e ssa.Value) bool { k, ok := e.(*ssa.Const); return ok && k.IsNil() })
}

// ownLength reports whether the length is that of what the system has cut out or converted
// itself, and which is another one than what is chosen for it.
func (s *system) ownLength(e int32) bool {
	a := s.exprs[e].a
	if a.k != opaque {
		return false
	}
	switch instr := s.exprs[a.n].leaf.instr.(type) {
	case *ssa.Slice:
		return true
	case *ssa.Convert:
		return fixed(instr.X, nil)
	}
	return false
}

// possible are the options for a number that agree with the comparisons which have been
// decided; all of them, and false, when none does: then the number is a larger one.
func (s *system) possible(st *state, e int32, opts []int32) ([]int32, bool) {
	known := func(v val) (int32, bool) {
		switch v.k {
		case num:
			return v.n, true
		case opaque:
			return st.fact(v.n)
		}
		return 0, false
	}
	if opt, ok := s.mirrored(st, e); ok {
		return []int32{opt}, true
	}
	if opt, ok := s.implied(st, e); ok {
		return []int32{opt}, true
	}
	var list []int32
	for _, opt := range opts {
		agrees := true
		for _, f := range st.facts {
			x := s.exprs[f.expr]
			if x.op != token.LSS && x.op != token.EQL {
				continue
			}
			value := func(v val) (int32, bool) {
				if v.k == opaque && v.n == e {
					return opt, true
				}
				return known(v)
			}
			if (x.a.k != opaque || x.a.n != e) && (x.b.k != opaque || x.b.n != e) {
				continue
			}
			a, ok := value(x.a)
			b, too := value(x.b)
			if !ok || !too {
				continue
			}
			holds := x.op == token.LSS && a < b || x.op == token.EQL && a == b
			agrees = agrees && holds == (f.v == 1)
		}
		if agrees {
			list = append(list, opt)
		}
	}
	if len(list) == 0 {
		return opts, false
	}
	return list, true
}

// mirrored is what x < y is when y < x has been decided: not both, and of two values that
// count nothing one or the other. That they are equal would make two decisions of what is one
// for those who sort by them.
func (s *system) mirrored(st *state, e int32) (opt int32, ok bool) {
	x := s.exprs[e]
	if x.op != token.LSS || x.a.k != opaque || x.b.k != opaque {
		return 0, false
	}
	other, ok := st.fact(s.expr(expr{op: token.LSS, a: x.b, b: x.a}))
	if !ok || other == 1 {
		return 0, ok
	}
	for _, v := range []val{x.a, x.b} {
		if _, number := st.fact(v.n); number || s.exprs[v.n].op != token.ILLEGAL {
			return 0, false
		}
	}
	return 1, true
}

// implied is what a comparison of a value with a number is, by those with other numbers that
// have been decided: what is not 0 and counts something is more than 0.
func (s *system) implied(st *state, e int32) (opt int32, ok bool) {
	x := s.exprs[e]
	v, n, less := against(x)
	inOrder := func(n int32) bool { return max(n, -n) >= int32(s.lastExact()) } // only
	if v < 0 || inOrder(n) {
		return 0, false
	}
	lo, hi := int32(math.MinInt32), int32(math.MaxInt32)
	if s.exprs[v].op == token.RANGE {
		lo = 0
	}
	var not []int32
	for _, f := range st.facts {
		w, m, below := against(s.exprs[f.expr])
		if w != v {
			continue
		}
		if inOrder(m) {
			return 0, false
		}
		switch holds := f.v == 1; {
		case below == 0 && holds:
			lo, hi = max(lo, m), min(hi, m)
		case below == 0:
			not = append(not, m)
		case below < 0 && holds: // v < m
			hi = min(hi, m-1)
		case below < 0:
			lo = max(lo, m)
		case holds: // m < v
			lo = max(lo, m+1)
		default:
			hi = min(hi, m)
		}
	}
	for slices.Contains(not, lo) {
		lo++
	}
	for slices.Contains(not, hi) {
		hi--
	}
	switch {
	case lo > hi:
		return 0, false
	case less < 0: // v < n
		return valueIf(hi < n, 1), hi < n || lo >= n
	case less > 0: // n < v
		return valueIf(lo > n, 1), lo > n || hi <= n
	case n < lo || n > hi || slices.Contains(not, n):
		return 0, true
	}
	return 1, lo == hi
}

// against is what a comparison compares with a number: v < n if less is -1, n < v if it is 1,
// v == n if it is 0; v is -1 for any other expression.
func against(x expr) (v, n, less int32) {
	switch {
	case x.op != token.LSS && x.op != token.EQL:
	case x.a.k == opaque && x.b.k == num:
		return x.a.n, x.b.n, valueIf(x.op == token.LSS, -1)
	case x.a.k == num && x.b.k == opaque:
		return x.b.n, x.a.n, valueIf(x.op == token.LSS, 1)
	}
	return -1, 0, 0
}

// valueIf is a if yes, and 0 otherwise.
func valueIf(yes bool, a int32) int32 {
	if yes {
		return a
	}
	return 0
}

// decision is the event of a value being decided; for a branch, of the
// condition as it is written.
func (s *system) decision(g *goroutine, instr ssa.Instruction, v int32) event {
	if br, ok := instr.(*ssa.If); ok {
		if s.get(&g.stack[len(g.stack)-1], br.Cond).neg {
			v = 1 - v
		}
	}
	return event{gid: g.id, instr: instr, what: "decides", index: int(v)}
}

// copyWork is what copying a state counts for, in instructions.
const copyWork = 20

// maxForks bounds the states that one step can lead to.
const maxForks = 256

// weak reports whether a decision about the expression is a guess: its value
// was lost on the way, or other goroutines have a say in it.
func (s *system) weak(e int32) bool {
	for _, d := range s.deps[e] {
		l := s.exprs[d].leaf
		switch {
		case l.index == -1:
			return true // the condition of a branch that nothing is known of
		case l.index <= okIndex:
			continue // whether code that is not seen sends another value, or has closed
		}
		if l.instr == nil && s.lost(l.obj) {
			return true
		}
		switch instr := l.instr.(type) {
		case *ssa.Call:
			if s.ps.changes(instr, 0) {
				return true
			}
		case *ssa.Lookup, *ssa.UnOp, *ssa.Phi, *ssa.Index, *ssa.Next:
			return true
		}
	}
	return false
}

// maxGetters bounds how many functions that only return what others do are seen
// through.
const maxGetters = 3

// changes reports whether the result of a call is what others can change meanwhile:
// an atomic, an entry of a map, a length, also by way of a function that returns it.
func (ps *programs) changes(call *ssa.Call, depth int) bool {
	switch op, _ := ps.pkg.Op(&call.Call); op.Kind {
	case ops.AtomicLoad, ops.AtomicUpdate, ops.MapLoad, ops.MapUpdate, ops.PoolGet:
		return true
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		return b.Name() == "len" || b.Name() == "cap"
	}
	if depth >= maxGetters {
		return false
	}
	fns, _ := ps.pkg.Callees(call)
	return slices.ContainsFunc(fns, func(fn *ssa.Function) bool {
		for _, b := range fn.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if ok && slices.ContainsFunc(ret.Results, func(v ssa.Value) bool { return ps.derives(v, depth+1) }) {
				return true
			}
		}
		return false
	})
}

// derives reports whether a value is computed from what others can change.
func (ps *programs) derives(v ssa.Value, depth int) bool {
	switch v := v.(type) {
	case *ssa.Call:
		return ps.changes(v, depth)
	case *ssa.BinOp:
		return ps.derives(v.X, depth) || ps.derives(v.Y, depth)
	case *ssa.UnOp:
		return v.Op == token.NOT && ps.derives(v.X, depth)
	}
	return false
}

// lost reports whether elements of an object were set that are not known, or the
// pointer that it lies behind is a guess itself.
func (s *system) lost(id int32) bool {
	lazy := s.objs[id].key.lazy
	return s.blurred[id] || lazy > 0 && s.weak(lazy-1)
}

func (s *system) get(f *frame, v ssa.Value) val {
	switch v := v.(type) {
	case *ssa.Const:
		return s.konst(v)
	case *ssa.Function:
		return s.function(v, nil)
	case *ssa.Global:
		return val{k: ptr, n: s.object(objKey{globl: v}, v.Type().Underlying().(*types.Pointer).Elem(), true, v.Name())}
	}
	if r, ok := f.p.regs[v]; ok {
		return f.regs[r]
	}
	return unknown
}

// channel is a channel that is sent on or received from: nil, if that has been decided.
func (s *system) channel(st *state, f *frame, ch ssa.Value) val {
	v := s.get(f, ch)
	if v.k == opaque {
		if is, ok := st.fact(s.expr(expr{op: token.EQL, a: v, b: val{k: null}})); ok && is == 1 {
			return val{k: null}
		}
	}
	return v
}

func (s *system) konst(c *ssa.Const) val {
	if c.Value != nil && c.Value.Kind() == constant.Int && !isInteger(c.Type()) {
		return unknown
	}
	if c.Value == nil {
		return s.zero(c.Type())
	}
	return konst(c, s.rank)
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func (f *frame) set(v ssa.Value, x val) {
	if r, ok := f.p.regs[v]; ok {
		f.regs[r] = x
	}
}

// fresh is a new unknown value that instr defines.
func (s *system) fresh(st *state, g *goroutine, instr ssa.Value, index int, typ types.Type) val {
	if !followed(typ) {
		return unknown
	}
	if tup, ok := typ.(*types.Tuple); ok {
		vals := make([]val, tup.Len())
		for i := range vals {
			vals[i] = s.fresh(st, g, instr, i+1, tup.At(i).Type())
		}
		return s.tuple(vals)
	}
	l := leaf{gid: g.id, instr: instr, index: index}
	for i := range g.stack {
		if g.stack[i].p.fn == instr.Parent() {
			l.depth++
		}
	}
	for ; l.occ <= maxOccurrence; l.occ++ {
		old := s.parts(l, typ, nil)
		if len(old) > 0 {
			if s.held(st, g, instr, old) {
				continue
			}
			s.renew(st, old)
		}
		return s.whole(l, typ)
	}
	return unknown // as many values of one place are more than are told apart
}

// maxNested bounds how deep structs inside of an unknown one are told apart.
const maxNested = 2

// apart reports whether the fields of an unknown struct are told apart.
func (s *system) apart(l leaf, typ types.Type) (*types.Struct, bool) {
	u, ok := typ.Underlying().(*types.Struct)
	return u, ok && u.NumFields() <= maxStruct && s.nested(l.path) < maxNested
}

// whole is an unknown value: one leaf, or those of the fields of a struct.
func (s *system) whole(l leaf, typ types.Type) val {
	if !followed(typ) {
		return unknown
	}
	u, ok := s.apart(l, typ)
	if !ok {
		return s.leaf(l)
	}
	vals := make([]val, u.NumFields())
	path := l.path
	for i := range vals {
		l.path = s.pathTo(path, int32(i))
		vals[i] = s.whole(l, u.Field(i).Type())
	}
	return s.tuple(vals)
}

// parts adds the leaves of an unknown value that there have been before.
func (s *system) parts(l leaf, typ types.Type, old []int32) []int32 {
	if !followed(typ) {
		return old
	}
	u, ok := s.apart(l, typ)
	if !ok {
		if id, ok := s.exprIDs[expr{leaf: l}]; ok {
			old = append(old, id)
		}
		return old
	}
	path := l.path
	for i := range u.NumFields() {
		l.path = s.pathTo(path, int32(i))
		old = s.parts(l, u.Field(i).Type(), old)
	}
	return old
}

// maxOccurrence bounds how many values that one instruction has defined, one
// after the other, are told apart.
const maxOccurrence = 3

func (f *frame) block_() *ssa.BasicBlock { return f.p.fn.Blocks[f.block] }

// step executes the instruction that g stands before.
func (s *system) step(st *state, g *goroutine) outcome {
	f := &g.stack[len(g.stack)-1]
	if f.unwind != unwindNone {
		return s.unwind(st, g)
	}
	instr := f.block_().Instrs[f.pc]
	if s.ps.focus != nil && s.ps.focus.ignores(instr) {
		switch instr := instr.(type) {
		case *ssa.Send:
			s.escape(st, s.get(f, instr.X))
		case *ssa.Select:
			for _, c := range instr.States {
				if c.Send != nil {
					s.escape(st, s.get(f, c.Send))
				}
			}
		}
		if v, ok := instr.(ssa.Value); ok {
			f.set(v, s.fresh(st, g, v, 0, v.Type()))
		}
		f.pc++
		return goOn
	}
	switch instr := instr.(type) {
	case *ssa.Phi:
		// All phis of a block are set when it is entered.
	case *ssa.Alloc:
		f.set(instr, s.alloc(st, g, instr, instr.Type().Underlying().(*types.Pointer).Elem(), instr.Comment))
	case *ssa.MakeChan:
		n, known, ask := s.evalInt(st, s.get(f, instr.Size))
		if ask {
			return s.ask(instr)
		}
		if known && n < 0 {
			st.over = true // the numbers that were chosen do not go together
			return stop
		}
		v := s.alloc(st, g, instr, instr.Type(), "")
		o := st.object(v.n)
		o.isChan = true
		if instr == s.widened {
			n, known = 1, true
		}
		if known {
			o.cap = n
		} else {
			o.cap, o.unsized = maxExact, true
		}
		f.set(instr, val{k: channel, n: v.n})
	case *ssa.MakeMap:
		f.set(instr, s.alloc(st, g, instr, nil, ""))
	case *ssa.MakeSlice:
		n, known, ask := s.evalInt(st, s.get(f, instr.Len))
		if ask {
			return s.ask(instr)
		}
		if known && n < 0 {
			st.over = true
			return stop
		}
		v := s.alloc(st, g, instr, nil, "")
		if known {
			st.object(v.n).length = n
		} else {
			st.object(v.n).blurred = true // which elements are set by who goes over it is not known
		}
		f.set(instr, val{k: slice, n: v.n})
	case *ssa.MakeClosure:
		binds := make([]val, len(instr.Bindings))
		for i, b := range instr.Bindings {
			binds[i] = s.get(f, b)
		}
		f.set(instr, s.function(instr.Fn.(*ssa.Function), binds))
	case *ssa.MakeInterface:
		v := s.get(f, instr.X)
		switch v.k {
		case top, null, num, tuple:
			s.escape(st, v)   // out of sight
			v = val{k: solid} // an interface value that holds something is not nil
		}
		f.set(instr, v)
	case *ssa.ChangeType:
		f.set(instr, s.get(f, instr.X))
	case *ssa.ChangeInterface:
		f.set(instr, s.get(f, instr.X))
	case *ssa.Convert:
		v := s.get(f, instr.X)
		if !followed(instr.X.Type()) {
			v = s.fresh(st, g, instr, 0, instr.Type())
		}
		f.set(instr, v)
	case *ssa.MultiConvert:
		f.set(instr, s.fresh(st, g, instr, 0, instr.Type()))
	case *ssa.SliceToArrayPointer:
		f.set(instr, s.get(f, instr.X))
	case *ssa.TypeAssert:
		v := s.get(f, instr.X)
		switch {
		case v.k == null && instr.CommaOk:
			f.set(instr, s.zero(instr.Type()))
			f.pc++
			return goOn
		case v.k == null:
			f.unwind = unwindPanic
			return goOn
		}
		if instr.CommaOk {
			ok := s.leaf(leaf{gid: g.id, instr: instr, index: 1})
			s.forget(st, ok.n)
			v = s.tuple([]val{v, ok})
		}
		f.set(instr, v)
	case *ssa.Extract:
		v := s.get(f, instr.Tuple)
		if v.k == tuple && instr.Index < len(s.tuples[v.n]) {
			f.set(instr, s.tuples[v.n][instr.Index])
		} else {
			f.set(instr, s.fresh(st, g, instr, 0, instr.Type()))
		}
	case *ssa.FieldAddr:
		f.set(instr, s.sub(s.get(f, instr.X), int32(instr.Field), instr.X.Type()))
	case *ssa.Field:
		v := s.get(f, instr.X)
		switch {
		case v.k == tuple && instr.Field < len(s.tuples[v.n]):
			f.set(instr, s.tuples[v.n][instr.Field])
		default:
			f.set(instr, s.fresh(st, g, instr, 0, instr.Type()))
		}
	case *ssa.IndexAddr:
		x, i := s.get(f, instr.X), s.get(f, instr.Index)
		if x.k == opaque && i.k == num {
			// The elements of a slice from outside are told apart by their index.
			x, _ = s.behind(x, nil)
		}
		if x.k == slice && x.p == 0 && i.k == num {
			if o := st.look(x.n); o != nil && o.length >= 0 && i.n >= o.length && s.exactLength(o.length) {
				st.over = true // the numbers that were chosen do not go together
				return stop
			}
		}
		if (x.k == ptr || x.k == slice) && i.k == num {
			f.set(instr, val{k: ptr, n: x.n, p: s.pathTo(x.p, -1-i.n)})
		} else {
			s.escapeUnder(st, x) // any of the elements is meant
			if x.k == ptr || x.k == slice {
				st.object(x.n).blurred = true
				s.blurred[x.n] = true
			}
			f.set(instr, unknown)
		}
	case *ssa.Index:
		f.set(instr, s.fresh(st, g, instr, 0, instr.Type()))
	case *ssa.Lookup:
		f.set(instr, s.lookup(st, g, f, instr))
	case *ssa.MapUpdate:
		m, k, v := s.get(f, instr.Map), s.get(f, instr.Key), s.get(f, instr.Value)
		if m.k == ptr && k.k == num {
			o := st.object(m.n)
			o.setCell(s.pathTo(m.p, -1-k.n), v)
			if s.open(st, m.n) {
				s.escape(st, v)
			}
		} else {
			s.escape(st, k)
			s.escape(st, v)
		}
	case *ssa.Slice:
		v := s.get(f, instr.X)
		if v.k == ptr && instr.Low == nil && instr.High == nil { // of an array
			if arr, ok := deref(instr.X.Type()).Underlying().(*types.Array); ok {
				st.object(v.n).length = int32(s.rank(arr.Len()))
			}
			v = val{k: slice, n: v.n, p: v.p}
		} else if instr.Low != nil || instr.High != nil {
			if part, ok := s.cutOut(st, g, f, instr, v); ok {
				v = part
			} else {
				s.escape(st, v)
				v = s.fresh(st, g, instr, 0, instr.Type())
			}
		}
		f.set(instr, v)
	case *ssa.Range:
		v := s.alloc(st, g, instr, nil, "")
		o := st.object(v.n)
		o.setCell(iterAt, integer(0))
		o.setCell(iterOver, s.get(f, instr.X))
		f.set(instr, v)
	case *ssa.Next:
		return s.next(st, g, f, instr)
	case *ssa.UnOp:
		switch instr.Op {
		case token.MUL:
			if g, ok := instr.X.(*ssa.Global); ok && s.ps.sentinel(g) {
				f.set(instr, s.leaf(leaf{instr: g}))
				break
			}
			f.set(instr, s.load(st, g, s.get(f, instr.X), instr))
		case token.NOT:
			v := s.get(f, instr.X)
			switch v.k {
			case num:
				v = boolean(v.n == 0)
			case opaque:
				v.neg = !v.neg
			default:
				v = unknown
			}
			f.set(instr, v)
		case token.ARROW:
			g.pend = pending{op: opRecv, instr: instr, obj: s.channel(st, f, instr.X), result: instr, commaOk: instr.CommaOk}
			return stop
		case token.SUB:
			v := s.get(f, instr.X)
			if v.k == num {
				f.set(instr, s.clamp(-v.n))
			} else {
				f.set(instr, unknown)
			}
		default:
			f.set(instr, unknown)
		}
	case *ssa.BinOp:
		v, ask := s.binop(st, f, instr)
		if ask {
			return s.ask(instr)
		}
		f.set(instr, v)
	case *ssa.Store:
		v := s.get(f, instr.Val)
		if (v.k == num || v.k == opaque) && s.ps.tallies(instr) {
			v = unknown
		}
		s.store(st, s.get(f, instr.Addr), v, instr.Val.Type())
	case *ssa.Jump:
		s.enter(st, g, f, f.block_().Succs[0])
		return goOn
	case *ssa.If:
		return s.branch(st, g, f, instr)
	case *ssa.Send:
		g.pend = pending{op: opSend, instr: instr, obj: s.channel(st, f, instr.Chan), arg: s.get(f, instr.X)}
		return stop
	case *ssa.Select:
		g.pend = pending{op: opSelect, instr: instr, result: instr, def: !instr.Blocking}
		for _, c := range instr.States {
			sc := selectCase{send: c.Dir == types.SendOnly, ch: s.channel(st, f, c.Chan), typ: c.Chan.Type()}
			if sc.send {
				sc.v = s.get(f, c.Send)
			}
			g.pend.cases = append(g.pend.cases, sc)
		}
		return stop
	case *ssa.Go:
		return s.goStmt(st, g, f, instr)
	case *ssa.Defer:
		d := deferred{instr: instr, args: make([]val, len(instr.Call.Args))}
		for i, a := range instr.Call.Args {
			d.args[i] = s.get(f, a)
		}
		if _, ok := instr.Call.Value.(*ssa.Builtin); !ok {
			d.callee = s.get(f, instr.Call.Value)
		}
		if len(f.defers) > 64 {
			st.cut = true
			return stop
		}
		f.defers = append(f.defers, d)
	case *ssa.RunDefers:
		if len(f.defers) > 0 {
			return s.runDeferred(st, g, f)
		}
	case *ssa.Return:
		return s.ret(st, g, f, instr)
	case *ssa.Panic:
		f.unwind = unwindPanic
		return goOn
	case *ssa.Call:
		c := &callCtx{st: st, g: g, instr: instr, common: &instr.Call, args: make([]val, len(instr.Call.Args))}
		for i, a := range instr.Call.Args {
			c.args[i] = s.get(f, a)
		}
		if _, ok := instr.Call.Value.(*ssa.Builtin); !ok {
			c.callee = s.get(f, instr.Call.Value)
		}
		return s.call(c)
	case *ssa.DebugRef:
	default:
		if v, ok := instr.(ssa.Value); ok {
			f.set(v, s.fresh(st, g, v, 0, v.Type()))
		}
	}
	f.pc++
	return goOn
}

func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// ask notes that the value in forkExpr must be decided before instr.
func (s *system) ask(instr ssa.Instruction) outcome {
	s.forkInstr = instr
	return fork
}

// alloc makes a new object for a site; in a loop, a second one.
func (s *system) alloc(st *state, g *goroutine, site any, typ types.Type, name string) val {
	k := objKey{gid: g.id, site: site}
	for {
		id := s.object(k, typ, false, name)
		if st.look(id) == nil {
			st.object(id)
			return val{k: ptr, n: id}
		}
		k.occ++
		if k.occ > 40 {
			st.cut = true
			return val{k: ptr, n: id}
		}
	}
}

// behind turns an unknown pointer into the address of the object behind it.
func (s *system) behind(v val, typ types.Type) (val, bool) {
	switch v.k {
	case ptr:
		return v, true
	case opaque:
		return val{k: ptr, n: s.object(objKey{lazy: v.n + 1}, typ, true, "")}, true
	}
	return unknown, false
}

func (s *system) sub(x val, field int32, typ types.Type) val {
	x, ok := s.behind(x, deref(typ))
	if !ok {
		return unknown
	}
	return val{k: ptr, n: x.n, p: s.pathTo(x.p, field)}
}

// open reports whether code that is not seen can use the object.
func (s *system) open(st *state, id int32) bool {
	if s.objs[id].open {
		return true
	}
	o := st.look(id)
	return o != nil && o.escaped
}

func (s *system) load(st *state, g *goroutine, addr val, instr *ssa.UnOp) val {
	typ := instr.Type()
	if !followed(typ) {
		return unknown
	}
	if addr.k == opaque {
		addr, _ = s.behind(addr, typ)
	}
	if addr.k != ptr {
		return s.fresh(st, g, instr, 0, typ)
	}
	if o := &s.objs[addr.n]; o.key.globl != nil && isError(typ) {
		return val{k: solid} // a package's error is made when it is declared
	}
	return s.loadAt(st, addr, typ)
}

func (s *system) loadAt(st *state, addr val, typ types.Type) val {
	if !followed(typ) {
		return unknown
	}
	o := st.look(addr.n)
	if o != nil {
		v, ok := o.cell(addr.p)
		if _, list := typ.Underlying().(*types.Slice); list && !ok && o.escaped {
			return s.leaf(leaf{obj: addr.n, path: addr.p}) // whoever has the object may have filled it
		}
		if o.blurred && (!ok || s.indexed(addr.p)) {
			return s.leaf(leaf{obj: addr.n, path: addr.p})
		}
		if ok {
			return v
		}
	}
	if u, ok := typ.Underlying().(*types.Struct); ok {
		if u.NumFields() > maxStruct {
			s.escapeUnder(st, addr)
			return unknown
		}
		vals := make([]val, u.NumFields())
		for i := range vals {
			vals[i] = s.loadAt(st, val{k: ptr, n: addr.n, p: s.pathTo(addr.p, int32(i))}, u.Field(i).Type())
		}
		return s.tuple(vals)
	}
	if s.objs[addr.n].open {
		return s.leaf(leaf{obj: addr.n, path: addr.p})
	}
	if _, isArray := typ.Underlying().(*types.Array); isArray {
		s.escapeUnder(st, addr)
		return unknown
	}
	return s.zero(typ)
}

// indexed reports whether the path leads through an element.
func (s *system) indexed(p int32) bool {
	for ; p > 0; p = s.paths[p].parent {
		if f := s.paths[p].field; f < 0 && f != rlocker {
			return true
		}
	}
	return false
}

func (s *system) store(st *state, addr, v val, typ types.Type) {
	if addr.k == opaque {
		addr, _ = s.behind(addr, typ)
	}
	if addr.k != ptr {
		s.escape(st, v)
		return
	}
	if s.open(st, addr.n) {
		s.escape(st, v)
		if f := s.fieldAt(addr); v.k == channel && f != nil && s.onlyDrained(f, s.objs[addr.n].typ) {
			st.object(v.n).unfed = true
		}
	}
	s.storeAt(st, addr, v, typ)
}

func (s *system) storeAt(st *state, addr, v val, typ types.Type) {
	if u, ok := typ.Underlying().(*types.Struct); ok {
		if ops.ZeroReady(typ) { // a Once that is made anew has not run
			o := st.object(addr.n)
			o.syncs = slices.DeleteFunc(slices.Clone(o.syncs), func(y sync) bool { return y.path == addr.p })
		}
		for i := range u.NumFields() {
			fv := unknown
			if v.k == tuple && i < len(s.tuples[v.n]) {
				fv = s.tuples[v.n][i]
			}
			if followed(u.Field(i).Type()) {
				s.storeAt(st, val{k: ptr, n: addr.n, p: s.pathTo(addr.p, int32(i))}, fv, u.Field(i).Type())
			}
		}
		return
	}
	if !followed(typ) {
		return
	}
	if s.script != nil {
		s.expose(st, addr, v)
	}
	st.object(addr.n).setCell(addr.p, v)
}

func (s *system) lookup(st *state, g *goroutine, f *frame, instr *ssa.Lookup) val {
	m, k := s.get(f, instr.X), s.get(f, instr.Index)
	v := unknown
	found := unknown
	if m.k == ptr && k.k == num && !s.open(st, m.n) {
		if o := st.look(m.n); o != nil {
			if c, ok := o.cell(s.pathTo(m.p, -1-k.n)); ok {
				v, found = c, integer(1)
			}
		}
	}
	if found == unknown {
		s.escapeUnder(st, m)
		t := instr.Type()
		if instr.CommaOk {
			t = t.(*types.Tuple).At(0).Type()
		}
		v = s.fresh(st, g, instr, 0, t)
		found = s.leaf(leaf{gid: g.id, instr: instr, index: 1})
		s.forget(st, found.n)
	}
	if instr.CommaOk {
		return s.tuple([]val{v, found})
	}
	return v
}

// Cells of an iterator: how far it is, and over what it goes.
const (
	iterAt   = 1
	iterOver = 2
)

// next advances an iterator over a map or string: as often as its length says.
func (s *system) next(st *state, g *goroutine, f *frame, instr *ssa.Next) outcome {
	it := s.get(f, instr.Iter)
	if it.k != ptr {
		f.set(instr, s.fresh(st, g, instr, 0, instr.Type()))
		f.pc++
		return goOn
	}
	over, _ := st.object(it.n).cell(iterOver)
	n, known, ask := int32(0), true, false
	if runes, ok := constantRunes(instr); ok {
		n = int32(s.rank(runes))
	} else if n, known, ask = s.evalInt(st, s.length(st, over)); ask {
		return s.ask(instr)
	}
	o := st.object(it.n)
	at, _ := o.cell(iterAt)
	s.escapeUnder(st, over)
	vals := make([]val, instr.Type().(*types.Tuple).Len())
	if known && at.k == num {
		vals[0] = boolean(at.n < n)
		o.setCell(iterAt, s.clamp(at.n+1))
	} else {
		vals[0] = s.leaf(leaf{gid: g.id, instr: instr, index: 0})
		s.forget(st, vals[0].n)
	}
	for i := 1; i < len(vals); i++ {
		vals[i] = s.fresh(st, g, instr, i, instr.Type().(*types.Tuple).At(i).Type())
	}
	f.set(instr, s.tuple(vals))
	f.pc++
	return goOn
}

// cutOut is a part of a slice whose length is known, when its bounds are.
func (s *system) cutOut(st *state, g *goroutine, f *frame, instr *ssa.Slice, v val) (val, bool) {
	o := st.look(v.n)
	if v.k != slice || o == nil || o.escaped || o.length < 0 || v.p != 0 || !s.exactLength(o.length) {
		return unknown, false
	}
	bound := func(x ssa.Value, def int32) int32 {
		if x == nil {
			return def
		}
		if n := s.get(f, x); n.k == num {
			return n.n
		}
		return -1
	}
	low, high := bound(instr.Low, 0), bound(instr.High, o.length)
	if low < 0 || high < low || high > o.length {
		return unknown, false
	}
	part := s.alloc(st, g, instr, nil, "")
	p := st.object(part.n)
	p.length = high - low
	from := st.look(v.n)
	for i := low; i < high; i++ {
		at := s.pathTo(0, -1-i)
		for _, cell := range slices.Clone(from.cells) {
			if s.under(cell.path, at) {
				p.setCell(s.rebase(cell.path, at, s.pathTo(0, -1-(i-low))), cell.v)
			}
		}
	}
	return val{k: slice, n: part.n}, true
}

// exactLength reports whether a length is a number and not only an order.
func (s *system) exactLength(n int32) bool { return n <= 2 || s.exact && n <= maxExact }

// length is the value of len(x).
func (s *system) length(st *state, x val) val {
	switch x.k {
	case null:
		return integer(0)
	case slice:
		if o := st.look(x.n); o != nil && o.length >= 0 {
			return integer(int(o.length))
		}
		return val{k: opaque, n: s.expr(expr{op: token.RANGE, a: x})}
	case channel:
		return unknown
	case opaque, ptr:
		return val{k: opaque, n: s.expr(expr{op: token.RANGE, a: x})}
	}
	return unknown
}

func (s *system) clamp(n int32) val {
	if n < -maxExact || n > s.maxInt {
		return unknown
	}
	return val{k: num, n: n}
}

// numbers are what a number can be: up to two, and three where a channel has room for
// one or two values, which only more than that fill.
func (s *system) numbers(least int32) []int32 {
	list := []int32{0, 1, 2, 3}[least:]
	if !s.narrow {
		return list[:len(list)-1]
	}
	return list
}

// evalInt evaluates an integer that says how often or how many. ask is set
// when something it depends on is not decided yet.
func (s *system) evalInt(st *state, v val) (n int32, known, ask bool) {
	switch v.k {
	case num:
		return v.n, true, false
	case opaque:
		if n, ok := st.fact(v.n); ok {
			return n, true, false
		}
		e := s.exprs[v.n]
		switch e.op {
		case token.ILLEGAL:
			s.forkExpr, s.forkOpts = v.n, s.numbers(1)
			return 0, false, true
		case token.RANGE:
			s.forkExpr, s.forkOpts = v.n, s.numbers(0)
			return 0, false, true
		case tokenMin, tokenMax:
			// Decided as a whole, like what they are made of.
			s.forkExpr, s.forkOpts = v.n, []int32{1, 2}
			return 0, false, true
		case token.ADD, token.SUB:
			a, ok1, ask1 := s.evalInt(st, e.a)
			if ask1 {
				return 0, false, true
			}
			b, ok2, ask2 := s.evalInt(st, e.b)
			if ask2 {
				return 0, false, true
			}
			if ok1 && ok2 {
				if e.op == token.SUB {
					b = -b
				}
				return a + b, true, false
			}
		}
	}
	return 0, false, false
}

func (s *system) binop(st *state, f *frame, instr *ssa.BinOp) (v val, ask bool) {
	x, y := s.get(f, instr.X), s.get(f, instr.Y)
	if f.p.bounds[instr] && isInteger(instr.X.Type()) {
		a, ok1, ask1 := s.evalInt(st, x)
		if ask1 {
			return unknown, true
		}
		b, ok2, ask2 := s.evalInt(st, y)
		if ask2 {
			return unknown, true
		}
		if !ok1 || !ok2 {
			return unknown, false
		}
		x, y = integer(int(a)), integer(int(b))
	}
	x, y = s.decided(st, x), s.decided(st, y)
	// Where one side is not known, a constant is exactly itself.
	if x.k == opaque || y.k == opaque {
		if c, ok := instr.X.(*ssa.Const); ok {
			x = s.asWritten(c, x)
		}
		if c, ok := instr.Y.(*ssa.Const); ok {
			y = s.asWritten(c, y)
		}
	}
	return s.arith(instr.Op, x, y), false
}

// decided is v, or the integer that it was decided to be.
func (s *system) decided(st *state, v val) val {
	if v.k != opaque || len(st.facts) == 0 {
		return v
	}
	switch e := s.exprs[v.n]; e.op {
	case token.ILLEGAL:
		if _, ok := st.fact(v.n); !ok {
			return v
		}
	case tokenMin, tokenMax:
		if _, ok := st.fact(v.n); !ok {
			return v
		}
	case token.RANGE, token.ADD, token.SUB:
	default:
		return v
	}
	if n, known, ask := s.evalInt(st, v); known && !ask && s.isInt(v) {
		return integer(int(n))
	}
	return v
}

// isInt reports whether an expression is an integer and not a bool.
func (s *system) isInt(v val) bool {
	switch e := s.exprs[v.n]; e.op {
	case token.RANGE, token.ADD, token.SUB, tokenMin, tokenMax:
		return true
	case token.ILLEGAL:
		t := s.leafType(e.leaf)
		return t != nil && isInteger(t)
	}
	return false
}

// leafType is the type of an unknown value; nil when it is not known.
func (s *system) leafType(l leaf) types.Type {
	if l.instr == nil {
		return s.typeAt(l.obj, l.path)
	}
	if l.index < 0 {
		return nil
	}
	t := l.instr.Type()
	if tup, ok := t.(*types.Tuple); ok {
		if l.index < 1 || l.index > tup.Len() {
			return nil
		}
		t = tup.At(l.index - 1).Type()
	}
	return s.part(t, l.path)
}

func (s *system) asWritten(c *ssa.Const, v val) val {
	if n, ok := exactInt(c); ok && n == int64(int32(n)) {
		return integer(int(n))
	}
	return v
}

func (s *system) arith(op token.Token, x, y val) val {
	if x.k == num && y.k == num {
		a, b := x.n, y.n
		if op != token.EQL && op != token.NEQ && (a >= firstName) != (b >= firstName) && min(a, b) > int32(s.lastExact()) {
			return unknown // a name has no place among the counts
		}
		switch op {
		case token.ADD:
			return s.clamp(a + b)
		case token.SUB:
			return s.clamp(a - b)
		case token.EQL:
			return boolean(a == b)
		case token.NEQ:
			return boolean(a != b)
		case token.LSS:
			return boolean(a < b)
		case token.LEQ:
			return boolean(a <= b)
		case token.GTR:
			return boolean(a > b)
		case token.GEQ:
			return boolean(a >= b)
		}
		return unknown
	}
	switch op {
	case token.NEQ:
		return s.not(s.equal(x, y))
	case token.EQL:
		return s.equal(x, y)
	case token.LSS:
		return s.compare(x, y)
	case token.GTR:
		return s.compare(y, x)
	case token.GEQ:
		return s.not(s.compare(x, y))
	case token.LEQ:
		return s.not(s.compare(y, x))
	case token.ADD, token.SUB:
		if x.k == opaque && (y.k == num || y.k == opaque) || y.k == opaque && x.k == num {
			return val{k: opaque, n: s.expr(expr{op: op, a: x, b: y})}
		}
	}
	return unknown
}

func (s *system) not(v val) val {
	switch v.k {
	case num:
		return boolean(v.n == 0)
	case opaque:
		v.neg = !v.neg
		return v
	}
	return unknown
}

func (s *system) compare(x, y val) val {
	if x.k == top || y.k == top {
		return unknown
	}
	return val{k: opaque, n: s.expr(expr{op: token.LSS, a: x, b: y})}
}

func (s *system) equal(x, y val) val {
	if x == y && x.k != top && x.k != solid {
		return integer(1)
	}
	object := func(v val) bool {
		switch v.k {
		case ptr, channel, fn, slice, cancel, ctx, solid:
			return true
		}
		return false
	}
	switch {
	case x.k == null && (object(y) || s.isSentinel(y)), y.k == null && (object(x) || s.isSentinel(x)):
		return integer(0)
	case x.k == top || y.k == top || x.k == solid || y.k == solid:
		return unknown
	case object(x) && object(y):
		// Two objects that are made here are two; what lies behind an unknown
		// pointer may be the same.
		if !s.objs[x.n].open && !s.objs[y.n].open && x.k == y.k && x.k != fn {
			return integer(0)
		}
		return unknown
	}
	if x.k == opaque && y.k == opaque && x.n > y.n || x.k != opaque {
		x, y = y, x
	}
	return val{k: opaque, n: s.expr(expr{op: token.EQL, a: x, b: y})}
}

// isSentinel reports whether a value is one of the errors to compare with.
func (s *system) isSentinel(v val) bool {
	if v.k != opaque {
		return false
	}
	_, ok := s.exprs[v.n].leaf.instr.(*ssa.Global)
	return ok
}

// branch takes the way that the condition decides, or asks for a decision.
func (s *system) branch(st *state, g *goroutine, f *frame, instr *ssa.If) outcome {
	if to := f.p.skip[f.block]; to >= 0 {
		s.enter(st, g, f, f.p.fn.Blocks[to])
		return goOn
	}
	v := s.get(f, instr.Cond)
	var way int
	switch v.k {
	case num:
		way = int(v.n)
	case opaque:
		b, ok := st.fact(v.n)
		if !ok {
			s.forkExpr, s.forkOpts = v.n, []int32{1, 0}
			return s.ask(instr)
		}
		way = int(b)
		if v.neg {
			way = 1 - way
		}
	default:
		l := s.leaf(leaf{gid: g.id, instr: instr.Cond, index: -1})
		b, ok := st.fact(l.n)
		if !ok {
			s.forkExpr, s.forkOpts = l.n, []int32{1, 0}
			return s.ask(instr)
		}
		way = int(b)
		s.forget(st, l.n)
	}
	succ := 0
	if way == 0 {
		succ = 1
	}
	s.enter(st, g, f, f.block_().Succs[succ])
	return goOn
}

// conclude sets what follows when an expression is decided: by convention, the
// results of a call that returns no error are not nil. A nil slice or map is a value
// like any other.
func (s *system) conclude(st *state, e, v int32) {
	eq := s.exprs[e]
	if v != 1 || eq.op != token.EQL || eq.a.k != opaque || eq.b.k != null {
		return
	}
	l := s.exprs[eq.a.n].leaf
	call, ok := l.instr.(*ssa.Call)
	if !ok {
		return
	}
	results, ok := call.Type().(*types.Tuple)
	if !ok || l.index != results.Len() || !isError(results.At(results.Len()-1).Type()) {
		return
	}
	for i := range results.Len() - 1 {
		switch results.At(i).Type().Underlying().(type) {
		case *types.Pointer, *types.Interface, *types.Signature, *types.Chan:
			l.index = i + 1
			st.setFact(s.expr(expr{op: token.EQL, a: s.leaf(l), b: eq.b}), 0)
		}
	}
}

// enter goes to block b and sets its phis.
func (s *system) enter(st *state, g *goroutine, f *frame, b *ssa.BasicBlock) {
	from := f.block
	pred := -1
	for i, p := range b.Preds {
		if int32(p.Index) == from {
			pred = i
		}
	}
	n := 0
	var vals [16]val
	phis := vals[:0]
	for _, instr := range b.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		n++
		if pred >= 0 && f.p.skip[from] < 0 {
			phis = append(phis, s.get(f, phi.Edges[pred]))
		} else {
			phis = append(phis, s.fresh(st, g, phi, 0, phi.Type()))
		}
	}
	f.prev, f.block, f.pc = from, int32(b.Index), int32(n)
	for i, v := range phis {
		f.set(b.Instrs[i].(*ssa.Phi), v)
	}
	for r, live := range f.p.live()[b.Index] {
		if !live {
			f.regs[r] = unknown
		}
	}
}

// ret returns from the topmost frame of g.
func (s *system) ret(st *state, g *goroutine, f *frame, instr *ssa.Return) outcome {
	var result val
	switch len(instr.Results) {
	case 0:
	case 1:
		result = s.get(f, instr.Results[0])
	default:
		vals := make([]val, len(instr.Results))
		for i, r := range instr.Results {
			vals[i] = s.get(f, r)
		}
		if last := &vals[len(vals)-1]; s.fails(st, instr, *last) {
			*last = val{k: solid}
		}
		result = s.tuple(vals)
	}
	return s.leave(st, g, result, instr)
}

// fails reports whether a return is one of an error, by convention: beside it is a
// nil that is written there, and whether the error is nil is open.
func (s *system) fails(st *state, ret *ssa.Return, err val) bool {
	n := len(ret.Results)
	if err.k != opaque || !isError(ret.Results[n-1].Type()) {
		return false
	}
	if _, known := st.fact(s.expr(expr{op: token.EQL, a: err, b: val{k: null}})); known {
		return false
	}
	return slices.ContainsFunc(ret.Results[:n-1], func(v ssa.Value) bool {
		c, ok := v.(*ssa.Const)
		return ok && c.IsNil()
	})
}

// leave pops the topmost frame of g with a result.
func (s *system) leave(st *state, g *goroutine, result val, at ssa.Instruction) outcome {
	f := g.stack[len(g.stack)-1]
	g.stack = g.stack[:len(g.stack)-1]
	if len(g.stack) == 0 {
		s.finish(st, g, result, at)
		return stop
	}
	caller := g.top()
	switch f.after {
	case afterDrop:
		return goOn
	case afterTurn:
		if result.k != num || result.n != 0 {
			return goOn // the iterator may have more
		}
		result = unknown
	case afterOnce, afterOnceDrop:
		y := st.object(f.arg.n).sync(f.arg.p)
		y.done, y.busy = true, 0
		result = unknown
		if f.after == afterOnceDrop {
			return goOn
		}
	}
	if v, ok := caller.block_().Instrs[caller.pc].(ssa.Value); ok {
		if f.after == afterDropResult {
			result = s.fresh(st, g, v, 0, v.Type())
		}
		caller.set(v, result)
	}
	caller.pc++
	return goOn
}

// finish ends the goroutine.
func (s *system) finish(st *state, g *goroutine, result val, at ssa.Instruction) {
	if s.script != nil && at != nil && s.user(g.id) && s.nextCall(st, g, result) {
		return
	}
	st.trace = st.trace.add(event{gid: g.id, instr: at, what: "ends"})
	switch g.exitOp {
	case exitWg:
		s.wgAdd(st, g, g.onExit, -1, at)
	case exitGroup:
		y := st.object(g.onExit.n).sync(g.onExit.p)
		y.count--
		if y.link.k == ctx && result.k != null {
			st.object(y.link.n).cancelled = true
		}
	}
	if g.id == 0 && s.script == nil {
		s.escape(st, result)
		if s.endsProcess {
			st.over = true
		}
	}
	st.dropGoroutine(g.id)
}

// unwind runs the deferred calls of a frame that a panic or Goexit leaves.
func (s *system) unwind(st *state, g *goroutine) outcome {
	f := &g.stack[len(g.stack)-1]
	if len(f.defers) > 0 {
		d := f.defers[len(f.defers)-1]
		if f.unwind == unwindPanic && s.recovers(d) {
			// The function returns as if normally, once its deferred calls
			// have run.
			rec := f.p.fn.Recover
			if rec == nil {
				st.cut = true
				return stop
			}
			f.block, f.pc = int32(rec.Index), 0
			f.unwind = unwindRecovered
			return goOn
		}
		return s.runDeferred(st, g, f)
	}
	if f.unwind == unwindRecovered {
		f.unwind = unwindNone
		return goOn
	}
	kind := f.unwind
	after, arg := f.after, f.arg
	g.stack = g.stack[:len(g.stack)-1]
	if after == afterOnce || after == afterOnceDrop {
		y := st.object(arg.n).sync(arg.p)
		y.done, y.busy = true, 0
	}
	if len(g.stack) == 0 {
		if kind == unwindPanic {
			st.over = true // the process dies
			return stop
		}
		s.finish(st, g, unknown, nil)
		return stop
	}
	g.top().unwind = kind
	return goOn
}

func (s *system) recovers(d deferred) bool {
	if d.callee.k != fn {
		return false
	}
	f := s.closures[d.callee.n].fn
	if f == nil {
		return false
	}
	p := s.ps.program(f)
	return p != nil && p.recovers
}
