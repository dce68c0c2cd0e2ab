package zerovalue

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A variable is one that starts as the zero value: declared without one, or a
// field that other packages cannot set.
type variable struct {
	obj    *types.Var
	kind   string
	typ    ast.Expr      // as declared
	owner  *ast.TypeSpec // of a field
	shared bool          // declared together with others
	set    bool          // it is given a value, or out of sight
	asked  bool          // it is compared with nil
	read   bool          // its value goes elsewhere
	uses   []use
}

// A use is where the zero value does harm.
type use struct {
	node   ast.Node
	expr   string // what the method is called on, as written
	name   string // the variable, as written
	method string // or what is done to the channel
}

// collect finds the variables that the package declares.
func collect(pass *analysis.Pass) map[*types.Var]*variable {
	vars := make(map[*types.Var]*variable)
	if !concerned(pass) {
		return vars
	}
	add := func(id *ast.Ident, typ ast.Expr, owner *ast.TypeSpec, n int) {
		obj, ok := pass.TypesInfo.Defs[id].(*types.Var)
		if !ok || id.Name == "_" {
			return
		}
		kind := kindOf(obj.Type(), !obj.IsField())
		// By reflection others set exported fields of types they cannot name.
		settable := obj.Exported() && pass.Pkg.Name() != "main" && (owner == nil || ast.IsExported(owner.Name.Name) || kind != nilPointer)
		if obj.IsField() && kind != nilPointer && obj.Exported() {
			settable = true
		}
		if kind == "" || settable && (obj.IsField() || obj.Parent() == pass.Pkg.Scope()) {
			return
		}
		vars[obj] = &variable{obj: obj, kind: kind, typ: ast.Unparen(typ), owner: owner, shared: n > 1}
	}
	for _, file := range pass.Files {
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if n.Type == nil || len(n.Values) > 0 {
					break
				}
				for _, id := range n.Names {
					add(id, n.Type, nil, len(n.Names))
				}
			case *ast.AssignStmt:
				if id, ok := n.Lhs[0].(*ast.Ident); ok && n.Tok == token.DEFINE && len(n.Lhs) == 1 && emptyCond(pass, n.Rhs[0]) {
					if obj, ok := pass.TypesInfo.Defs[id].(*types.Var); ok {
						vars[obj] = &variable{obj: obj, kind: condWithoutLocker}
					}
				}
			case *ast.StructType:
				owner, _ := last(stack).(*ast.TypeSpec)
				for _, f := range n.Fields.List {
					for _, id := range f.Names {
						add(id, f.Type, owner, len(f.Names))
					}
					if star, ok := f.Type.(*ast.StarExpr); ok && len(f.Names) == 0 {
						add(embedded(star.X), f.Type, owner, 1)
					}
				}
			}
			return true
		})
	}
	return vars
}

// concerned reports whether the package has to do with concurrency.
func concerned(pass *analysis.Pass) bool {
	for _, imp := range pass.Pkg.Imports() {
		if ops.Concerns(imp) {
			return true
		}
	}
	found := false
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.GoStmt, *ast.ChanType:
				found = true
			}
			return !found
		})
	}
	return found
}

// emptyCond reports whether e makes a Cond without anything in it.
func emptyCond(pass *analysis.Pass, e ast.Expr) bool {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = ast.Unparen(u.X)
	}
	switch e := e.(type) {
	case *ast.CompositeLit:
		return len(e.Elts) == 0 && ops.IsCond(pass.TypesInfo.TypeOf(e))
	case *ast.CallExpr:
		id, ok := ast.Unparen(e.Fun).(*ast.Ident)
		if !ok || id.Name != "new" || len(e.Args) != 1 {
			return false
		}
		_, builtin := pass.TypesInfo.Uses[id].(*types.Builtin)
		return builtin && ops.IsCond(pass.TypesInfo.TypeOf(e.Args[0]))
	}
	return false
}

func embedded(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return e.Sel
	case *ast.IndexExpr:
		return embedded(e.X)
	case *ast.Ident:
		return e
	}
	return nil
}

// A follower notes what the package does to the variables.
type follower struct {
	*analysis.Pass
	vars map[*types.Var]*variable
}

func follow(pass *analysis.Pass, vars map[*types.Var]*variable) {
	f := &follower{pass, vars}
	for _, file := range pass.Files {
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if v := f.of(pass.TypesInfo.Uses[n]); v != nil {
					f.mention(v, n, stack)
				}
			case *ast.SelectorExpr:
				f.promoted(n, stack)
			case *ast.CompositeLit:
				if len(n.Elts) > 0 {
					if _, keyed := n.Elts[0].(*ast.KeyValueExpr); !keyed {
						f.setFields(pass.TypesInfo.TypeOf(n))
					}
				}
			case *ast.CallExpr:
				if tv := pass.TypesInfo.Types[n.Fun]; tv.IsType() {
					f.setFields(tv.Type) // a conversion
				}
			}
			return true
		})
	}
}

func (f *follower) of(obj types.Object) *variable {
	v, ok := obj.(*types.Var)
	if !ok {
		return nil
	}
	return f.vars[v.Origin()]
}

// setFields takes all fields of a struct for set.
func (f *follower) setFields(t types.Type) {
	if t == nil {
		return
	}
	if s, ok := elem(t).Underlying().(*types.Struct); ok {
		for field := range s.Fields() {
			if v := f.of(field); v != nil {
				v.set = true
			}
		}
	}
}

// promoted notes the embedded pointers that a selector passes through.
func (f *follower) promoted(sel *ast.SelectorExpr, stack []ast.Node) {
	s := f.TypesInfo.Selections[sel]
	if s == nil || len(s.Index()) < 2 {
		return
	}
	t := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		st, ok := elem(t).Underlying().(*types.Struct)
		if !ok {
			return
		}
		field := st.Field(i)
		if v := f.of(field); v != nil {
			if s.Kind() == types.MethodVal && v.kind == nilPointer {
				x := types.ExprString(sel.X)
				f.use(v, sel, stack, x, x+"."+field.Name(), sel.Sel.Name)
			}
		}
		t = field.Type()
	}
}

// mention decides what an identifier that names the variable does to it.
func (f *follower) mention(v *variable, id *ast.Ident, stack []ast.Node) {
	var e ast.Expr = id
	i := len(stack) - 1
	for ; i >= 0; i-- {
		if sel, ok := stack[i].(*ast.SelectorExpr); ok && sel.Sel == e {
			e = sel
		} else if p, ok := stack[i].(*ast.ParenExpr); ok {
			e = p
		} else {
			break
		}
	}
	if i < 0 {
		return
	}
	name := types.ExprString(e)
	above := stack[:i]
	switch p := stack[i].(type) {
	case *ast.AssignStmt:
		for j, lhs := range p.Lhs {
			if lhs == e {
				if len(p.Rhs) != len(p.Lhs) || !f.isNil(p.Rhs[j]) {
					v.set = true
				}
				return
			}
		}
		v.read = true
	case *ast.UnaryExpr:
		switch {
		case p.Op == token.AND:
			v.set = true
		case p.Op == token.ARROW && !inComm(above, p):
			f.use(v, p, above, name, name, "receive from")
		}
	case *ast.SendStmt:
		if p.Chan != e {
			v.read = true
		} else if !inComm(above, p) {
			f.use(v, p, above, name, name, "send on")
		}
	case *ast.RangeStmt:
		switch {
		case p.Key == e || p.Value == e:
			v.set = true
		case v.kind == nilChannel:
			f.use(v, p.X, above, name, name, "receive from")
		}
	case *ast.KeyValueExpr:
		if p.Key == e {
			v.set = v.set || !f.isNil(p.Value)
			return
		}
		v.read = true
	case *ast.SelectorExpr:
		f.member(v, p, above, name)
	case *ast.IndexExpr:
		if p.X == e && v.kind == nilMap && written(above, p) && underLock(f.Pass, above) {
			f.use(v, p, above, name, name, "")
		}
	case *ast.BinaryExpr:
		v.asked = v.asked || f.isNil(p.X) || f.isNil(p.Y)
	case *ast.CallExpr:
		if fn, ok := ast.Unparen(p.Fun).(*ast.Ident); ok && v.kind == nilChannel && fn.Name == "close" {
			if _, builtin := f.TypesInfo.Uses[fn].(*types.Builtin); builtin {
				f.use(v, p, above, name, name, "close")
				return
			}
		}
		v.read = true
	default:
		v.read = true
	}
}

// member notes a selector on the variable: a call of a method, or the L of a Cond.
func (f *follower) member(v *variable, sel *ast.SelectorExpr, above []ast.Node, name string) {
	s := f.TypesInfo.Selections[sel]
	if s == nil {
		return
	}
	if s.Kind() == types.FieldVal {
		// The L of a Cond: set, or handed on by its address.
		switch p := last(above).(type) {
		case *ast.AssignStmt:
			for _, lhs := range p.Lhs {
				v.set = v.set || lhs == sel
			}
		case *ast.UnaryExpr:
			v.set = v.set || p.Op == token.AND
		}
		return
	}
	fn, _ := s.Obj().(*types.Func)
	switch v.kind {
	case nilPointer:
		f.use(v, sel, above, name, name, sel.Sel.Name)
	case condWithoutLocker:
		if ops.Of(fn).Kind == ops.CondWait {
			f.use(v, sel, above, name, name, sel.Sel.Name)
		}
	}
}

// use notes where the zero value does harm; a selector stands for its call.
func (f *follower) use(v *variable, n ast.Node, above []ast.Node, expr, name, method string) {
	if sel, ok := n.(*ast.SelectorExpr); ok {
		call, called := last(above).(*ast.CallExpr)
		if !called || call.Fun != sel {
			v.read = true
			return
		}
		n = call
	}
	if recovers(f.Pass, above) {
		return
	}
	v.uses = append(v.uses, use{node: n, expr: expr, name: name, method: method})
}

func (f *follower) isNil(e ast.Expr) bool { return f.TypesInfo.Types[e].IsNil() }

func last(stack []ast.Node) ast.Node {
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}

// inComm reports whether n is the communication of a case: a nil channel
// switches the case off.
func inComm(above []ast.Node, n ast.Node) bool {
	for i := len(above) - 1; i >= 0; i-- {
		switch p := above[i].(type) {
		case *ast.CommClause:
			return p.Comm != nil && p.Comm.Pos() <= n.Pos() && n.End() <= p.Comm.End()
		case *ast.BlockStmt, *ast.FuncLit:
			return false
		}
	}
	return false
}

// recovers reports whether a function around expects a panic.
func recovers(pass *analysis.Pass, above []ast.Node) bool {
	found := false
	for _, n := range above {
		fn, ok := n.(*ast.FuncDecl)
		if !ok {
			continue
		}
		ast.Inspect(fn, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name == "recover" {
				_, builtin := pass.TypesInfo.Uses[id].(*types.Builtin)
				found = found || builtin
			}
			return !found
		})
	}
	return found
}

// written reports whether the element is assigned to.
func written(above []ast.Node, e ast.Expr) bool {
	switch p := last(above).(type) {
	case *ast.AssignStmt:
		for _, lhs := range p.Lhs {
			if lhs == e {
				return true
			}
		}
	case *ast.IncDecStmt:
		return p.X == e
	}
	return false
}

// underLock reports whether the statement is in a goroutine, or in a function
// that takes a lock.
func underLock(pass *analysis.Pass, above []ast.Node) bool {
	for _, n := range above {
		switch n := n.(type) {
		case *ast.GoStmt:
			return true
		case *ast.FuncDecl, *ast.FuncLit:
			found := false
			ast.Inspect(n, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
						fn, _ := pass.TypesInfo.Uses[sel.Sel].(*types.Func)
						switch ops.Of(fn).Kind {
						case ops.Lock, ops.RLock, ops.TryLock, ops.TryRLock, ops.WgGo, ops.GroupGo:
							found = true
						}
					}
				}
				return !found
			})
			if found {
				return true
			}
		}
	}
	return false
}
