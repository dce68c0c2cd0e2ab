package analyzers

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// unseenByLiteral keeps what lostcancel reports, but not of a cancel function in a
// variable that a function literal reads: the literal, made before, calls it from
// where the pass does not look.
//
//	stop := func() { cancel() }
//	ctx, cancel = context.WithCancel(ctx)
//	run(ctx, stop)
func unseenByLiteral(pass *analysis.Pass) func(analysis.Diagnostic) bool {
	dropped := false
	return func(d analysis.Diagnostic) bool {
		// The return statement of a finding is a second one, right after.
		if !strings.HasPrefix(d.Message, "this return statement") {
			dropped = readByLiteral(pass, d.Pos)
		}
		return !dropped
	}
}

// readByLiteral reports whether the cancel function that is assigned at pos goes to
// a variable that a function literal reads which the assignment is not in.
func readByLiteral(pass *analysis.Pass, pos token.Pos) bool {
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	cur, ok := in.Root().FindByPos(pos, pos)
	if !ok {
		return false
	}
	var v *types.Var
	for c := range cur.Enclosing((*ast.AssignStmt)(nil)) {
		if assign := c.Node().(*ast.AssignStmt); assign.Pos() == pos && len(assign.Lhs) == 2 {
			if id, ok := assign.Lhs[1].(*ast.Ident); ok {
				v, _ = pass.TypesInfo.ObjectOf(id).(*types.Var)
			}
		}
	}
	if v == nil {
		return false
	}
	for fn := range cur.Enclosing((*ast.FuncDecl)(nil)) {
		for lit := range fn.Preorder((*ast.FuncLit)(nil)) {
			if lit.Node().Pos() <= pos && pos < lit.Node().End() {
				continue
			}
			for use := range lit.Preorder((*ast.Ident)(nil)) {
				if pass.TypesInfo.Uses[use.Node().(*ast.Ident)] != v {
					continue
				}
				if _, written := use.Parent().Node().(*ast.AssignStmt); !written {
					return true
				}
			}
		}
	}
	return false
}
