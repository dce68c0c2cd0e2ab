package machine

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// classes groups the values of a package by what they can be: two values are in
// one class when one of them may become the other, and what lies behind the values
// of a class is one class too. Order of execution plays no part, fields are told
// apart by their declaration, calls are not told apart (B. Steensgaard, Points-to
// analysis in almost linear time, POPL 1996). Only values that can lead to what
// goroutines synchronise on are in it.
type classes struct {
	ps     *programs
	nodes  map[any]int32 // of an ssa.Value, a *types.Var that is a field, or a result
	parent []int32
	behind []int32 // the class of what lies behind, -1 when there is none yet
	// types are those that values of the class have inside interfaces, funcs those
	// that they run.
	types [][]types.Type
	funcs [][]*ssa.Function
	// contexts are the classes of contexts and of the channels that tell their end.
	contexts map[int32]bool
	// derived are the contexts that the package derives from others.
	derived []derived
}

// A result is what a function returns at an index.
type result struct {
	fn    *ssa.Function
	index int
}

// derived is a context, what it is derived from, and the function that cancels it
// or the group whose end does.
type derived struct{ ctx, from, cancel, group ssa.Value }

// newClasses groups the values of the package.
func newClasses(ps *programs) *classes {
	c := &classes{ps: ps, nodes: make(map[any]int32), contexts: make(map[int32]bool)}
	for _, fn := range ps.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				c.instr(fn, instr)
			}
		}
	}
	for k, n := range c.nodes {
		if v, ok := k.(ssa.Value); ok && ops.IsContext(v.Type()) {
			c.contexts[c.find(n)] = true
		}
	}
	return c
}

func (c *classes) node(k any) int32 {
	if n, ok := c.nodes[k]; ok {
		return c.find(n)
	}
	n := int32(len(c.parent))
	c.nodes[k] = n
	c.parent = append(c.parent, n)
	c.behind = append(c.behind, -1)
	c.types = append(c.types, nil)
	c.funcs = append(c.funcs, nil)
	switch k := k.(type) {
	case *ssa.MakeInterface:
		c.types[n] = []types.Type{k.X.Type()}
	case *ssa.MakeClosure:
		c.funcs[n] = []*ssa.Function{skeleton.Origin(k.Fn.(*ssa.Function))}
	case *ssa.Function:
		c.funcs[n] = []*ssa.Function{skeleton.Origin(k)}
	}
	return n
}

func (c *classes) find(n int32) int32 {
	for c.parent[n] != n {
		c.parent[n] = c.parent[c.parent[n]]
		n = c.parent[n]
	}
	return n
}

// of returns the class of a value.
func (c *classes) of(v ssa.Value) int32 { return c.node(v) }

// content returns the class of what lies behind the values of class n.
func (c *classes) content(n int32) int32 {
	n = c.find(n)
	if c.behind[n] < 0 {
		m := c.node(new(int))
		c.behind[n] = m
	}
	return c.find(c.behind[n])
}

func (c *classes) join(a, b int32) {
	a, b = c.find(a), c.find(b)
	if a == b {
		return
	}
	c.parent[b] = a
	for _, t := range c.types[b] {
		if !slices.ContainsFunc(c.types[a], func(u types.Type) bool { return types.Identical(t, u) }) {
			c.types[a] = append(c.types[a], t)
		}
	}
	for _, f := range c.funcs[b] {
		if !slices.Contains(c.funcs[a], f) {
			c.funcs[a] = append(c.funcs[a], f)
		}
	}
	x, y := c.behind[a], c.behind[b]
	c.types[b], c.funcs[b] = nil, nil
	switch {
	case y < 0:
	case x < 0:
		c.behind[a] = y
	default:
		c.join(x, y)
	}
}

// same notes that one of two values may become the other.
func (c *classes) same(a, b ssa.Value) {
	if a == nil || b == nil || !c.counts(a) || !c.counts(b) {
		return
	}
	c.join(c.of(a), c.of(b))
}

// counts reports whether a value is one of those that are told apart.
func (c *classes) counts(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Const, *ssa.Builtin:
		return false
	case *ssa.MakeInterface:
		return c.ps.leads(v)
	}
	return c.ps.interesting(v.Type())
}

func (c *classes) instr(fn *ssa.Function, instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Phi:
		for _, e := range instr.Edges {
			c.same(instr, e)
		}
	case *ssa.ChangeType:
		c.same(instr, instr.X)
	case *ssa.ChangeInterface:
		c.same(instr, instr.X)
	case *ssa.Convert:
		c.same(instr, instr.X)
	case *ssa.MakeInterface:
		if ct := c.counts(instr) && c.counts(instr.X); ct {
			c.join(c.of(instr), c.of(instr.X))
		}
	case *ssa.TypeAssert:
		if !instr.CommaOk {
			c.same(instr, instr.X)
		}
	case *ssa.Slice:
		c.same(instr, instr.X)
	case *ssa.IndexAddr:
		c.same(instr, instr.X)
	case *ssa.FieldAddr:
		if c.counts(instr) {
			c.join(c.content(c.of(instr)), c.field(instr.X.Type(), instr.Field))
		}
	case *ssa.Field:
		if c.counts(instr) {
			c.join(c.of(instr), c.field(instr.X.Type(), instr.Field))
		}
	case *ssa.Index:
		c.inside(instr.X, instr)
	case *ssa.Lookup:
		if !instr.CommaOk {
			c.inside(instr.X, instr)
		}
	case *ssa.Range:
		if c.counts(instr.X) {
			c.join(c.of(instr), c.of(instr.X))
		}
	case *ssa.Next:
		if !instr.IsString {
			c.join(c.of(instr), c.of(instr.Iter))
		}
	case *ssa.MapUpdate:
		c.inside(instr.Map, instr.Value)
		c.inside(instr.Map, instr.Key)
	case *ssa.Store:
		c.inside(instr.Addr, instr.Val)
	case *ssa.Send:
		c.inside(instr.Chan, instr.X)
	case *ssa.Select:
		for _, s := range instr.States {
			if s.Send != nil {
				c.inside(s.Chan, s.Send)
			}
		}
	case *ssa.UnOp:
		if instr.Op == token.MUL || instr.Op == token.ARROW && !instr.CommaOk {
			c.inside(instr.X, instr)
		}
	case *ssa.Extract:
		c.extract(instr)
	case *ssa.MakeClosure:
		f := instr.Fn.(*ssa.Function)
		if f.Synthetic != "" { // a method value
			if obj := skeleton.Declared(f); obj != nil && len(instr.Bindings) == 1 {
				if m := f.Prog.FuncValue(obj.Origin()); m != nil && len(m.Params) > 0 {
					c.same(m.Params[0], instr.Bindings[0])
				}
			}
			break
		}
		for i, fv := range skeleton.Origin(f).FreeVars {
			c.same(fv, instr.Bindings[i])
		}
	case *ssa.Return:
		for i, r := range instr.Results {
			if c.counts(r) {
				c.join(c.node(result{fn, i}), c.of(r))
			}
		}
	case ssa.CallInstruction:
		c.call(instr)
	}
}

// inside notes that x may lie behind the values of container.
func (c *classes) inside(container, x ssa.Value) {
	if c.counts(container) && c.counts(x) {
		c.join(c.content(c.of(container)), c.of(x))
	}
}

// field returns the class of a field of a struct, or of the struct behind a
// pointer.
func (c *classes) field(t types.Type, i int) int32 {
	return c.node(deref(t).Underlying().(*types.Struct).Field(i).Origin())
}

// extract groups a part of a tuple.
func (c *classes) extract(x *ssa.Extract) {
	if !c.counts(x) {
		return
	}
	switch t := x.Tuple.(type) {
	case *ssa.TypeAssert:
		if x.Index == 0 {
			c.same(x, t.X)
		}
	case *ssa.Lookup:
		if x.Index == 0 {
			c.inside(t.X, x)
		}
	case *ssa.UnOp:
		if x.Index == 0 {
			c.inside(t.X, x)
		}
	case *ssa.Next:
		c.join(c.content(c.of(t)), c.of(x))
	case *ssa.Select:
		n := 2
		for _, s := range t.States {
			if s.Dir == types.RecvOnly {
				if n == x.Index {
					c.inside(s.Chan, x)
				}
				n++
			}
		}
	case *ssa.Call:
		fns, _ := c.ps.pkg.Callees(t)
		for _, f := range fns {
			c.join(c.of(x), c.node(result{f, x.Index}))
		}
		op, from := c.ps.pkg.Op(&t.Call)
		switch op.Kind {
		case ops.CtxWithCancel, ops.CtxWithTimeout, ops.SignalNotifyContext, ops.GroupWithContext:
			d := derived{from: from}
			for _, r := range *t.Referrers() {
				if e, ok := r.(*ssa.Extract); ok {
					switch {
					case op.Kind == ops.GroupWithContext && e.Index == 0:
						d.group = e
					case op.Kind == ops.GroupWithContext || e.Index == 0:
						d.ctx = e
					default:
						d.cancel = e
					}
				}
			}
			if d.ctx != nil && x == d.ctx {
				c.derived = append(c.derived, d)
			}
		}
	}
}

func (c *classes) call(call ssa.CallInstruction) {
	common := call.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		v, _ := call.(ssa.Value)
		switch b.Name() {
		case "append":
			c.same(v, common.Args[0])
			c.same(common.Args[0], common.Args[1])
		case "copy":
			c.same(common.Args[0], common.Args[1])
		case "ssa:wrapnilchk":
			c.same(v, common.Args[0])
		}
		return
	}
	args := common.Args
	if common.IsInvoke() {
		args = append([]ssa.Value{common.Value}, args...)
	}
	fns, _ := c.ps.pkg.Callees(call)
	for _, f := range fns {
		for i, p := range f.Params {
			if i < len(args) {
				c.same(p, args[i])
			}
		}
		if v, ok := call.(*ssa.Call); ok && f.Signature.Results().Len() == 1 && c.counts(v) {
			c.join(c.of(v), c.node(result{f, 0}))
		}
	}
	v, isCall := call.(*ssa.Call)
	if !isCall {
		return
	}
	switch op, on := c.ps.pkg.Op(common); op.Kind {
	case ops.CtxDone, ops.CtxWithValue:
		// Whether the channel is ready is the context's doing.
		c.same(v, on)
	case ops.NewCond:
		// The Cond is one with its lock.
		if on != nil && c.counts(v) && c.counts(on) {
			c.inside(v, on)
		}
	case ops.OnceFunc:
		c.same(v, on)
	}
}

// object returns the class of what an operation of package sync works on, which
// is given by its address.
func (c *classes) object(addr ssa.Value) int32 { return c.content(c.of(addr)) }
