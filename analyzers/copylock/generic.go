package copylock

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/analysis"
)

// generics finds instances of generic functions that copy their caller's
// values: the body copies what it reads through a pointer or from a container
// of a type parameter, and the type argument holds a lock. That a parameter of
// the type itself is a copy is seen at the call.
//
// Of a function of another package only the signature is known. One that takes
// a container of T, or a pointer, and returns T values has copied them.
type generics struct {
	pass    *analysis.Pass
	locks   *locks
	collect *collector
	decls   map[*types.Func]*ast.FuncDecl
	known   map[*types.Func]map[int]ast.Node // index of a type parameter -> first copy
}

// An instance is the use of a generic function with a type that holds a lock.
type instance struct {
	node *ast.Ident // the name of the function
	name string     // the same as written, with package or receiver
	fn   *types.Func
	arg  types.Type
	copy ast.Node // where fn copies; nil when fn is not in sight
}

// instances lists the first instance of each function and type that copies
// locks, in the order of their positions.
func (g *generics) instances() []instance {
	info := g.pass.TypesInfo
	var list []instance
	add := func(id *ast.Ident, name string, fn *types.Func, args *types.TypeList) {
		for i := range args.Len() {
			arg := args.At(i)
			// Of a type parameter the constraint names the lock, and the
			// declaration is reported.
			if _, param := types.Unalias(arg).(*types.TypeParam); param || g.locks.in(arg) == nil {
				continue
			}
			if at, ok := g.copies(fn)[i]; ok {
				list = append(list, instance{id, name, fn, arg, at})
			}
		}
	}
	for id, in := range info.Instances {
		if fn, ok := info.Uses[id].(*types.Func); ok {
			name := id.Name
			if fn.Pkg() != nil && fn.Pkg() != g.pass.Pkg {
				name = fn.Pkg().Name() + "." + name
			}
			add(id, name, fn.Origin(), in.TypeArgs)
		}
	}
	for sel, s := range info.Selections {
		if fn, ok := s.Obj().(*types.Func); ok && fn.Origin() != fn {
			if args := receiverArgs(fn); args != nil {
				add(sel.Sel, short(sel), fn.Origin(), args)
			}
		}
	}
	slices.SortFunc(list, func(a, b instance) int { return cmp.Compare(a.node.Pos(), b.node.Pos()) })
	var first []instance
	for _, in := range list {
		if !slices.ContainsFunc(first, func(f instance) bool { return f.fn == in.fn && types.Identical(f.arg, in.arg) }) {
			first = append(first, in)
		}
	}
	return first
}

func receiverArgs(fn *types.Func) *types.TypeList {
	t := fn.Signature().Recv().Type()
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.TypeArgs()
	}
	return nil
}

// copies returns the type parameters whose values fn copies.
func (g *generics) copies(fn *types.Func) map[int]ast.Node {
	if c, ok := g.known[fn]; ok {
		return c
	}
	found := make(map[int]ast.Node)
	g.known[fn] = found // a recursive call adds nothing
	params := fn.Signature().TypeParams()
	if fn.Signature().Recv() != nil {
		params = fn.Signature().RecvTypeParams()
	}
	d := g.decls[fn]
	for i := range params.Len() {
		p := params.At(i)
		if d == nil {
			if fn.Pkg() != g.pass.Pkg && bySignature(fn.Signature(), p) {
				found[i] = nil
			}
			continue
		}
		if at := g.first(d, p); at != nil {
			found[i] = at
		}
	}
	return found
}

// first returns the first node of d where a stored value of type p, or one
// that contains it, is copied.
func (g *generics) first(d *ast.FuncDecl, p *types.TypeParam) ast.Node {
	var first ast.Node
	co := *g.collect
	co.emit = func(c copying) bool {
		if first == nil && c.src != nil && holds(c.typ, p, nil) && g.stored(c) {
			first = c.node
		}
		return false
	}
	inspect(g.pass.TypesInfo, d, func(n, parent ast.Node, results *types.Tuple) {
		co.visit(n, parent, results)
		id, ok := n.(*ast.Ident)
		if !ok || first != nil {
			return
		}
		if in, ok := g.pass.TypesInfo.Instances[id]; ok {
			if fn, ok := g.pass.TypesInfo.Uses[id].(*types.Func); ok {
				inner := g.copies(fn.Origin())
				for _, i := range slices.Sorted(maps.Keys(inner)) {
					if i < in.TypeArgs.Len() && holds(in.TypeArgs.At(i), p, nil) {
						first = id
					}
				}
			}
		}
	})
	return first
}

// stored reports whether what c copies lives outside the function's own
// variables: those hold copies already.
func (g *generics) stored(c copying) bool {
	info := g.pass.TypesInfo
	if c.elems {
		switch info.TypeOf(c.src).Underlying().(type) {
		case *types.Array:
			return g.storedExpr(c.src)
		case *types.Signature, *types.Basic:
			return false
		}
		return true
	}
	return g.storedExpr(c.src)
}

func (g *generics) storedExpr(x ast.Expr) bool {
	info := g.pass.TypesInfo
	switch x := ast.Unparen(x).(type) {
	case *ast.StarExpr:
		return true
	case *ast.UnaryExpr:
		return x.Op == token.ARROW
	case *ast.IndexExpr:
		if _, array := info.TypeOf(x.X).Underlying().(*types.Array); array {
			return g.storedExpr(x.X)
		}
		return true
	case *ast.SelectorExpr:
		if s, ok := info.Selections[x]; ok && s.Indirect() {
			return true
		}
		return g.storedExpr(x.X)
	}
	return false
}

// holds reports whether a value of type t contains one of type p.
func holds(t types.Type, p *types.TypeParam, seen map[types.Type]bool) bool {
	if t == nil || seen[t] {
		return false
	}
	if seen == nil {
		seen = make(map[types.Type]bool)
	}
	seen[t] = true
	if q, ok := types.Unalias(t).(*types.TypeParam); ok {
		return q == p
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		return holds(u.Elem(), p, seen)
	case *types.Struct:
		for f := range u.Fields() {
			if holds(f.Type(), p, seen) {
				return true
			}
		}
	}
	return false
}

// bySignature reports whether a function that is not in sight copies values of
// type p: it takes them stored and returns them.
func bySignature(sig *types.Signature, p *types.TypeParam) bool {
	in, out := false, false
	for i := range sig.Params().Len() {
		if sig.Variadic() && i == sig.Params().Len()-1 {
			continue // those of the call itself
		}
		t := core(sig.Params().At(i).Type())
		in = in || !isParam(t, p) && reaches(t, p)
	}
	for v := range sig.Results().Variables() {
		t := core(v.Type())
		if _, pointer := t.(*types.Pointer); !pointer {
			out = out || reaches(t, p)
		}
	}
	return in && out
}

func isParam(t types.Type, p *types.TypeParam) bool { return types.Unalias(t) == types.Type(p) }

// core is t, or where that is a type parameter with one term, its type.
func core(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		if list := terms(p.Constraint(), nil); len(list) == 1 {
			return list[0].Underlying()
		}
		return p
	}
	return t.Underlying()
}

// reaches reports whether values of type p can be read from one of type t
// without a call.
func reaches(t types.Type, p *types.TypeParam) bool {
	if isParam(t, p) {
		return true
	}
	switch u := core(t).(type) {
	case *types.Slice:
		return reaches(u.Elem(), p)
	case *types.Array:
		return reaches(u.Elem(), p)
	case *types.Map:
		return reaches(u.Elem(), p)
	case *types.Chan:
		return reaches(u.Elem(), p)
	case *types.Pointer:
		return isParam(u.Elem(), p)
	}
	return false
}

// inspect walks the tree below root with each node's parent and the results of
// the function around it.
func inspect(info *types.Info, root ast.Node, visit func(n, parent ast.Node, results *types.Tuple)) {
	stack := []ast.Node{nil}
	functions := []*types.Tuple{nil}
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			switch stack[len(stack)-1].(type) {
			case *ast.FuncDecl, *ast.FuncLit:
				functions = functions[:len(functions)-1]
			}
			stack = stack[:len(stack)-1]
			return true
		}
		visit(n, stack[len(stack)-1], functions[len(functions)-1])
		stack = append(stack, n)
		switch n := n.(type) {
		case *ast.FuncDecl:
			functions = append(functions, info.Defs[n.Name].(*types.Func).Signature().Results())
		case *ast.FuncLit:
			functions = append(functions, info.TypeOf(n).(*types.Signature).Results())
		}
		return true
	})
}
