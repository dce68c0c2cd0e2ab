package chandir

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

// builtin returns the name of the built-in function that is called, or "".
func (g *graph) builtin(call *ast.CallExpr) string {
	fun := ast.Unparen(call.Fun)
	if !g.pass.TypesInfo.Types[fun].IsBuiltin() {
		return ""
	}
	switch fun := fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}

// call records where the arguments of a call go.
func (g *graph) call(call *ast.CallExpr) {
	info := g.pass.TypesInfo
	if info.Types[call.Fun].IsType() {
		to := info.TypeOf(call.Fun)
		if len(call.Args) == 1 {
			g.flow(target{typ: to}, call.Args[0])
			g.convert(info.TypeOf(call.Args[0]), to)
		}
		return
	}
	if name := g.builtin(call); name != "" {
		for _, arg := range call.Args {
			n := g.nodeOf(arg)
			switch {
			case n == nil || name == "len" || name == "cap":
			case name == "close":
				n.use(call, "closed", sends)
			default:
				n.pinned = true
			}
		}
		return
	}
	sig, _ := info.TypeOf(call.Fun).Underlying().(*types.Signature)
	if sig == nil {
		for _, arg := range call.Args {
			g.pin(g.nodeOf(arg))
		}
		return
	}
	params := sig.Params()
	if len(call.Args) == 1 && params.Len() > 1 {
		for _, n := range g.resultsOf(call.Args[0], params.Len()) {
			g.pin(n)
		}
		return
	}
	var declared *types.Tuple
	if fn := g.callee(call); fn != nil {
		declared = fn.Signature().Params()
	}
	for i, arg := range call.Args {
		var t target
		switch last := params.Len() - 1; {
		case sig.Variadic() && i >= last && !call.Ellipsis.IsValid():
			t.typ = types.Universe.Lookup("any").Type()
			if s, ok := params.At(last).Type().Underlying().(*types.Slice); ok {
				t.typ = s.Elem()
			}
		default:
			t.typ = params.At(i).Type()
			if declared != nil {
				t.node = g.lookup(declared.At(i))
			}
		}
		g.flow(t, arg)
	}
}

func (g *graph) pin(n *node) {
	if n != nil {
		n.pinned = true
	}
}

// composite records where the elements of a composite literal go.
func (g *graph) composite(lit *ast.CompositeLit) {
	info := g.pass.TypesInfo
	t := info.TypeOf(lit).Underlying()
	if p, ok := t.(*types.Pointer); ok { // &T elided
		t = p.Elem().Underlying()
	}
	for i, elt := range lit.Elts {
		kv, keyed := elt.(*ast.KeyValueExpr)
		switch t := t.(type) {
		case *types.Struct:
			if !keyed {
				g.flow(target{g.lookup(t.Field(i)), t.Field(i).Type()}, elt)
			} else if v, ok := info.Uses[identOf(kv.Key)].(*types.Var); ok {
				g.flow(target{g.lookup(v), v.Type()}, kv.Value)
			}
		default:
			// An element of a slice, array or map keeps its type. A channel
			// among them is used in both directions, unless the type says so.
			elem := types.Universe.Lookup("any").Type()
			if e, ok := t.(interface{ Elem() types.Type }); ok {
				elem = e.Elem()
			}
			if keyed {
				elt = kv.Value
			}
			g.flow(target{typ: elem}, elt)
		}
	}
}

// convert pins the fields of struct types that are converted into each other:
// their underlying types must stay identical.
func (g *graph) convert(from, to types.Type) {
	if types.Identical(from, to) {
		return
	}
	for _, t := range []types.Type{from, to} {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if s, ok := t.Underlying().(*types.Struct); ok {
			g.pinFields(s)
		}
	}
}

func (g *graph) pinFields(s *types.Struct) {
	for v := range s.Fields() {
		g.pin(g.lookup(v))
	}
}

// structType pins the fields of named struct types that an unnamed one is
// identical to: values of the two can be assigned to each other.
func (g *graph) structType(cur inspector.Cursor) {
	if spec, ok := cur.Parent().Node().(*ast.TypeSpec); ok && !spec.Assign.IsValid() {
		return
	}
	s, ok := g.pass.TypesInfo.TypeOf(cur.Node().(*ast.StructType)).(*types.Struct)
	if !ok || !hasChan(s) {
		return
	}
	for _, d := range g.decls {
		if d.kind != field {
			continue
		}
		if named, ok := d.owner.Type().Underlying().(*types.Struct); ok && types.IdenticalIgnoreTags(named, s) {
			g.pinFields(named)
		}
	}
}

func hasChan(s *types.Struct) bool {
	for v := range s.Fields() {
		if _, ok := v.Type().(*types.Chan); ok {
			return true
		}
	}
	return false
}

// pinSignature pins parameters and results of a function that is used as a
// value.
func (g *graph) pinSignature(fn *types.Func) {
	if fn.Pkg() != g.pass.Pkg {
		return
	}
	for _, tuple := range []*types.Tuple{fn.Signature().Params(), fn.Signature().Results()} {
		for v := range tuple.Variables() {
			g.pin(g.lookup(v))
		}
	}
}
