package timerleak

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

//go:embed doc.go
var doc string

// Check finds timers and tickers that are not stopped, never end a loop, or
// are drained when there is nothing in them.
var Check = diag.New(diag.Spec{
	Doc:     doc,
	Family:  diag.Misuse,
	Default: true,
	Fixable: true,
	Categories: []string{
		notStopped, tickLeaks, newEachTurn, rangeForever, drainBlocks, noChannel, staleReset, alwaysEmpty, stopIgnored, spentTimer, unsetTimer,
	},
	Requires: []*analysis.Analyzer{source.Analyzer},
	Run:      run,
})

// Analyzer is the analyzer of [Check].
var Analyzer = Check.Analyzer

const (
	notStopped   = "not-stopped"
	tickLeaks    = "tick-leaks"
	newEachTurn  = "new-each-turn"
	rangeForever = "range-forever"
	drainBlocks  = "drain-blocks"
	noChannel    = "no-channel"
	staleReset   = "stale-reset"
	alwaysEmpty  = "always-empty"
	stopIgnored  = "stop-ignored"
	spentTimer   = "spent"
	unsetTimer   = "unset"
)

// collected is the version from which a timer that nothing refers to is
// collected, and Stop and Reset leave no value in its channel.
const collected = "go1.23"

// A checker looks at one package.
type checker struct {
	*source.Package
	report *diag.Reporter
	closed map[*types.Var]*ast.CallExpr // channels that the package closes
}

func run(pass *analysis.Pass, report *diag.Reporter) error {
	c := &checker{Package: pass.ResultOf[source.Analyzer].(*source.Package), report: report}
	if !c.Imports("time", "context") {
		return nil
	}
	for cur := range c.Root.Preorder((*ast.CallExpr)(nil), (*ast.RangeStmt)(nil), (*ast.UnaryExpr)(nil)) {
		if report.Generated(cur.Node().Pos()) {
			continue
		}
		switch n := cur.Node().(type) {
		case *ast.CallExpr:
			c.call(cur, n)
		case *ast.RangeStmt:
			c.rangeStmt(cur, n)
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				c.receive(cur, n)
				c.unset(cur, n)
			}
		}
	}
	return nil
}

func (c *checker) call(cur inspector.Cursor, call *ast.CallExpr) {
	if name := c.Builtin(call); name == "len" && len(call.Args) == 1 {
		c.length(call)
		return
	}
	switch c.Kind(call) {
	case ops.NewTicker:
		c.ticker(cur, call)
	case ops.Tick:
		c.tick(cur, call)
	case ops.After:
		c.after(cur, call)
		c.spent(cur, call)
	case ops.NewTimer:
		c.spent(cur, call)
	case ops.AfterFunc, ops.CtxAfterFunc:
		c.afterFunc(cur, call)
	case ops.TimerReset:
		c.reset(cur, call)
	}
}

// made returns the local variable that is declared with or assigned the value
// of the call, and the statement.
func (c *checker) made(cur inspector.Cursor, call *ast.CallExpr) (*types.Var, ast.Node) {
	switch s := cur.Parent().Node().(type) {
	case *ast.AssignStmt:
		for i, rhs := range s.Rhs {
			if ast.Unparen(rhs) != call || len(s.Lhs) != len(s.Rhs) {
				continue
			}
			if id, ok := s.Lhs[i].(*ast.Ident); ok {
				if v := c.Var(id); source.Local(v) {
					return v, s
				}
			}
		}
	case *ast.ValueSpec:
		for i, rhs := range s.Values {
			if ast.Unparen(rhs) == call && len(s.Names) == len(s.Values) {
				if v := c.Var(s.Names[i]); source.Local(v) {
					return v, s
				}
			}
		}
	}
	return nil, nil
}

// owner returns the timer whose channel the expression is: t of t.C.
func (c *checker) owner(e ast.Expr) ast.Expr {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "C" {
		return nil
	}
	t := c.Pass.TypesInfo.TypeOf(sel.X)
	if t == nil || !ops.IsTimer(t) && !ops.IsTicker(t) {
		return nil
	}
	return sel.X
}

// ofTimer reports whether the node is a call of the kind on the timer that e
// names.
func (c *checker) ofTimer(n ast.Node, kind ops.Kind, timer string) bool {
	call, ok := n.(*ast.CallExpr)
	return ok && c.Kind(call) == kind && source.Receiver(call) != nil && types.ExprString(source.Receiver(call)) == timer
}

// receives reports whether the node is a receive from the timer's channel.
func (c *checker) receives(n ast.Node, timer string) bool {
	u, ok := n.(*ast.UnaryExpr)
	if !ok || u.Op != token.ARROW {
		return false
	}
	t := c.owner(u.X)
	return t != nil && types.ExprString(t) == timer
}

// isMain reports whether the process ends when the function returns.
func (c *checker) isMain(fn ast.Node) bool {
	d, ok := fn.(*ast.FuncDecl)
	return ok && d.Recv == nil && d.Name.Name == "main" && c.Pass.Pkg.Name() == "main"
}
