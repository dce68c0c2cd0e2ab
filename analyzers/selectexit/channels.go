package selectexit

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"
)

// An event is something that happens to a variable: it is closed, or set.
type event struct {
	node  ast.Node
	value ast.Expr // of an assignment of one value to one variable
	fn    ast.Node // the innermost function around it; nil for a declaration of the package
	outer ast.Node // the function declaration around it
	fresh bool     // the variable is a field of something that fn made
	def   bool     // the variable is declared here
}

// channels is what the package does to variables and fields, as far as it
// matters here. A field stands for itself in all values of its type.
type channels struct {
	info   *types.Info
	pkg    *types.Package
	closed map[*types.Var][]event
	sent   map[*types.Var]bool
	set    map[*types.Var][]event
	taken  map[*types.Var]bool // its address is
	// args holds what a parameter is given by the calls in the package; nil
	// among them is an argument that is no variable.
	args map[*types.Var][]*types.Var
	// values holds functions that are used other than by calling them.
	values map[*types.Func]bool
	// started and calledPlain hold functions that a go statement starts, and
	// those that are called in another way.
	started, calledPlain map[*types.Func]bool
	// stops holds the cases that end a loop.
	stops []stop
}

func collect(pass *analysis.Pass) *channels {
	ch := &channels{
		info:   pass.TypesInfo,
		pkg:    pass.Pkg,
		closed: make(map[*types.Var][]event),
		sent:   make(map[*types.Var]bool),
		set:    make(map[*types.Var][]event),
		taken:  make(map[*types.Var]bool),
		args:   make(map[*types.Var][]*types.Var),
		values: make(map[*types.Func]bool),

		started:     make(map[*types.Func]bool),
		calledPlain: make(map[*types.Func]bool),
	}
	for _, file := range pass.Files {
		called := make(map[*ast.Ident]bool)
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			ch.note(n, stack, called)
			return true
		})
	}
	// A channel that nobody here closes stops nothing.
	ch.stops = slices.DeleteFunc(ch.stops, func(s stop) bool { return isChan(s.field.Type()) && len(ch.closed[s.field]) == 0 })
	return ch
}

func (ch *channels) note(n ast.Node, stack []ast.Node, called map[*ast.Ident]bool) {
	at := place(stack)
	set := func(lhs, rhs ast.Expr, def bool) {
		if v := ch.variable(lhs); v != nil {
			ch.set[v] = append(ch.set[v], event{node: lhs, value: rhs, fn: at.fn, outer: at.outer, fresh: ch.fresh(lhs, at.fn), def: def})
		}
	}
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, lhs := range n.Lhs {
			var rhs ast.Expr
			if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) {
				rhs = n.Rhs[i]
			}
			id, _ := lhs.(*ast.Ident)
			set(lhs, rhs, id != nil && ch.info.Defs[id] != nil)
		}
	case *ast.IncDecStmt:
		set(n.X, nil, false)
	case *ast.ValueSpec:
		for i, name := range n.Names {
			var rhs ast.Expr
			if len(n.Values) == len(n.Names) {
				rhs = n.Values[i]
			}
			set(name, rhs, true)
		}
	case *ast.RangeStmt:
		for _, e := range []ast.Expr{n.Key, n.Value} {
			if e != nil {
				set(e, nil, n.Tok == token.DEFINE)
			}
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			if v := ch.variable(n.X); v != nil {
				ch.taken[v] = true
			}
		}
	case *ast.SendStmt:
		if v := ch.variable(n.Chan); v != nil {
			ch.sent[v] = true
		}
	case *ast.CallExpr:
		_, started := stack[len(stack)-1].(*ast.GoStmt)
		ch.call(n, at, called, started)
	case *ast.SelectStmt:
		comms, _ := communications(n)
		for _, cm := range comms {
			if s := ch.stopOf(cm, at); s != nil {
				ch.stops = append(ch.stops, *s)
			}
		}
	case *ast.Ident:
		if fn, ok := ch.info.Uses[n].(*types.Func); ok && !called[n] {
			ch.values[fn.Origin()] = true
		}
	}
}

func (ch *channels) call(call *ast.CallExpr, at spot, called map[*ast.Ident]bool, started bool) {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		called[fun] = true
	case *ast.SelectorExpr:
		called[fun.Sel] = true
	}
	switch fn := typeutil.Callee(ch.info, call).(type) {
	case *types.Builtin:
		if fn.Name() == "close" && len(call.Args) == 1 {
			if v := ch.variable(call.Args[0]); v != nil {
				ch.closed[v] = append(ch.closed[v], event{node: call, fn: at.fn, outer: at.outer})
			}
		}
	case *types.Func:
		if started {
			ch.started[fn.Origin()] = true
		} else {
			ch.calledPlain[fn.Origin()] = true
		}
		params := fn.Origin().Signature().Params()
		for i, arg := range call.Args {
			if i < params.Len() && isChan(params.At(i).Type()) {
				ch.args[params.At(i)] = append(ch.args[params.At(i)], ch.variable(arg))
			}
		}
	}
	// A function literal that is called or started on the spot.
	if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		if sig, ok := ch.info.TypeOf(lit).(*types.Signature); ok {
			for i, arg := range call.Args {
				if i < sig.Params().Len() && isChan(sig.Params().At(i).Type()) {
					ch.args[sig.Params().At(i)] = append(ch.args[sig.Params().At(i)], ch.variable(arg))
				}
			}
		}
	}
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// variable returns the variable or field that an expression names, or nil.
func (ch *channels) variable(e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := ch.info.ObjectOf(e).(*types.Var)
		if v != nil {
			v = v.Origin()
		}
		return v
	case *ast.SelectorExpr:
		v, _ := ch.info.ObjectOf(e.Sel).(*types.Var)
		if v != nil {
			v = v.Origin()
		}
		return v
	}
	return nil
}

// fresh reports whether e is a field of a variable that fn declares with a
// composite literal or new: nobody else has seen the value yet.
func (ch *channels) fresh(e ast.Expr, fn ast.Node) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok || fn == nil {
		return false
	}
	id, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := ch.info.ObjectOf(id).(*types.Var)
	if !ok || v.Pos() < fn.Pos() || v.Pos() >= fn.End() {
		return false
	}
	body := fn
	switch f := fn.(type) {
	case *ast.FuncDecl:
		body = f.Body
	case *ast.FuncLit:
		body = f.Body
	}
	return v.Pos() >= body.Pos()
}
