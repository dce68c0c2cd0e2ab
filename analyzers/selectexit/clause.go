package selectexit

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// lastBreak returns the break that ends the list and so has no effect.
func lastBreak(list []ast.Stmt) *ast.BranchStmt {
	if len(list) == 0 {
		return nil
	}
	if b, ok := list[len(list)-1].(*ast.BranchStmt); ok && b.Tok == token.BREAK && b.Label == nil {
		return b
	}
	return nil
}

// anyBreak returns a break in the list that leaves the statement around it.
func anyBreak(list []ast.Stmt) *ast.BranchStmt {
	var found *ast.BranchStmt
	for _, s := range list {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BranchStmt:
				if n.Tok == token.BREAK && n.Label == nil && found == nil {
					found = n
				}
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt, *ast.FuncLit:
				return false
			}
			return found == nil
		})
	}
	return found
}

// habit reports whether another case ends with a break, too: some write one
// at the end of each.
func habit(comms []comm, this comm) bool {
	for _, cm := range comms {
		if cm.clause != this.clause && lastBreak(cm.clause.Body) != nil {
			return true
		}
	}
	return false
}

// asksLater reports whether the loop looks at the context's error or remembers
// in this case for later that it is to end.
func (c *checker) asksLater(t *turn, cm comm) bool {
	asks := false
	ast.Inspect(t.loop, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && c.kind(call) == ops.CtxErr && !within(call, cm.clause) {
			asks = true
		}
		return !asks
	})
	return asks || c.remembers(cm.clause, t.loop)
}

// remembers reports whether the node assigns to a variable from outside of it
// that the loop reads elsewhere: a flag by which it may end.
func (c *checker) remembers(node ast.Node, loop ast.Stmt) bool {
	assigned := make(map[types.Object]bool)
	ast.Inspect(node, func(n ast.Node) bool {
		var lhs []ast.Expr
		switch n := n.(type) {
		case *ast.AssignStmt:
			lhs = n.Lhs
		case *ast.IncDecStmt:
			lhs = []ast.Expr{n.X}
		}
		for _, e := range lhs {
			if v := c.chans.variable(e); v != nil && !within(defined{v}, node) {
				assigned[v] = true
			}
		}
		return true
	})
	if len(assigned) == 0 {
		return false
	}
	found := false
	ast.Inspect(loop, func(n ast.Node) bool {
		if n == node && n != ast.Node(loop) {
			return false
		}
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := c.TypesInfo.Uses[id].(*types.Var); ok && assigned[v.Origin()] {
				found = true
			}
		}
		return !found
	})
	return found
}

// defined is the place where a variable is declared, as a node.
type defined struct{ *types.Var }

func (d defined) End() token.Pos { return d.Pos() }

// talksOnly reports whether the statements do nothing that could end the loop
// by another way: all they may do is to write a message.
func (c *checker) talksOnly(list []ast.Stmt) bool {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.BranchStmt, *ast.EmptyStmt:
		case *ast.ExprStmt:
			call, ok := s.X.(*ast.CallExpr)
			if !ok || !c.isMessage(call) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func (c *checker) isMessage(call *ast.CallExpr) bool { return source.IsMessage(c.TypesInfo, call) }
