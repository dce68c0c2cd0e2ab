package timerleak

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// unset looks at a timer that is started again by who has received from it, and by nobody
// else, but not when something has failed in between: it never fires again then.
func (c *checker) unset(cur inspector.Cursor, recv *ast.UnaryExpr) {
	t := c.owner(recv.X)
	if t == nil {
		return
	}
	v, around := c.Var(t), loop(cur)
	fn, ok := source.Func(cur)
	if !ok || v == nil || around == nil || !ops.IsTimer(c.Pass.TypesInfo.TypeOf(t)) || c.IsTest(recv) {
		return
	}
	g := c.Graph(fn.Node())
	taken, rest, turn := behind(cur)
	if g == nil || rest == nil || !c.resetBy(v, rest, around) || c.worksOn(cur) {
		return
	}
	name, breaks := types.ExprString(t), endsTurn(cur, around)
	reset := func(n ast.Node) bool {
		return source.Any(n, func(n ast.Node) bool { return c.ofTimer(n, ops.TimerReset, name) })
	}
	for _, s := range rest {
		branch, ok := s.(*ast.IfStmt)
		if !ok || !c.givesUp(branch, breaks) || reset(branch.Body) {
			continue
		}
		first := c.firstReset(rest, name)
		if first == nil || c.From(g, taken, source.Search{Ends: reset, Hit: func(n ast.Node) bool { return source.Within(branch.Cond, n) }}) == nil {
			continue
		}
		last := branch.Body.List[len(branch.Body.List)-1]
		c.report.Report(diag.Finding{
			Pos: last.Pos(), End: last.End(), Category: unsetTimer,
			Message: fmt.Sprintf("%s has fired, and nobody starts it again after this %s: %s %s; Reset it before, as on line %d",
				name, last.(*ast.BranchStmt).Tok, source.Short(recv), turn, c.Line(first)),
			Related: source.Related(recv, "the timer has fired here"),
		})
		return
	}
}

// worksOn reports whether the select that the receive is a case of has another case for which
// the loop goes on: it may be meant to do just that from then on.
func (c *checker) worksOn(recv inspector.Cursor) bool {
	own, ok := recv.Parent().Parent().Node().(*ast.CommClause)
	if !ok {
		return false
	}
	for _, s := range recv.Parent().Parent().Parent().Node().(*ast.BlockStmt).List {
		other := s.(*ast.CommClause)
		if other == own || other.Comm == nil {
			continue
		}
		leaves := slices.ContainsFunc(other.Body, func(s ast.Stmt) bool {
			return source.Any(s, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ReturnStmt:
					return true
				case *ast.BranchStmt:
					return n.Tok == token.GOTO || n.Label != nil
				}
				return false
			})
		})
		if !leaves {
			return true
		}
	}
	return false
}

// behind returns the statement of a receive, the statements that come next, and what a
// receive from a timer that is not running does.
func behind(recv inspector.Cursor) (taken ast.Stmt, rest []ast.Stmt, turn string) {
	s := recv.Parent()
	if _, ok := s.Node().(ast.Stmt); !ok {
		return nil, nil, ""
	}
	taken = s.Node().(ast.Stmt)
	switch up := s.Parent().Node().(type) {
	case *ast.CommClause:
		if up.Comm == taken {
			return taken, up.Body, "is never ready any more"
		}
	case *ast.BlockStmt:
		if f, ok := s.Parent().Parent().Node().(*ast.ForStmt); ok && f.Body == up {
			return taken, up.List[slices.Index(up.List, taken)+1:], "blocks forever"
		}
	}
	return nil, nil, ""
}

// resetBy reports whether the statements reset the timer, and nothing else in the package
// starts it again or has it.
func (c *checker) resetBy(v *types.Var, rest []ast.Stmt, around ast.Stmt) bool {
	found := false
	for _, use := range c.Uses(v) {
		at := use
		if sel, ok := use.Parent().Node().(*ast.SelectorExpr); ok && sel.Sel == use.Node() {
			at = use.Parent()
		}
		switch up := at.Parent().Node().(type) {
		case *ast.SelectorExpr:
			if up.Sel.Name == "Reset" {
				if !slices.ContainsFunc(rest, func(s ast.Stmt) bool { return source.Within(up, s) }) {
					return false
				}
				found = true
			}
		case *ast.AssignStmt:
			if !slices.Contains(up.Lhs, at.Node().(ast.Expr)) || source.Within(up, around) {
				return false
			}
		case *ast.KeyValueExpr:
			if up.Key != at.Node() {
				return false
			}
		case *ast.BinaryExpr, *ast.ValueSpec, *ast.Field:
		default:
			return false
		}
	}
	return found && (source.Local(v) || !v.Exported() && v.Pkg() == c.Pass.Pkg)
}

// endsTurn reports whether a break from the select that the receive is a case of ends the
// turn of the loop: nothing comes behind it.
func endsTurn(recv inspector.Cursor, around ast.Stmt) bool {
	clause := recv.Parent().Parent()
	if _, ok := clause.Node().(*ast.CommClause); !ok {
		return false
	}
	f, ok := around.(*ast.ForStmt)
	return ok && f.Body.List[len(f.Body.List)-1] == clause.Parent().Parent().Node()
}

// givesUp reports whether the statement ends the turn of the loop because of an error,
// after a message at most.
func (c *checker) givesUp(s *ast.IfStmt, breaks bool) bool {
	b, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
	if !ok || b.Op != token.NEQ || !c.Pass.TypesInfo.Types[b.Y].IsNil() || !source.IsError(c.Pass.TypesInfo.TypeOf(b.X)) || len(s.Body.List) == 0 {
		return false
	}
	for i, stmt := range s.Body.List {
		switch stmt := stmt.(type) {
		case *ast.BranchStmt:
			return i == len(s.Body.List)-1 && stmt.Label == nil && (stmt.Tok == token.CONTINUE || stmt.Tok == token.BREAK && breaks)
		case *ast.ExprStmt:
			call, ok := stmt.X.(*ast.CallExpr)
			if !ok || !c.tells(call) {
				return false
			}
		default:
			return false
		}
	}
	return false
}

func (c *checker) firstReset(rest []ast.Stmt, name string) (found ast.Node) {
	for _, s := range rest {
		ast.Inspect(s, func(n ast.Node) bool {
			if found == nil && n != nil && c.ofTimer(n, ops.TimerReset, name) {
				found = n
			}
			return found == nil
		})
	}
	return found
}
