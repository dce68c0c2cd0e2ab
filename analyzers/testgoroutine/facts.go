package testgoroutine

import (
	"fmt"
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// An endsFact lists the functions of a package that may end the test they are
// given, so that require.NoError is known by what it does. Equal packages give
// equal bytes.
type endsFact struct{ Funcs []ender }

// An ender is a function or Type.Method and the index of the parameter for the
// test, -1 for a receiver that has nothing but the test.
type ender struct {
	Name  string
	Param int
}

// AFact marks the type as a fact.
func (*endsFact) AFact() {}

// String lists the functions, for debugging.
func (f *endsFact) String() string { return fmt.Sprintf("ends%v", f.Funcs) }

// enders finds out which functions may end a test. Its result is an *index.
var enders = &analysis.Analyzer{
	Name:       "testends",
	Doc:        "find functions that may end the test they are given\n\nThe analyzer testgoroutine of conclint reads its result; it reports nothing.",
	URL:        "https://github.com/conclint/conclint",
	Requires:   []*analysis.Analyzer{inspect.Analyzer},
	ResultType: reflect.TypeFor[*index](),
	FactTypes:  []analysis.Fact{new(endsFact)},
	Run: func(pass *analysis.Pass) (any, error) {
		x := &index{pass: pass, own: make(map[*types.Func]map[int]how)}
		if x.concerned() {
			x.collect()
			x.export()
		}
		return x, nil
	},
}

// how a function ends the test: itself, or by another one.
type how uint8

const (
	not how = iota
	itself
	byAnother
)

// An index answers for the functions of a package and of those it imports.
type index struct {
	pass     *analysis.Pass
	own      map[*types.Func]map[int]how
	imported map[*types.Package]map[string]bool
}

// concerned reports whether anything in the package can have a test.
func (x *index) concerned() bool {
	for _, imp := range x.pass.Pkg.Imports() {
		if imp.Path() == "testing" || x.pass.ImportPackageFact(imp, new(endsFact)) {
			return true
		}
	}
	scope := x.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		if t, ok := scope.Lookup(name).(*types.TypeName); ok && types.IsInterface(t.Type()) && ops.CanEndTest(t.Type()) {
			return true
		}
	}
	return false
}

// collect looks at the functions until nothing new is found. It is a may: the
// function ends the test on some path.
func (x *index) collect() {
	in := x.pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	type candidate struct {
		fn    *types.Func
		cur   inspector.Cursor
		roots map[*types.Var]int
	}
	var list []candidate
	for cur := range in.Root().Preorder((*ast.FuncDecl)(nil)) {
		d := cur.Node().(*ast.FuncDecl)
		fn, ok := x.pass.TypesInfo.Defs[d.Name].(*types.Func)
		if !ok || d.Body == nil {
			continue
		}
		roots := make(map[*types.Var]int)
		if r := fn.Signature().Recv(); r != nil && holdsTest(r.Type()) {
			roots[r] = -1
		}
		params := fn.Signature().Params()
		for i := range params.Len() {
			if ops.CanEndTest(params.At(i).Type()) {
				roots[params.At(i)] = i
			}
		}
		if len(roots) > 0 {
			list = append(list, candidate{fn, cur, roots})
		}
	}
	for changed := true; changed; {
		changed = false
		for _, c := range list {
			for v, i := range c.roots {
				if x.own[c.fn][i] != not {
					continue
				}
				if h := x.ends(c.cur, v); h != not {
					if x.own[c.fn] == nil {
						x.own[c.fn] = make(map[int]how)
					}
					x.own[c.fn][i] = h
					changed = true
				}
			}
		}
	}
}

// onlyTest reports whether the type is a struct that has nothing but a test.
func onlyTest(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	return ok && s.NumFields() == 1 && ops.CanEndTest(s.Field(0).Type())
}

// holdsTest reports whether the type is a struct with a test in a field.
func holdsTest(t types.Type) bool {
	if t == nil {
		return false
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if ops.CanEndTest(f.Type()) {
			return true
		}
	}
	return false
}

// ends reports whether the function ends the test v, leaving out what runs in
// other goroutines or later.
func (x *index) ends(cur inspector.Cursor, v *types.Var) how {
	result := not
	cur.Inspect([]ast.Node{(*ast.FuncLit)(nil), (*ast.GoStmt)(nil), (*ast.CallExpr)(nil)}, func(n inspector.Cursor) bool {
		switch n := n.Node().(type) {
		case *ast.FuncLit, *ast.GoStmt:
			return false
		case *ast.CallExpr:
			if result == not {
				result = x.call(n, func(e ast.Expr) bool { return root(x.pass.TypesInfo, e) == v })
			}
		}
		return result == not
	})
	return result
}

// call reports whether the call ends the test that the predicate tells.
func (x *index) call(call *ast.CallExpr, is func(ast.Expr) bool) how {
	fn, _ := typeutil.Callee(x.pass.TypesInfo, call).(*types.Func)
	if fn == nil {
		return not
	}
	sel, _ := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if sel != nil && ops.EndsTest(fn) && is(sel.X) {
		return itself
	}
	if sel != nil && fn.Signature().Recv() != nil && x.fn(fn, -1) != not && is(sel.X) {
		return byAnother
	}
	for i, arg := range call.Args {
		if is(arg) && x.fn(fn, i) != not {
			return byAnother
		}
	}
	return not
}

// fn reports whether the function ends the test given for the parameter.
func (x *index) fn(fn *types.Func, param int) how {
	fn = fn.Origin()
	if fn.Pkg() == x.pass.Pkg {
		return x.own[fn][param]
	}
	if fn.Pkg() == nil || ops.Of(fn).Kind != ops.None {
		return not // it runs a test of its own
	}
	known, ok := x.imported[fn.Pkg()]
	if !ok {
		known = make(map[string]bool)
		var fact endsFact
		if x.pass.ImportPackageFact(fn.Pkg(), &fact) {
			for _, e := range fact.Funcs {
				known[fmt.Sprint(e.Name, e.Param)] = true
			}
		}
		if x.imported == nil {
			x.imported = make(map[*types.Package]map[string]bool)
		}
		x.imported[fn.Pkg()] = known
	}
	if known[fmt.Sprint(nameOf(fn), param)] {
		return byAnother
	}
	return not
}

// root returns the variable that a path of fields and methods without
// arguments starts at.
func root(info *types.Info, e ast.Expr) *types.Var {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			e = x.X
		case *ast.CallExpr:
			if len(x.Args) > 0 {
				return nil
			}
			sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
			if !ok {
				return nil
			}
			e = sel.X
		case *ast.Ident:
			v, _ := info.Uses[x].(*types.Var)
			return v
		default:
			return nil
		}
	}
}

func nameOf(fn *types.Func) string {
	if r := fn.Signature().Recv(); r != nil {
		t := r.Type()
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			t = p.Elem()
		}
		if n, ok := types.Unalias(t).(*types.Named); ok {
			return n.Obj().Name() + "." + fn.Name()
		}
	}
	return fn.Name()
}

func (x *index) export() {
	fact := new(endsFact)
	for fn, params := range x.own {
		if !fn.Exported() {
			continue
		}
		for i := range params {
			// A mock has a test, too, and is meant for any goroutine.
			if i < 0 && !onlyTest(fn.Signature().Recv().Type()) {
				continue
			}
			fact.Funcs = append(fact.Funcs, ender{nameOf(fn), i})
		}
	}
	if len(fact.Funcs) == 0 {
		return
	}
	slices.SortFunc(fact.Funcs, func(a, b ender) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return a.Param - b.Param
	})
	x.pass.ExportPackageFact(fact)
}
