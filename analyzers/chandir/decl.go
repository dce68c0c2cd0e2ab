package chandir

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

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

// A decl is a written type "chan T" and the variables that have it: several
// in "a, b chan T", which can only change together.
type decl struct {
	kind  kind
	typ   *ast.ChanType
	nodes []*node
	// owner is the function or type that the declaration is part of; nil for
	// variables.
	owner types.Object
	// fn declares owner, if that is a function.
	fn *ast.FuncDecl
	// pos and end bound the names and the type.
	pos, end token.Pos
	// api says that code out of sight may rely on the type: it is a result
	// of an exported function.
	api bool
}

// name returns the names of the declared variables.
func (d *decl) name() string {
	var names []string
	for _, n := range d.nodes {
		names = append(names, n.v.Name())
	}
	return strings.Join(names, " and ")
}

// collect finds the declarations of the package, in source order. One that
// must keep its type for a reason that needs no data flow gets pinned nodes
// or none at all: what flows into it then keeps its type as well.
func (g *graph) collect(in *inspector.Inspector) {
	linked := linknames(g.pass)
	for cur := range in.Root().Preorder((*ast.ChanType)(nil)) {
		ct := cur.Node().(*ast.ChanType)
		if ct.Dir != ast.SEND|ast.RECV || g.report.Generated(ct.Pos()) {
			continue
		}
		for cur.ParentEdgeKind() == edge.ParenExpr_X {
			cur = cur.Parent()
		}
		switch cur.ParentEdgeKind() {
		case edge.ValueSpec_Type:
			spec := cur.Parent().Node().(*ast.ValueSpec)
			d := &decl{kind: variable, typ: ct, pos: spec.Names[0].Pos(), end: ct.End()}
			for _, id := range spec.Names {
				v, ok := g.pass.TypesInfo.Defs[id].(*types.Var)
				g.declare(d, v, ok && v.Parent() == g.pass.Pkg.Scope() && (v.Exported() || linked[v.Name()]))
			}
		case edge.Field_Type:
			f := cur.Parent().Node().(*ast.Field)
			d := &decl{typ: ct, pos: ct.Pos(), end: ct.End()}
			if len(f.Names) > 0 {
				d.pos = f.Names[0].Pos()
			}
			list := cur.Parent().Parent()
			switch list.ParentEdgeKind() {
			case edge.StructType_Fields:
				g.collectField(d, f, list.Parent())
			case edge.FuncType_Params:
				d.kind = parameter
				g.collectParam(d, f, list, linked)
			case edge.FuncType_Results:
				d.kind = result
				g.collectParam(d, f, list, linked)
			}
		}
	}
}

func (g *graph) collectField(d *decl, f *ast.Field, structType inspector.Cursor) {
	spec, ok := structType.Parent().Node().(*ast.TypeSpec)
	if !ok || spec.Assign.IsValid() {
		return // the identity of an unnamed struct type hangs on its fields
	}
	d.kind = field
	d.owner = g.pass.TypesInfo.Defs[spec.Name]
	for _, id := range f.Names {
		v, _ := g.pass.TypesInfo.Defs[id].(*types.Var)
		g.declare(d, v, ast.IsExported(id.Name))
	}
}

func (g *graph) collectParam(d *decl, f *ast.Field, list inspector.Cursor, linked map[string]bool) {
	if list.Parent().ParentEdgeKind() != edge.FuncDecl_Type {
		return // a function type, an interface method or a literal
	}
	fn := list.Parent().Parent().Node().(*ast.FuncDecl)
	obj, ok := g.pass.TypesInfo.Defs[fn.Name].(*types.Func)
	if !ok || fn.Body == nil {
		return
	}
	d.owner, d.fn = obj, fn
	sig := obj.Signature()
	tuple := sig.Params()
	pinned := linked[obj.Name()] || exportedToC(fn)
	switch {
	case pinned:
	case d.kind == result && g.visible(obj):
		d.api, pinned = true, true
	case g.visible(obj) && ofExported(obj):
		pinned = true // an interface of another package may ask for it
	default:
		pinned = g.satisfies(obj)
	}
	if d.kind == result {
		tuple = sig.Results()
	}
	first := 0
	for _, other := range list.Node().(*ast.FieldList).List {
		if other == f {
			break
		}
		first += max(1, len(other.Names))
	}
	for i := range max(1, len(f.Names)) {
		g.declare(d, tuple.At(first+i), pinned)
	}
}

// declare makes the node of a variable.
func (g *graph) declare(d *decl, v *types.Var, pinned bool) {
	if v == nil { // named _
		v = types.NewVar(d.pos, g.pass.Pkg, "_", nil)
	}
	n := &node{decl: d, v: v, pinned: pinned}
	g.vars[v] = n
	g.nodes = append(g.nodes, n)
	if len(d.nodes) == 0 {
		g.decls = append(g.decls, d)
	}
	d.nodes = append(d.nodes, n)
}
