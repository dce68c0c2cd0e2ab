package selectexit

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// exhausted looks at a call that fails each time from some moment on: a read from what has
// come to its end, or, if the loop goes on after any error, an Accept of a listener that
// the package closes.
func (f *failing) exhausted(call *ast.CallExpr, failed *ast.IfStmt, any bool) {
	fn, _ := typeutil.Callee(f.TypesInfo, call).(*types.Func)
	if fn == nil || f.loop.Cond != nil || f.inTest(call) {
		return
	}
	from, ends := ops.ReadsToEnd(fn)
	switch {
	case ends && from >= 0 && (from >= len(call.Args) || !f.same(call.Args[from]) || f.endless(call.Args[from])):
	case ends && from == ops.OfReceiver && (!f.same(receiver(call)) || f.endless(receiver(call))):
	case ends:
		f.spins(call, failed, "when there is no more to read", "io.EOF", nil)
	case any && ops.Accepts(fn) && f.same(receiver(call)):
		if closed := f.closedElsewhere(receiver(call)); closed != nil {
			f.spins(call, failed, fmt.Sprintf("after the Close on %s", f.where(closed, call)), "net.ErrClosed", closed)
		}
	}
}

func (f *failing) spins(call *ast.CallExpr, failed *ast.IfStmt, when, err string, closed ast.Node) {
	d := diag.Finding{
		Pos: call.Pos(), End: call.End(), Category: errorSpin,
		Message: fmt.Sprintf("%s fails each time %s, and the loop goes on (%s): it spins; leave it on %s",
			short(types.ExprString(call.Fun)), when, f.where(failed, call), err),
		Related: f.related(failed, "goes on here"),
	}
	if closed != nil {
		d.Related = append(d.Related, f.related(closed, "it is closed here")...)
	}
	f.report.Report(d)
}

// same reports whether the expression names the same object in each turn.
func (f *failing) same(e ast.Expr) bool {
	if u, ok := e.(*ast.UnaryExpr); ok {
		e = u.X
	}
	return e != nil && f.chans.stable(e, spot{fn: f.fn, outer: f.fn, loop: f.loop})
}

// endless reports whether what is read has no end.
func (f *failing) endless(e ast.Expr) bool {
	v := f.chans.variable(e)
	if v == nil {
		return false
	}
	if v.Pkg() != nil && v.Pkg().Path() == "crypto/rand" {
		return true
	}
	for _, set := range f.chans.set[v] { // bufio.NewReader(x), where x is of a type of this package
		s := f.statement(set.node)
		if source.Any(s, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return false
			}
			maker, _ := typeutil.Callee(f.TypesInfo, call).(*types.Func)
			return maker != nil && maker.Pkg() == f.Pkg || len(call.Args) > 0 && f.ownReader(call.Args[0])
		}) {
			return true
		}
	}
	return f.ownReader(e)
}

// ownReader reports whether the value is of a type of this package that reads as it likes: it
// may connect again when a connection has come to its end.
func (f *failing) ownReader(e ast.Expr) bool {
	t := f.TypesInfo.TypeOf(e)
	if t == nil {
		return false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() != f.Pkg || types.IsInterface(n) {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(n), true, f.Pkg, "Read")
	return obj != nil
}

func (f *failing) inTest(n ast.Node) bool {
	return strings.HasSuffix(f.report.Position(n.Pos()).Filename, "_test.go")
}

// receiver returns the expression before the dot of a method call, or nil.
func receiver(call *ast.CallExpr) ast.Expr {
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return sel.X
	}
	return nil
}

// closedElsewhere returns a call by which the package closes the object while the loop
// runs: in another function, after which the process goes on.
func (f *failing) closedElsewhere(e ast.Expr) (found ast.Node) {
	v := f.chans.variable(e)
	for _, file := range f.Files {
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || found != nil {
				return found == nil
			}
			sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "Close" || len(call.Args) > 0 || f.chans.variable(sel.X) != v || f.inTest(call) {
				return true
			}
			if at := place(stack); at.fn != nil && at.fn != f.fn && !f.endsProcess(at) {
				found = call
			}
			return true
		})
	}
	return found
}

// endsProcess reports whether the process ends with the function, or in it.
func (f *failing) endsProcess(at spot) bool {
	if d, ok := at.outer.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.Name == "main" {
		return true
	}
	ends := false
	ast.Inspect(at.fn, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && f.kind(call) == ops.Exit {
			ends = true
		}
		return !ends
	})
	return ends
}
