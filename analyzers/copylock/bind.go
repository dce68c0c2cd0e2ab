package copylock

import (
	"go/ast"
	"go/types"
)

// rangeVar emits the copy of an element into the loop variable v.
func (co *collector) rangeVar(n *ast.RangeStmt, v ast.Expr, key bool) {
	info := co.pass.TypesInfo
	if v == nil || isBlank(v) {
		return
	}
	c := copying{category: "by-range", node: v, src: n.X, elems: true, typ: info.TypeOf(v), op: "range", dst: v, remedy: "store pointers"}
	if !key {
		c.loop = n
	}
	switch info.TypeOf(n.X).Underlying().(type) {
	case *types.Slice, *types.Array, *types.Pointer:
		c.remedy = "range over the index"
	case *types.Chan:
		c.src, c.name = nil, "(<-"+short(n.X)+")"
		c.remedy = "send pointers"
	case *types.Signature:
		c.src, c.name, c.dst = nil, short(v), nil
		c.remedy = "yield pointers"
	case *types.Map:
		c.index = "k"
		if key {
			c.src, c.name, c.dst = nil, short(v), nil
		}
	}
	if k, ok := n.Key.(*ast.Ident); ok && k.Name != "_" {
		c.index = k.Name
	}
	co.emit(c)
}

// typeSwitch emits the copy of the dynamic value into the variable of a case.
func (co *collector) typeSwitch(n *ast.TypeSwitchStmt) {
	assign, ok := n.Assign.(*ast.AssignStmt)
	if !ok {
		return
	}
	info := co.pass.TypesInfo
	for _, s := range n.Body.List {
		clause := s.(*ast.CaseClause)
		v := info.Implicits[clause]
		if v == nil || len(clause.List) != 1 || types.IsInterface(v.Type()) || !uses(info, clause, v) {
			continue
		}
		x := ast.Unparen(assign.Rhs[0]).(*ast.TypeAssertExpr).X
		co.emit(copying{
			category: "by-interface", node: clause.List[0], typ: v.Type(), op: "case " + short(clause.List[0]), name: v.Name(),
			remedy: "keep a pointer in " + short(x), unseen: true,
		})
	}
}

func uses(info *types.Info, in ast.Node, v types.Object) bool {
	found := false
	ast.Inspect(in, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] == v {
			found = true
		}
		return !found
	})
	return found
}

func (co *collector) params(t *ast.FuncType, of string) {
	for _, field := range t.Params.List {
		if _, variadic := field.Type.(*ast.Ellipsis); !variadic {
			co.param(field, copying{category: "by-parameter", op: of, remedy: "make it *" + short(field.Type)})
		}
	}
}

func (co *collector) param(field *ast.Field, c copying) {
	c.node, c.typ = field.Type, co.pass.TypesInfo.TypeOf(field.Type)
	c.name = short(field.Type)
	if len(field.Names) > 0 && field.Names[0].Name != "_" {
		c.name = field.Names[0].Name
	}
	co.emit(c)
}
