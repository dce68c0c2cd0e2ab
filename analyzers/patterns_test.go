package analyzers_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/conclint/conclint/analyzers"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

// TestPatterns holds what docs/patterns.md promises: the code is the one that is
// shown, it works, and no analyzer has anything to say about it.
func TestPatterns(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", "testdata", "src"))
	if err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off")

	t.Run("page", func(t *testing.T) { comparePatterns(t, filepath.Join(root, "patterns")) })

	t.Run("code", func(t *testing.T) {
		cmd := exec.Command("go", "test", "./patterns")
		cmd.Dir, cmd.Env = root, env
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})

	// Each in a package of its own, by file and line: what is found, and what is
	// said to be.
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: root, Env: env, Tests: true,
	}, "./patterns/...")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 || len(pkgs) == 0 {
		t.Fatal("the patterns do not compile")
	}
	// With the flags that fixtures have: what is quiet then is quiet without them.
	for _, c := range analyzers.All() {
		linttest.SetFlags(t, c, filepath.Join(root, c.Name, "flags"))
	}
	graph, err := checker.Analyze(analyzers.Analyzers(analyzers.All()), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]bool) // "mistakes.go:12 analyzer"
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Errorf("%v: %v", act, act.Err)
		}
		for _, d := range act.Diagnostics {
			at := act.Package.Fset.Position(d.Pos)
			if strings.HasSuffix(act.Package.PkgPath, "/mistakes") {
				found[fmt.Sprintf("%d %s", at.Line, act.Analyzer.Name)] = true
			} else {
				t.Errorf("%s: %s (%s)", at, d.Message, act.Analyzer.Name)
			}
		}
	}
	src, err := os.ReadFile(filepath.Join(root, "patterns", "mistakes", "mistakes.go"))
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(src), "\n") {
		_, name, ok := strings.Cut(line, "// finds ")
		if ok && known(name) && !found[fmt.Sprintf("%d %s", i+1, name)] {
			t.Errorf("mistakes.go:%d: %s does not find this", i+1, name)
		}
	}
}

var (
	shownCode = regexp.MustCompile("(?s)<!-- (\\w+\\.go) -->\n```go\n.*?```\n")
	pageLink  = regexp.MustCompile(`\]\((\w+)\.md(?:#([\w-]+))?\)`)
)

// comparePatterns holds the code in docs/patterns.md against the files, which
// -update copies there, and its links against the analyzers.
func comparePatterns(t *testing.T, dir string) {
	page := filepath.Join("..", "docs", "patterns.md")
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	shown := make(map[string]bool)
	want := shownCode.ReplaceAllStringFunc(string(text), func(block string) string {
		name := shownCode.FindStringSubmatch(block)[1]
		src, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			return block
		}
		shown[name] = true
		_, code, _ := strings.Cut(string(src), "package patterns\n")
		return "<!-- " + name + " -->\n```go\n" + strings.TrimSpace(code) + "\n```\n"
	})
	compare(t, page, want)
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := filepath.Base(f); name != "doc.go" && !strings.HasSuffix(name, "_test.go") && !shown[name] {
			t.Errorf("%s is not shown on the page", name)
		}
	}
	checkLinks(t, page, want)
	coverage := filepath.Join("..", "docs", "coverage.md")
	if text, err = os.ReadFile(coverage); err != nil {
		t.Fatal(err)
	}
	checkLinks(t, coverage, string(text))
}

// known reports whether there is an analyzer of that name.
func known(name string) bool {
	return slices.ContainsFunc(analyzers.All(), func(c *diag.Check) bool { return c.Name == name })
}

// checkLinks finds links to analyzers and categories that are not there. The page
// of an analyzer is generated once it is registered.
func checkLinks(t *testing.T, page, text string) {
	for _, m := range pageLink.FindAllStringSubmatch(text, -1) {
		doc, err := os.ReadFile(filepath.Join(m[1], "doc.go"))
		if err != nil && !known(m[1]) && m[1] != "README" {
			t.Errorf("%s: there is no analyzer %s", page, m[1])
		}
		if m[2] != "" && !strings.Contains(string(doc), "\n// # "+m[2]+"\n") {
			t.Errorf("%s: %s has no category %s", page, m[1], m[2])
		}
	}
}
