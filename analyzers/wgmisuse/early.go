package wgmisuse

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// An early looks for returns that leave goroutines running, in functions that wait for
// them before they return another error.
type early struct {
	*source.Package
	report *diag.Reporter
}

// unwaited reports the returns of an error with no Wait before, where the function has
// one before another error.
func unwaited(pass *analysis.Pass, report *diag.Reporter) {
	e := &early{pass.ResultOf[source.Analyzer].(*source.Package), report}
	if !e.Imports("sync") {
		return
	}
	for cur := range e.Root.Preorder((*ast.ValueSpec)(nil), (*ast.AssignStmt)(nil)) {
		var names []ast.Expr
		switch n := cur.Node().(type) {
		case *ast.ValueSpec:
			for _, id := range n.Names {
				names = append(names, id)
			}
		case *ast.AssignStmt:
			names = n.Lhs
		}
		for _, name := range names {
			id, ok := name.(*ast.Ident)
			if v, isVar := e.Pass.TypesInfo.Defs[id].(*types.Var); ok && isVar && ops.IsWaitGroup(v.Type()) && source.Local(v) && !e.IsTest(id) {
				if fn, ok := source.Func(cur); ok {
					e.group(fn, v)
				}
			}
		}
	}
}

// group looks at one WaitGroup, which its function alone has.
func (e *early) group(fn inspector.Cursor, wg *types.Var) {
	var starts, waits []inspector.Cursor
	for _, use := range e.Uses(wg) {
		if e.Pass.TypesInfo.Defs[use.Node().(*ast.Ident)] != nil {
			continue
		}
		call := use.Parent().Parent()
		in, _ := source.Func(use)
		switch e.Kind(call.Node()) {
		case ops.WgAdd:
		case ops.WgDone:
			if s, ok := startOf(use, fn); ok {
				starts = append(starts, s)
			}
		case ops.WgGo:
			starts = append(starts, call)
		case ops.WgWait:
			if _, plain := call.Parent().Node().(*ast.ExprStmt); !plain || in != fn {
				return
			}
			waits = append(waits, call.Parent())
		default:
			return
		}
	}
	g := e.Graph(fn.Node())
	if g == nil || len(waits) < 2 {
		return
	}
	for _, start := range starts {
		if in, _ := source.Func(start); in != fn || e.talks(start.Node(), fn) {
			continue
		}
		for _, wait := range waits {
			known := e.failure(wait, starts)
			if known == nil {
				continue
			}
			ret := e.From(g, start.Node(), source.Search{
				Ends: func(n ast.Node) bool {
					return source.Any(n, func(n ast.Node) bool { return e.of(n, ops.WgWait, wg) })
				},
				Hit: func(n ast.Node) bool { return e.fails(n, starts) },
			})
			if ret != nil {
				e.tell(ret, known, start.Node(), wg)
				return
			}
		}
	}
}

func (e *early) tell(ret, known, start ast.Node, wg *types.Var) {
	e.report.Report(diag.Finding{
		Pos: ret.Pos(), End: ret.End(), Category: "unwaited",
		Message: fmt.Sprintf("the goroutine (%s) can outlive the function by this return: the one on line %d waits for it before it gives its error; call %s.Wait here, too",
			e.Where(start, ret), e.Line(known), wg.Name()),
		Related: append(source.Related(start, "the goroutine is started here"), source.Related(known, "this return of an error comes after a Wait")...),
	})
}

// talks reports whether the goroutine sends on a channel, receives from one or closes one, but
// that of a context: the function may have waited for it by that. To give back a slot that the
// function has taken for it is nothing to wait for, unless the function takes slots elsewhere too.
func (e *early) talks(start ast.Node, fn inspector.Cursor) bool {
	return source.Any(start, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SendStmt:
			return true
		case *ast.UnaryExpr:
			if n.Op != token.ARROW {
				return false
			}
			if call, ok := ast.Unparen(n.X).(*ast.CallExpr); ok && e.Kind(call) == ops.CtxDone {
				return false
			}
			taken := 0
			for cur := range fn.Preorder((*ast.SendStmt)(nil)) {
				if v := e.Var(cur.Node().(*ast.SendStmt).Chan); v != nil && v == e.Var(n.X) {
					taken++
				}
			}
			return taken != 1
		case *ast.CallExpr:
			if e.Builtin(n) == "close" {
				return true
			}
			if f := e.Callee(n); f != nil && f.Pkg() == e.Pass.Pkg {
				decl, ok := e.Decl(f)
				return ok && source.Any(decl.Node(), func(n ast.Node) bool { _, sends := n.(*ast.SendStmt); return sends })
			}
		}
		return false
	})
}

// startOf returns the go statement of the function that runs what is at the cursor.
func startOf(use, fn inspector.Cursor) (inspector.Cursor, bool) {
	for up := range use.Enclosing((*ast.GoStmt)(nil)) {
		if in, _ := source.Func(up); in == fn {
			return up, true
		}
	}
	return use, false
}

func (e *early) of(n ast.Node, kind ops.Kind, wg *types.Var) bool {
	call, ok := n.(*ast.CallExpr)
	return ok && e.Kind(call) == kind && source.Receiver(call) != nil && e.Var(source.Receiver(call)) == wg
}

// failure returns the return of an error that a Wait is made for: both are in one branch,
// which is there because of the error.
func (e *early) failure(wait inspector.Cursor, starts []inspector.Cursor) ast.Node {
	var list []ast.Stmt
	var cond ast.Node
	up := wait.Parent()
	switch n := up.Node().(type) {
	case *ast.BlockStmt:
		if s, ok := up.Parent().Node().(*ast.IfStmt); ok && s.Body == n {
			list, cond = n.List, s.Cond
		}
	case *ast.CaseClause:
		if len(n.List) == 1 {
			list, cond = n.Body, n.List[0]
		}
	}
	if cond == nil || !e.mentionsOwn(cond, starts) {
		return nil
	}
	for _, s := range list {
		if s.Pos() > wait.Node().Pos() && e.fails(s, starts) {
			return s
		}
	}
	return nil
}

// fails reports whether the node returns an error that does not come from a goroutine.
func (e *early) fails(n ast.Node, starts []inspector.Cursor) bool {
	ret, ok := n.(*ast.ReturnStmt)
	return ok && len(ret.Results) > 0 && e.mentionsOwn(ret.Results[len(ret.Results)-1], starts)
}

// mentionsOwn reports whether the node has the function's own error in it: a variable
// that no goroutine sets, and that is not set to one that a goroutine sets.
func (e *early) mentionsOwn(n ast.Node, starts []inspector.Cursor) bool {
	return source.Any(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		v := e.local(id)
		return ok && v != nil && source.IsError(v.Type()) && e.own(v, starts)
	})
}

func (e *early) local(id *ast.Ident) *types.Var {
	if id == nil {
		return nil
	}
	if v := e.Var(id); source.Local(v) {
		return v
	}
	return nil
}

// own reports whether all that the variable is set to are the results of calls, none of
// them in a goroutine. Who gives up because a context is done may leave the goroutines to
// that.
func (e *early) own(v *types.Var, starts []inspector.Cursor) bool {
	set := false
	for _, use := range e.Uses(v) {
		s, ok := use.Parent().Node().(*ast.AssignStmt)
		if !ok || !e.sets(s, use.Node()) {
			continue
		}
		if val := ast.Unparen(s.Rhs[len(s.Rhs)-1]); !isCall(val) || e.Kind(val) == ops.CtxErr {
			return false
		}
		for _, start := range starts {
			if source.Within(s, start.Node()) {
				return false
			}
		}
		set = true
	}
	return set
}

func isCall(e ast.Expr) bool {
	_, ok := e.(*ast.CallExpr)
	return ok
}

func (e *early) sets(s *ast.AssignStmt, n ast.Node) bool {
	for _, lhs := range s.Lhs {
		if lhs == n {
			return true
		}
	}
	return false
}
