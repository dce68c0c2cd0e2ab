package source

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"
)

// Short writes an expression so that it does not fill a message.
func Short(e ast.Expr) string {
	const most = 30
	if e == nil {
		return ""
	}
	s := types.ExprString(e)
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// Where names the place of a node for a reader of the other: its line, with
// the file when that is another one.
func (p *Package) Where(n, reader ast.Node) string {
	at, from := p.Pass.Fset.Position(n.Pos()), p.Pass.Fset.Position(reader.Pos())
	if at.Filename == from.Filename {
		return fmt.Sprintf("line %d", at.Line)
	}
	return fmt.Sprintf("%s:%d", filepath.Base(at.Filename), at.Line)
}

// Line returns the line of a node.
func (p *Package) Line(n ast.Node) int { return p.Pass.Fset.Position(n.Pos()).Line }

// IsTest reports whether the node is in a file of tests; where the package consists of
// tests only, and tests no other one, whether it is in a function that is a test or given one.
func (p *Package) IsTest(n ast.Node) bool {
	inTests := func(n ast.Node) bool { return strings.HasSuffix(p.Pass.Fset.Position(n.Pos()).Filename, "_test.go") }
	if !inTests(n) {
		return false
	}
	if strings.HasSuffix(p.Pass.Pkg.Name(), "_test") || slices.ContainsFunc(p.Pass.Files, func(f *ast.File) bool { return !inTests(f) }) {
		return true
	}
	for _, f := range p.Pass.Files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && d.Pos() <= n.Pos() && n.Pos() < d.End() {
				return slices.ContainsFunc(fn.Type.Params.List, func(f *ast.Field) bool { return ops.CanEndTest(p.Pass.TypesInfo.TypeOf(f.Type)) })
			}
		}
	}
	return false
}

// IsMessage reports whether a call is taken to write a message for a reader and to do
// nothing else: it is a test's or a log's, or it is given a constant text.
func IsMessage(info *types.Info, call *ast.CallExpr) bool {
	if fn, ok := typeutil.Callee(info, call).(*types.Func); ok {
		kind := ops.Of(fn).Kind
		switch {
		case kind.Ends():
			return false
		case kind == ops.TestLog, fn.Pkg() != nil && strings.HasPrefix(fn.Name(), "Print") && (fn.Pkg().Path() == "log" || fn.Pkg().Path() == "fmt"):
			return true
		}
	}
	for _, arg := range call.Args {
		tv := info.Types[arg]
		if b, ok := tv.Type.(*types.Basic); ok && tv.Value != nil && b.Info()&types.IsString != 0 {
			return true
		}
	}
	return false
}

// Related makes the related position of a node.
func Related(n ast.Node, message string) []analysis.RelatedInformation {
	return []analysis.RelatedInformation{{Pos: n.Pos(), End: n.End(), Message: message}}
}

// Assigns reports whether the node gives the variable or field a value, also
// by declaring it.
func (p *Package) Assigns(n ast.Node, v *types.Var) bool {
	return Any(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				if p.Var(e) == v {
					return true
				}
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				if p.Var(id) == v {
					return true
				}
			}
		}
		return false
	})
}

// Any reports whether f holds of the node or one below it.
func Any(n ast.Node, f func(ast.Node) bool) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		found = found || n != nil && f(n)
		return !found
	})
	return found
}

// IsError reports whether t is the type error.
func IsError(t types.Type) bool {
	return t != nil && types.Identical(t, types.Universe.Lookup("error").Type())
}

// Excluded reports whether a file of the package that is not compiled here,
// because of its build constraints, has the word: what is not seen to be done
// with a name may be done there.
func (p *Package) Excluded(word string) bool {
	for _, name := range p.Pass.IgnoredFiles {
		if data, err := p.Pass.ReadFile(name); err == nil && bytes.Contains(data, []byte(word)) {
			return true
		}
	}
	return false
}
