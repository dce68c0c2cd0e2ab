package skeleton

import (
	"encoding/binary"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
)

// This file holds what is known of values along one path. A slot stands for
// an SSA value or for a variable in memory; it names a symbol, and what is
// known is known of the symbol. So slots that hold one value share what is
// learned of it, and a value that is defined again gets a new symbol.

// tracked is what of a function's values matters to its branches and results.
type tracked struct {
	slots   map[ssa.Value]int
	mem     map[*access.Ref]int
	n       int // slots in all
	isMem   []*access.Ref
	pinned  []bool
	shared  []bool // a variable that other code can change when no lock is held
	defines map[ssa.Instruction][]int
	live    [][]uint64 // on entry of each block
}

// fact is what is known of a symbol: that it is a constant, or is not.
type fact struct {
	eq  string
	neq []string
}

func (f fact) empty() bool { return f.eq == "" && len(f.neq) == 0 }

// expr is a comparison of two operands whose outcome is known. A negative
// operand is an index into consts.
type expr struct {
	less bool // else equality
	x, y operand
	val  bool
}

// operand is a symbol, or a constant.
type operand struct {
	sym   int32
	konst string
}

func (o operand) known() bool { return o.sym != 0 || o.konst != "" }

type env struct {
	slot  []int32 // symbol of each slot, 0 for none
	init  []int32 // the symbol that was the value on entry
	dirty []bool  // a variable that has been written
	under []bool  // a variable that was read or written under a lock
	facts []fact  // of symbol i+1
	exprs []expr
	lens  []length
}

// length says that one symbol is the length of what another stands for.
type length struct{ of, is int32 }

func newEnv(t *tracked) env {
	return env{slot: make([]int32, t.n), init: make([]int32, t.n), dirty: make([]bool, t.n), under: make([]bool, t.n)}
}

func (e *env) clone() env {
	return env{
		slot: slices.Clone(e.slot), init: slices.Clone(e.init), dirty: slices.Clone(e.dirty), under: slices.Clone(e.under),
		facts: slices.Clone(e.facts), exprs: slices.Clone(e.exprs), lens: slices.Clone(e.lens),
	}
}

func (e *env) fresh(f fact) int32 {
	e.facts = append(e.facts, f)
	return int32(len(e.facts))
}

func (e *env) fact(sym int32) fact {
	if sym == 0 {
		return fact{}
	}
	return e.facts[sym-1]
}

// learn notes that the symbol is, or is not, the constant. It reports false
// when that cannot be.
func (e *env) learn(sym int32, konst string, is bool) bool {
	f := e.facts[sym-1]
	if f.eq != "" {
		return (f.eq == konst) == is
	}
	if slices.Contains(f.neq, konst) {
		return !is
	}
	switch {
	case is:
		f = fact{eq: konst}
	case konst == "true":
		f = fact{eq: "false"}
	case konst == "false":
		f = fact{eq: "true"}
	case len(f.neq) < 8:
		f.neq = append(slices.Clone(f.neq), konst)
		slices.Sort(f.neq)
	}
	e.facts[sym-1] = f
	return true
}

// canonical drops what no live slot refers to and numbers the symbols anew, so
// that equal states are equal bytes.
func (e *env) canonical(t *tracked, live []uint64) {
	uses := make([]int8, len(e.facts)+1)
	for i := range e.slot {
		if !t.pinned[i] && live[i/64]&(1<<(i%64)) == 0 {
			e.slot[i], e.under[i], e.dirty[i] = 0, false, false
		}
		if s := e.slot[i]; s != 0 && uses[s] < 2 {
			uses[s]++
		}
		if s := e.init[i]; s != 0 && uses[s] < 2 {
			uses[s]++
		}
	}
	e.lens = slices.DeleteFunc(e.lens, func(l length) bool { return uses[l.of] == 0 })
	for _, l := range e.lens {
		uses[l.of], uses[l.is] = 2, 2
	}
	kept := e.exprs[:0]
	for _, x := range e.exprs {
		if (x.x.sym == 0 || uses[x.x.sym] > 0) && (x.y.sym == 0 || uses[x.y.sym] > 0) {
			kept = append(kept, x)
		}
	}
	e.exprs = kept
	for _, x := range e.exprs {
		uses[x.x.sym], uses[x.y.sym] = 2, 2
	}
	number := make([]int32, len(e.facts)+1)
	var facts []fact
	renumber := func(s *int32) {
		if *s == 0 {
			return
		}
		if uses[*s] < 2 && e.facts[*s-1].empty() {
			*s = 0 // nothing is known of it, and nothing shares it
			return
		}
		if number[*s] == 0 {
			facts = append(facts, e.facts[*s-1])
			number[*s] = int32(len(facts))
		}
		*s = number[*s]
	}
	for i := range e.slot {
		renumber(&e.slot[i])
		renumber(&e.init[i])
	}
	for i := range e.exprs {
		renumber(&e.exprs[i].x.sym)
		renumber(&e.exprs[i].y.sym)
	}
	for i := range e.lens {
		renumber(&e.lens[i].of)
		renumber(&e.lens[i].is)
	}
	slices.SortFunc(e.exprs, compareExpr)
	slices.SortFunc(e.lens, func(a, b length) int { return int(a.of - b.of) })
	e.facts = facts
}

func compareExpr(a, b expr) int {
	return slices.Compare(a.encode(nil), b.encode(nil))
}

func (x expr) encode(buf []byte) []byte {
	buf = append(buf, bit(x.less)|bit(x.val)<<1)
	for _, o := range []operand{x.x, x.y} {
		buf = binary.AppendUvarint(buf, uint64(o.sym))
		buf = binary.AppendUvarint(buf, uint64(len(o.konst)))
		buf = append(buf, o.konst...)
	}
	return buf
}

func (e *env) encode(buf []byte) []byte {
	for i := range e.slot {
		if e.slot[i] == 0 && e.init[i] == 0 && !e.dirty[i] && !e.under[i] {
			continue
		}
		buf = binary.AppendUvarint(buf, uint64(i)+1)
		buf = binary.AppendUvarint(buf, uint64(e.slot[i]))
		buf = binary.AppendUvarint(buf, uint64(e.init[i]))
		buf = append(buf, bit(e.dirty[i])|bit(e.under[i])<<1)
	}
	buf = append(buf, 0)
	for _, f := range e.facts {
		buf = append(buf, f.eq...)
		buf = append(buf, 0)
		for _, n := range f.neq {
			buf = append(buf, n...)
			buf = append(buf, 1)
		}
		buf = append(buf, 0)
	}
	for _, x := range e.exprs {
		buf = x.encode(buf)
	}
	buf = append(buf, 0xff)
	for _, l := range e.lens {
		buf = binary.AppendUvarint(buf, uint64(l.of))
		buf = binary.AppendUvarint(buf, uint64(l.is))
	}
	return buf
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// constant returns the form in which a constant is compared, empty for a
// composite one.
func konst(c *ssa.Const) string {
	if c.Value == nil {
		if _, ok := c.Type().Underlying().(*types.Basic); !ok && c.IsNil() {
			return "nil"
		}
		return ""
	}
	if c.Value.Kind() == constant.String && len(constant.StringVal(c.Value)) > 64 {
		return ""
	}
	return c.Value.ExactString()
}

// operand returns what stands for v on this path.
func (ex *explorer) operand(e *env, v ssa.Value) operand {
	switch v := v.(type) {
	case *ssa.Const:
		return operand{konst: konst(v)}
	case *ssa.ChangeInterface:
		return ex.operand(e, v.X)
	case *ssa.ChangeType:
		return ex.operand(e, v.X)
	}
	i, ok := ex.tr.slots[v]
	if !ok {
		return operand{}
	}
	if e.slot[i] == 0 {
		f := fact{}
		if neverNil(v) {
			f.neq = []string{"nil"}
		}
		e.slot[i] = e.fresh(f)
		if _, ok := v.(*ssa.Parameter); ok && ex.tr.pinned[i] {
			e.init[i] = e.slot[i]
		}
	}
	return operand{sym: e.slot[i]}
}

// eval returns the truth of a condition, if that is known.
func (ex *explorer) eval(e *env, v ssa.Value) (truth, known bool) {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.Bool {
			return constant.BoolVal(v.Value), true
		}
		return false, false
	case *ssa.UnOp:
		if v.Op == token.NOT {
			t, ok := ex.eval(e, v.X)
			return !t, ok
		}
	case *ssa.BinOp:
		if c, flip, ok := ex.comparison(e, v); ok {
			t, known := e.compare(c)
			return t != flip, known
		}
		return false, false
	}
	o := ex.operand(e, v)
	if o.sym == 0 {
		return false, false
	}
	switch e.fact(o.sym).eq {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// comparison brings a comparison into its normal form; flip says that the
// outcome is the opposite of it.
func (ex *explorer) comparison(e *env, v *ssa.BinOp) (c expr, flip, ok bool) {
	x, y := ex.operand(e, v.X), ex.operand(e, v.Y)
	if !x.known() || !y.known() {
		return c, false, false
	}
	switch v.Op {
	case token.EQL, token.NEQ:
		if x.sym < y.sym || x.sym == y.sym && x.konst < y.konst {
			x, y = y, x
		}
		return expr{x: x, y: y}, v.Op == token.NEQ, true
	case token.LSS:
		return expr{less: true, x: x, y: y}, false, true
	case token.GEQ:
		return expr{less: true, x: x, y: y}, true, true
	case token.GTR:
		return expr{less: true, x: y, y: x}, false, true
	case token.LEQ:
		return expr{less: true, x: y, y: x}, true, true
	}
	return c, false, false
}

// value returns the constant that an operand is known to be.
func (e *env) value(o operand) string {
	if o.konst != "" {
		return o.konst
	}
	return e.fact(o.sym).eq
}

func (e *env) compare(c expr) (truth, known bool) {
	a, b := e.value(c.x), e.value(c.y)
	if a != "" && b != "" {
		if !c.less {
			return a == b, true
		}
		i, err1 := strconv.ParseInt(a, 10, 64)
		j, err2 := strconv.ParseInt(b, 10, 64)
		if err1 == nil && err2 == nil {
			return i < j, true
		}
	}
	if !c.less {
		if c.x.sym != 0 && c.x.sym == c.y.sym {
			return true, true
		}
		if b != "" && c.x.sym != 0 && slices.Contains(e.fact(c.x.sym).neq, b) {
			return false, true
		}
		if a != "" && c.y.sym != 0 && slices.Contains(e.fact(c.y.sym).neq, a) {
			return false, true
		}
	}
	for _, have := range e.exprs {
		if have.less == c.less && have.x == c.x && have.y == c.y {
			return have.val, true
		}
	}
	return false, false
}

// assume notes the outcome of a condition. It reports false when the outcome
// cannot be.
func (ex *explorer) assume(e *env, v ssa.Value, truth bool) bool {
	if t, known := ex.eval(e, v); known {
		return t == truth
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			return ex.assume(e, v.X, !truth)
		}
	case *ssa.BinOp:
		c, flip, ok := ex.comparison(e, v)
		if !ok {
			return true
		}
		truth = truth != flip
		if !c.less {
			if b := e.value(c.y); b != "" && c.x.sym != 0 {
				return e.learn(c.x.sym, b, truth)
			}
			if a := e.value(c.x); a != "" && c.y.sym != 0 {
				return e.learn(c.y.sym, a, truth)
			}
		}
		c.val = truth
		if len(e.exprs) < 12 {
			e.exprs = append(e.exprs, c)
		}
		return true
	}
	if o := ex.operand(e, v); o.sym != 0 {
		return e.learn(o.sym, "true", truth)
	}
	return true
}

// neverNil reports whether the value cannot be nil whatever the path.
func neverNil(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.MakeInterface, *ssa.Alloc, *ssa.MakeClosure, *ssa.MakeChan, *ssa.MakeMap, *ssa.MakeSlice,
		*ssa.FieldAddr, *ssa.IndexAddr, *ssa.Function, *ssa.Global:
		return true
	case *ssa.ChangeInterface:
		return neverNil(v.X)
	case *ssa.Call:
		return nonNilCall(&v.Call) || endedErr(v)
	case *ssa.UnOp:
		// A package variable of type error is one of the package's errors.
		if g, ok := v.X.(*ssa.Global); ok && v.Op == token.MUL {
			return types.Identical(g.Type().(*types.Pointer).Elem(), types.Universe.Lookup("error").Type())
		}
	}
	return false
}
