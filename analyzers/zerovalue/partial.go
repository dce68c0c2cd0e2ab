package zerovalue

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/conclint/conclint/analyzers/internal/diag"
)

// A partial finds objects that a literal makes past the constructor: a field that is a
// map, which the package sets only where it makes an object, has none in this one, and a
// method that always writes to it is called on the object.
type partial struct {
	*analysis.Pass
	report *diag.Reporter
	maps   map[*types.Var]bool     // fields that are set where the object is made, and only there
	writes map[*types.Func]*write  // of methods that always write to such a field of the receiver
	made   map[*types.Var]*making  // variables and fields, by the literals that they are set to
	told   map[*ast.IndexExpr]bool // a write is one defect
}

// A write is the statement that writes to the map.
type write struct {
	field *types.Var
	node  *ast.IndexExpr
}

// A making is how a variable or field gets its objects.
type making struct {
	lit   *ast.CompositeLit
	other bool // not by a literal, or by several
}

func partials(pass *analysis.Pass, report *diag.Reporter, vars map[*types.Var]*variable) {
	p := &partial{
		Pass: pass, report: report, maps: make(map[*types.Var]bool),
		writes: make(map[*types.Func]*write), made: make(map[*types.Var]*making), told: make(map[*ast.IndexExpr]bool),
	}
	for _, v := range vars {
		if v.kind == nilMap && v.obj.IsField() && v.set && !v.asked {
			p.maps[v.obj] = true
		}
	}
	if len(p.maps) == 0 {
		return
	}
	p.each(func(n ast.Node, _ []ast.Node) { p.sets(n) })
	p.each(func(n ast.Node, stack []ast.Node) { p.note(n, stack) })
	if len(p.writes) > 0 {
		p.each(func(n ast.Node, _ []ast.Node) { p.call(n) })
	}
}

func (p *partial) each(f func(n ast.Node, stack []ast.Node)) {
	for _, file := range p.Files {
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			f(n, stack)
			return true
		})
	}
}

// sets drops the fields that are set in an object that others may have made.
func (p *partial) sets(n ast.Node) {
	switch n := n.(type) {
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			delete(p.maps, p.variable(n.X))
		}
	case *ast.AssignStmt:
		for _, lhs := range n.Lhs {
			if v := p.variable(lhs); p.maps[v] {
				delete(p.maps, v) // perhaps in one that a literal has left without
			}
			if star, ok := ast.Unparen(lhs).(*ast.StarExpr); ok {
				p.drop(p.TypesInfo.TypeOf(star))
			}
		}
	case *ast.CallExpr:
		if tv := p.TypesInfo.Types[n.Fun]; tv.IsType() {
			p.drop(tv.Type)
		}
	}
}

// drop drops all fields of a struct.
func (p *partial) drop(t types.Type) {
	if t == nil {
		return
	}
	if st, ok := elem(t).Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			delete(p.maps, f.Origin())
		}
	}
}

// note collects the methods that write, and what variables are set to.
func (p *partial) note(n ast.Node, stack []ast.Node) {
	switch n := n.(type) {
	case *ast.FuncDecl:
		p.method(n)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			p.set(p.variable(n.X), nil)
		}
	case *ast.AssignStmt:
		for i, lhs := range n.Lhs {
			if star, ok := ast.Unparen(lhs).(*ast.StarExpr); ok {
				p.all(p.TypesInfo.TypeOf(star))
			}
			if len(n.Lhs) == len(n.Rhs) {
				p.set(p.variable(lhs), n.Rhs[i])
			} else {
				p.set(p.variable(lhs), nil)
			}
		}
	case *ast.ValueSpec:
		for i, id := range n.Names {
			if i < len(n.Values) && len(n.Names) == len(n.Values) {
				p.set(p.variable(id), n.Values[i])
			} else if len(n.Values) > 0 {
				p.set(p.variable(id), nil)
			}
		}
	case *ast.RangeStmt:
		p.set(p.variable(n.Key), nil)
		p.set(p.variable(n.Value), nil)
	case *ast.KeyValueExpr:
		if lit, ok := last(stack).(*ast.CompositeLit); ok {
			if _, isStruct := elem(p.TypesInfo.TypeOf(lit)).Underlying().(*types.Struct); isStruct {
				p.set(p.variable(n.Key), n.Value)
			}
		}
	case *ast.CompositeLit:
		if len(n.Elts) > 0 {
			if _, keyed := n.Elts[0].(*ast.KeyValueExpr); !keyed {
				p.all(p.TypesInfo.TypeOf(n))
			}
		}
	}
}

// all takes all fields of a struct for set in an unknown way.
func (p *partial) all(t types.Type) {
	if t == nil {
		return
	}
	if st, ok := elem(t).Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			p.set(f.Origin(), nil)
		}
	}
}

func (p *partial) set(v *types.Var, e ast.Expr) {
	if v == nil {
		return
	}
	m := p.made[v]
	if m == nil {
		m = new(making)
		p.made[v] = m
	}
	lit := literal(e)
	m.other = m.other || lit == nil || m.lit != nil
	m.lit = lit
}

// literal is the composite literal that the expression is, or points to.
func literal(e ast.Expr) *ast.CompositeLit {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = ast.Unparen(u.X)
	}
	lit, _ := e.(*ast.CompositeLit)
	return lit
}

// method notes a write to a map of the receiver that every call comes to.
func (p *partial) method(decl *ast.FuncDecl) {
	fn, _ := p.TypesInfo.Defs[decl.Name].(*types.Func)
	if decl.Recv == nil || len(decl.Recv.List[0].Names) == 0 || decl.Body == nil || fn == nil {
		return
	}
	recv := p.TypesInfo.Defs[decl.Recv.List[0].Names[0]]
	for _, s := range decl.Body.List {
		var target ast.Expr
		switch s := s.(type) {
		case *ast.AssignStmt:
			target = s.Lhs[0]
		case *ast.IncDecStmt:
			target = s.X
		}
		if ix, ok := target.(*ast.IndexExpr); ok {
			if sel, ok := ast.Unparen(ix.X).(*ast.SelectorExpr); ok {
				id, ok := ast.Unparen(sel.X).(*ast.Ident)
				if v := p.variable(sel); ok && p.TypesInfo.Uses[id] == recv && p.maps[v] {
					p.writes[fn] = &write{v, ix}
					return
				}
			}
		}
		if leaves(s) {
			return
		}
	}
}

// leaves reports whether the function can end in the statement.
func leaves(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ReturnStmt, *ast.BranchStmt, *ast.SelectStmt:
			found = true
		case *ast.FuncLit:
			return false
		}
		return !found
	})
	return found
}

// call looks at the call of a method that writes, on what a literal has made.
func (p *partial) call(n ast.Node) {
	call, ok := n.(*ast.CallExpr)
	if !ok || p.inTest(call) {
		return
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	fn, _ := typeutil.Callee(p.TypesInfo, call).(*types.Func)
	if !ok || fn == nil {
		return
	}
	w, v := p.writes[fn.Origin()], p.variable(sel.X)
	if w == nil || v == nil || p.told[w.node] || v.Exported() && v.IsField() || v.Parent() == p.Pkg.Scope() && v.Exported() {
		return
	}
	m := p.made[v]
	if m == nil || m.other || p.inTest(m.lit) || !p.without(m.lit, w.field) {
		return
	}
	p.told[w.node] = true
	name := short(types.ExprString(w.node.X))
	p.report.Report(diag.Finding{
		Pos: w.node.Pos(), End: w.node.End(), Category: nilMap,
		Message: fmt.Sprintf("write to %s panics for %s, which is made on %s without it; use its constructor there, or make the map",
			name, short(types.ExprString(sel.X)), p.place(w.node, m.lit)),
		Related: []analysis.RelatedInformation{
			{Pos: m.lit.Pos(), End: m.lit.End(), Message: "made here, and the map is nil"},
			{Pos: call.Pos(), End: call.End(), Message: "called here"},
		},
	})
}

func (p *partial) inTest(n ast.Node) bool {
	return strings.HasSuffix(p.Fset.Position(n.Pos()).Filename, "_test.go")
}

// without reports whether the literal makes the struct of the field and leaves it nil.
func (p *partial) without(lit *ast.CompositeLit, field *types.Var) bool {
	st, ok := p.TypesInfo.TypeOf(lit).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	has := false
	for f := range st.Fields() {
		has = has || f.Origin() == field
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok || p.variable(kv.Key) == field {
			return false
		}
	}
	return has
}

func (p *partial) variable(e ast.Expr) *types.Var {
	var id *ast.Ident
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	}
	if id == nil {
		return nil
	}
	v, _ := p.TypesInfo.ObjectOf(id).(*types.Var)
	if v != nil {
		v = v.Origin()
	}
	return v
}

// place is the line of another node, with its file when that is another one.
func (p *partial) place(from, to ast.Node) string {
	a, b := p.Fset.Position(from.Pos()), p.Fset.Position(to.Pos())
	if a.Filename == b.Filename {
		return fmt.Sprintf("line %d", b.Line)
	}
	return fmt.Sprintf("%s:%d", filepath.Base(b.Filename), b.Line)
}
