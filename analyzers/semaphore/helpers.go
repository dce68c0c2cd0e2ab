package semaphore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/source"
)

// A semaphore is often taken and given back by small functions: methods of the type of
// the channel, or of the struct that has it in a field. A call of one is then an operation
// as a send is, on what the function's parameter, receiver, captured or package variable is
// for the caller.
//
// What takes must be certain. A function takes a slot for its caller when it can return
// with the slot, and tells so by how it returns: it has no results, its error is nil, its
// bool true, or it returns the function that gives the slot back; it does not give the slot
// back itself on that path. One that returns anything else with the slot, an object say,
// may leave it with that, and is left alone. On the paths where the caller is told that it
// has no slot, nothing is held.
//
// What gives may be a may: every path that comes to a function which can give a slot back,
// as a call, as a method value or in a literal, is of no more interest.

// An effect is what a function does to a semaphore for its caller.
type effect struct {
	sem     sem // as the function names it
	acquire bool
	try     bool // it does not wait for ever
	poll    bool // it does not wait at all
	fails   bool // it can return without
	must    bool // on every path to a return
	result  int  // the index of the error or bool that tells whether it has taken, or -1
	release int  // the index of the function that gives back, or -1
}

// A callSite is a call of a function of the package, a declaration or a literal in a
// variable.
type callSite struct {
	cur    inspector.Cursor
	call   *ast.CallExpr
	callee inspector.Cursor
	fn     inspector.Cursor // that it is in
}

// maxDepth bounds how many functions a slot is taken through.
const maxDepth = 4

// follow adds the calls of functions that take or give back to the operations, and the
// calls of those that call these. It begins anew with each round, as a function can turn
// out to give back what it takes.
func (c *checker) follow() {
	if len(c.ops) == 0 {
		return
	}
	own := slices.Clip(c.ops)
	c.sites = c.callSites()
	var last []ast.Node
	for range maxDepth {
		effects := c.effects()
		c.reset(own)
		var nodes []ast.Node
		for _, s := range c.sites {
			for _, e := range effects[s.callee.Node()] {
				if c.apply(s, e) {
					nodes = append(nodes, s.call)
				}
			}
		}
		if slices.Equal(nodes, last) {
			return
		}
		last = nodes
	}
}

// reset takes the operations that are given for all.
func (c *checker) reset(all []*op) {
	c.ops = nil
	c.by = make(map[*types.Var][]*op)
	c.wild = make(map[ast.Node]bool)
	c.tokens = make(map[*types.Var]*types.Var)
	c.giving = make(map[giver]bool)
	for _, o := range all {
		c.add(o)
	}
}

func (c *checker) add(o *op) {
	c.ops = append(c.ops, o)
	c.by[o.sem.v] = append(c.by[o.sem.v], o)
}

// callSites returns the calls of functions of the package, in the order of the source.
func (c *checker) callSites() (list []callSite) {
	for cur := range c.Root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		callee, ok := c.called(call)
		if !ok {
			continue
		}
		if fn, ok := source.Func(cur); ok {
			list = append(list, callSite{cur, call, callee, fn})
		}
	}
	return list
}

// called returns the function of the package that is called.
func (c *checker) called(call *ast.CallExpr) (inspector.Cursor, bool) {
	if fn := c.Callee(call); fn != nil {
		decl, ok := c.Decl(fn)
		return decl, ok && decl.Node().(*ast.FuncDecl).Body != nil
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		return c.literal(c.Var(id))
	}
	return inspector.Cursor{}, false
}

// effects returns what the functions with operations do.
func (c *checker) effects() map[ast.Node][]effect {
	type key struct {
		fn  ast.Node
		sem sem
	}
	all := make(map[ast.Node][]effect)
	done := make(map[key]bool)
	for _, o := range c.ops {
		// A literal that is not called by name belongs to the function around it.
		for fn, ok := o.fn, true; ok; fn, ok = source.Func(fn) {
			k := key{fn.Node(), o.sem}
			if done[k] {
				continue
			}
			done[k] = true
			if e, ok := c.effect(fn, o.sem); ok {
				all[fn.Node()] = append(all[fn.Node()], e)
			}
		}
	}
	return all
}

// effect returns what the function does to the semaphore for its caller.
func (c *checker) effect(fn inspector.Cursor, s sem) (effect, bool) {
	e := effect{sem: s, result: -1, release: -1}
	g := c.Graph(fn.Node())
	if g == nil || !c.outside(fn, s) {
		return e, false
	}
	var takes, gives []*op
	deferred, handed := false, false
	for _, o := range c.by[s.v] {
		switch {
		case o.sem != s || !fn.Contains(o.fn):
		case o.fn == fn && o.acquire:
			takes = append(takes, o)
		case o.fn == fn && !o.acquire:
			gives = append(gives, o)
			deferred = deferred || c.deferStmt(o, fn) != nil
		case !o.acquire:
			handed = true // by a literal
			deferred = deferred || c.deferStmt(o, fn) != nil
		}
	}
	given := func(n ast.Node) bool {
		return slices.ContainsFunc(gives, func(o *op) bool { return source.Within(o.node, n) })
	}
	if len(takes) == 0 {
		if len(gives) == 0 && !handed {
			return e, false
		}
		e.must = c.FromEntry(g, source.Search{Ends: func(n ast.Node) bool {
			return given(n) || handed && c.deferredGive(n, fn, s)
		}}) == nil
		return e, true
	}
	first := c.FromEntry(g, source.Search{
		Hit:  given,
		Ends: func(n ast.Node) bool { return c.takes(n, s) },
	})
	if deferred || first != nil {
		return e, false // it gives back its own, or that of its caller, which it takes again
	}
	e.acquire, e.try, e.poll = true, true, true
	_, typ := source.Body(fn.Node())
	if !c.tellsBy(typ, &e) || handed && e.release < 0 {
		return e, false // or the slot is with a goroutine, say
	}
	held := false
	for _, o := range takes {
		has, ok := c.returnsWith(fn, o, e, given)
		if !ok || c.drains(o) {
			return e, false
		}
		held = held || has
		e.try = e.try && o.try
		e.poll = e.poll && o.poll
		e.fails = e.fails || o.fails
	}
	e.must = c.FromEntry(g, source.Search{Ends: func(n ast.Node) bool { return c.takes(n, s) }}) == nil
	e.fails = e.fails || !e.must
	return e, held
}

// deferredGive reports whether the node defers a literal that gives back a slot.
func (c *checker) deferredGive(n ast.Node, fn inspector.Cursor, s sem) bool {
	for _, o := range c.by[s.v] {
		if d := c.deferStmt(o, fn); !o.acquire && o.sem == s && d != nil && source.Within(d, n) && !c.decidedIn(o, d) {
			return true
		}
	}
	return false
}

// decidedIn reports whether the operation is under a condition within the node.
func (c *checker) decidedIn(o *op, outer ast.Node) bool {
	for up := range o.cur.Enclosing((*ast.IfStmt)(nil), (*ast.SwitchStmt)(nil), (*ast.SelectStmt)(nil)) {
		if source.Within(up.Node(), outer) {
			return true
		}
	}
	return false
}

// returnsWith reports whether the function can return with the slot, and whether each
// return that it can do so by tells the caller that it has one.
func (c *checker) returnsWith(fn inspector.Cursor, o *op, e effect, given func(ast.Node) bool) (held, ok bool) {
	if r, isReturn := o.cur.Parent().Node().(*ast.ReturnStmt); isReturn {
		return true, len(r.Results) == 1 && (o.result >= 0 || o.release >= 0) // as what it calls
	}
	ok = true
	c.From(c.Graph(fn.Node()), o.node, source.Search{
		Closes: c.fails(o),
		Ends: func(n ast.Node) bool {
			if r, isReturn := n.(*ast.ReturnStmt); isReturn {
				held = true
				ok = ok && c.returnTells(r, o, e)
				return true
			}
			if given(n) {
				return true
			}
			if source.Within(o.node, n) {
				return true // the next turn
			}
			if c.takes(n, o.sem) || c.mentions(n, o.sem) {
				ok = false // two slots, or one that another gives back
				return true
			}
			return false
		},
		Hit: func(ast.Node) bool { return false },
	})
	return held, ok
}

// returnTells reports whether the return tells the caller that it has the slot.
func (c *checker) returnTells(r *ast.ReturnStmt, o *op, e effect) bool {
	if e.result < 0 && e.release < 0 {
		return len(r.Results) == 0
	}
	if max(e.result, e.release) >= len(r.Results) {
		return false
	}
	if e.release >= 0 && !c.mentions(r.Results[e.release], o.sem) {
		return false
	}
	if e.result < 0 {
		return true
	}
	x := r.Results[e.result]
	tv := c.Pass.TypesInfo.Types[x]
	if tv.IsNil() || tv.Value != nil && tv.Value.String() == "true" {
		return true
	}
	v := c.resultVar(o)
	return v != nil && c.Var(x) == v && !c.setBetween(v, o.node, x)
}

// resultVar returns the variable that the error or bool of the acquire goes to.
func (c *checker) resultVar(o *op) *types.Var {
	s, ok := o.cur.Parent().Node().(*ast.AssignStmt)
	if !ok || len(s.Rhs) != 1 || o.result < 0 || o.result >= len(s.Lhs) {
		return nil
	}
	return c.Var(s.Lhs[o.result])
}

// setBetween reports whether the variable is assigned between the nodes.
func (c *checker) setBetween(v *types.Var, from, to ast.Node) bool {
	return slices.ContainsFunc(c.Uses(v), func(use inspector.Cursor) bool {
		return use.Node().Pos() > from.End() && use.Node().End() <= to.Pos() && c.assigned(use)
	})
}

// assigned reports whether the use of a variable gives it a value.
func (c *checker) assigned(use inspector.Cursor) bool {
	switch s := use.Parent().Node().(type) {
	case *ast.AssignStmt:
		return slices.ContainsFunc(s.Lhs, func(e ast.Expr) bool { return e == use.Node() })
	case *ast.SelectorExpr:
		return s.Sel == use.Node() && c.assigned(use.Parent())
	}
	return false
}

// outside reports whether the semaphore is one that the caller of the function can name: it is the
// parameter's, the receiver's, of the package, or of a function around it.
func (c *checker) outside(fn inspector.Cursor, s sem) bool {
	root := s.root()
	body, _ := source.Body(fn.Node())
	return body != nil && !(body.Pos() <= root.Pos() && root.Pos() < body.End()) && !c.reassigned(fn, root)
}

// reassigned reports whether the function gives its parameter another value.
func (c *checker) reassigned(fn inspector.Cursor, v *types.Var) bool {
	if !source.Local(v) || !c.paramOf(fn, v) {
		return false
	}
	body, _ := source.Body(fn.Node())
	return c.Assigns(body, v)
}

// paramOf reports whether the variable is a parameter or the receiver of the function.
func (c *checker) paramOf(fn inspector.Cursor, v *types.Var) bool {
	body, _ := source.Body(fn.Node())
	return fn.Node().Pos() <= v.Pos() && v.Pos() < body.Pos()
}

// tellsBy notes which result says that the slot is taken, and reports whether no result can
// stand for it otherwise.
func (c *checker) tellsBy(typ *ast.FuncType, e *effect) bool {
	if typ.Results == nil {
		return true
	}
	i := 0
	for _, f := range typ.Results.List {
		for range max(1, len(f.Names)) {
			t := c.Pass.TypesInfo.TypeOf(f.Type)
			switch u := t.Underlying().(type) {
			case *types.Signature:
				if e.release >= 0 {
					return false
				}
				e.release = i
			case *types.Basic:
				if u.Info()&types.IsBoolean != 0 {
					if e.result >= 0 {
						return false
					}
					e.result = i
				}
			default:
				if !source.IsError(t) || e.result >= 0 {
					return false
				}
				e.result = i
			}
			i++
		}
	}
	return true
}

// apply notes the call of a function as the operation that this does for it.
func (c *checker) apply(s callSite, e effect) bool {
	if source.Within(s.call, s.callee.Node()) {
		return false
	}
	own, expr, ok := c.leave(s, e.sem)
	if !ok {
		if !e.acquire { // of what, is not known
			for fn, ok := s.fn, true; ok; fn, ok = source.Func(fn) {
				c.wild[fn.Node()] = true
			}
		}
		return false
	}
	o := &op{
		cur: s.cur, node: s.call, sem: own, expr: expr, fn: s.fn, acquire: e.acquire,
		try: e.try, poll: e.poll, fails: e.fails, must: e.must, result: e.result, release: e.release,
	}
	if !e.acquire {
		c.add(o)
		return true
	}
	switch s.cur.Parent().Node().(type) {
	case *ast.DeferStmt, *ast.GoStmt:
		return false
	}
	if e.release >= 0 && !c.token(o) {
		return false
	}
	c.add(o)
	return true
}

// token notes the calls of the function that the acquire has returned, in a variable or at
// once, and reports whether that is all that is done with it.
func (c *checker) token(o *op) bool {
	switch up := o.cur.Parent().Node().(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.CallExpr:
		if ast.Unparen(up.Fun) != o.node {
			return false
		}
		c.add(&op{cur: o.cur.Parent(), node: up, sem: o.sem, fn: o.fn, must: true, result: -1, release: -1})
		return true
	case *ast.AssignStmt:
		if len(up.Rhs) != 1 || o.release >= len(up.Lhs) {
			return false
		}
		v := c.Var(up.Lhs[o.release])
		if !source.Local(v) {
			return false
		}
		c.tokens[v] = o.sem.v
		for _, use := range c.Uses(v) {
			call, ok := use.Parent().Node().(*ast.CallExpr)
			if !ok || call.Fun != use.Node() {
				continue
			}
			if fn, ok := source.Func(use); ok {
				c.add(&op{cur: use.Parent(), node: call, sem: o.sem, fn: fn, must: true, result: -1, release: -1})
			}
		}
		return true
	}
	return false
}

// leave returns the semaphore of a function as its caller names it, and the expression
// that is the semaphore itself, if it is passed as such.
func (c *checker) leave(s callSite, in sem) (sem, ast.Expr, bool) {
	path := in.path()
	if !c.paramOf(s.callee, path[0]) {
		return in, nil, true // of the package, or captured
	}
	for p, arg := range c.arguments(s.call, s.callee) {
		if p != path[0] {
			continue
		}
		outer := c.argument(s.call, arg)
		if outer == nil {
			return sem{}, nil, false
		}
		own, ok := semAt(append(outer, path[1:]...))
		if len(path) > 1 {
			arg = nil
		}
		return own, arg, ok
	}
	return sem{}, nil, false
}

// arguments yields the parameters and the receiver of the function, with what the call
// passes for each.
func (c *checker) arguments(call *ast.CallExpr, fn inspector.Cursor) func(yield func(*types.Var, ast.Expr) bool) {
	return func(yield func(*types.Var, ast.Expr) bool) {
		_, typ := source.Body(fn.Node())
		if d, ok := fn.Node().(*ast.FuncDecl); ok && d.Recv != nil && len(d.Recv.List[0].Names) > 0 {
			sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
			if !ok || c.Pass.TypesInfo.Selections[sel] == nil || c.Pass.TypesInfo.Selections[sel].Kind() != types.MethodVal {
				return
			}
			if !yield(c.Var(d.Recv.List[0].Names[0]), sel.X) {
				return
			}
		}
		i := 0
		for _, f := range typ.Params.List {
			_, variadic := f.Type.(*ast.Ellipsis)
			for _, name := range f.Names {
				if variadic || i >= len(call.Args) || !yield(c.Var(name), call.Args[i]) {
					return
				}
				i++
			}
			if len(f.Names) == 0 {
				i++
			}
		}
	}
}

// argument returns the path of what the call passes. A method that is promoted from
// an embedded field has that field as its receiver.
func (c *checker) argument(call *ast.CallExpr, arg ast.Expr) []*types.Var {
	path := c.path(arg)
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && sel.X == arg && path != nil {
		if s := c.Pass.TypesInfo.Selections[sel]; s != nil {
			return fields(path, s.Recv(), s.Index()[:len(s.Index())-1])
		}
	}
	return path
}

// path returns the variable and the fields that an expression names, or nil.
func (c *checker) path(e ast.Expr) []*types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v := c.Var(e); v != nil {
			return []*types.Var{v}
		}
	case *ast.StarExpr:
		return c.path(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return c.path(e.X)
		}
	case *ast.SelectorExpr:
		s := c.Pass.TypesInfo.Selections[e]
		if s == nil { // of another package
			if v := c.Var(e); v != nil {
				return []*types.Var{v}
			}
			return nil
		}
		if path := c.path(e.X); path != nil && s.Kind() == types.FieldVal {
			return fields(path, s.Recv(), s.Index())
		}
	}
	return nil
}

// fields adds the fields that the index leads through.
func fields(path []*types.Var, t types.Type, index []int) []*types.Var {
	for _, i := range index {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok {
			return nil
		}
		path = append(slices.Clip(path), s.Field(i).Origin())
		t = s.Field(i).Type()
	}
	return path
}

// A giver is a function that may give back a slot of the semaphore.
type giver struct {
	fn ast.Node
	v  *types.Var
}

// gives reports whether the function gives back a slot of the semaphore, or may, itself or
// by what it names.
func (c *checker) gives(fn inspector.Cursor, v *types.Var) bool {
	k := giver{fn.Node(), v}
	if known, ok := c.giving[k]; ok {
		return known
	}
	c.giving[k] = c.givesBy(fn, v, make(map[ast.Node]bool))
	return c.giving[k]
}

func (c *checker) givesBy(fn inspector.Cursor, v *types.Var, seen map[ast.Node]bool) bool {
	if seen[fn.Node()] {
		return false
	}
	seen[fn.Node()] = true
	if c.wild[fn.Node()] {
		return true
	}
	for _, o := range c.by[v] {
		if !o.acquire && fn.Contains(o.fn) {
			return true
		}
	}
	for _, ref := range c.refs(fn) {
		if c.givesBy(ref, v, seen) {
			return true
		}
	}
	return false
}

// refs returns the functions of the package that the function names.
func (c *checker) refs(fn inspector.Cursor) []inspector.Cursor {
	if list, ok := c.named[fn.Node()]; ok {
		return list
	}
	var list []inspector.Cursor
	for cur := range fn.Preorder((*ast.Ident)(nil)) {
		list = append(list, c.functions(cur.Node().(*ast.Ident))...)
	}
	c.named[fn.Node()] = list
	return list
}

// functions returns the functions of the package that the identifier stands for: those with
// the name of an interface's method, if it is one.
func (c *checker) functions(id *ast.Ident) []inspector.Cursor {
	switch obj := c.Pass.TypesInfo.Uses[id].(type) {
	case *types.Var:
		if _, ok := obj.Type().Underlying().(*types.Signature); !ok {
			return nil
		}
		if lit, ok := c.literal(obj); ok {
			return []inspector.Cursor{lit}
		}
	case *types.Func:
		if decl, ok := c.Decl(obj); ok {
			return []inspector.Cursor{decl}
		}
		if recv := obj.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
			return c.methods(obj.Name())
		}
	}
	return nil
}

// methods returns the methods of the name.
func (c *checker) methods(name string) []inspector.Cursor {
	if c.byName == nil {
		c.byName = make(map[string][]inspector.Cursor)
		for cur := range c.Root.Preorder((*ast.FuncDecl)(nil)) {
			if d := cur.Node().(*ast.FuncDecl); d.Recv != nil {
				c.byName[d.Name.Name] = append(c.byName[d.Name.Name], cur)
			}
		}
	}
	return c.byName[name]
}
