package selectexit

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
	"time"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// spinning looks at a default that comes back to the select at once.
func (c *checker) spinning(t *turn, sel *ast.SelectStmt, comms []comm, def *ast.CommClause) {
	// Tests make load on purpose, and end soon.
	if _, ok := t.loop.(*ast.ForStmt); !ok || strings.HasSuffix(c.report.Position(sel.Pos()).Filename, "_test.go") {
		return
	}
	for _, cm := range comms {
		if cm.recv == nil {
			return // the value to send may change with each round
		}
		if call, ok := ast.Unparen(cm.recv.X).(*ast.CallExpr); ok && !c.harmless(call) && c.kind(call) != ops.After && !c.gives(call) {
			return
		}
	}
	from := t.body(comms, def)
	if from == nil || !t.idles(from, comms) || c.remembers(def, t.loop) {
		return
	}
	c.report.Report(diag.Finding{
		Pos: def.Pos(), End: def.Colon + 1, Category: spinningDefault,
		Message: "the loop comes back to this select at once through its default, and spins until a case is ready; remove the default, or wait in it",
	})
}

// gives reports whether the call is given nothing and gives a channel to receive from, as
// a method does that says what its object has.
func (c *checker) gives(call *ast.CallExpr) bool {
	t := c.TypesInfo.TypeOf(call)
	if t == nil || len(call.Args) > 0 || c.kind(call) != ops.None {
		return false
	}
	ch, ok := t.Underlying().(*types.Chan)
	return ok && ch.Dir() == types.RecvOnly
}

// timeouts looks for a time.After among the cases whose channel is made anew
// each time the select is reached, and is never the first to be ready: a
// default is there at once, a shorter timer or ticker earlier and comes back
// to the select. Where nothing is done when it fires, nothing is lost.
func (c *checker) timeouts(t *turn, comms []comm, def *ast.CommClause, at spot) {
	for _, cm := range comms {
		call := c.after(cm)
		if call == nil || len(cm.clause.Body) == 0 {
			continue
		}
		d, known := c.duration(call.Args[0])
		if !known || d <= 0 {
			continue
		}
		text := types.ExprString(call)
		if def != nil {
			c.report.Report(diag.Finding{
				Pos: call.Pos(), End: call.End(), Category: deadTimeout,
				Message: fmt.Sprintf("%s never fires: its channel is new each time and the default is taken at once; make it before the loop, or drop the default", short(text)),
				Related: c.related(label{def}, "the default"),
			})
			continue
		}
		if t == nil {
			continue // a single wait, of which the shorter timer is the point
		}
		for _, other := range comms {
			if other.clause == cm.clause || other.recv == nil {
				continue
			}
			body := t.body(comms, other.clause)
			period, known := c.period(other, at)
			if !known || period <= 0 || period >= d || body == nil || !t.returns(body) {
				continue
			}
			c.report.Report(diag.Finding{
				Pos: call.Pos(), End: call.End(), Category: deadTimeout,
				Message: fmt.Sprintf("%s is made anew each time and never fires: %s is ready every %v; make it before the loop",
					short(text), short(types.ExprString(other.recv.X)), period),
				Related: c.related(other.recv, fmt.Sprintf("ready every %v", period)),
			})
			break
		}
	}
}

// label is the line of a clause, without its body.
type label struct{ *ast.CommClause }

func (l label) End() (end token.Pos) { return l.Colon + 1 }

// after returns the call of time.After that the case receives from.
func (c *checker) after(cm comm) *ast.CallExpr {
	if cm.recv == nil {
		return nil
	}
	call, ok := ast.Unparen(cm.recv.X).(*ast.CallExpr)
	if !ok || c.kind(call) != ops.After || len(call.Args) != 1 {
		return nil
	}
	return call
}

// period returns how long at most it takes until the case is ready.
func (c *checker) period(cm comm, at spot) (time.Duration, bool) {
	if call := c.after(cm); call != nil {
		return c.duration(call.Args[0])
	}
	e := ast.Unparen(cm.recv.X)
	want := ops.Tick
	if sel, ok := e.(*ast.SelectorExpr); ok && sel.Sel.Name == "C" {
		e, want = sel.X, ops.NewTicker
	}
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return 0, false
	}
	v := c.chans.variable(id)
	if v == nil || v.IsField() || c.chans.taken[v] || len(c.chans.set[v]) != 1 || at.outer == nil {
		return 0, false
	}
	def := c.chans.set[v][0]
	call, ok := def.value.(*ast.CallExpr)
	if !ok || !def.def || c.kind(call) != want || len(call.Args) != 1 || c.disturbed(v, at) {
		return 0, false
	}
	return c.duration(call.Args[0])
}

// disturbed reports whether the function stops or resets the ticker other than
// by a defer, or hands it on.
func (c *checker) disturbed(v *types.Var, at spot) bool {
	found := false
	ast.PreorderStack(at.outer, nil, func(n ast.Node, stack []ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || c.TypesInfo.Uses[id] != v || len(stack) == 0 {
			return true
		}
		switch parent := stack[len(stack)-1].(type) {
		case *ast.UnaryExpr, *ast.ExprStmt:
		case *ast.SelectorExpr:
			if parent.Sel.Name == "C" {
				break
			}
			deferred := false
			for _, s := range stack {
				if _, ok := s.(*ast.DeferStmt); ok {
					deferred = true
				}
			}
			found = found || !deferred
		default:
			found = true
		}
		return true
	})
	return found
}

// duration returns the value of a constant, or of a variable that is declared
// with one and never set again.
func (c *checker) duration(e ast.Expr) (time.Duration, bool) {
	value := c.TypesInfo.Types[e].Value
	if id, ok := ast.Unparen(e).(*ast.Ident); ok && value == nil {
		v := c.chans.variable(id)
		if v == nil || v.IsField() || c.chans.taken[v] || len(c.chans.set[v]) != 1 || v.Parent() == v.Pkg().Scope() && v.Exported() {
			return 0, false
		}
		if s := c.chans.set[v][0]; s.def && s.value != nil {
			value = c.TypesInfo.Types[s.value].Value
		}
	}
	if value == nil || value.Kind() != constant.Int {
		return 0, false
	}
	n, exact := constant.Int64Val(value)
	return time.Duration(n), exact
}

// short keeps an expression from filling the message.
func short(expr string) string {
	const most = 30
	if r := []rune(expr); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return expr
}
