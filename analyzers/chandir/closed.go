package chandir

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
)

// closedResult is the category of results that the function itself closes.
const closedResult = "closed-result"

// checkClosed looks at the result of an exported function, whose callers are
// not all in sight. What they must not do is still certain where every
// returned channel is made by the function and closed by it or by a goroutine
// of it, and nothing in the function receives from it: whoever sends on it or
// closes it panics, sooner or later. There is no fix, since the type is part
// of the package's interface.
func (g *graph) checkClosed(d *decl) {
	if len(d.nodes) != 1 || d.nodes[0].v.Name() != "" || d.nodes[0].need&sends != 0 {
		return
	}
	in := g.pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	body, ok := in.Root().FindNode(d.fn.Body)
	if !ok {
		return
	}
	index := resultIndex(d)
	var ch *types.Var
	for cur := range body.Preorder((*ast.ReturnStmt)(nil)) {
		if inLiteral(cur, body) {
			continue
		}
		s := cur.Node().(*ast.ReturnStmt)
		if index >= len(s.Results) {
			return
		}
		if g.isNil(s.Results[index]) {
			continue // beside an error
		}
		v, ok := g.pass.TypesInfo.Uses[identOf(ast.Unparen(s.Results[index]))].(*types.Var)
		if !ok || ch != nil && ch != v {
			return
		}
		ch = v
	}
	if ch == nil {
		return
	}
	if closing := g.producerCloses(body, ch); closing != nil && !g.satisfies(d.owner.(*types.Func)) {
		name := d.owner.Name()
		text := fmt.Sprintf("a caller of %s that sends on the result or closes it panics once %s has closed it", name, name)
		g.report.Report(diag.Finding{
			Pos: d.pos, End: d.end,
			Category: closedResult,
			Message:  declareAs(text, d.typ, receives),
			Related:  []analysis.RelatedInformation{{Pos: closing.Pos(), End: closing.End(), Message: "closed here"}},
		})
	}
}

func resultIndex(d *decl) int {
	results := d.owner.(*types.Func).Signature().Results()
	for i := range results.Len() {
		if results.At(i) == d.nodes[0].v {
			return i
		}
	}
	return -1
}

func inLiteral(cur, body inspector.Cursor) bool {
	for lit := range cur.Enclosing((*ast.FuncLit)(nil)) {
		return body.Contains(lit)
	}
	return false
}

// producerCloses returns the call that closes ch in body if all that happens
// to ch there is: it is made once, sent to, closed and returned.
func (g *graph) producerCloses(body inspector.Cursor, ch *types.Var) (closing *ast.CallExpr) {
	made := false
	for cur := range body.Preorder((*ast.Ident)(nil)) {
		id := cur.Node().(*ast.Ident)
		if g.pass.TypesInfo.ObjectOf(id) != ch {
			continue
		}
		parent := cur.Parent().Node()
		switch cur.ParentEdgeKind() {
		case edge.AssignStmt_Lhs:
			s := parent.(*ast.AssignStmt)
			if s.Tok != token.DEFINE || len(s.Lhs) != len(s.Rhs) {
				return nil
			}
			call, ok := s.Rhs[cur.ParentEdgeIndex()].(*ast.CallExpr)
			if !ok || g.builtin(call) != "make" {
				return nil
			}
			made = true
		case edge.CallExpr_Args:
			call := parent.(*ast.CallExpr)
			if g.builtin(call) != "close" {
				return nil
			}
			closing = call
		case edge.SendStmt_Chan:
		case edge.ReturnStmt_Results:
		default:
			return nil
		}
	}
	if !made {
		return nil
	}
	return closing
}
