// Package source is what the analyzers share that decide on syntax, types and
// control flow, without the engine: which call is which operation, where a
// variable is used, and which paths lead from one statement to a return.
package source

import (
	"go/ast"
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// Analyzer gives the view of a package. Its result is a [*Package]; nothing is
// computed before it is asked for.
var Analyzer = &analysis.Analyzer{
	Name:       "source",
	Doc:        "index the syntax of a package\n\nSome analyzers of conclint read its result; it reports nothing.",
	URL:        "https://github.com/conclint/conclint",
	Requires:   []*analysis.Analyzer{inspect.Analyzer, ctrlflow.Analyzer},
	ResultType: reflect.TypeFor[*Package](),
	Run: func(pass *analysis.Pass) (any, error) {
		in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
		return &Package{Pass: pass, Root: in.Root(), cfgs: pass.ResultOf[ctrlflow.Analyzer].(*ctrlflow.CFGs)}, nil
	},
}

// A Package is the view of one package. Its methods may be called by several
// analyzers at the same time.
type Package struct {
	Pass *analysis.Pass
	// Root is the cursor above all files.
	Root inspector.Cursor

	cfgs  *ctrlflow.CFGs
	once  sync.Once
	uses  map[*types.Var][]inspector.Cursor
	decls map[*types.Func]inspector.Cursor
}

// Imports reports whether the package imports one of the paths itself.
func (p *Package) Imports(paths ...string) bool {
	for _, imp := range p.Pass.Pkg.Imports() {
		for _, path := range paths {
			if imp.Path() == path {
				return true
			}
		}
	}
	return false
}

// index notes where variables are named and functions declared.
func (p *Package) index() {
	p.once.Do(func() {
		p.uses = make(map[*types.Var][]inspector.Cursor)
		p.decls = make(map[*types.Func]inspector.Cursor)
		info := p.Pass.TypesInfo
		for cur := range p.Root.Preorder((*ast.Ident)(nil), (*ast.FuncDecl)(nil)) {
			switch n := cur.Node().(type) {
			case *ast.Ident:
				if v, ok := info.ObjectOf(n).(*types.Var); ok {
					p.uses[v.Origin()] = append(p.uses[v.Origin()], cur)
				}
			case *ast.FuncDecl:
				if fn, ok := info.Defs[n.Name].(*types.Func); ok {
					p.decls[fn] = cur
				}
			}
		}
	})
}

// Uses returns where the package names the variable or field: its definition
// and all uses, in the order of the source, within files.
func (p *Package) Uses(v *types.Var) []inspector.Cursor {
	p.index()
	return p.uses[v.Origin()]
}

// Decl returns the declaration of a function of this package.
func (p *Package) Decl(fn *types.Func) (inspector.Cursor, bool) {
	if fn == nil || fn.Pkg() != p.Pass.Pkg {
		return inspector.Cursor{}, false
	}
	p.index()
	cur, ok := p.decls[fn.Origin()]
	return cur, ok
}

// Callee returns the function or method that is called, also an interface's.
func (p *Package) Callee(call *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(p.Pass.TypesInfo, call).(*types.Func)
	return fn
}

// Op returns the operation that an expression is as a call.
func (p *Package) Op(e ast.Node) ops.Op {
	if x, ok := e.(ast.Expr); ok {
		if call, ok := ast.Unparen(x).(*ast.CallExpr); ok {
			return ops.Of(p.Callee(call))
		}
	}
	return ops.Op{Func: -1}
}

// Kind returns the kind of operation that an expression is as a call.
func (p *Package) Kind(e ast.Node) ops.Kind { return p.Op(e).Kind }

// Receiver returns the expression before the dot of a method call, or nil.
func Receiver(call *ast.CallExpr) ast.Expr {
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return sel.X
	}
	return nil
}

// Builtin returns the name of the built-in function that is called, or "".
func (p *Package) Builtin(call *ast.CallExpr) string {
	if b, ok := typeutil.Callee(p.Pass.TypesInfo, call).(*types.Builtin); ok {
		return b.Name()
	}
	return ""
}

// Var returns the variable or field that an expression names, or nil.
func (p *Package) Var(e ast.Expr) *types.Var {
	if e == nil {
		return nil
	}
	var v *types.Var
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ = p.Pass.TypesInfo.ObjectOf(e).(*types.Var)
	case *ast.SelectorExpr:
		v, _ = p.Pass.TypesInfo.ObjectOf(e.Sel).(*types.Var)
	}
	if v != nil {
		v = v.Origin()
	}
	return v
}

// Local reports whether a variable is declared in a function.
func Local(v *types.Var) bool {
	return v != nil && !v.IsField() && v.Pkg() != nil && v.Parent() != v.Pkg().Scope()
}

// Func returns the innermost function around a node, a literal or declaration.
func Func(cur inspector.Cursor) (inspector.Cursor, bool) {
	for up := cur; ; {
		if up.Node() == nil {
			return up, false
		}
		up = up.Parent()
		switch up.Node().(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return up, true
		}
	}
}

// Outermost returns the declaration around a node.
func Outermost(cur inspector.Cursor) (*ast.FuncDecl, bool) {
	for up := range cur.Enclosing((*ast.FuncDecl)(nil)) {
		return up.Node().(*ast.FuncDecl), true
	}
	return nil, false
}

// Body returns the body of a function, and its type.
func Body(fn ast.Node) (*ast.BlockStmt, *ast.FuncType) {
	switch fn := fn.(type) {
	case *ast.FuncLit:
		return fn.Body, fn.Type
	case *ast.FuncDecl:
		return fn.Body, fn.Type
	}
	return nil, nil
}

// Graph returns the control flow of a function.
func (p *Package) Graph(fn ast.Node) *cfg.CFG {
	switch fn := fn.(type) {
	case *ast.FuncDecl:
		if fn.Body != nil {
			return p.cfgs.FuncDecl(fn)
		}
	case *ast.FuncLit:
		return p.cfgs.FuncLit(fn)
	}
	return nil
}

// Within reports whether n lies in outer.
func Within(n, outer ast.Node) bool {
	return outer.Pos() <= n.Pos() && n.End() <= outer.End()
}

// Started reports whether a function literal is run in a goroutine of its own
// or later: it is the function of a go statement, or the argument of a call
// that does that.
func (p *Package) Started(lit inspector.Cursor) bool {
	up := lit.Parent()
	for {
		if _, ok := up.Node().(*ast.ParenExpr); !ok {
			break
		}
		up = up.Parent()
	}
	call, ok := up.Node().(*ast.CallExpr)
	if !ok {
		return false
	}
	if _, ok := up.Parent().Node().(*ast.GoStmt); ok {
		return true
	}
	switch p.Kind(call) {
	case ops.WgGo, ops.GroupGo, ops.GroupTryGo, ops.AfterFunc, ops.CtxAfterFunc, ops.FlightDoChan:
		return true
	}
	return false
}

// Goroutine returns the innermost function around the node that runs in a
// goroutine of its own, or the declaration when there is none.
func (p *Package) Goroutine(cur inspector.Cursor) inspector.Cursor {
	for {
		fn, ok := Func(cur)
		if !ok {
			return fn
		}
		if _, ok := fn.Node().(*ast.FuncDecl); ok || p.Started(fn) {
			return fn
		}
		cur = fn
	}
}
