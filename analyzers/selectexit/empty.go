package selectexit

import (
	"go/ast"
	"strings"

	"github.com/conclint/conclint/analyzers/internal/diag"
)

// emptyLoop looks at a loop without condition and body, in a function that starts
// goroutines or is main: it is to keep the process alive, and takes a core for that.
// Elsewhere it can stand behind a call that never comes back.
func (c *checker) emptyLoop(loop *ast.ForStmt, at spot) {
	if loop.Init != nil || loop.Post != nil || strings.HasSuffix(c.report.Position(loop.Pos()).Filename, "_test.go") {
		return
	}
	decl, _ := at.fn.(*ast.FuncDecl)
	main := decl != nil && decl.Recv == nil && decl.Name.Name == "main" && c.Pkg.Name() == "main"
	if !main && !startsBefore(at.fn, loop) || !c.reached(loop, at) {
		return
	}
	c.report.Report(diag.Finding{
		Pos: loop.Pos(), End: loop.End(), Category: emptyLoop,
		Message: "for {} takes a whole core for as long as the process lives; block with select {}, or wait for what is to end it",
	})
}

// reached reports whether a path leads to the loop that has no call in it by which the
// process or goroutine ends.
func (c *checker) reached(loop *ast.ForStmt, at spot) bool {
	g := c.graph(at.fn)
	if g == nil {
		return false
	}
	for _, b := range g.Blocks {
		if b.Stmt == ast.Stmt(loop) && b.Live {
			for _, p := range g.Blocks {
				for _, s := range p.Succs {
					if s == b && p.Stmt != ast.Stmt(loop) && p.Live && !c.ends(p.Nodes) {
						return true
					}
				}
			}
		}
	}
	return false
}

// startsBefore reports whether the function starts a goroutine before the node.
func startsBefore(fn ast.Node, before ast.Node) bool {
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n == fn
		case *ast.GoStmt:
			found = found || n.Pos() < before.Pos()
		}
		return !found
	})
	return found
}

// idle looks at a goroutine whose first statement is a select without cases: it does nothing,
// for ever, and keeps nobody alive.
func (c *checker) idle(start *ast.GoStmt) {
	lit, ok := ast.Unparen(start.Call.Fun).(*ast.FuncLit)
	if !ok || len(lit.Body.List) == 0 || strings.HasSuffix(c.report.Position(start.Pos()).Filename, "_test.go") {
		return
	}
	sel, ok := lit.Body.List[0].(*ast.SelectStmt)
	if !ok || len(sel.Body.List) > 0 {
		return
	}
	c.report.Report(diag.Finding{
		Pos: sel.Pos(), End: sel.End(), Category: idleGoroutine,
		Message: "the goroutine does nothing but block forever in select {}; leave it out, or let it do something before",
	})
}
