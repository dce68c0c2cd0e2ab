package contextmisuse

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

// Check finds contexts that are done too early, too late, or never. What the flag asks
// for takes it for granted that a callee heeds its context, or that nothing else was
// meant: see docs/precision.md.
var Check = diag.WithFlag(diag.Spec{
	Doc:        doc,
	Family:     diag.Misuse,
	Default:    true,
	Categories: []string{endedParent, expiredContext, outlivesRequest, freshContext, cancelNeverCalled, cancelDiscarded, cancelMissed, cancelOverwritten, deferInLoop},
	Requires:   []*analysis.Analyzer{source.Analyzer},
}, "all", "report also what depends on what a callee does with its context, and contexts that pile up or are not canceled on some path", run)

// Analyzer is the analyzer of [Check].
var Analyzer = Check.Analyzer

const (
	endedParent       = "ended-parent"
	expiredContext    = "expired-context"
	outlivesRequest   = "outlives-request"
	freshContext      = "fresh-context"
	cancelNeverCalled = "cancel-never-called"
	cancelDiscarded   = "cancel-discarded"
	cancelMissed      = "cancel-missed"
	cancelOverwritten = "cancel-overwritten"
	deferInLoop       = "defer-in-loop"
)

// A checker looks at one package.
type checker struct {
	*source.Package
	report *diag.Reporter
	all    bool
}

func run(pass *analysis.Pass, report *diag.Reporter, all bool) error {
	c := &checker{pass.ResultOf[source.Analyzer].(*source.Package), report, all}
	if !all && !c.Imports("context", "os/signal", "net/http") {
		return nil
	}
	for cur := range c.Root.Preorder((*ast.UnaryExpr)(nil), (*ast.CallExpr)(nil), (*ast.DeferStmt)(nil), (*ast.GoStmt)(nil), (*ast.ExprStmt)(nil), (*ast.SendStmt)(nil)) {
		if report.Generated(cur.Node().Pos()) {
			continue
		}
		switch n := cur.Node().(type) {
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && c.Kind(n.X) == ops.CtxDone {
				c.done(cur, n)
			}
		case *ast.CallExpr:
			c.again(cur, n)
			c.overwritten(cur, n)
			c.call(cur, n)
		case *ast.DeferStmt:
			c.deferred(cur, n)
			if all {
				c.deferCancel(cur, n)
			}
		case *ast.GoStmt:
			c.starts(cur, n)
		case *ast.ExprStmt:
			if call, ok := n.X.(*ast.CallExpr); ok && c.Kind(call) == ops.WgGo {
				c.starts(cur, n)
			}
		case *ast.SendStmt:
			if all {
				c.queued(cur, n)
			}
		}
	}
	c.stored()
	return nil
}

// needs returns a call in the node that is given the context and gives up when that is
// done: as is known, or, with the flag, as it seems.
func (c *checker) needs(n ast.Node, ctx *types.Var) *ast.CallExpr {
	if c.all {
		return c.MayNeedContext(n, ctx)
	}
	return c.NeedsContext(n, ctx)
}

func (c *checker) call(cur inspector.Cursor, call *ast.CallExpr) {
	if c.isCancel(call) {
		c.canceled(cur, call)
		return
	}
	if c.all && c.Kind(call) == ops.None {
		c.returnsCancel(cur, call)
		c.fresh(cur, call)
	}
}

// isCancel reports whether the call is one of a cancel function in a local
// variable.
func (c *checker) isCancel(call *ast.CallExpr) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	return ok && len(call.Args) == 0 && source.Local(c.Var(id)) && ops.IsCancel(c.Var(id).Type())
}

// derivation is a statement ctx, cancel := context.WithX(parent, ...).
type derivation struct {
	cur         inspector.Cursor
	call        *ast.CallExpr
	ctx, cancel *types.Var
}

// derived returns the derivation that the call is, with local variables.
func (c *checker) derived(cur inspector.Cursor) (derivation, bool) {
	call, ok := cur.Node().(*ast.CallExpr)
	if !ok {
		return derivation{}, false
	}
	switch c.Kind(call) {
	case ops.CtxWithCancel, ops.CtxWithTimeout, ops.SignalNotifyContext:
	default:
		return derivation{}, false
	}
	s, ok := cur.Parent().Node().(*ast.AssignStmt)
	if !ok || len(s.Lhs) != 2 {
		return derivation{}, false
	}
	d := derivation{cur, call, c.Var(s.Lhs[0]), c.Var(s.Lhs[1])}
	return d, d.ctx != nil
}

// derivations returns those whose cancel function is the variable.
func (c *checker) derivations(cancel *types.Var) []derivation {
	var list []derivation
	for _, use := range c.Uses(cancel) {
		s, ok := use.Parent().Node().(*ast.AssignStmt)
		if !ok || len(s.Rhs) != 1 {
			continue
		}
		if cur, ok := use.Parent().FindNode(ast.Unparen(s.Rhs[0])); ok {
			if d, ok := c.derived(cur); ok && d.cancel == cancel {
				list = append(list, d)
			}
		}
	}
	return list
}
