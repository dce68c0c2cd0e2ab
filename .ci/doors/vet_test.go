package doors

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/conclint/conclint/analyzers"
)

// mistake has one finding, with a fix, that every version of conclint knows: a
// directive that names an unknown analyzer.
const (
	mistake  = "package p\n\nvar X = 1 //conclint:ignore lostcancle a mistyped name\n"
	repaired = "package p\n\nvar X = 1 //conclint:ignore lostcancel a mistyped name\n"
	mention  = "p.go:3:29: lostcancle is no analyzer of conclint"
)

func TestVettool(t *testing.T) {
	dir := fixtures(t)
	want := standalone(t, dir, append(elsewhere(analyzers.Vettool), beside, "./...")...)
	o := run(t, dir, "go", "vet", "-vettool="+conclint(t), "-json", "./...")
	same(t, "conclint", want, "go vet -vettool", vetted(t, dir, o))
}

// vetted reads the JSON of go vet: an object for each package, between lines
// that start with a hash.
func vetted(t *testing.T, dir string, o outcome) []string {
	t.Helper()
	text := o.stdout
	if !strings.Contains(text, "{") {
		text = o.stderr
	}
	text = regexp.MustCompile(`(?m)^#.*$`).ReplaceAllString(text, "")
	dec := json.NewDecoder(strings.NewReader(text))
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for {
		var packages map[string]map[string]json.RawMessage
		if err := dec.Decode(&packages); errors.Is(err, io.EOF) {
			return sorted(list)
		} else if err != nil {
			t.Fatalf("%v\n%v", err, o)
		}
		for _, byAnalyzer := range packages {
			for analyzer, raw := range byAnalyzer {
				var diagnostics []struct{ Posn, Message string }
				if err := json.Unmarshal(raw, &diagnostics); err != nil {
					t.Errorf("%s: %s", analyzer, raw)
				}
				for _, d := range diagnostics {
					m := regexp.MustCompile(`^(.*):(\d+):(\d+)$`).FindStringSubmatch(d.Posn)
					if m == nil {
						t.Fatalf("position %q", d.Posn)
					}
					rel, err := filepath.Rel(dir, m[1])
					if err != nil {
						t.Fatal(err)
					}
					line, _ := strconv.Atoi(m[2])
					column, _ := strconv.Atoi(m[3])
					list = append(list, finding{filepath.ToSlash(rel), line, column, analyzer, d.Message}.String())
				}
			}
		}
	}
}

func TestVettoolText(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"go.mod": "module p\n\ngo 1.26\n", "p.go": mistake})
	o := run(t, dir, "go", "vet", "-vettool="+conclint(t), "./...")
	if o.code == 0 || !strings.Contains(o.stderr, mention) {
		t.Errorf("want %q and a failure, got %v", mention, o)
	}
}

func TestFix(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"go.mod": "module p\n\ngo 1.26\n", "p.go": mistake})
	content := func() string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, "p.go"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	tool := "-vettool=" + conclint(t)
	o := run(t, dir, "go", "vet", tool, "-fix", "-diff", "./...")
	if !strings.Contains(o.stdout, "\n-var X = 1 //conclint:ignore lostcancle a mistyped name\n+var X = 1 //conclint:ignore lostcancel a mistyped name\n") {
		t.Errorf("want a diff, got %v", o)
	}
	if content() != mistake {
		t.Errorf("-diff changed the file:\n%s", content())
	}
	if o := run(t, dir, "go", "vet", tool, "-fix", "./..."); content() != repaired {
		t.Errorf("-fix made\n%s\n%v", content(), o)
	}
}

// TestFixtureFixes applies all fixes of an analyzer to its fixtures and
// compares with what its own test expects.
func TestFixtureFixes(t *testing.T) {
	dir := fixtures(t)
	for _, c := range analyzers.All() {
		goldens, err := filepath.Glob(filepath.Join(dir, c.Name, "bad", "*.go.golden"))
		if err != nil {
			t.Fatal(err)
		}
		if len(goldens) == 0 {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			only := "-" + c.Name
			if c.Name == "ignore" {
				only = "-enable=all" // it judges what others found
			}
			o := run(t, dir, "go", "vet", "-vettool="+conclint(t), only, "-copylock.vet", "-fix", "./"+c.Name+"/bad/...")
			for _, golden := range goldens {
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				got, err := os.ReadFile(strings.TrimSuffix(golden, ".golden"))
				if err != nil {
					t.Fatal(err)
				}
				if string(got) != string(want) {
					t.Errorf("%s differs after -fix:\n%s\n%v", filepath.Base(golden), got, o)
				}
			}
		})
	}
}

// TestGoTool uses a tool line of go.mod.
func TestGoTool(t *testing.T) {
	dir := t.TempDir()
	const module = "github.com/conclint/conclint"
	write(t, dir, map[string]string{
		"p.go": mistake,
		"go.mod": "module p\n\ngo 1.26.0\n\n" +
			"tool " + module + "/cmd/conclint\n\n" +
			"require " + module + " v0.0.0\n\n" +
			"replace " + module + " => " + root() + "\n",
	})
	must(t, dir, "go", "mod", "tidy")
	o := run(t, dir, "go", "tool", "conclint", "./...")
	if o.code != 1 || !strings.Contains(o.stdout, mention) {
		t.Errorf("want %q and exit code 1, got %v", mention, o)
	}
	write(t, dir, map[string]string{"p.go": "package p\n"})
	if o := run(t, dir, "go", "tool", "conclint", "./..."); o.code != 0 || o.stdout != "" {
		t.Errorf("want silence and exit code 0, got %v", o)
	}
}
