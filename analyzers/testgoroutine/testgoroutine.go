package testgoroutine

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

//go:embed doc.go
var doc string

// Check finds tests that end themselves in other goroutines, that are
// outlived by their goroutines, and parallel ones that disturb each other.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Misuse,
	Default:    true,
	Categories: []string{endsGoroutine, logsForever, logsLate, parallelWrite, deferBeforeParallel, setenvParallel},
	Requires:   []*analysis.Analyzer{source.Analyzer, enders},
	Run:        run,
})

// Analyzer is the analyzer of [Check].
var Analyzer = Check.Analyzer

const (
	endsGoroutine       = "ends-goroutine"
	logsForever         = "logs-forever"
	logsLate            = "logs-late"
	parallelWrite       = "parallel-write"
	deferBeforeParallel = "defer-before-parallel"
	setenvParallel      = "setenv-parallel"
)

// A checker looks at one package.
type checker struct {
	*source.Package
	report *diag.Reporter
	index  *index
}

func run(pass *analysis.Pass, report *diag.Reporter) error {
	c := &checker{
		Package: pass.ResultOf[source.Analyzer].(*source.Package),
		report:  report,
		index:   pass.ResultOf[enders].(*index),
	}
	if !c.index.concerned() {
		return nil
	}
	for cur := range c.Root.Preorder((*ast.GoStmt)(nil), (*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		if report.Generated(cur.Node().Pos()) {
			continue
		}
		switch n := cur.Node().(type) {
		case *ast.GoStmt:
			if _, ok := ast.Unparen(n.Call.Fun).(*ast.FuncLit); !ok {
				c.started(n)
			}
		case *ast.FuncLit:
			if c.Started(cur) {
				c.goroutine(cur, n)
			}
			c.test(cur)
		case *ast.FuncDecl:
			c.test(cur)
		}
	}
	return nil
}

// isTest reports whether the expression is a test, or holds one, and belongs to
// a variable that is declared outside of the node.
func (c *checker) isTest(e ast.Expr, outside ast.Node) bool {
	v := root(c.Pass.TypesInfo, e)
	if v == nil || outside.Pos() <= v.Pos() && v.Pos() < outside.End() {
		return false
	}
	t := c.Pass.TypesInfo.TypeOf(e)
	return ops.CanEndTest(t) || holdsTest(t)
}

// goroutine looks at a function literal that runs in a goroutine of its own.
// One finding is enough for each.
func (c *checker) goroutine(cur inspector.Cursor, lit *ast.FuncLit) {
	upstream := c.upstream(cur)
	reported := false
	cur.Inspect([]ast.Node{(*ast.FuncLit)(nil), (*ast.CallExpr)(nil)}, func(n inspector.Cursor) bool {
		switch x := n.Node().(type) {
		case *ast.FuncLit:
			return n == cur || c.calledHere(n)
		case *ast.CallExpr:
			if reported {
				return false
			}
			how := c.index.call(x, func(e ast.Expr) bool { return c.isTest(e, lit) })
			if how == byAnother || how == itself && !(upstream && onVariable(x)) {
				reported = true
				c.ends(x, x, how)
			}
		}
		return !reported
	})
	c.logs(cur, lit)
	c.late(cur, lit)
}

// calledHere reports whether the literal is called or deferred on the spot.
func (c *checker) calledHere(lit inspector.Cursor) bool {
	call, ok := lit.Parent().Node().(*ast.CallExpr)
	if !ok || ast.Unparen(call.Fun) != lit.Node() {
		return false
	}
	_, ok = lit.Parent().Parent().Node().(*ast.GoStmt)
	return !ok
}

// upstream reports whether the pass testinggoroutine looks at the literal: in
// functions with a parameter for a test it reports direct calls.
func (c *checker) upstream(lit inspector.Cursor) bool {
	if _, ok := lit.Parent().Parent().Node().(*ast.GoStmt); !ok {
		return false
	}
	decl, ok := source.Outermost(lit)
	if !ok {
		return false
	}
	for _, f := range decl.Type.Params.List {
		if ops.IsTest(c.Pass.TypesInfo.TypeOf(f.Type)) {
			return true
		}
	}
	return false
}

// onVariable reports whether the method is called on a plain variable.
func onVariable(call *ast.CallExpr) bool {
	_, ok := ast.Unparen(source.Receiver(call)).(*ast.Ident)
	return ok
}

// started looks at go helper(t), when the helper ends the test by another
// function; when it does so itself testinggoroutine reports it.
func (c *checker) started(s *ast.GoStmt) {
	if c.index.call(s.Call, func(e ast.Expr) bool { return c.isTest(e, s) }) != byAnother {
		return
	}
	if fn := c.Callee(s.Call); fn != nil && fn.Pkg() == c.Pass.Pkg {
		for _, h := range c.index.own[fn.Origin()] {
			if h == itself {
				return
			}
		}
	}
	c.ends(s.Call, s, byAnother)
}

func (c *checker) ends(call *ast.CallExpr, at ast.Node, h how) {
	what := source.Short(call.Fun)
	f := diag.Finding{Pos: at.Pos(), End: call.End(), Category: endsGoroutine}
	if h == itself {
		f.Message = fmt.Sprintf("%s ends only this goroutine: the test goes on, or waits for it forever; use Error and return", what)
	} else {
		f.Message = fmt.Sprintf("%s ends only this goroutine when it fails the test, which goes on, or waits for it forever; check with Error and return", what)
	}
	c.report.Report(f)
}

// logs looks at a goroutine that logs in a loop that nothing leaves: it
// outlives the test, and the log then panics.
func (c *checker) logs(cur inspector.Cursor, lit *ast.FuncLit) {
	g := c.Graph(lit)
	if g == nil || !g.NoReturn() {
		return
	}
	for in := range cur.Preorder((*ast.CallExpr)(nil)) {
		call := in.Node().(*ast.CallExpr)
		if c.Kind(call) != ops.TestLog || !c.isTest(source.Receiver(call), lit) || !looped(in, cur) {
			continue
		}
		if own, _ := source.Func(in); own != cur {
			continue
		}
		c.report.Report(diag.Finding{
			Pos: call.Pos(), End: call.End(), Category: logsForever,
			Message: fmt.Sprintf("%s panics once the test has ended: nothing ends the loop that this goroutine is in; stop it, and wait for it", source.Short(call.Fun)),
		})
		return
	}
}

func looped(cur, fn inspector.Cursor) bool {
	for up := range cur.Enclosing((*ast.ForStmt)(nil)) {
		return fn.Contains(up) && up.Node().(*ast.ForStmt).Cond == nil
	}
	return false
}

// testParam returns the parameter for the test of a function.
func (c *checker) testParam(fn ast.Node) *types.Var {
	_, typ := source.Body(fn)
	for _, f := range typ.Params.List {
		for _, id := range f.Names {
			if v := c.Var(id); v != nil && ops.IsTest(v.Type()) {
				return v
			}
		}
	}
	return nil
}
