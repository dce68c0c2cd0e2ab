package zerovalue

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

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
	made   bool          // it is given a Cond without a Locker
	read   bool          // its value goes elsewhere
	uses   []use
}

// A use is where the zero value does harm.
type use struct {
	node   ast.Node
	expr   string // what the method is called on, as written
	name   string // the variable, as written
	method string // or what is done to the channel
	waits  bool   // it is Wait of a Cond
	among  *ast.SelectStmt
}

// A follower notes what the package does to the variables.
type follower struct {
	*analysis.Pass
	vars  map[*types.Var]*variable
	cases map[*ast.SelectStmt][]*variable // whose channels they are on
}

func follow(pass *analysis.Pass, vars map[*types.Var]*variable) *follower {
	f := &follower{pass, vars, make(map[*ast.SelectStmt][]*variable)}
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
	return f
}

// offers reports whether a select has a case that is not switched off: it has a default,
// or a case on what is not a channel that nothing makes.
func (f *follower) offers(sel *ast.SelectStmt) bool {
	return len(f.cases[sel]) < len(sel.Body.List) || slices.ContainsFunc(f.cases[sel], func(v *variable) bool { return v.set || v.asked })
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
		if v := f.of(field); v != nil && v.kind == nilPointer {
			if s.Kind() == types.MethodVal {
				x := types.ExprString(sel.X)
				f.use(v, sel, stack, x, x+"."+field.Name(), sel.Sel.Name)
			} else {
				v.read = true // the L of a Cond, perhaps to set it
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
				if len(p.Rhs) != len(p.Lhs) {
					v.set = true
				} else {
					f.sets(v, p.Rhs[j])
				}
				return
			}
		}
		v.read = true
	case *ast.UnaryExpr:
		switch {
		case p.Op == token.AND:
			v.set = true
		case p.Op == token.ARROW:
			f.use(v, p, above, name, name, "receive from")
		}
	case *ast.SendStmt:
		if p.Chan != e {
			v.read = true
		} else {
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
			f.sets(v, p.Value)
			return
		}
		v.read = true
	case *ast.SelectorExpr:
		f.member(v, p, above, name)
	case *ast.IndexExpr:
		if p.X == e && v.kind == nilMap && written(above, p) && (f.certain(v, p) || underLock(f.Pass, above)) {
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

// certain reports whether the variable is a local one, whose declaration a write cannot be
// far from. Tests can be about the panic.
func (f *follower) certain(v *variable, at ast.Node) bool {
	local := !v.obj.IsField() && v.obj.Parent() != f.Pkg.Scope()
	return local && !strings.HasSuffix(f.Fset.Position(at.Pos()).Filename, "_test.go")
}

// sets notes a value that the variable gets: nil is what it has from the start,
// and a Cond without a Locker is no better.
func (f *follower) sets(v *variable, e ast.Expr) {
	switch {
	case f.isNil(e):
	case v.pointsToCond() && emptyCond(f.Pass, e):
		v.made = true
	default:
		v.set = true
	}
}

// pointsToCond reports whether the variable is a pointer to a Cond.
func (v *variable) pointsToCond() bool {
	_, ok := v.obj.Type().Underlying().(*types.Pointer)
	return ok && ops.IsCond(v.obj.Type())
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
	if v.kind == nilPointer || v.kind == condWithoutLocker && ops.Of(fn).Kind == ops.CondWait {
		f.use(v, sel, above, name, name, sel.Sel.Name)
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
	u := use{node: n, expr: expr, name: name, method: method, among: selectOf(above, n)}
	if u.among != nil {
		f.cases[u.among] = append(f.cases[u.among], v)
	}
	if call, ok := n.(*ast.CallExpr); ok {
		fn, _ := typeutil.Callee(f.TypesInfo, call).(*types.Func)
		u.waits = ops.Of(fn).Kind == ops.CondWait
	}
	v.uses = append(v.uses, u)
}

func (f *follower) isNil(e ast.Expr) bool { return f.TypesInfo.Types[e].IsNil() }

func last(stack []ast.Node) ast.Node {
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}
