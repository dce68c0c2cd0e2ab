// Package linttest holds fixtures against a check. It stands on analysistest
// and looks at what that leaves alone: categories, ends, related positions,
// fixes, order, the form of messages, and whether a second run says the same.
//
// The fixtures of a check NAME are the packages of testdata/src/NAME:
//
//	bad/     every defect, each with a want comment
//	good/    the same scenarios, repaired by the smallest edit: no finding
//	limits/  known misses and known false alarms (with a want comment)
//
// A file of bad has a twin of the same name in good. What each package yields
// is kept whole in NAME/findings.golden, and a file after its fixes in
// FILE.go.golden; go test -update rewrites both. NAME/flags, if there is one,
// lists flags of the check that its fixtures need.
package linttest

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"go/format"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/conclint/conclint/analyzers/internal/diag"
)

// Update is the flag -update of every test that imports this package: rewrite
// what is generated, rather than hold it against what it should be.
var Update = flag.Bool("update", false, "rewrite the golden files and the generated documentation")

// Root is the module of all fixtures. It depends on where the test runs: in
// the directory of its package, anywhere below the top of the project.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "testdata", "src", "go.mod")); err == nil {
			return filepath.Join(dir, "testdata", "src")
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no directory above the test holds testdata/src/go.mod")
		}
		dir = up
	}
}

// Run tests the check on its fixtures.
func Run(t *testing.T, c *diag.Check) {
	t.Helper()
	root := Root(t)
	pattern := "./" + c.Name + "/..."
	SetFlags(t, c, filepath.Join(root, c.Name, "flags"))
	if c.Fixable {
		if *Update {
			writeFixed(t, root, c, pattern)
		}
		analysistest.RunWithSuggestedFixes(t, root, c.Analyzer, pattern)
	} else {
		analysistest.Run(t, root, c.Analyzer, pattern)
	}
	twins(t, filepath.Join(root, c.Name))

	first := Findings(t, root, c, pattern)
	if second := Findings(t, root, c, pattern); !bytes.Equal(first, second) {
		t.Errorf("two runs differ:\n%s\n--- and ---\n%s", first, second)
	}
	golden := filepath.Join(root, c.Name, "findings.golden")
	if *Update {
		if err := os.WriteFile(golden, first, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if !bytes.Equal(first, want) {
		t.Errorf("findings differ from %s (go test -update rewrites it):\n%s", golden, firstDifference(string(want), string(first)))
	}
}

// twins reports files of bad without their counterpart in good.
func twins(t *testing.T, dir string) {
	t.Helper()
	bad := filepath.Join(dir, "bad")
	err := filepath.WalkDir(bad, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		rel, _ := filepath.Rel(bad, path)
		if _, err := os.Stat(filepath.Join(dir, "good", rel)); err != nil {
			t.Errorf("bad/%s has no twin: %v", filepath.ToSlash(rel), err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// SetFlags sets the flags of the check that the file lists, one name=value a line,
// until the test ends. Most fixtures need none, and have no such file.
func SetFlags(t *testing.T, c *diag.Check, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		f := c.Analyzer.Flags.Lookup(name)
		if f == nil {
			t.Fatalf("%s: no flag %q", file, name)
		}
		old := f.Value.String()
		if err := c.Analyzer.Flags.Set(name, value); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		t.Cleanup(func() {
			if err := c.Analyzer.Flags.Set(name, old); err != nil {
				t.Error(err)
			}
		})
	}
}

// Findings runs the check over the packages of a fixture module and returns
// what it says, one finding a line, with related positions and fixes indented
// below. It fails the test for a finding whose form breaks the house rules.
func Findings(t *testing.T, root string, c *diag.Check, patterns ...string) []byte {
	t.Helper()
	graph := analyze(t, root, c, patterns...)
	seen := make(map[string]bool) // a file is in its package and in the test variant
	var lines []string
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Errorf("%s: %v", act.Package.PkgPath, act.Err)
		}
		for _, d := range act.Diagnostics {
			l := line(root, act.Package.Fset, d)
			if seen[l] {
				continue
			}
			seen[l] = true
			lines = append(lines, l)
			checkForm(t, c, act.Package.Fset, d)
		}
	}
	slices.SortStableFunc(lines, func(a, b string) int {
		// Packages come in any order; within a file the order is the check's.
		return strings.Compare(file(a), file(b))
	})
	return []byte(strings.Join(lines, ""))
}

func analyze(t *testing.T, root string, c *diag.Check, patterns ...string) *checker.Graph {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{
		Mode:  packages.LoadAllSyntax | packages.NeedModule,
		Dir:   root,
		Tests: true,
		Env:   append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off"),
	}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{c.Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	return graph
}

// writeFixed writes NAME.go.golden beside each fixture that has fixes: the file
// after all of them. analysistest compares with these.
func writeFixed(t *testing.T, root string, c *diag.Check, pattern string) {
	t.Helper()
	type edit struct {
		start, end int
		text       string
	}
	edits := make(map[string][]edit)
	for _, act := range analyze(t, root, c, pattern).Roots {
		for _, d := range act.Diagnostics {
			for _, f := range d.SuggestedFixes {
				for _, e := range f.TextEdits {
					start := act.Package.Fset.Position(e.Pos)
					end := start.Offset
					if e.End.IsValid() {
						end = act.Package.Fset.Position(e.End).Offset
					}
					if ed := (edit{start.Offset, end, string(e.NewText)}); !slices.Contains(edits[start.Filename], ed) {
						edits[start.Filename] = append(edits[start.Filename], ed)
					}
				}
			}
		}
	}
	for name, list := range edits {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortStableFunc(list, func(a, b edit) int { return cmp.Or(b.start-a.start, b.end-a.end) })
		for _, e := range list {
			src = slices.Concat(src[:e.start], []byte(e.text), src[e.end:])
		}
		if formatted, err := format.Source(src); err == nil {
			src = formatted
		} else {
			t.Errorf("%s: the fixed file does not parse: %v", name, err)
		}
		if err := os.WriteFile(name+".golden", src, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func file(line string) string { f, _, _ := strings.Cut(line, ":"); return f }

func line(root string, fset *token.FileSet, d analysis.Diagnostic) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s\n", span(root, fset, d.Pos, d.End), d.Category, d.Message)
	for _, r := range d.Related {
		fmt.Fprintf(&b, "\trelated %s: %s\n", span(root, fset, r.Pos, r.End), r.Message)
	}
	for _, f := range d.SuggestedFixes {
		fmt.Fprintf(&b, "\tfix: %s\n", f.Message)
	}
	return b.String()
}

func span(root string, fset *token.FileSet, pos, end token.Pos) string {
	p := fset.Position(pos)
	name, err := filepath.Rel(root, p.Filename)
	if err != nil || strings.HasPrefix(name, "..") {
		name = filepath.Base(p.Filename)
	}
	e := fset.Position(end)
	return fmt.Sprintf("%s:%d:%d-%d:%d", filepath.ToSlash(name), p.Line, p.Column, e.Line, e.Column)
}

var guess = regexp.MustCompile(`(?i)\b(possibl[ey]|potential(ly)?|may want|might want|consider)\b`)

// checkForm holds a finding against the house rules for messages.
func checkForm(t *testing.T, c *diag.Check, fset *token.FileSet, d analysis.Diagnostic) {
	t.Helper()
	bad := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s: %q: %s", fset.Position(d.Pos), d.Message, fmt.Sprintf(format, args...))
	}
	if !slices.Contains(c.Categories, d.Category) {
		bad("category %q is not declared", d.Category)
	}
	if d.End <= d.Pos {
		bad("the finding has no end")
	}
	if n := utf8.RuneCountInString(d.Message); n > 160 {
		bad("%d characters, 160 are allowed", n)
	}
	if strings.ContainsRune(d.Message, '\n') {
		bad("more than one line")
	}
	if strings.HasSuffix(d.Message, ".") {
		bad("a final stop")
	}
	if first, size := utf8.DecodeRuneInString(d.Message); unicode.IsUpper(first) {
		// An identifier or expression may start with a capital.
		if word, _, _ := strings.Cut(d.Message[size:], " "); word == strings.ToLower(word) && !strings.ContainsAny(word, ".([*_") {
			if !isIdentifier(d.Message) {
				bad("starts with a capital")
			}
		}
	}
	if w := guess.FindString(d.Message); w != "" {
		bad("says %q; name the condition instead", w)
	}
	if len(d.SuggestedFixes) > 1 {
		bad("%d fixes, one is allowed", len(d.SuggestedFixes))
	}
	if len(d.SuggestedFixes) > 0 && !c.Fixable {
		bad("a fix, but the check is not declared fixable")
	}
	for _, r := range d.Related {
		if r.Message == "" || r.End <= r.Pos {
			bad("a related position without message or end")
		}
	}
}

// isIdentifier reports whether a message starts with an exported name: that is
// taken on trust when the name is short of a sentence's first word.
func isIdentifier(message string) bool {
	word, rest, _ := strings.Cut(message, " ")
	return len(word) > 0 && (strings.HasPrefix(rest, "is ") || strings.HasPrefix(rest, "copies ") || strings.HasPrefix(rest, "returns ") || strings.HasPrefix(rest, "passes "))
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("line %d\n  want %s\n  got  %s", i+1, a, b)
		}
	}
	return ""
}

// ByDefault compares what the check finds in its fixtures without the flags that these ask for
// with default.golden among them.
func ByDefault(t *testing.T, check *diag.Check) {
	t.Helper()
	root := Root(t)
	name := check.Analyzer.Name
	got := Findings(t, root, check, "./"+name+"/...")
	golden := filepath.Join(root, name, "default.golden")
	if *Update {
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("findings differ from %s (go test -update rewrites it):\n%s", golden, got)
	}
}
