package errgroupmisuse

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

//go:embed doc.go
var doc string

// Check finds groups of golang.org/x/sync/errgroup that are used wrongly. That work is to end
// with its group is often not meant, and seldom shown.
var Check = diag.WithFlag(diag.Spec{
	Doc:        doc,
	Family:     diag.Misuse,
	Default:    true,
	Categories: []string{neverWaited, contextAfterWait, otherContext, nestedGo, shadowedError, zeroLimit},
	Requires:   []*analysis.Analyzer{source.Analyzer},
}, "outer", "report also functions of a group that work with the context which the group's is derived from", run)

// Analyzer is the analyzer of [Check].
var Analyzer = Check.Analyzer

const (
	neverWaited      = "never-waited"
	contextAfterWait = "context-after-wait"
	otherContext     = "other-context"
	nestedGo         = "nested-go"
	shadowedError    = "shadowed-error"
	zeroLimit        = "zero-limit"
)

// A use is a call of a method of a group.
type use struct {
	cur  inspector.Cursor
	call *ast.CallExpr
	kind ops.Kind
}

// A group is a variable or field that holds one, with what the package does to
// it.
type group struct {
	v       *types.Var
	uses    []use
	escapes bool // it is used in another way, too
}

// A checker looks at one package.
type checker struct {
	*source.Package
	report *diag.Reporter
	outer  bool     // look for the parent's context in the work
	groups []*group // in the order of their first use
	of     map[*types.Var]*group
}

func run(pass *analysis.Pass, report *diag.Reporter, outer bool) error {
	c := &checker{Package: pass.ResultOf[source.Analyzer].(*source.Package), report: report, outer: outer, of: make(map[*types.Var]*group)}
	if !slices.ContainsFunc(pass.Pkg.Imports(), ops.HasGroups) {
		return nil
	}
	var made []inspector.Cursor
	for cur := range c.Root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		switch kind := c.Kind(call); kind {
		case ops.GroupWithContext:
			made = append(made, cur)
		case ops.GroupGo, ops.GroupTryGo, ops.GroupWait, ops.GroupSetLimit:
			v := c.Var(source.Receiver(call))
			if v == nil {
				continue
			}
			g := c.of[v]
			if g == nil {
				g = &group{v: v}
				c.of[v] = g
				c.groups = append(c.groups, g)
			}
			g.uses = append(g.uses, use{cur, call, kind})
		}
	}
	for _, cur := range made {
		c.withContext(cur, cur.Node().(*ast.CallExpr))
	}
	for _, g := range c.groups {
		c.escape(g)
		c.waited(g)
		c.shadowed(g)
		c.zero(g)
	}
	c.nested()
	return nil
}

// escape notes whether the group is used other than by calling its methods.
func (c *checker) escape(g *group) {
	for _, cur := range c.Uses(g.v) {
		up := cur.Parent()
		switch n := up.Node().(type) {
		case *ast.SelectorExpr:
			if n.X != cur.Node() { // the name of a field
				continue
			}
			if call, ok := up.Parent().Node().(*ast.CallExpr); ok && ast.Unparen(call.Fun) == ast.Expr(n) {
				continue
			}
			g.escapes = true
		case *ast.AssignStmt:
			for _, rhs := range n.Rhs {
				g.escapes = g.escapes || rhs == cur.Node()
			}
		case *ast.ValueSpec:
			for _, rhs := range n.Values {
				g.escapes = g.escapes || rhs == cur.Node()
			}
		default:
			g.escapes = true
		}
	}
}

// made reports whether the local variable is declared as a group of its own.
func (c *checker) made(v *types.Var) bool {
	for _, cur := range c.Uses(v) {
		var value ast.Expr
		switch n := cur.Parent().Node().(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if lhs == cur.Node() && len(n.Rhs) == 1 {
					value = n.Rhs[0]
				} else if lhs == cur.Node() {
					value = n.Rhs[i]
				}
			}
		case *ast.ValueSpec:
			if len(n.Values) == 0 {
				return ops.IsGroup(v.Type()) && !isPointer(v.Type())
			}
			for i, name := range n.Names {
				if name == cur.Node() && len(n.Values) == len(n.Names) {
					value = n.Values[i]
				} else if name == cur.Node() {
					value = n.Values[0]
				}
			}
		}
		if value == nil {
			continue
		}
		switch x := ast.Unparen(value).(type) {
		case *ast.CompositeLit:
		case *ast.UnaryExpr:
			if _, ok := x.X.(*ast.CompositeLit); !ok {
				return false
			}
		case *ast.CallExpr:
			if c.Builtin(x) != "new" && c.Kind(x) != ops.GroupWithContext {
				return false
			}
		default:
			return false
		}
	}
	return source.Local(v)
}

func isPointer(t types.Type) bool { _, ok := t.Underlying().(*types.Pointer); return ok }

// waited reports a group with functions that nobody waits for.
func (c *checker) waited(g *group) {
	var first *ast.CallExpr
	for _, u := range g.uses {
		switch u.kind {
		case ops.GroupWait:
			return
		case ops.GroupGo, ops.GroupTryGo:
			if first == nil {
				first = u.call
			}
		}
	}
	if first == nil || g.escapes || !c.made(g.v) {
		return
	}
	name := g.v.Name()
	c.report.Report(diag.Finding{
		Pos: first.Pos(), End: first.Fun.End(), Category: neverWaited,
		Message: fmt.Sprintf("%s.Go starts a function that nobody waits for, and its error is lost: there is no %s.Wait; call it", name, name),
	})
}
