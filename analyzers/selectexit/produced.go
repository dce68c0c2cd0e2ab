package selectexit

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/cfg"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A function can make a channel, start a goroutine that sends on it and closes it when
// it has no more, and return it. Who receives from the result has a channel that gets
// closed.

// produced returns where the channel is closed that a variable got by its declaration
// from a function of the package, when that happens in any case: not only because a
// context is done or somebody says stop.
func (c *checker) produced(e ast.Expr) []event {
	v := c.chans.variable(e)
	if v == nil || v.IsField() || len(c.chans.set[v]) != 1 || !c.chans.set[v][0].def {
		return nil
	}
	call, ok := c.chans.set[v][0].value.(*ast.CallExpr)
	if !ok {
		return nil
	}
	fn := c.callee(call)
	if fn == nil || fn.Pkg() != c.Pkg {
		return nil
	}
	decl := c.decl(fn)
	if decl == nil || decl.Body == nil {
		return nil
	}
	result := c.result(decl)
	if result == nil || len(c.chans.set[result]) != 1 || c.chans.taken[result] {
		return nil
	}
	for _, s := range decl.Body.List {
		start, ok := s.(*ast.GoStmt)
		if !ok {
			if hasReturn(s) {
				return nil // without the goroutine
			}
			continue
		}
		if at := c.closesAtEnd(start, result); at != nil {
			return []event{*at}
		}
	}
	return nil
}

// result returns the local variable that all returns of the function yield.
func (c *checker) result(decl *ast.FuncDecl) *types.Var {
	var result *types.Var
	same := true
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if len(n.Results) != 1 {
				same = false
				return false
			}
			v := c.chans.variable(n.Results[0])
			same = same && v != nil && !v.IsField() && within(defined{v}, decl.Body) && (result == nil || v == result)
			result = v
		}
		return true
	})
	if !same {
		return nil
	}
	return result
}

// closesAtEnd returns the close of the channel that a started function defers, or does
// last, when the function comes to its end by itself.
func (c *checker) closesAtEnd(start *ast.GoStmt, v *types.Var) *event {
	var fn ast.Node
	var body *ast.BlockStmt
	switch f := ast.Unparen(start.Call.Fun).(type) {
	case *ast.FuncLit:
		fn, body = f, f.Body
	default:
		callee := c.callee(start.Call)
		if callee == nil || callee.Pkg() != c.Pkg {
			return nil
		}
		decl := c.decl(callee)
		if decl == nil || decl.Body == nil {
			return nil
		}
		fn, body = decl, decl.Body
		params := callee.Origin().Signature().Params()
		param := (*types.Var)(nil)
		for i, arg := range start.Call.Args {
			if i < params.Len() && c.chans.variable(arg) == v {
				param = params.At(i)
			}
		}
		v = param
	}
	if v == nil {
		return nil
	}
	for i, s := range body.List {
		var call *ast.CallExpr
		switch s := s.(type) {
		case *ast.DeferStmt:
			call = s.Call
		case *ast.ExprStmt:
			if i == len(body.List)-1 && !hasReturn(body) {
				call, _ = s.X.(*ast.CallExpr)
			}
		}
		if call == nil || len(call.Args) != 1 || c.chans.variable(call.Args[0]) != v {
			continue
		}
		if id, ok := ast.Unparen(call.Fun).(*ast.Ident); !ok || c.TypesInfo.Uses[id] != types.Universe.Lookup("close") {
			continue
		}
		if c.endsByItself(fn) {
			return &event{node: call, fn: fn, outer: fn}
		}
	}
	return nil
}

// endsByItself reports whether a path through the function leads to its end without a
// receive, a range over a channel or a call that may wait for others.
func (c *checker) endsByItself(fn ast.Node) bool {
	g := c.graph(fn)
	if g == nil {
		return false
	}
	seen := make(map[*cfg.Block]bool)
	var visit func(b *cfg.Block) bool
	visit = func(b *cfg.Block) bool {
		if seen[b] {
			return false
		}
		seen[b] = true
		for _, n := range b.Nodes {
			if c.receives(n) {
				return false
			}
		}
		if r, ok := b.Stmt.(*ast.RangeStmt); ok {
			if t := c.TypesInfo.TypeOf(r.X); isChan(t) || isFunc(t) {
				return false
			}
		}
		if len(b.Succs) == 0 {
			return b.Return() != nil || b.Live && b.Kind != cfg.KindSelectAfterCase && !c.ends(b.Nodes)
		}
		for _, s := range b.Succs {
			if visit(s) {
				return true
			}
		}
		return false
	}
	return visit(g.Blocks[0])
}

func isFunc(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// receives reports whether the node receives from a channel, waits for a group, or asks or
// hands on a context.
func (c *checker) receives(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.CallExpr:
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && (sel.Sel.Name == "Wait" || ops.IsContext(c.TypesInfo.TypeOf(sel.X))) {
				found = true
			}
			// What is given a context may end with that only.
			found = found || slices.ContainsFunc(n.Args, func(e ast.Expr) bool { return ops.IsContext(c.TypesInfo.TypeOf(e)) })
		}
		return !found
	})
	return found
}

// byContextOnly reports whether nothing leaves the loop but cases that receive from the
// Done channel of a context that the function was given: what the body of a case calls
// has no part in that.
func (c *checker) byContextOnly(t *turn, comms []comm, at spot) bool {
	loop, ok := at.loop.(*ast.ForStmt)
	if !ok || loop.Cond != nil {
		return false
	}
	skip := make(map[*cfg.Block]bool)
	for _, cm := range comms {
		if cm.recv == nil || !c.isDone(cm.recv.X) {
			continue
		}
		sel, ok := ast.Unparen(ast.Unparen(cm.recv.X).(*ast.CallExpr).Fun).(*ast.SelectorExpr)
		if !ok {
			continue
		}
		if id, ok := ast.Unparen(sel.X).(*ast.Ident); ok {
			v := c.chans.variable(id)
			if v != nil && !v.IsField() && len(c.chans.set[v]) == 0 && v.Parent() != c.Pkg.Scope() {
				skip[t.body(comms, cm.clause)] = true
			}
		}
	}
	return len(skip) > 0 && !t.leavesBut(skip)
}

// decl returns the declaration of a function of the package.
func (c *checker) decl(fn *types.Func) *ast.FuncDecl {
	for _, file := range c.Files {
		for _, d := range file.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Name.Pos() == fn.Origin().Pos() {
				return d
			}
		}
	}
	return nil
}

// hasReturn reports whether the node has a return of the function it is in.
func hasReturn(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		}
		return !found
	})
	return found
}
