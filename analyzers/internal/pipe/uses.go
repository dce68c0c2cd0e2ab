package pipe

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"

	"github.com/conclint/conclint/analyzers/internal/source"
)

type graph = *cfg.CFG

// A kind is what is done with an end.

type kind int

const (
	used kind = iota // it is read from, or written to
	gone             // it is closed, at its end, or handed to what may close it
)

// A use is one of an end of a pipe, or of what reads or writes through it.

type use struct {
	at     ast.Node
	kind   kind
	closes bool          // it is closed, for sure
	call   *ast.CallExpr // what uses it
	fails  bool          // the call can give an error with the other side still at it
	made   *types.Var    // what goes through it, as made by the call
	alias  bool          // made is but another name of it
}

// within reports whether the node has one of the uses in it.

func within(uses []use, n ast.Node, is func(use) bool) bool {
	return slices.ContainsFunc(uses, func(u use) bool { return is(u) && source.Within(u.at, n) })
}

const maxDepth = 4

// uses returns the uses of an end by its function; it is not ok when others have it.

func (f *finder) uses(in inspector.Cursor, v *types.Var, depth int) (list []use, ok bool) {
	for _, cur := range f.Uses(v) {
		if f.defines(cur) || f.comparesNil(f.top(cur)) {
			continue
		}
		u := f.use(f.top(cur), depth)
		if fn, _ := source.Func(cur); fn != in {
			d := deferred(fn)
			if d == nil || !u.closes {
				return nil, false
			}
			if outer, _ := source.Func(fn.Parent()); outer != in {
				return nil, false
			}
			u.at = d
		}
		if !u.alias {
			list = append(list, u)
		}
		if u.made == nil {
			continue
		}
		if depth > maxDepth {
			return nil, false
		}
		through, ok := f.uses(in, u.made, depth+1)
		if !ok {
			return nil, false
		}
		for _, t := range through {
			if u.alias && source.Within(t.at, u.at) { // its name is given here
				continue
			}
			if t.closes && !u.alias { // which leaves the pipe open
				t.kind, t.closes = used, false
			}
			list = append(list, t)
		}
	}
	return list, true
}

// deferred returns the defer statement that runs the literal.

func deferred(lit inspector.Cursor) *ast.DeferStmt {
	if _, ok := lit.Parent().Node().(*ast.CallExpr); !ok {
		return nil
	}
	d, _ := lit.Parent().Parent().Node().(*ast.DeferStmt)
	return d
}

// defines reports whether the variable is declared at the cursor.

func (f *finder) defines(cur inspector.Cursor) bool {
	id, ok := cur.Node().(*ast.Ident)
	return ok && f.Pass.TypesInfo.Defs[id] != nil
}

// top returns the expression around, without parentheses.

func (f *finder) top(cur inspector.Cursor) inspector.Cursor {
	for {
		if _, ok := cur.Parent().Node().(*ast.ParenExpr); !ok {
			return cur
		}
		cur = cur.Parent()
	}
}

// use tells what is done with the expression, an end or what goes through it.

func (f *finder) use(cur inspector.Cursor, depth int) use {
	u := use{at: cur.Node(), kind: gone}
	up := cur.Parent()
	switch n := up.Node().(type) {
	case *ast.SelectorExpr:
		call, ok := f.top(up).Parent().Node().(*ast.CallExpr)
		if !ok || ast.Unparen(call.Fun) != ast.Expr(n) {
			return u
		}
		u.call = call
		switch n.Sel.Name {
		case "Close", "CloseWithError":
			u.closes = true
		default:
			u.kind = used
			u.fails = f.Fails(call) && f.decodes(f.Callee(call))
		}
	case *ast.AssignStmt:
		if i := slices.Index(n.Rhs, cur.Node().(ast.Expr)); i >= 0 && len(n.Lhs) == len(n.Rhs) {
			return f.named(up, n.Lhs[i], u)
		}
	case *ast.ValueSpec:
		if i := slices.Index(n.Values, cur.Node().(ast.Expr)); i >= 0 && len(n.Names) == len(n.Values) {
			return f.named(up, n.Names[i], u)
		}
	case *ast.CallExpr:
		i := slices.Index(n.Args, cur.Node().(ast.Expr))
		if i < 0 || f.Builtin(n) != "" || f.Pass.TypesInfo.Types[n.Fun].IsType() {
			return u
		}
		return f.argument(up, n, i, depth)
	}
	return u
}

// named tells of an end that is given another name, a variable of the function: what is
// done with that is done with the end.
func (f *finder) named(cur inspector.Cursor, lhs ast.Expr, u use) use {
	id, ok := lhs.(*ast.Ident)
	fn, in := source.Func(cur)
	if !ok || !in {
		return u
	}
	body, _ := source.Body(fn.Node())
	if v := f.Var(id); source.Local(v) && body.Pos() <= v.Pos() && v.Pos() < body.End() {
		u.at, u.kind, u.made, u.alias = cur.Node(), used, v, true
		f.aliases = append(f.aliases, v)
	}
	return u
}

// comparesNil reports whether the expression is only compared with nil.
func (f *finder) comparesNil(cur inspector.Cursor) bool {
	b, ok := cur.Parent().Node().(*ast.BinaryExpr)
	return ok && (f.Pass.TypesInfo.Types[b.X].IsNil() || f.Pass.TypesInfo.Types[b.Y].IsNil())
}

// isNil reports whether the condition says that there is no end by another name of it:
// where it has been given the name there is.
func (f *finder) isNil(cond ast.Expr, value bool) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	return ok && (b.Op == token.EQL || b.Op == token.NEQ) && (b.Op == token.EQL) == value &&
		f.Pass.TypesInfo.Types[b.Y].IsNil() && slices.Contains(f.aliases, f.Var(b.X))
}

// argument tells what is done with an end that is an argument of a call.

func (f *finder) argument(cur inspector.Cursor, call *ast.CallExpr, i, depth int) use {
	u := use{at: call, kind: gone, call: call}
	sig, ok := f.Pass.TypesInfo.TypeOf(call.Fun).Underlying().(*types.Signature)
	if !ok || sig.Variadic() && i >= sig.Params().Len()-1 {
		return u
	}
	fn := f.Callee(call)
	if decl, ok := f.Decl(fn); ok {
		params := fn.Origin().Signature().Params()
		if params.Len() != sig.Params().Len() { // a method expression
			return u
		}
		if left, ok := f.callee(decl, params.At(i), depth); ok {
			u.kind, u.fails = used, left && f.Fails(call)
		}
		return u
	}
	param := sig.Params().At(i).Type()
	if obj, _, _ := types.LookupFieldOrMethod(param, false, nil, "Close"); obj != nil || !types.IsInterface(param) {
		return u
	}
	switch {
	case fn != nil && fn.Pkg() != nil && f.Standard(fn.Pkg()) && fn.Pkg() != f.Pass.Pkg:
		return f.standard(cur, call, fn, i, depth)
	case !f.reading:
		u.kind, u.fails = used, f.Fails(call)
	case fn != nil:
		if left, ok := f.method(fn, i, depth); ok {
			u.kind, u.fails = used, left && f.Fails(call)
		}
	}
	return u
}

// standard tells what a function of the standard library does with the end.

// wraps reports whether a result of the type can go through an argument.

// decodes reports whether the function gives up at content that is wrong, before the end.

// Others fail only as the pipe does, when the other side is through.

// ofFormat reports whether the function is one of the packages for formats.

// drains reports whether the call comes back only when it has read to the end: nothing

// but the reader can fail.

// takesAll reports whether a write to the expression never fails: it goes to memory, a

// hash or nowhere.

// neverFails reports whether a read from the expression gives no error but the one at the

// end: it is in memory.

// method tells of a method of an interface whether one of its implementations in this

// package can return an error with the reader left; it is not ok if there are none, or

// one that may close it.

func (f *finder) method(fn *types.Func, i, depth int) (left, ok bool) {
	recv := fn.Signature().Recv()
	if recv == nil {
		return false, false
	}
	iface, isIface := recv.Type().Underlying().(*types.Interface)
	if !isIface {
		return false, false
	}
	scope := f.Pass.Pkg.Scope()
	for _, name := range scope.Names() {
		t, isType := scope.Lookup(name).(*types.TypeName)
		if !isType || types.IsInterface(t.Type()) {
			continue
		}
		ptr := types.NewPointer(t.Type())
		if named, is := t.Type().(*types.Named); !is || named.TypeParams().Len() > 0 || !types.Implements(ptr, iface) {
			continue
		}
		m, _, _ := types.LookupFieldOrMethod(ptr, false, fn.Pkg(), fn.Name())
		impl, _ := m.(*types.Func)
		decl, has := f.Decl(impl)
		if !has {
			return false, false
		}
		one, fine := f.callee(decl, impl.Signature().Params().At(i), depth)
		if !fine {
			return false, false
		}
		left, ok = left || one, true
	}
	return left, ok
}

// callee tells whether a function can return an error with its parameter, an end, left as

// it was or after something has failed; it is not ok when it may close it or hand it on.

func (f *finder) callee(decl inspector.Cursor, param *types.Var, depth int) (left, ok bool) {
	g := f.Graph(decl.Node())
	if g == nil || depth > maxDepth {
		return false, false
	}
	uses, ok := f.uses(decl, param, depth+1)
	if !ok || slices.ContainsFunc(uses, func(u use) bool { return u.kind == gone && !f.readsAll(u) }) {
		return false, false
	}
	early := f.FromEntry(g, source.Search{
		Ends: func(n ast.Node) bool { return within(uses, n, func(use) bool { return true }) },
		Hit: func(n ast.Node) bool {
			ret, ok := n.(*ast.ReturnStmt)
			return ok && f.isError(ret) && !within(uses, n, func(use) bool { return true })
		},
	})
	return early != nil || f.failed(g, nil, uses) != nil, true
}

// readsAll reports whether the use is a call that reads to the end.

// isError reports whether the return gives an error: not nil, as it is written.

func (f *finder) isError(ret *ast.ReturnStmt) bool {
	if len(ret.Results) == 0 {
		return false
	}
	last := ret.Results[len(ret.Results)-1]
	t := f.Pass.TypesInfo.TypeOf(last)
	return t != nil && types.AssignableTo(t, types.Universe.Lookup("error").Type()) && !f.Pass.TypesInfo.Types[last].IsNil()
}
