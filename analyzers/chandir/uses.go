package chandir

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// A target is where a channel goes: a node, or a place of a fixed type. The
// zero target is the blank identifier.
type target struct {
	node *node
	typ  types.Type
}

// infer joins each local variable declared by x := n to the node n, since its
// type follows.
func (g *graph) infer(in *inspector.Inspector) {
	join := func(lhs ast.Expr, n *node) {
		id, ok := ast.Unparen(lhs).(*ast.Ident)
		if !ok || n == nil {
			return
		}
		v, ok := g.pass.TypesInfo.Defs[id].(*types.Var)
		if !ok {
			return
		}
		if v.Parent() == g.pass.Pkg.Scope() {
			n.pinned = true // may be mentioned before it is seen here
		}
		g.vars[v] = n
	}
	joinAll := func(lhs, rhs []ast.Expr) {
		if len(lhs) == len(rhs) {
			for i := range lhs {
				join(lhs[i], g.nodeOf(rhs[i]))
			}
		} else if len(rhs) == 1 {
			for i, n := range g.resultsOf(rhs[0], len(lhs)) {
				join(lhs[i], n)
			}
		}
	}
	for cur := range in.Root().Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
		switch s := cur.Node().(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				joinAll(s.Lhs, s.Rhs)
			}
		case *ast.ValueSpec:
			if s.Type == nil {
				joinAll(exprs(s.Names), s.Values)
			}
		}
	}
}

func exprs(ids []*ast.Ident) []ast.Expr {
	list := make([]ast.Expr, len(ids))
	for i, id := range ids {
		list[i] = id
	}
	return list
}

// trace records what is done with each node.
func (g *graph) trace(in *inspector.Inspector) {
	info := g.pass.TypesInfo
	called := make(map[*ast.Ident]bool)
	for cur := range in.Root().Preorder(
		(*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.ReturnStmt)(nil), (*ast.SendStmt)(nil),
		(*ast.CompositeLit)(nil), (*ast.StructType)(nil), (*ast.CallExpr)(nil), (*ast.SelectorExpr)(nil), (*ast.Ident)(nil),
	) {
		switch e := cur.Node().(type) {
		case *ast.AssignStmt:
			g.assign(e.Lhs, e.Rhs)
		case *ast.ValueSpec:
			g.assign(exprs(e.Names), e.Values)
		case *ast.ReturnStmt:
			g.returns(cur, e)
		case *ast.SendStmt:
			if c, ok := info.TypeOf(e.Chan).Underlying().(*types.Chan); ok {
				g.flow(target{typ: c.Elem()}, e.Value)
			} else {
				g.flow(target{typ: info.TypeOf(e.Value)}, e.Value)
			}
		case *ast.CompositeLit:
			g.composite(e)
		case *ast.StructType:
			g.structType(cur)
		case *ast.CallExpr:
			if id := calleeIdent(info, e); id != nil {
				called[id] = true // seen before the identifier
			}
			g.call(e)
			g.mention(cur, e)
		case *ast.SelectorExpr:
			g.mention(cur, e)
		case *ast.Ident:
			if fn, ok := info.Uses[e].(*types.Func); ok && !called[e] {
				g.pinSignature(fn.Origin())
			}
			if k := cur.ParentEdgeKind(); k != edge.SelectorExpr_Sel && info.Defs[e] == nil {
				g.mention(cur, e)
			}
		}
	}
}

// mention records an operation on a node. Flows are recorded where their
// statement is met; what is not known pins.
func (g *graph) mention(cur inspector.Cursor, e ast.Expr) {
	n := g.nodeOf(e)
	if n == nil {
		return
	}
	for cur.ParentEdgeKind() == edge.ParenExpr_X {
		cur = cur.Parent()
	}
	parent := cur.Parent().Node()
	switch cur.ParentEdgeKind() {
	case edge.SendStmt_Chan:
		n.use(parent, "sent to", sends)
	case edge.RangeStmt_X:
		n.use(e, "received from", receives)
	case edge.UnaryExpr_X:
		if parent.(*ast.UnaryExpr).Op == token.ARROW {
			n.use(parent, "received from", receives)
		} else {
			n.pinned = true
		}
	case edge.BinaryExpr_X:
		n.pinned = n.pinned || !g.isNil(parent.(*ast.BinaryExpr).Y)
	case edge.BinaryExpr_Y:
		n.pinned = n.pinned || !g.isNil(parent.(*ast.BinaryExpr).X)
	case edge.KeyValueExpr_Key:
		if v, ok := g.pass.TypesInfo.Uses[identOf(e)].(*types.Var); !ok || !v.IsField() {
			n.pinned = true
		}
	case edge.KeyValueExpr_Value, edge.CompositeLit_Elts, edge.CallExpr_Args, edge.AssignStmt_Lhs, edge.AssignStmt_Rhs,
		edge.ValueSpec_Values, edge.ReturnStmt_Results, edge.SendStmt_Value, edge.ExprStmt_X, edge.GoStmt_Call, edge.DeferStmt_Call:
	default:
		n.pinned = true
	}
}

func identOf(e ast.Expr) *ast.Ident {
	id, _ := e.(*ast.Ident)
	return id
}

func (n *node) use(at ast.Node, verb string, dir direction) {
	n.need |= dir
	n.uses = append(n.uses, use{at.Pos(), at.End(), verb, dir})
}

func (g *graph) isNil(e ast.Expr) bool { return g.pass.TypesInfo.Types[ast.Unparen(e)].IsNil() }

// flow records that the value of e goes to t.
func (g *graph) flow(t target, e ast.Expr) {
	if n := g.nodeOf(e); n != nil {
		g.flowNode(t, n, e)
		return
	}
	if t.node == nil || g.isNil(e) {
		return
	}
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok && g.builtin(call) == "make" {
		t.node.made = true
	} else {
		t.node.give(g.localVar(e))
	}
}

// give records that a channel of someone else is put into n. One from another
// local variable is not: the owner of both is the same function, and a local
// variable is no way to hand it one end only.
func (n *node) give(local bool) {
	if !local || n.decl.kind != variable || n.v.Kind() == types.PackageVar {
		n.given = true
	}
}

// localVar reports whether e is a local variable, not a parameter.
func (g *graph) localVar(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := g.pass.TypesInfo.Uses[id].(*types.Var)
	return ok && v.Kind() == types.LocalVar
}

func (g *graph) flowNode(t target, n *node, at ast.Expr) {
	switch {
	case t.node == n || t == target{}:
	case t.node != nil:
		t.node.give(g.localVar(at))
		n.to = append(n.to, flow{t.node, at.Pos(), at.End()})
	default:
		c, ok := t.typ.Underlying().(*types.Chan)
		switch {
		case ok && c.Dir() == types.SendOnly:
			n.use(at, "passed on as chan<-", sends)
		case ok && c.Dir() == types.RecvOnly:
			n.use(at, "passed on as <-chan", receives)
		default:
			n.pinned = true
		}
	}
}

func (g *graph) assign(lhs, rhs []ast.Expr) {
	to := func(e ast.Expr) target {
		if id, ok := ast.Unparen(e).(*ast.Ident); ok && id.Name == "_" {
			return target{}
		}
		return target{g.nodeOf(e), g.pass.TypesInfo.TypeOf(e)}
	}
	if len(lhs) == len(rhs) {
		for i := range lhs {
			g.flow(to(lhs[i]), rhs[i])
		}
	} else if len(rhs) == 1 {
		for i, n := range g.resultsOf(rhs[0], len(lhs)) {
			if t := to(lhs[i]); n != nil {
				g.flowNode(t, n, rhs[0])
			} else if t.node != nil {
				t.node.give(false)
			}
		}
	}
}

func (g *graph) returns(cur inspector.Cursor, s *ast.ReturnStmt) {
	var sig *types.Signature
	for fn := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch fn := fn.Node().(type) {
		case *ast.FuncDecl:
			if obj, ok := g.pass.TypesInfo.Defs[fn.Name].(*types.Func); ok {
				sig = obj.Signature()
			}
		case *ast.FuncLit:
			sig, _ = g.pass.TypesInfo.TypeOf(fn).(*types.Signature)
		}
		break
	}
	if sig == nil {
		return
	}
	to := func(i int) target { return target{g.lookup(sig.Results().At(i)), sig.Results().At(i).Type()} }
	if n := sig.Results().Len(); len(s.Results) == n {
		for i, e := range s.Results {
			g.flow(to(i), e)
		}
	} else if len(s.Results) == 1 {
		for i, r := range g.resultsOf(s.Results[0], n) {
			if r != nil {
				g.flowNode(to(i), r, s.Results[0])
			}
		}
	}
}
