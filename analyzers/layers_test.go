package analyzers_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
)

const (
	module   = "github.com/conclint/conclint"
	suite    = module + "/analyzers"
	internal = suite + "/internal/"
)

// layer gives each package of the engine its height. Imports go down only; two
// of one height do not see each other.
var layer = map[string]int{"ops": 0, "access": 1, "skeleton": 2, "lockset": 3, "machine": 3, "shared": 3}

// besides lists the internal packages that are not the engine, and what they
// may import of this module.
var besides = map[string][]string{
	"diag":     {},
	"nearest":  {},
	"pipe":     {internal + "ops", internal + "source"},
	"source":   {internal + "ops"},
	"linttest": {internal + "diag"},
	"verdict":  {internal + "diag", internal + "machine", internal + "shared", internal + "skeleton"},
}

var load = sync.OnceValues(func() ([]*packages.Package, error) {
	return packages.Load(&packages.Config{Mode: packages.LoadSyntax, Dir: ".."}, "./...")
})

// touch looks at all source files, so that go test does not take its last
// result from the cache when one that this package does not import changes.
func touch(t *testing.T) {
	t.Helper()
	for _, dir := range []string{"../analyzers", "../cmd"} {
		err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
			if err == nil && filepath.Ext(path) == ".go" {
				_, err = os.Stat(path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// ours returns the packages of this module, test files left out.
func ours(t *testing.T) []*packages.Package {
	t.Helper()
	touch(t)
	pkgs, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pkgs {
		for _, e := range p.Errors {
			t.Fatalf("%s: %v", p.PkgPath, e)
		}
	}
	return pkgs
}

func TestLayers(t *testing.T) {
	for _, p := range ours(t) {
		for path := range p.Imports {
			if !strings.HasPrefix(path, module+"/") {
				continue
			}
			if reason := forbidden(p.PkgPath, path); reason != "" {
				t.Errorf("%s imports %s: %s", p.PkgPath, path, reason)
			}
		}
		if name, ok := strings.CutPrefix(p.PkgPath, internal); ok {
			name, _, _ = strings.Cut(name, "/")
			_, engine := layer[name]
			if _, other := besides[name]; !engine && !other {
				t.Errorf("%s has no place in the tables of layers_test.go", p.PkgPath)
			}
		}
	}
}

// forbidden says why a package must not import another one of this module.
func forbidden(from, to string) string {
	fromName, fromInternal := strings.CutPrefix(from, internal)
	toName, toInternal := strings.CutPrefix(to, internal)
	fromName, _, _ = strings.Cut(fromName, "/")
	toName, _, _ = strings.Cut(toName, "/")
	height, fromEngine := layer[fromName]
	below, toEngine := layer[toName]
	switch {
	case toName == "linttest":
		return "only tests use the harness"
	case fromInternal && toInternal && fromName == toName:
		return ""
	case fromInternal && fromEngine:
		if toInternal && toEngine && below < height {
			return ""
		}
		return "the engine imports only what lies below in the engine"
	case fromInternal:
		if slices.Contains(besides[fromName], to) {
			return ""
		}
		return "it may import only what layers_test.go says"
	case from == suite || strings.HasPrefix(from, suite+"/gclplugin"):
		return "" // the registry and a door of it
	case strings.HasPrefix(from, suite+"/"):
		if toInternal {
			return ""
		}
		return "an analyzer stands on the internal packages only"
	}
	return "" // cmd; the go command keeps it out of internal
}

func TestForbidden(t *testing.T) {
	for _, test := range []struct {
		from, to string
		ok       bool
	}{
		{"internal/skeleton", "internal/access", true},
		{"internal/access", "internal/skeleton", false},
		{"internal/machine", "internal/lockset", false},
		{"internal/machine", "internal/machine/state", true},
		{"internal/skeleton", "internal/diag", false},
		{"internal/diag", "internal/ops", false},
		{"internal/linttest", "internal/diag", true},
		{"copylock", "internal/diag", true},
		{"copylock", "internal/machine", true},
		{"copylock", "internal/linttest", false},
		{"copylock", "chandir", false},
		{"ignore", "copylock", false},
		{"gclplugin", "copylock", true},
	} {
		if reason := forbidden(suite+"/"+test.from, suite+"/"+test.to); (reason == "") != test.ok {
			t.Errorf("%s imports %s: %q, want allowed %t", test.from, test.to, reason, test.ok)
		}
	}
}

// TestOneVoice holds that findings leave through package diag only, and that
// nothing is printed: one stray line on standard output breaks go vet.
func TestOneVoice(t *testing.T) {
	for _, p := range ours(t) {
		if p.PkgPath != suite && !strings.HasPrefix(p.PkgPath, suite+"/") {
			continue
		}
		for id, obj := range p.TypesInfo.Uses {
			if reason := silenced(p.PkgPath, obj); reason != "" {
				t.Errorf("%s: %s: %s", p.Fset.Position(id.Pos()), id.Name, reason)
			}
		}
		for _, f := range p.Syntax {
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" && p.PkgPath != suite+"/gclplugin" {
					t.Errorf("%s: no init functions", p.Fset.Position(fn.Pos()))
				}
			}
		}
	}
}

// silenced says why code below analyzers must not use obj.
func silenced(from string, obj types.Object) string {
	if b, ok := obj.(*types.Builtin); ok && (b.Name() == "print" || b.Name() == "println") {
		return "analyzers do not print"
	}
	if obj.Pkg() == nil {
		return ""
	}
	name := obj.Name()
	switch obj.Pkg().Path() {
	case "fmt":
		if strings.HasPrefix(name, "Print") {
			return "analyzers do not print"
		}
	case "os":
		if name == "Stdout" {
			return "standard output belongs to the driver"
		}
	case "golang.org/x/tools/go/analysis":
		reports := name == "Reportf" || name == "ReportRangef" || name == "Report" && isField(obj)
		if reports && from != internal+"diag" {
			return "report through diag.Reporter"
		}
	}
	return ""
}

func isField(obj types.Object) bool { v, ok := obj.(*types.Var); return ok && v.IsField() }

func TestSilenced(t *testing.T) {
	osPkg := types.NewPackage("os", "os")
	analysisPkg := types.NewPackage("golang.org/x/tools/go/analysis", "analysis")
	report := types.NewField(token.NoPos, analysisPkg, "Report", types.Typ[types.Int], false)
	if silenced(suite+"/x", types.Universe.Lookup("println")) == "" {
		t.Error("println passes")
	}
	if silenced(suite+"/x", types.NewVar(token.NoPos, osPkg, "Stdout", types.Typ[types.Int])) == "" {
		t.Error("os.Stdout passes")
	}
	if silenced(suite+"/x", report) == "" || silenced(internal+"diag", report) != "" {
		t.Error("pass.Report is for diag, and for it alone")
	}
}

// TestTopLevel keeps the front of the project small.
func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	ignored, err := os.ReadFile(filepath.Join("..", ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"analyzers", "cmd", "docs", "testdata"}
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() || strings.HasPrefix(name, ".") || slices.Contains(allowed, name) ||
			slices.Contains(strings.Fields(string(ignored)), "/"+name+"/") {
			continue
		}
		t.Errorf("folder %s: the top level holds %s and dot folders", name, strings.Join(allowed, ", "))
	}
}
