package contextmisuse

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

// starts looks at a goroutine that a handler of HTTP requests starts and that
// works with the request's context. The server cancels it when the handler
// returns. The handler must be seen to return soon: what follows the statement
// only answers.
func (c *checker) starts(cur inspector.Cursor, s ast.Stmt) {
	fn, ok := source.Func(cur)
	if !ok {
		return
	}
	h, ok := c.handler(fn.Node())
	if !ok || c.IsTest(s) || !c.answersOnly(fn, s, h) {
		return
	}
	call := c.works(cur, h)
	if call == nil {
		return
	}
	c.report.Report(diag.Finding{
		Pos: call.Pos(), End: call.End(), Category: outlivesRequest,
		Message: fmt.Sprintf("%s in this goroutine gets the request's context, which is canceled when the handler returns; pass context.WithoutCancel of it",
			source.Short(call.Fun)),
	})
}

// A handler has the parameters of an HTTP handler and no others, and returns nothing: a
// helper with the two returns before the handler does. The request is not replaced.
type handler struct {
	w, r *types.Var
}

func (c *checker) handler(fn ast.Node) (handler, bool) {
	_, typ := source.Body(fn)
	var h handler
	if typ == nil {
		return h, false
	}
	for _, f := range typ.Params.List {
		for _, id := range f.Names {
			v := c.Var(id)
			switch {
			case v == nil:
			case ops.IsRequest(v.Type()):
				h.r = v
			case ops.IsResponseWriter(v.Type()):
				h.w = v
			}
		}
	}
	return h, h.r != nil && h.w != nil && typ.Params.NumFields() == 2 && typ.Results.NumFields() == 0 && !c.Assigns(fn, h.r)
}

// answersOnly reports whether the handler neither waits nor loops nor calls
// anything after the statement but to write the answer or a message. When that is a
// case of a select, the others are not taken.
func (c *checker) answersOnly(fn inspector.Cursor, s ast.Stmt, h handler) bool {
	ok := true
	body, _ := source.Body(fn.Node())
	ast.Inspect(body, func(n ast.Node) bool {
		if n == nil || !ok || n.End() <= s.Pos() {
			return false
		}
		switch n := n.(type) {
		case *ast.GoStmt:
			return false
		case *ast.FuncLit:
			return source.Within(s, n) // of no other
		case *ast.SelectStmt:
			ok = source.Within(s, n)
		case *ast.CommClause:
			return source.Within(s, n)
		case *ast.ForStmt, *ast.RangeStmt:
			ok = false
		case *ast.UnaryExpr:
			ok = ok && n.Op != token.ARROW
		case *ast.CallExpr:
			if n.Pos() > s.End() {
				ok = ok && c.answers(n, h)
			}
		}
		return ok
	})
	// A deferred function may wait.
	for d := range fn.Preorder((*ast.DeferStmt)(nil)) {
		if in, _ := source.Func(d); in == fn {
			ok = false
		}
	}
	return ok
}

// answers reports whether the call writes the answer or a message, and no more: it is one
// of the standard library, or of a function of this package that does not wait either.
// Who is given the request, or copies from somewhere, may take as long as the work.
func (c *checker) answers(call *ast.CallExpr, h handler) bool {
	if c.Builtin(call) != "" || c.Pass.TypesInfo.Types[call.Fun].IsType() || c.Op(call).Format {
		return true
	}
	fn := c.Callee(call)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	if fn.Pkg().Path() == "log/slog" {
		return true
	}
	if !c.mentions(call, h.w) || slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return c.Var(e) == h.r }) {
		return fn.Pkg().Path() == "net/http" && fn.Name() == "Redirect"
	}
	if decl, ok := c.Decl(fn); ok {
		body, _ := source.Body(decl.Node())
		return body != nil && !source.Any(body, c.mayWait)
	}
	return c.Standard(fn.Pkg()) && c.Op(call).Kind == ops.None && fn.Pkg().Path() != "io"
}

// mentions reports whether the node uses the variable.
func (c *checker) mentions(n ast.Node, v *types.Var) bool {
	return source.Any(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		return ok && c.Var(id) == v
	})
}

// mayWait reports whether the node is a loop, waits for a channel, or is an operation that
// can block.
func (c *checker) mayWait(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SelectStmt, *ast.SendStmt:
		return true
	case *ast.UnaryExpr:
		return n.Op == token.ARROW
	case *ast.CallExpr:
		fn := c.Callee(n)
		return c.Builtin(n) == "" && !c.Op(n).Format && !c.Pass.TypesInfo.Types[n.Fun].IsType() &&
			(fn == nil || c.Kind(n) != ops.None || fn.Pkg() != nil && (fn.Pkg() == c.Pass.Pkg || !c.Standard(fn.Pkg())))
	}
	return false
}

// works returns the call in the goroutine that needs the request's context.
func (c *checker) works(cur inspector.Cursor, h handler) *ast.CallExpr {
	// go work(r.Context()): the call itself.
	for in := range cur.Preorder((*ast.CallExpr)(nil)) {
		call := in.Node().(*ast.CallExpr)
		if c.Heeds(call) && slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return c.ofRequest(e, h, 0) }) {
			return call
		}
	}
	return nil
}

// ofRequest reports whether the expression is the request's context or one
// that ends with it.
func (c *checker) ofRequest(e ast.Expr, h handler, depth int) bool {
	if depth > 4 || e == nil || !ops.IsContext(c.Pass.TypesInfo.TypeOf(e)) {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		if len(e.Args) == 0 { // the method of the request that returns one
			return c.Var(source.Receiver(e)) == h.r
		}
		return c.Kind(e) == ops.CtxWithValue && c.ofRequest(e.Args[0], h, depth+1)
	case *ast.Ident:
		v := c.Var(e)
		if !source.Local(v) {
			return false
		}
		// Every value that it is given must be one.
		given := 0
		for _, use := range c.Uses(v) {
			s, ok := use.Parent().Node().(*ast.AssignStmt)
			if !ok {
				continue
			}
			for i, lhs := range s.Lhs {
				if lhs != use.Node() {
					continue
				}
				given++
				if i > 0 && len(s.Rhs) == 1 {
					return false
				}
				rhs := ast.Unparen(s.Rhs[min(i, len(s.Rhs)-1)])
				if call, ok := rhs.(*ast.CallExpr); ok && len(call.Args) > 0 {
					switch c.Kind(call) {
					case ops.CtxWithCancel, ops.CtxWithTimeout:
						if !c.ofRequest(call.Args[0], h, depth+1) {
							return false
						}
						continue
					}
				}
				if !c.ofRequest(rhs, h, depth+1) {
					return false
				}
			}
		}
		return given > 0
	}
	return false
}
