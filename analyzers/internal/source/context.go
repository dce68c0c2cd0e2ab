package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// NeedsContext returns a call in the node that is given the context and is known
// to fail when that is done: of the standard library, or of a function of this
// package that waits for the context or gives it to such a call. A function literal counts when it is called there, or handed to a call
// that runs it.
func (p *Package) NeedsContext(n ast.Node, ctx *types.Var) *ast.CallExpr {
	return p.needs(n, ctx, false)
}

// MayNeedContext is NeedsContext with the calls of which it is not known, but meant
// by all appearances: see trusted.
func (p *Package) MayNeedContext(n ast.Node, ctx *types.Var) *ast.CallExpr {
	return p.needs(n, ctx, true)
}

// Heeds reports whether the function or method that is called gives up when a context
// that it is given is done, as far as can be told: see trusted.
func (p *Package) Heeds(call *ast.CallExpr) bool {
	return p.passes(call) && (p.heeds(p.Callee(call), true, 0) || p.trusted(call))
}

// Stillborn returns the call in a statement that starts a goroutine, which gives the context to
// a function of this package that waits for its end: that goroutine has nothing to do when the
// context is done already.
func (p *Package) Stillborn(n ast.Node, ctx *types.Var) *ast.CallExpr {
	var in ast.Node
	switch n := n.(type) {
	case *ast.GoStmt:
		in = n.Call
	case *ast.ExprStmt:
		if call, ok := n.X.(*ast.CallExpr); ok && p.Op(call).Kind.Spawns() {
			in = call
		}
	}
	if in == nil {
		return nil
	}
	var found *ast.CallExpr
	ast.Inspect(in, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if ok && found == nil && slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return p.Var(e) == ctx }) && p.heeds(p.Callee(call), false, 0) {
			found = call
		}
		return found == nil
	})
	return found
}

func (p *Package) needs(n ast.Node, ctx *types.Var, trust bool) *ast.CallExpr {
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
		case ops.CtxWithCancel, ops.CtxWithTimeout, ops.GroupWithContext:
			found = call
		case ops.CtxErr, ops.CtxDetach, ops.CtxWithValue, ops.CtxDone:
		default:
			if p.Fails(call) && (p.heeds(p.Callee(call), false, 0) || trust && p.Heeds(call)) {
				found = call
			}
		}
		return found == nil
	})
	return found
}

// maxHeed bounds the calls that a context is followed through.
const maxHeed = 4

// Fails reports whether the last result of the call is an error.
func (p *Package) Fails(call *ast.CallExpr) bool {
	sig, ok := p.Pass.TypesInfo.TypeOf(call.Fun).(*types.Signature)
	return ok && sig.Results().Len() > 0 && IsError(sig.Results().At(sig.Results().Len()-1).Type())
}

// derives reports whether the expression is a context that ends with the one given.
func (p *Package) derives(e ast.Expr, ctx *types.Var) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 || p.Var(call.Args[0]) != ctx {
		return false
	}
	switch p.Kind(call) {
	case ops.CtxWithCancel, ops.CtxWithTimeout, ops.CtxWithValue:
		return true
	}
	return false
}

// trusted reports whether a call that cannot be looked into is taken to give up when its
// context is done: it can fail, and what it works on is out of sight, a method of an
// interface or of another package, or a function value. A function of another package
// counts when it is given something whose methods ask for a context, since
// others only take a value out of theirs, as do those that return a context.
func (p *Package) trusted(call *ast.CallExpr) bool {
	sig, ok := p.Pass.TypesInfo.TypeOf(call.Fun).(*types.Signature)
	if !ok || !p.Fails(call) || p.Pass.TypesInfo.Types[call.Fun].IsType() || p.Kind(call) != ops.None {
		return false
	}
	for v := range sig.Results().Variables() {
		if ops.IsContext(v.Type()) {
			return false
		}
	}
	fn := p.Callee(call)
	switch {
	case fn == nil: // a function value
		return true
	case fn.Pkg() == nil || fn.Pkg().Path() == "context" || fn.Pkg().Path() == "log/slog":
		return false
	case fn.Signature().Recv() != nil:
		return fn.Pkg() != p.Pass.Pkg || types.IsInterface(fn.Signature().Recv().Type())
	}
	return fn.Pkg() != p.Pass.Pkg && slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return asksContext(p.Pass.TypesInfo.TypeOf(e)) })
}

// passes reports whether the context matters to what a call runs: when it is given a
// function literal that gets a context from it, that one must need it.
func (p *Package) passes(call *ast.CallExpr) bool {
	for _, arg := range call.Args {
		if lit, ok := ast.Unparen(arg).(*ast.FuncLit); ok {
			if inner := p.contextParam(lit.Type); inner == nil || p.MayNeedContext(lit.Body, inner) == nil {
				return false
			}
		}
	}
	return true
}

// asksContext reports whether a method of the type has a context as its first parameter.
func asksContext(t types.Type) bool {
	if t == nil || ops.IsContext(t) {
		return false
	}
	set := types.NewMethodSet(t)
	for i := range set.Len() {
		if params := set.At(i).Type().(*types.Signature).Params(); params.Len() > 0 && ops.IsContext(params.At(0).Type()) {
			return true
		}
	}
	return false
}

// heeds reports whether the function gives up when its context is done.
func (p *Package) heeds(fn *types.Func, trust bool, depth int) bool {
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
			return p.Standard(fn.Pkg()) && fn.Pkg().Path() != "context" && fn.Pkg().Path() != "log/slog"
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
				if p.Var(lhs) == ctx && !p.derives(n.Rhs[0], ctx) {
					ctx = nil // another one from here on
				}
			}
		case *ast.SelectStmt: // of <-ctx.Done() and something else
			for _, s := range n.Body.List {
				cc := s.(*ast.CommClause)
				found = found || cc.Comm != nil && len(n.Body.List) > 1 && returns(cc.Body) &&
					Any(cc.Comm, func(n ast.Node) bool {
						u, ok := n.(*ast.UnaryExpr)
						return ok && u.Op == token.ARROW && p.of(u.X, ops.CtxDone, ctx)
					})
			}
		case *ast.IfStmt:
			asks := func(n ast.Node) bool { return p.of(n, ops.CtxErr, ctx) }
			found = found || returns(n.Body.List) && (Any(n.Cond, asks) || n.Init != nil && Any(n.Init, asks))
		case *ast.CallExpr:
			for _, arg := range n.Args {
				found = found || ctx != nil && p.Var(arg) == ctx && (p.heeds(p.Callee(n), trust, depth+1) || trust && p.trusted(n))
			}
		}
		return !found && ctx != nil
	})
	return found
}

// returns reports whether the statements do nothing but to return: who does more when
// the context is done may have waited for that.
func returns(list []ast.Stmt) bool {
	if len(list) != 1 {
		return false
	}
	_, ok := list[0].(*ast.ReturnStmt)
	return ok
}

// Standard reports whether the package is one of the standard library: its path begins
// with no name of a host, and is not in the module of this package.
func (p *Package) Standard(pkg *types.Package) bool {
	first, _, _ := strings.Cut(pkg.Path(), "/")
	if m := p.Pass.Module; m != nil && m.Path != "" && m.Path != "std" && (pkg.Path() == m.Path || strings.HasPrefix(pkg.Path(), m.Path+"/")) {
		return false
	}
	return !strings.Contains(first, ".")
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
