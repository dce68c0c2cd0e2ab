package source

import (
	"go/ast"
	"go/types"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// NeedsContext returns a call in the node that is given the context and can
// fail. A function literal counts when it is called there, or handed to a call
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
				IsError(sig.Results().At(sig.Results().Len()-1).Type()) {
				found = call
			}
		}
		return found == nil
	})
	return found
}
