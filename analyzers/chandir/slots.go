package chandir

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// A kind is what a declaration declares. It is also the category of findings.
type kind string

const (
	parameter kind = "parameter"
	result    kind = "result"
	field     kind = "field"
	variable  kind = "variable"
)

// A decl is a written type "chan T" and the variables that have it: more than
// one in "a, b chan T", which can only be changed together.
type decl struct {
	kind  kind
	typ   *ast.ChanType
	vars  []*types.Var
	nodes []*node
	// owner is the function, struct type or nil that the declaration is part
	// of, and pos what a finding points at.
	owner    types.Object
	pos, end token.Pos
}

// name joins the names of the declared variables.
func (d *decl) name() string {
	var names []string
	for _, v := range d.vars {
		names = append(names, v.Name())
	}
	return strings.Join(names, " and ")
}

// collect finds the declarations that can be narrowed, in source order. Those
// that must keep their type for a reason that needs no data flow are left
// out: what flows into them then needs both directions.
func (g *graph) collect(in *inspector.Inspector) {
	linked := linknames(g.pass)
	for cur := range in.Root().Preorder((*ast.ChanType)(nil)) {
		ct := cur.Node().(*ast.ChanType)
		if ct.Dir != ast.SEND|ast.RECV || g.report.Generated(ct.Pos()) {
			continue
		}
		up := cur
		for up.ParentEdgeKind() == edge.ParenExpr_X {
			up = up.Parent()
		}
		switch up.ParentEdgeKind() {
		case edge.Field_Type:
			g.collectField(up.Parent(), ct, linked)
		case edge.ValueSpec_Type:
			spec := up.Parent().Node().(*ast.ValueSpec)
			var vars []*types.Var
			for _, id := range spec.Names {
				v, ok := g.pass.TypesInfo.Defs[id].(*types.Var)
				if !ok || v.Exported() && v.Parent() == g.pass.Pkg.Scope() {
					vars = nil // other packages may use it either way
					break
				}
				vars = append(vars, v)
			}
			g.add(&decl{kind: variable, typ: ct, vars: vars, pos: spec.Names[0].Pos(), end: ct.End()})
		}
	}
}

// collectField collects a parameter, result or struct field.
func (g *graph) collectField(cur inspector.Cursor, ct *ast.ChanType, linked map[string]bool) {
	f := cur.Node().(*ast.Field)
	list := cur.Parent()
	owner := list.Parent()
	d := &decl{typ: ct, pos: ct.Pos(), end: ct.End()}
	if len(f.Names) > 0 {
		d.pos = f.Names[0].Pos()
	}
	switch list.ParentEdgeKind() {
	case edge.StructType_Fields:
		spec, ok := owner.Parent().Node().(*ast.TypeSpec)
		if !ok || spec.Assign.IsValid() {
			return // the identity of an unnamed struct type hangs on its fields
		}
		d.kind = field
		d.owner = g.pass.TypesInfo.Defs[spec.Name]
		for _, id := range f.Names {
			v, ok := g.pass.TypesInfo.Defs[id].(*types.Var)
			if !ok || v.Exported() {
				return
			}
			d.vars = append(d.vars, v)
		}
	case edge.FuncType_Params, edge.FuncType_Results:
		if owner.ParentEdgeKind() != edge.FuncDecl_Type {
			return // a function type or literal; see Limits
		}
		fn := owner.Parent().Node().(*ast.FuncDecl)
		obj, ok := g.pass.TypesInfo.Defs[fn.Name].(*types.Func)
		if !ok || fn.Body == nil || linked[obj.Name()] || exportedToC(fn) {
			return
		}
		d.owner = obj
		d.kind = parameter
		tuple := obj.Signature().Params()
		if list.ParentEdgeKind() == edge.FuncType_Results {
			d.kind = result
			tuple = obj.Signature().Results()
		}
		first := position(list.Node().(*ast.FieldList), f)
		for i := range max(1, len(f.Names)) {
			d.vars = append(d.vars, tuple.At(first+i))
		}
		if d.kind == result && len(d.vars) > 0 && !g.closed(obj) {
			g.exported = append(g.exported, exportedResult{fn, obj, first, d})
			d.fixed = true
		}
		if obj.Signature().Recv() != nil && (obj.Exported() && !g.closed(obj) || g.inInterface(obj)) {
			d.fixed = true
		}
	}
	g.add(d)
}

// position returns the index of the first variable of f in the list.
func position(list *ast.FieldList, f *ast.Field) int {
	n := 0
	for _, other := range list.List {
		if other == f {
			break
		}
		n += max(1, len(other.Names))
	}
	return n
}
