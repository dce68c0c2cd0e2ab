package chandir_test

import (
	"go/ast"
	"go/parser"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/conclint/conclint/analyzers/chandir"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

func Test(t *testing.T) { linttest.Run(t, chandir.Check) }

// TestFixesCompile applies each fix alone, and all of them together: both
// must leave a package that compiles.
func TestFixesCompile(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax | packages.NeedModule,
		Dir:  filepath.Join(linttest.Root(t), "chandir", "bad"),
		Env:  append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off"),
	}, ".")
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{chandir.Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []analysis.TextEdit
	fixes := 0
	for _, d := range graph.Roots[0].Diagnostics {
		for _, f := range d.SuggestedFixes {
			fixes++
			if err := compile(t, pkgs[0], f.TextEdits); err != nil {
				t.Errorf("after the fix of %q alone: %v", d.Message, err)
			}
			all = append(all, f.TextEdits...)
		}
	}
	if fixes == 0 {
		t.Fatal("no fixes")
	}
	if err := compile(t, pkgs[0], all); err != nil {
		t.Errorf("after all fixes: %v", err)
	}
}

// compile type-checks the package with the edits made. Edits that are equal
// are one.
func compile(t *testing.T, pkg *packages.Package, edits []analysis.TextEdit) error {
	t.Helper()
	slices.SortFunc(edits, func(a, b analysis.TextEdit) int { return int(b.Pos - a.Pos) })
	edits = slices.CompactFunc(edits, func(a, b analysis.TextEdit) bool {
		return a.Pos == b.Pos && a.End == b.End && string(a.NewText) == string(b.NewText)
	})
	var files []*ast.File
	for i, f := range pkg.Syntax {
		src, err := os.ReadFile(pkg.CompiledGoFiles[i])
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range edits {
			if f.FileStart <= e.Pos && e.Pos < f.FileEnd {
				start, end := e.Pos-f.FileStart, e.End-f.FileStart
				src = slices.Concat(src[:start], e.NewText, src[end:])
			}
		}
		fixed, err := parser.ParseFile(pkg.Fset, pkg.CompiledGoFiles[i], src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, fixed)
	}
	conf := types.Config{Importer: importerOf(pkg), GoVersion: "go" + strings.TrimPrefix(pkg.Module.GoVersion, "go")}
	_, err := conf.Check(pkg.PkgPath, pkg.Fset, files, nil)
	return err
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

func importerOf(pkg *packages.Package) types.Importer {
	return importerFunc(func(path string) (*types.Package, error) { return pkg.Imports[path].Types, nil })
}
