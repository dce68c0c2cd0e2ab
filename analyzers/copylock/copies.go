package copylock

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// A copying is one place where the program copies a value, whatever its type.
type copying struct {
	category string
	// node is where the reader should look.
	node ast.Node
	// src is the value that is read, or with elems what holds it; it is nil
	// where the copy is made elsewhere, at each call or iteration.
	src   ast.Expr
	elems bool
	index string // of the element, when the user gave it a name
	// typ is the type of what is copied.
	typ types.Type
	// op is what copies: "assignment", "call of f".
	op string
	// name is what is copied where src is nil.
	name string
	// dst is what receives the copy, if that has a name.
	dst ast.Expr
	// remedy ends the message.
	remedy string
	// unseen says that go vet's copylocks does not look at this form.
	unseen bool
	// loop is set for the value variable of a range statement.
	loop *ast.RangeStmt
	// where says at which place, if that is not node.
	where string
}

// A collector finds the copies in a syntax tree.
type collector struct {
	pass  *analysis.Pass
	fresh *freshness
	loops func(token.Pos) bool // a for statement there copies its variables per iteration
	emit  func(copying) bool   // reports whether the value holds a lock
}

// value emits c for the copy of x, unless x is a value that nobody else has. It
// returns what emit does.
func (co *collector) value(c copying, x ast.Expr, target types.Type) bool {
	c.node = x
	x = ast.Unparen(x)
	switch x.(type) {
	case *ast.CompositeLit, *ast.CallExpr:
		return false // what a call returns was copied, if at all, by its return
	}
	tv, ok := co.pass.TypesInfo.Types[x]
	if !ok || !tv.IsValue() {
		return false
	}
	if star, ok := x.(*ast.StarExpr); ok {
		if call, ok := ast.Unparen(star.X).(*ast.CallExpr); ok {
			if co.fresh.call(call) {
				return false
			}
			c.unseen = true
		}
	}
	c.src, c.typ = x, tv.Type
	if tuple, ok := c.typ.(*types.Tuple); ok && tuple.Len() > 0 {
		c.typ = tuple.At(0).Type() // v, ok := x
	}
	switch r := x.(type) {
	case *ast.UnaryExpr: // a receive: no other unary operator yields a struct
		c.category, c.op, c.remedy = "by-channel", "receive", "send pointers"
	case *ast.TypeAssertExpr:
		c.category, c.op, c.remedy = "by-interface", "type assertion", "keep a pointer in "+short(r.X)
	default:
		if c.category != "by-channel" && c.category != "by-append" && isInterface(target) {
			c.category = "by-interface"
			c.remedy = "convert a pointer to it"
		}
	}
	return co.emit(c)
}

func isInterface(t types.Type) bool {
	if t == nil {
		return false
	}
	_, param := types.Unalias(t).(*types.TypeParam)
	return !param && types.IsInterface(t)
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// visit emits the copies that n itself makes. parent is the node around it,
// results are those of the function around it.
func (co *collector) visit(n, parent ast.Node, results *types.Tuple) {
	info := co.pass.TypesInfo
	switch n := n.(type) {
	case *ast.AssignStmt:
		co.assign(n, parent)
	case *ast.ValueSpec:
		for i, x := range n.Values {
			if !isBlank(n.Names[i]) {
				co.value(copying{category: "by-assignment", op: "assignment", dst: n.Names[i], remedy: "assign a pointer"}, x, info.TypeOf(n.Names[i]))
			}
		}
	case *ast.CompositeLit:
		co.literal(n)
	case *ast.ReturnStmt:
		for i, x := range n.Results {
			var target types.Type
			if results.Len() == len(n.Results) {
				target = results.At(i).Type()
			}
			co.value(copying{category: "by-return", op: "return", remedy: "return a pointer"}, x, target)
		}
	case *ast.SendStmt:
		co.value(copying{category: "by-channel", op: "send", remedy: "send pointers", unseen: true}, n.Value, nil)
	case *ast.CallExpr:
		co.call(n)
	case *ast.RangeStmt:
		co.rangeVar(n, n.Key, true)
		co.rangeVar(n, n.Value, false)
	case *ast.TypeSwitchStmt:
		co.typeSwitch(n)
	case *ast.FuncDecl:
		if n.Recv != nil && len(n.Recv.List) > 0 {
			field := n.Recv.List[0]
			co.param(field, copying{category: "by-receiver", op: methodName(field.Type, n.Name.Name), remedy: "use a pointer receiver"})
		}
		co.params(n.Type, n.Name.Name)
	case *ast.FuncLit:
		co.params(n.Type, "this function")
	}
}

func (co *collector) assign(n *ast.AssignStmt, parent ast.Node) {
	info := co.pass.TypesInfo
	reported := false
	for i, x := range n.Rhs {
		if i < len(n.Lhs) && !isBlank(n.Lhs[i]) {
			c := copying{category: "by-assignment", op: "assignment", dst: n.Lhs[i], remedy: "assign a pointer"}
			reported = co.value(c, x, info.TypeOf(n.Lhs[i])) || reported
		}
	}
	// Since Go 1.22 each iteration of a three-clause loop has variables of its
	// own, made as copies of those before.
	loop, ok := parent.(*ast.ForStmt)
	if reported || !ok || loop.Init != n || n.Tok != token.DEFINE || !co.loops(n.Pos()) {
		return
	}
	for _, l := range n.Lhs {
		id, ok := l.(*ast.Ident)
		if !ok || info.Defs[id] == nil || id.Name == "_" {
			continue
		}
		co.emit(copying{
			category: "by-iteration", node: id, typ: info.Defs[id].Type(), op: "each iteration", name: id.Name,
			remedy: "declare " + id.Name + " before the loop",
		})
	}
}

func (co *collector) literal(n *ast.CompositeLit) {
	info := co.pass.TypesInfo
	t := info.TypeOf(n)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem() // an elided &T in a literal
	}
	for i, x := range n.Elts {
		c := copying{category: "by-literal", op: "literal", remedy: "hold a pointer"}
		kv, keyed := x.(*ast.KeyValueExpr)
		if keyed {
			x = kv.Value
		}
		var target types.Type
		switch u := t.Underlying().(type) {
		case *types.Struct:
			if keyed {
				target = info.TypeOf(kv.Key)
				if id, ok := kv.Key.(*ast.Ident); ok && info.Uses[id] != nil {
					target = info.Uses[id].Type()
				}
			} else if i < u.NumFields() {
				target = u.Field(i).Type()
			}
		case *types.Map:
			target = u.Elem()
			if keyed {
				key := c
				key.unseen = true
				co.value(key, kv.Key, u.Key())
			}
		case *types.Slice:
			target = u.Elem()
		case *types.Array:
			target = u.Elem()
		}
		co.value(c, x, target)
	}
}

func (co *collector) call(n *ast.CallExpr) {
	info := co.pass.TypesInfo
	fun := ast.Unparen(n.Fun)
	name := short(fun)
	if info.Types[fun].IsType() { // a conversion
		if len(n.Args) == 1 {
			co.value(copying{category: "by-assignment", op: "conversion to " + name, remedy: "convert a pointer"}, n.Args[0], info.TypeOf(fun))
		}
		return
	}
	c := copying{category: "by-call", op: "call of " + name, remedy: "pass a pointer"}
	switch builtin(info, fun) {
	case "len", "cap", "Sizeof", "Offsetof", "Alignof":
		return // these look at the type, or at the header of a slice
	case "append":
		co.appended(n)
		return
	case "copy":
		if len(n.Args) == 2 {
			co.elements(n.Args[1], "copy")
		}
		return
	}
	sig, _ := types.Unalias(info.TypeOf(fun)).(*types.Signature)
	if sig == nil {
		sig, _ = info.TypeOf(fun).Underlying().(*types.Signature)
	}
	for i, x := range n.Args {
		co.value(c, x, paramType(sig, i, n.Ellipsis.IsValid()))
	}
}

func (co *collector) appended(n *ast.CallExpr) {
	for i, x := range n.Args {
		switch {
		case i == 0:
		case n.Ellipsis.IsValid():
			co.elements(x, "append")
		default:
			co.value(copying{category: "by-append", op: "append", remedy: "keep pointers in the slice"}, x, nil)
		}
	}
}

// elements emits the copy of all elements of the slice x.
func (co *collector) elements(x ast.Expr, op string) {
	x = ast.Unparen(x)
	switch x.(type) {
	case *ast.CompositeLit, *ast.CallExpr:
		return
	}
	s, ok := co.pass.TypesInfo.TypeOf(x).Underlying().(*types.Slice)
	if !ok {
		return
	}
	co.emit(copying{
		category: "by-append", node: x, src: x, elems: true, typ: s.Elem(), op: op,
		remedy: "keep pointers in the slice", unseen: true,
	})
}

func builtin(info *types.Info, fun ast.Expr) string {
	var id *ast.Ident
	switch fun := fun.(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	}
	if b, ok := info.Uses[id].(*types.Builtin); ok {
		return b.Name()
	}
	return ""
}

func paramType(sig *types.Signature, i int, spread bool) types.Type {
	if sig == nil {
		return nil
	}
	last := sig.Params().Len() - 1
	if sig.Variadic() && i >= last && !spread {
		if s, ok := sig.Params().At(last).Type().(*types.Slice); ok {
			return s.Elem()
		}
		return nil
	}
	if i > last {
		return nil
	}
	return sig.Params().At(i).Type()
}
