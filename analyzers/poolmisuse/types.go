package poolmisuse

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A pool is all pools of one variable or field.
type pool struct {
	open    bool // others can put in it or set its New
	hasNew  bool
	unknown bool // values of unknown type come in
	in      []entry
	gets    []get
}

type entry struct {
	typ   types.Type
	instr ssa.Instruction
	made  bool // by New
}

type get struct {
	assert *ssa.TypeAssert
	name   string
}

// find returns the representative of a class: pools that are assigned to each
// other are one.
func (c *checker) find(class access.Class) access.Class {
	for {
		up, ok := c.parent[class]
		if !ok {
			return class
		}
		class = up
	}
}

func (c *checker) pool(class access.Class) *pool {
	class = c.find(class)
	p := c.pools[class]
	if p == nil {
		p = &pool{open: class.IsZero() || class.Elem || class.Var != nil && class.Var.Exported()}
		c.pools[class] = p
	}
	return p
}

func (c *checker) union(a, b access.Class) {
	a, b = c.find(a), c.find(b)
	if a == b {
		return
	}
	to, from := c.pool(a), c.pool(b)
	to.open = to.open || from.open
	to.hasNew = to.hasNew || from.hasNew
	to.unknown = to.unknown || from.unknown
	to.in = append(to.in, from.in...)
	to.gets = append(to.gets, from.gets...)
	delete(c.pools, b)
	c.parent[b] = a
}

// collectPools notes what the function does to pools.
func (c *checker) collectPools(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch x := instr.(type) {
			case *ssa.Store:
				if fa, ok := x.Addr.(*ssa.FieldAddr); ok && ops.IsPool(fa.X.Type()) {
					c.setNew(c.pool(c.pkg.Access.Of(fa.X).Class()), x)
				} else if ops.IsPool(x.Val.Type()) {
					if k, ok := x.Val.(*ssa.Const); !ok || k.Value != nil {
						c.union(c.pkg.Access.Of(x.Addr).Class(), c.pkg.Access.Of(x.Val).Class())
					}
				}
				continue
			case ssa.CallInstruction:
				if c.operation(x) {
					continue
				}
			case *ssa.FieldAddr, *ssa.UnOp, *ssa.DebugRef, *ssa.MakeClosure, *ssa.BinOp:
				continue
			}
			// Whatever else has the pool can do anything with it.
			var space [8]*ssa.Value
			for _, op := range instr.Operands(space[:0]) {
				if v := *op; v != nil && ops.IsPool(v.Type()) {
					c.pool(c.pkg.Access.Of(v).Class()).open = true
				}
			}
		}
	}
}

// setNew notes the function that makes new values, and their types.
func (c *checker) setNew(p *pool, st *ssa.Store) {
	if k, ok := st.Val.(*ssa.Const); ok && k.IsNil() {
		return
	}
	p.hasNew = true
	fns, complete := c.pkg.Functions(st.Val)
	if !complete || len(fns) == 0 {
		p.unknown = true
		return
	}
	for _, fn := range fns {
		if fn.Blocks == nil {
			p.unknown = true
			continue
		}
		for _, b := range fn.Blocks {
			if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(ret.Results) == 1 {
				p.enter(ret.Results[0], ret, true)
			}
		}
	}
}

func (p *pool) enter(v ssa.Value, at ssa.Instruction, made bool) {
	mi, ok := v.(*ssa.MakeInterface)
	if !ok {
		p.unknown = true
		return
	}
	if _, generic := mi.X.Type().(*types.TypeParam); generic {
		p.unknown = true
		return
	}
	p.in = append(p.in, entry{mi.X.Type(), at, made})
}

func (c *checker) operation(call ssa.CallInstruction) bool {
	common := call.Common()
	op, x := c.pkg.Op(common)
	if x == nil {
		return false
	}
	p := c.pool(c.pkg.Access.Of(x).Class())
	switch op.Kind {
	case ops.PoolPut:
		args := skeleton.Args(common)
		if len(args) != 1 {
			p.unknown = true
			return true
		}
		if k, ok := args[0].(*ssa.Const); !ok || !k.IsNil() {
			p.enter(args[0], call, false)
		}
		c.boxed(call, args[0])
	case ops.PoolGet:
		if v, ok := call.(*ssa.Call); ok {
			c.taken(p, v)
		}
	default:
		return false
	}
	return true
}

// taken notes the assertions of what Get returns, if it is not looked at
// otherwise: compared, or asserted with a second result.
func (c *checker) taken(p *pool, v *ssa.Call) {
	var list []get
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.TypeAssert:
			if r.CommaOk {
				return
			}
			name := "Get()"
			if n, ok := c.nodes[v.Pos()].(*ast.CallExpr); ok {
				name = types.ExprString(n)
			}
			list = append(list, get{r, name})
		case *ssa.BinOp:
			return
		}
	}
	p.gets = append(p.gets, list...)
}

// boxed reports a Put of a value that does not fit in an interface by itself.
func (c *checker) boxed(call ssa.CallInstruction, v ssa.Value) {
	mi, ok := v.(*ssa.MakeInterface)
	if !ok || !c.boxing {
		return
	}
	switch t := mi.X.Type().Underlying().(type) {
	case *types.Slice:
	case *types.Struct:
		if c.TypesSizes.Sizeof(t) == 0 {
			return
		}
		if t.NumFields() == 1 && reference(t.Field(0).Type()) && !isSlice(t.Field(0).Type()) {
			return // as large as a pointer, and kept like one
		}
	case *types.Array:
		if t.Len() == 0 {
			return
		}
	default:
		return
	}
	if _, generic := mi.X.Type().(*types.TypeParam); generic {
		return
	}
	pos, end, _ := c.span(call)
	_, op := c.names(&put{instr: call})
	c.report.Report(diag.Finding{
		Pos: pos, End: end, Category: nonPointer,
		Message: fmt.Sprintf("%s of a value of type %s allocates each time, which the pool is to spare; put a pointer to it", op, c.typeName(mi.X.Type())),
	})
}

// checkPools looks at pools that are all in sight.
func (c *checker) checkPools() {
	var list []*pool
	for _, p := range c.pools {
		if !p.open && len(p.gets) > 0 {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b *pool) int { return cmp.Compare(a.gets[0].assert.Pos(), b.gets[0].assert.Pos()) })
	for _, p := range list {
		for _, g := range p.gets {
			c.checkGet(p, g)
		}
	}
}

func (c *checker) checkGet(p *pool, g get) {
	pos, end, ok := c.span(g.assert)
	if !ok {
		return
	}
	if !p.hasNew && !p.unknown {
		c.report.Report(diag.Finding{
			Pos: pos, End: end, Category: nilGet,
			Message: fmt.Sprintf("type assertion of %s panics when the pool is empty: it has no New, and Get returns nil; set New or look at the second result", g.name),
		})
		return
	}
	if p.unknown {
		return
	}
	want := g.assert.AssertedType
	for _, in := range p.in {
		if generic(in.typ) || generic(want) {
			continue // the same, perhaps, when it is known what they stand for
		}
		if types.Identical(in.typ, want) || types.IsInterface(want) && types.Implements(in.typ, want.Underlying().(*types.Interface)) {
			continue
		}
		how := "Put on"
		if in.made {
			how = "New on"
		}
		inPos, inEnd, _ := c.span(in.instr)
		c.report.Report(diag.Finding{
			Pos: pos, End: end, Category: typeMismatch,
			Message: fmt.Sprintf("%s.(%s) panics when it gets the %s of %s %s; use one type", g.name, c.typeName(want), c.typeName(in.typ), how, c.place(pos, in.instr)),
			Related: []analysis.RelatedInformation{{Pos: inPos, End: inEnd, Message: "a value of type " + c.typeName(in.typ)}},
		})
		return
	}
}

// generic reports whether a type depends on a type parameter.
func generic(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Pointer:
		return generic(t.Elem())
	case *types.Slice:
		return generic(t.Elem())
	case *types.Array:
		return generic(t.Elem())
	case *types.Map:
		return generic(t.Key()) || generic(t.Elem())
	case *types.Chan:
		return generic(t.Elem())
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			if generic(arg) {
				return true
			}
		}
	}
	return false
}

func (c *checker) typeName(t types.Type) string {
	return types.TypeString(t, types.RelativeTo(c.Pkg))
}
