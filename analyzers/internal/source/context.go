package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// NeedsContext returns a call in the node that is given the context and is known
// to fail when that is done: of the standard library, or of a function of this
// package that waits for the context or gives it to such a call. A function literal counts when it is called there, or handed to a call
// that runs it.
func (p *Package) NeedsContext(n ast.Node, ctx *types.Var) *ast.CallExpr {
	var found *ast.CallExpr
	run := make(map[ast.Node]bool)
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok {
			return run[lit]
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || found != nil {
			return found == nil
		}
		run[ast.Unparen(call.Fun)] = true
		if i := p.Op(call).Func; i >= 0 && i < len(call.Args) {
			run[ast.Unparen(call.Args[i])] = true
		}
		given := false
		for _, arg := range call.Args {
			if IsError(p.Pass.TypesInfo.TypeOf(arg)) {
				return true // it words an error
			}
			given = given || p.Var(arg) == ctx
		}
		if !given {
			return true
		}
		switch p.Kind(call) {
		case ops.CtxWithCancel, ops.CtxWithTimeout:
			found = call
		case ops.CtxErr, ops.CtxDetach, ops.CtxWithValue, ops.CtxDone:
		default:
			if sig, ok := p.Pass.TypesInfo.TypeOf(call.Fun).(*types.Signature); ok && sig.Results().Len() > 0 &&
				IsError(sig.Results().At(sig.Results().Len()-1).Type()) && p.heeds(p.Callee(call), 0) {
				found = call
			}
		}
		return found == nil
	})
	return found
}

// maxHeed bounds the calls that a context is followed through.
const maxHeed = 4

// heeds reports whether the function gives up when its context is done.
func (p *Package) heeds(fn *types.Func, depth int) bool {
	if fn == nil || fn.Pkg() == nil || depth > maxHeed {
		return false
	}
	if sig := fn.Signature(); sig.Recv() != nil && types.IsInterface(sig.Recv().Type()) {
		return false // who knows
	}
	if fn.Pkg() != p.Pass.Pkg {
		switch ops.Of(fn).Kind {
		case ops.SemAcquire:
			return true
		case ops.None, ops.Blocking:
			first, _, _ := strings.Cut(fn.Pkg().Path(), "/")
			return !strings.Contains(first, ".") && fn.Pkg().Path() != "context" && fn.Pkg().Path() != "log/slog"
		}
		return false
	}
	decl, ok := p.Decl(fn)
	if !ok {
		return false
	}
	body, typ := Body(decl.Node())
	ctx := p.contextParam(typ)
	if body == nil || ctx == nil {
		return false
	}
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				if p.Var(lhs) == ctx {
					ctx = nil // another one from here on
				}
			}
		case *ast.UnaryExpr: // <-ctx.Done()
			found = found || n.Op == token.ARROW && p.of(n.X, ops.CtxDone, ctx)
		case *ast.IfStmt:
			found = found || Any(n.Cond, func(n ast.Node) bool { return p.of(n, ops.CtxErr, ctx) }) ||
				n.Init != nil && Any(n.Init, func(n ast.Node) bool { return p.of(n, ops.CtxErr, ctx) })
		case *ast.CallExpr:
			for _, arg := range n.Args {
				found = found || ctx != nil && p.Var(arg) == ctx && p.heeds(p.Callee(n), depth+1)
			}
		}
		return !found && ctx != nil
	})
	return found
}

// of reports whether the node is a call of the context's method.
func (p *Package) of(n ast.Node, kind ops.Kind, ctx *types.Var) bool {
	e, ok := n.(ast.Expr)
	if !ok || ctx == nil || p.Kind(e) != kind {
		return false
	}
	call := ast.Unparen(e).(*ast.CallExpr)
	return Receiver(call) != nil && p.Var(Receiver(call)) == ctx
}

// contextParam returns the parameter of a function that is a context.
func (p *Package) contextParam(typ *ast.FuncType) *types.Var {
	for _, field := range typ.Params.List {
		for _, name := range field.Names {
			if v, ok := p.Pass.TypesInfo.Defs[name].(*types.Var); ok && ops.IsContext(v.Type()) {
				return v
			}
		}
	}
	return nil
}
