package chandir

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
)

// A direction is a set of what is done with a channel.
type direction uint8

const (
	sends    direction = 1 << iota // sends on it or closes it
	receives                       // receives from it or ranges over it
	both     = sends | receives
)

// A use is one place that needs a direction.
type use struct {
	pos, end token.Pos
	verb     string // "sent to"
	dir      direction
}

// A node is a declared variable (or unnamed result) of type chan T, together
// with the local variables whose type is inferred from it by x := n.
type node struct {
	decl *decl
	v    *types.Var
	// pinned nodes keep their type whatever is done with them.
	pinned bool
	// need is the directions used here; after solve also those of the nodes
	// that the channel flows to, which all of them must grant.
	need direction
	uses []use
	to   []flow
	// made and given tell where values come from: from make in the very
	// assignment, or from somewhere else.
	made, given bool
}

// A flow is an assignment of one node's channel to another's.
type flow struct {
	to       *node
	pos, end token.Pos
}

// A graph holds the flow of channels between the declarations of a package.
//
// It is a may-analysis of what is done with a declared variable, on any path
// and through any other variable: every mention of a node is either one of
// the known operations, a flow to a place whose type is known, or else it
// pins the node. Since the type is changed only when the compiler will accept
// all uses, no assumption is made about code that is not seen: what only
// unseen code could tell (results of exported functions) is pinned.
type graph struct {
	pass   *analysis.Pass
	report *diag.Reporter
	decls  []*decl
	nodes  []*node
	vars   map[*types.Var]*node // inferred variables too

	mentioned, imported methods // of interfaces in sight; made when first needed
}

func (g *graph) lookup(v *types.Var) *node {
	if v == nil {
		return nil
	}
	return g.vars[v.Origin()]
}

// nodeOf returns the node that e denotes, or nil.
func (g *graph) nodeOf(e ast.Expr) *node {
	info := g.pass.TypesInfo
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := info.ObjectOf(e).(*types.Var)
		return g.lookup(v)
	case *ast.SelectorExpr:
		v, _ := info.Uses[e.Sel].(*types.Var)
		return g.lookup(v)
	case *ast.CallExpr:
		if fn := g.callee(e); fn != nil && fn.Signature().Results().Len() == 1 {
			return g.lookup(fn.Signature().Results().At(0))
		}
	}
	return nil
}

// resultsOf returns the nodes of the n results of a call, nil where there are
// none.
func (g *graph) resultsOf(e ast.Expr, n int) []*node {
	nodes := make([]*node, n)
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		if fn := g.callee(call); fn != nil && fn.Signature().Results().Len() == n {
			for i := range nodes {
				nodes[i] = g.lookup(fn.Signature().Results().At(i))
			}
		}
	}
	return nodes
}

// callee returns the function of this package that the call names, or nil.
func (g *graph) callee(call *ast.CallExpr) *types.Func {
	id := calleeIdent(g.pass.TypesInfo, call)
	if id == nil {
		return nil
	}
	fn, ok := g.pass.TypesInfo.Uses[id].(*types.Func)
	if !ok || fn.Pkg() != g.pass.Pkg {
		return nil
	}
	return fn.Origin()
}

// calleeIdent returns the identifier that names the function of a call, nil
// for a method expression: its receiver is an argument.
func calleeIdent(info *types.Info, call *ast.CallExpr) *ast.Ident {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = ast.Unparen(x.X)
	case *ast.IndexListExpr:
		fun = ast.Unparen(x.X)
	}
	switch x := fun.(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		if s := info.Selections[x]; s == nil || s.Kind() == types.MethodVal {
			return x.Sel
		}
	}
	return nil
}

// solve carries needs against the flow until nothing changes, then pins what
// cannot be narrowed, which adds needs, and so on.
func (g *graph) solve() {
	for changed := true; changed; {
		changed = false
		for _, n := range g.nodes {
			for _, f := range n.to {
				need := f.to.need
				if f.to.pinned {
					need = both
				}
				if n.need|need != n.need {
					n.need |= need
					changed = true
				}
			}
		}
		if changed {
			continue
		}
		for _, d := range g.decls {
			if d.narrowed() != 0 {
				continue
			}
			for _, n := range d.nodes {
				if !n.pinned {
					n.pinned = true
					changed = true
				}
			}
		}
	}
}

// narrowed returns the one direction that all variables of d need, else zero.
func (d *decl) narrowed() direction {
	need := d.nodes[0].need
	for _, n := range d.nodes {
		if n.pinned || n.need != need {
			return 0
		}
		// A field or variable that only ever gets a fresh channel, or none,
		// is not one end of something: its other end is missing.
		if (d.kind == field || d.kind == variable) && (n.made || !n.given) {
			return 0
		}
	}
	if need == both {
		return 0
	}
	return need
}
