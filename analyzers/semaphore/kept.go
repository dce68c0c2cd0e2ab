package semaphore

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// A slot can be kept on purpose: by an object that is closed, by a state that a field
// tells of, for the caller, or for who works off a queue. It is lost for certain where
// nobody can know that it is held:
//
//   - the function gives the slot back itself, on another path;
//   - on this one it returns an error, so that its caller has no more to end, or it has no
//     results at all, so that both paths look alike to the caller, or nobody else has to do with
//     the semaphore;
//   - until there it does nothing that may give the slot back or hand it on: it names no
//     function that could, sets no field, passes the object that has the semaphore to nobody;
//   - nobody who calls it gives back a slot without having taken one;
//   - somebody waits for a slot, rather than to look whether there is one;
//   - all that give back slots of the semaphore are seen, and have taken them: the
//     variable or field is not exported or passed on, and a function that only gives back is called by
//     functions that take, and by them alone.

// kept reports a return that loses the slot for certain.
func (c *checker) kept(o *op) {
	if c.own(o) || c.drains(o) || c.deferredBefore(o) || o.sem.v.Exported() || c.isParam(o.sem.v) ||
		!c.givesItself(o) || !c.waitedBy(o.sem.v) || !c.accounted(o.sem.v) || c.callerGives(o) {
		return
	}
	g := c.Graph(o.fn.Node())
	if g == nil || o.result >= 0 && !c.lookedAt(o) {
		return
	}
	_, typ := source.Body(o.fn.Node())
	void := typ.Results == nil
	if _, ok := o.fn.Node().(*ast.FuncLit); ok && void && !c.Started(o.fn) {
		return // a callback: who runs it may know
	}
	search := c.silently(o)
	alone := c.alone(o)
	search.Hit = func(n ast.Node) bool {
		r, ok := n.(*ast.ReturnStmt)
		return ok && !c.asks(r, o) && (void || (c.fruitless(r) || alone && !c.returnsFunc(r)) && !c.mentions(r, o.sem))
	}
	ret := c.From(g, o.node, search)
	if ret != nil {
		c.lost(o, ret, fmt.Sprintf("the return on line %d keeps the slot of %s taken here", c.Line(ret), o.name()))
	}
}

// alone reports whether nobody but the function, and who calls it, has to do with the semaphore:
// what it does not give back, nobody does.
func (c *checker) alone(o *op) bool {
	decl, _ := source.Outermost(o.cur)
	return !slices.ContainsFunc(c.by[o.sem.v], func(p *op) bool {
		if p.fn == o.fn || c.deferStmt(p, o.fn) != nil {
			return false
		}
		call, ok := p.node.(*ast.CallExpr)
		if !ok {
			return true
		}
		callee, ok := c.called(call)
		return !ok || callee.Node() != ast.Node(decl)
	})
}

// returnsFunc reports whether the caller gets something to call.
func (c *checker) returnsFunc(r *ast.ReturnStmt) bool {
	return slices.ContainsFunc(r.Results, func(e ast.Expr) bool {
		t := c.Pass.TypesInfo.TypeOf(e)
		return t == nil || isFunc(t) && !c.Pass.TypesInfo.Types[e].IsNil()
	})
}

// silently searches for a return on which nothing says that the slot is held, or is not:
// what the result of the acquire is asked, other than whether it is nil or true, may do so.
func (c *checker) silently(o *op) source.Search {
	fails := c.fails(o)
	return source.Search{
		Closes: func(cond ast.Expr, value bool) bool {
			return fails(cond, value) || !fails(cond, !value) && c.asks(cond, o)
		},
		Ends: func(n ast.Node) bool {
			_, isReturn := n.(*ast.ReturnStmt)
			if source.Within(o.node, n) && !isReturn {
				return false
			}
			_, cond := n.(ast.Expr) // see Closes
			return c.mentions(n, o.sem) || c.stores(n) || c.passesOn(n, o.sem) && !isReturn || !cond && c.asks(n, o)
		},
	}
}

// lookedAt reports whether the result of the acquire is what a condition is on, or in a variable.
func (c *checker) lookedAt(o *op) bool {
	up := o.cur.Parent()
	for {
		switch n := up.Node().(type) {
		case *ast.ParenExpr, *ast.BinaryExpr, *ast.UnaryExpr:
			up = up.Parent()
			continue
		case *ast.IfStmt, *ast.ForStmt:
			return true
		case *ast.AssignStmt:
			v := c.resultVar(o)
			return v != nil && n.Rhs[0] == o.node && source.Local(v) && v.Name() != "_"
		}
		return false
	}
}

// asks reports whether the node names the result of the acquire, before it is set anew.
func (c *checker) asks(n ast.Node, o *op) bool {
	v := c.resultVar(o)
	return v != nil && source.Any(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || c.Var(id) != v || c.setBetween(v, o.node, id) {
			return false
		}
		cur, ok := c.Root.FindNode(id)
		return !ok || !c.assigned(cur)
	})
}

// waitedBy reports whether somebody waits for a slot.
func (c *checker) waitedBy(v *types.Var) bool {
	return slices.ContainsFunc(c.by[v], func(o *op) bool { return o.acquire && !o.poll })
}

// callerGives reports whether a function that calls the one of the acquire gives back a
// slot that is not its own.
func (c *checker) callerGives(o *op) bool {
	decl, ok := source.Outermost(o.cur)
	if !ok {
		return true
	}
	for _, r := range c.by[o.sem.v] {
		if r.acquire || source.Within(r.node, decl) {
			continue
		}
		in, ok := source.Outermost(r.cur)
		if !ok {
			return true
		}
		owns := slices.ContainsFunc(c.by[o.sem.v], func(p *op) bool {
			if !p.acquire || !source.Within(p.node, in) {
				return false
			}
			call, ok := p.node.(*ast.CallExpr)
			if !ok {
				return true
			}
			callee, ok := c.called(call)
			return !ok || callee.Node() != ast.Node(decl)
		})
		caller, ok := c.Root.FindNode(in)
		if !owns && (!ok || c.comesTo(caller, decl, make(map[ast.Node]bool))) {
			return true
		}
	}
	return false
}

// comesTo reports whether the function names the other, or one that does.
func (c *checker) comesTo(fn inspector.Cursor, to ast.Node, seen map[ast.Node]bool) bool {
	if seen[fn.Node()] {
		return false
	}
	seen[fn.Node()] = true
	return slices.ContainsFunc(c.refs(fn), func(ref inspector.Cursor) bool {
		return ref.Node() == to || c.comesTo(ref, to, seen)
	})
}

// givesItself reports whether the function gives the slot back, now or deferred.
func (c *checker) givesItself(o *op) bool {
	return slices.ContainsFunc(c.by[o.sem.v], func(r *op) bool {
		return !r.acquire && r.sem == o.sem && (r.fn == o.fn || c.deferStmt(r, o.fn) != nil) && !c.first(r, o)
	})
}

// fruitless reports whether the return gives the caller an error and nothing to call.
func (c *checker) fruitless(n ast.Node) bool {
	r, ok := n.(*ast.ReturnStmt)
	if !ok || len(r.Results) == 0 {
		return false
	}
	info := c.Pass.TypesInfo
	for _, e := range r.Results[:len(r.Results)-1] {
		if t := info.TypeOf(e); t == nil || isFunc(t) && !info.Types[e].IsNil() {
			return false
		}
	}
	last := ast.Unparen(r.Results[len(r.Results)-1])
	t := info.TypeOf(last)
	if t == nil || info.Types[last].IsNil() || !types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface)) {
		return false
	}
	if v := c.Var(last); v != nil && !source.Local(v) && !v.IsField() {
		return true // a variable of a package, which says what is wrong
	}
	switch e := last.(type) {
	case *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.AND
	case *ast.CallExpr:
		if fn := c.Callee(e); fn != nil && fn.Pkg() != nil {
			switch fn.Pkg().Path() + "." + fn.Name() {
			case "errors.New", "fmt.Errorf":
				return true
			}
		}
	}
	return c.underError(r)
}

func isFunc(t types.Type) bool { _, ok := t.Underlying().(*types.Signature); return ok }

// underError reports whether the node is where an error that it names is known not to be nil.
func (c *checker) underError(r *ast.ReturnStmt) bool {
	cur, ok := c.Root.FindNode(r)
	if !ok {
		return false
	}
	for up := range cur.Enclosing((*ast.IfStmt)(nil), (*ast.FuncLit)(nil)) {
		s, ok := up.Node().(*ast.IfStmt)
		if !ok {
			return false
		}
		cond, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
		if !ok || cond.Op != token.NEQ || !c.Pass.TypesInfo.Types[cond.Y].IsNil() || !source.Within(r, s.Body) {
			continue
		}
		v := c.Var(cond.X)
		if v == nil || !source.IsError(v.Type()) || c.setBetween(v, cond, r) {
			continue
		}
		if source.Any(r.Results[len(r.Results)-1], func(n ast.Node) bool { id, ok := n.(*ast.Ident); return ok && c.Var(id) == v }) {
			return true
		}
	}
	return false
}

// stores reports whether the node sets a field, or a variable of the package: what it is
// set to may say that the slot is held.
func (c *checker) stores(n ast.Node) bool {
	return source.Any(n, func(n ast.Node) bool {
		s, ok := n.(*ast.AssignStmt)
		return ok && s.Tok == token.ASSIGN && slices.ContainsFunc(s.Lhs, func(e ast.Expr) bool {
			if id, ok := ast.Unparen(e).(*ast.Ident); ok && id.Name == "_" {
				return false
			}
			v := c.Var(e)
			return v == nil || v.IsField() || !source.Local(v)
		})
	})
}

// passesOn reports whether the node gives the object that has the semaphore to somebody
// who is not seen: it is sent, stored, or an argument of a function of another package.
func (c *checker) passesOn(n ast.Node, s sem) bool {
	if s.base == nil {
		return false
	}
	cur, ok := c.Root.FindNode(n)
	if !ok {
		return true
	}
	for id := range cur.Preorder((*ast.Ident)(nil)) {
		if c.Var(id.Node().(*ast.Ident)) != s.base {
			continue
		}
		switch up := id.Parent().Node().(type) {
		case *ast.SelectorExpr:
			continue
		case *ast.CallExpr:
			if _, ok := c.called(up); ok {
				continue // see mentions
			}
		case *ast.BinaryExpr:
			continue
		}
		return true
	}
	return false
}

// accounted reports whether whoever gives back a slot of the semaphore has taken it, as
// far as is seen.
func (c *checker) accounted(v *types.Var) bool {
	if known, ok := c.account[v]; ok {
		return known
	}
	known := !c.escapes(v)
	for _, r := range c.by[v] {
		known = known && (r.acquire || c.takesAround(r) || c.calledByAll(r))
	}
	c.account[v] = known
	return known
}

// takesAround reports whether the declaration that gives back takes as well.
func (c *checker) takesAround(r *op) bool {
	in, ok := source.Outermost(r.cur)
	return ok && slices.ContainsFunc(c.by[r.sem.v], func(p *op) bool { return p.acquire && source.Within(p.node, in) })
}

// calledByAll reports whether the declaration that gives back is called only where that
// is seen to be an operation of its own.
func (c *checker) calledByAll(r *op) bool {
	in, ok := source.Outermost(r.cur)
	if !ok {
		return false
	}
	fn, ok := c.Pass.TypesInfo.Defs[in.Name].(*types.Func)
	if !ok || c.reachable(fn) {
		return false
	}
	n := 0
	for _, use := range c.usesOf(fn) {
		e := named(use)
		call, ok := e.Parent().Node().(*ast.CallExpr)
		if !ok || call.Fun != e.Node() || !c.isOp(call) {
			return false
		}
		n++
	}
	return n > 0
}

// reachable reports whether others can call the function: those who import the package, or
// by an interface.
func (c *checker) reachable(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv != nil && slices.ContainsFunc(c.ifaceMethods(), func(name string) bool { return name == fn.Name() }) {
		return true
	}
	if !fn.Exported() {
		return false
	}
	if recv == nil {
		return fn.Pkg().Name() != "main"
	}
	// A channel is another's field; a type that is not exported is out of reach, but for
	// an exported one that embeds it.
	t := recv.Type()
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return !isChan(recv) && (!ok || named.Obj().Exported() || c.embedded(named.Obj()))
}

// embedded reports whether an exported type of the package embeds the type.
func (c *checker) embedded(of *types.TypeName) bool {
	scope := c.Pass.Pkg.Scope()
	for _, name := range scope.Names() {
		obj, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || !obj.Exported() {
			continue
		}
		st, ok := obj.Type().Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for f := range st.Fields() {
			t := f.Type()
			if p, ok := types.Unalias(t).(*types.Pointer); ok {
				t = p.Elem()
			}
			if n, ok := types.Unalias(t).(*types.Named); ok && f.Embedded() && n.Origin().Obj() == of {
				return true
			}
		}
	}
	return false
}

// ifaceMethods returns the names of methods of the package's interfaces.
func (c *checker) ifaceMethods() []string {
	c.useFuncs()
	return c.byIface
}

// usesOf returns where the package names the function.
func (c *checker) usesOf(fn *types.Func) []inspector.Cursor {
	c.useFuncs()
	return c.funcs[fn]
}

func (c *checker) useFuncs() {
	if c.funcs != nil {
		return
	}
	c.funcs = make(map[*types.Func][]inspector.Cursor)
	for cur := range c.Root.Preorder((*ast.Ident)(nil)) {
		fn, ok := c.Pass.TypesInfo.Uses[cur.Node().(*ast.Ident)].(*types.Func)
		if !ok {
			continue
		}
		fn = fn.Origin()
		c.funcs[fn] = append(c.funcs[fn], cur)
	}
	for cur := range c.Root.Preorder((*ast.InterfaceType)(nil)) {
		if t, ok := c.Pass.TypesInfo.TypeOf(cur.Node().(*ast.InterfaceType)).(*types.Interface); ok {
			for m := range t.Methods() {
				c.byIface = append(c.byIface, m.Name())
			}
		}
	}
}

// escapes reports whether the semaphore is given to somebody who is not seen, or comes from
// there.
func (c *checker) escapes(v *types.Var) bool {
	for _, value := range c.values(v) {
		_, isCall := ast.Unparen(value).(*ast.CallExpr)
		if isChan(v) && c.room(value, 0) != some || !isChan(v) && !isCall {
			return true // somebody else's
		}
	}
	for _, use := range c.Uses(v) {
		e := named(use)
		if slices.ContainsFunc(c.by[v], func(o *op) bool { return o.expr != nil && source.Within(e.Node(), o.expr) }) {
			continue
		}
		switch up := e.Parent().Node().(type) {
		case *ast.Field, *ast.BinaryExpr, *ast.ValueSpec:
		case *ast.KeyValueExpr:
			if up.Key != e.Node() {
				return true
			}
		case *ast.AssignStmt:
			if !slices.ContainsFunc(up.Lhs, func(x ast.Expr) bool { return x == e.Node() }) {
				return true
			}
		case *ast.CallExpr:
			if b := c.Builtin(up); b != "len" && b != "cap" {
				return true
			}
		case *ast.SelectorExpr: // a method
			call, ok := e.Parent().Parent().Node().(*ast.CallExpr)
			if !ok || call.Fun != up || c.Kind(call) == ops.None && !c.looks(call) {
				return true
			}
		case *ast.UnaryExpr: // a receive that is no release, or its address
			return true
		default:
			return true
		}
	}
	return false
}
