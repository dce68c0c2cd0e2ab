package signalmisuse

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

//go:embed doc.go
var doc string

// Check finds channels for signals that miss them, keep catching them, or that
// nobody reads.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Misuse,
	Default:    true,
	Fixable:    true,
	Categories: []string{unbuffered, notStopped, neverRead, stopDiscarded},
	Requires:   []*analysis.Analyzer{source.Analyzer},
	Run:        run,
})

// Analyzer is the analyzer of [Check].
var Analyzer = Check.Analyzer

const (
	unbuffered    = "unbuffered"
	notStopped    = "not-stopped"
	neverRead     = "never-read"
	stopDiscarded = "stop-discarded"
)

// A checker looks at one package.
type checker struct {
	*source.Package
	report *diag.Reporter
}

func run(pass *analysis.Pass, report *diag.Reporter) error {
	c := &checker{pass.ResultOf[source.Analyzer].(*source.Package), report}
	if !c.Imports("os/signal") {
		return nil
	}
	for cur := range c.Root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		if report.Generated(call.Pos()) {
			continue
		}
		switch c.Kind(call) {
		case ops.SignalNotify:
			c.notify(cur, call)
		case ops.SignalNotifyContext:
			c.notifyContext(cur, call)
		}
	}
	return nil
}

func (c *checker) notify(cur inspector.Cursor, call *ast.CallExpr) {
	if len(call.Args) == 0 {
		return
	}
	v := c.Var(call.Args[0])
	if v == nil {
		return
	}
	c.buffer(call, v)
	if !c.read(v) {
		if alone(cur) {
			return // a function that swallows signals
		}
		c.report.Report(diag.Finding{
			Pos: call.Pos(), End: call.End(), Category: neverRead,
			Message: fmt.Sprintf("signals sent to %s are never received, and no longer end the process; receive from it, or use signal.Ignore", source.Short(call.Args[0])),
		})
		return
	}
	c.stop(cur, call, v)
}

// alone reports whether the call ends a declared function that does nothing before but
// to make a channel: unlike signal.Ignore, what children inherit stays as it is.
func alone(cur inspector.Cursor) bool {
	body := cur.Parent().Parent()
	block, ok := body.Node().(*ast.BlockStmt)
	if !ok || len(block.List) != 2 || block.List[1] != cur.Parent().Node() {
		return false
	}
	_, declared := body.Parent().Node().(*ast.FuncDecl)
	return declared
}

// buffer looks for the makes of the channel. Those that the pass sigchanyzer
// sees, in the declaration of a variable in the same file, are left to it.
func (c *checker) buffer(call *ast.CallExpr, v *types.Var) {
	makes, ok := c.makes(v, 0)
	if !ok || len(makes) == 0 {
		return
	}
	if _, ident := ast.Unparen(call.Args[0]).(*ast.Ident); ident && c.declared(call, v) {
		return
	}
	for _, m := range makes {
		if len(m.Args) > 1 {
			return
		}
	}
	first := makes[0]
	f := diag.Finding{
		Pos: call.Pos(), End: call.End(), Category: unbuffered,
		Message: fmt.Sprintf("a signal sent to %s may be missed when nobody is receiving just then: it has no room (%s); make it with room for one",
			source.Short(call.Args[0]), c.Where(first, call)),
		Related: source.Related(first, "made here"),
	}
	if len(makes) == 1 {
		f.Fix = &analysis.SuggestedFix{
			Message:   "make the channel with room for one",
			TextEdits: []analysis.TextEdit{{Pos: first.Args[0].End(), End: first.Args[0].End(), NewText: []byte(", 1")}},
		}
	}
	c.report.Report(f)
}

// makes returns all that the variable, field or parameter is set to, when each
// is a make; ok is false when something else is among it.
func (c *checker) makes(v *types.Var, depth int) (makes []*ast.CallExpr, ok bool) {
	if depth > 3 || v.Exported() && !source.Local(v) {
		return nil, false
	}
	set := func(e ast.Expr) bool {
		if c.Pass.TypesInfo.Types[e].IsNil() {
			return true
		}
		if call, ok := ast.Unparen(e).(*ast.CallExpr); ok && c.Builtin(call) == "make" {
			makes = append(makes, call)
			return true
		}
		if w := c.Var(e); w != nil && w != v {
			more, ok := c.makes(w, depth+1)
			makes = append(makes, more...)
			return ok
		}
		return false
	}
	for _, use := range c.Uses(v) {
		e := named(use)
		switch n := e.Parent().Node().(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if lhs == e.Node() && (len(n.Lhs) != len(n.Rhs) || !set(n.Rhs[i])) {
					return nil, false
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if name == e.Node() && len(n.Values) > 0 && (len(n.Values) != len(n.Names) || !set(n.Values[i])) {
					return nil, false
				}
			}
		case *ast.KeyValueExpr:
			if n.Key == e.Node() && !set(n.Value) {
				return nil, false
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				return nil, false
			}
		case *ast.Field:
			if !v.IsField() && !c.arguments(use, v, set) {
				return nil, false
			}
		}
	}
	return makes, true
}

// arguments calls set for what the calls in the package pass for the
// parameter, and reports whether these are all.
func (c *checker) arguments(def inspector.Cursor, v *types.Var, set func(ast.Expr) bool) bool {
	fn, ok := source.Func(def)
	if !ok {
		return false
	}
	decl, ok := fn.Node().(*ast.FuncDecl)
	if !ok || decl.Name.IsExported() {
		return false
	}
	obj, _ := c.Pass.TypesInfo.Defs[decl.Name].(*types.Func)
	if obj == nil {
		return false
	}
	index := -1
	for i := range obj.Signature().Params().Len() {
		if obj.Signature().Params().At(i) == v {
			index = i
		}
	}
	if index < 0 {
		return false
	}
	for cur := range c.Root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		if f := c.Callee(call); f == nil || f.Origin() != obj {
			continue
		}
		if index >= len(call.Args) || !set(call.Args[index]) {
			return false
		}
	}
	return true
}

// named returns the expression that names the variable: of a field, with what
// comes before the dot.
func named(use inspector.Cursor) inspector.Cursor {
	if sel, ok := use.Parent().Node().(*ast.SelectorExpr); ok && sel.Sel == use.Node() {
		return use.Parent()
	}
	return use
}

// declared reports whether the variable is declared with its make in the file
// of the call.
func (c *checker) declared(call *ast.CallExpr, v *types.Var) bool {
	for _, use := range c.Uses(v) {
		if use.Node().Pos() != v.Pos() {
			continue
		}
		switch n := use.Parent().Node().(type) {
		case *ast.AssignStmt:
		case *ast.ValueSpec:
			if len(n.Values) == 0 {
				return false
			}
		default:
			return false
		}
		return c.report.Position(v.Pos()).Filename == c.report.Position(call.Pos()).Filename
	}
	return false
}

// read reports whether anything but Notify, Stop and close is done with the
// channel, or can be out of sight.
func (c *checker) read(v *types.Var) bool {
	if v.Exported() && !source.Local(v) {
		return true
	}
	for _, use := range c.Uses(v) {
		e := named(use)
		switch n := e.Parent().Node().(type) {
		case *ast.CallExpr:
			switch c.Kind(n) {
			case ops.SignalNotify:
				continue
			case ops.SignalStop:
				if source.Local(v) {
					return true // the function holds them off for a time, on purpose
				}
				continue
			}
			if c.Builtin(n) == "close" {
				continue
			}
			return true
		case *ast.AssignStmt:
			for _, rhs := range n.Rhs {
				if rhs == e.Node() {
					return true
				}
			}
		case *ast.ValueSpec:
			for _, rhs := range n.Values {
				if rhs == e.Node() {
					return true
				}
			}
		case *ast.Field:
			if !v.IsField() {
				return true // a parameter: the caller may read
			}
		case *ast.KeyValueExpr:
			if n.Key != e.Node() {
				return true
			}
			if call, ok := ast.Unparen(n.Value).(*ast.CallExpr); !ok || c.Builtin(call) != "make" {
				return true // somebody else has it, too
			}
		default:
			return true
		}
	}
	makes, ok := c.makes(v, 0)
	return !ok || len(makes) == 0 || !source.Local(v) && c.Excluded(v.Name())
}
