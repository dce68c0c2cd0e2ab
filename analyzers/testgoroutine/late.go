package testgoroutine

import (
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// late looks at a goroutine that logs with the test as the last thing it does: nothing
// that it does afterwards could be what the test waits for.
func (c *checker) late(cur inspector.Cursor, lit *ast.FuncLit) {
	if c.Imports("testing/synctest", "internal/synctest") {
		return // where a test waits for all its goroutines
	}
	call, ok := cur.Parent().Node().(*ast.CallExpr)
	if !ok || ast.Unparen(call.Fun) != ast.Expr(lit) {
		return
	}
	if _, ok := cur.Parent().Parent().Node().(*ast.GoStmt); !ok || len(lit.Body.List) == 0 {
		return
	}
	last, ok := lit.Body.List[len(lit.Body.List)-1].(*ast.ExprStmt)
	if !ok {
		return
	}
	log, ok := last.X.(*ast.CallExpr)
	if !ok || c.Kind(log) != ops.TestLog || !c.isTest(source.Receiver(log), lit) || !quiet(log) {
		return
	}
	for d := range cur.Preorder((*ast.DeferStmt)(nil)) {
		if fn, _ := source.Func(d); fn == cur {
			return // which can be what tells
		}
	}
	c.report.Report(diag.Finding{
		Pos: log.Pos(), End: log.End(), Category: logsLate,
		Message: fmt.Sprintf("%s panics when the test has ended: it is the last thing that the goroutine does, so nothing waits for it; signal after it and wait", source.Short(log.Fun)),
	})
}

// quiet reports whether the arguments of the call do nothing that could be waited for.
func quiet(call *ast.CallExpr) bool {
	for _, arg := range call.Args {
		if source.Any(arg, func(n ast.Node) bool {
			u, ok := n.(*ast.UnaryExpr)
			return ok && u.Op == token.ARROW
		}) {
			return false
		}
	}
	return true
}
