package main_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

const atomicModule = `
-- go.mod --
module example.com/m

go 1.26
-- a.go --
package m

import "sync/atomic"

func count(n int64) {
	n = atomic.AddInt64(&n, 1)
}
`

// TestReplay runs twice over source that no cache can know.
func TestReplay(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, atomicModule+fmt.Sprintf("\n// %d\n", time.Now().UnixNano()))
	for _, run := range []string{"first", "second"} {
		stdout, stderr, code := conclint(t, dir, nil, "-c=-1", "-v")
		if want := "a.go:6:2: direct assignment to atomic value (atomic)\n"; stdout != want || code != 1 {
			t.Errorf("%s run: code %d, %s", run, code, stdout)
		}
		if !strings.HasPrefix(stderr, "conclint: 1 package analysed") || !strings.Contains(stderr, " 1 finding, go1.") {
			t.Errorf("%s run: statistics are %s", run, stderr)
		}
	}
}

func TestOutputs(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, atomicModule)
	writeFile(t, filepath.Join(dir, "r.json"), []byte(strings.Repeat("what was here before is longer\n", 1000)))
	stdout, stderr, code := conclint(t, dir, nil, "-c=-1", "-format", "sarif", "-o", "r.sarif", "-o", "r.json", "-o", "r.codequality",
		"-format", "gitlab", "-format", "checkstyle", "-o", "r.xml", "-format", "rdjson", "-o", "r.rdjson", "-o=r.txt", "-format=github", "-o=github")
	if code != 1 || stderr != "" || !strings.HasPrefix(stdout, "a.go:6:2: ") {
		t.Fatalf("code %d\n%s%s", code, stdout, stderr)
	}
	for _, name := range []string{"r.sarif", "r.json", "r.codequality", "r.xml", "r.rdjson", "r.txt", "github"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		var v any
		switch name {
		case "r.xml":
			v = new(struct{ XMLName xml.Name })
			err = xml.Unmarshal(data, v)
		case "r.txt", "github":
		default:
			err = json.Unmarshal(data, &v)
		}
		if err != nil || !strings.Contains(string(data), "a.go") || !strings.Contains(string(data), "direct assignment") {
			t.Errorf("%s: %v\n%s", name, err, data)
		}
		if strings.Contains(string(data), dir) {
			t.Errorf("%s holds a path of this machine:\n%s", name, data)
		}
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	dir := workDir(t) // none of this needs a module
	for _, test := range []struct {
		args string
		want []string
	}{
		{"-h", []string{"Usage:", "conclint ./server/...", "Exit codes"}},
		{"help", []string{"Usage:"}},
		{"-c 3 -help", []string{"Usage:"}},
		{"list", []string{"NAME", "atomic ", " races ", " on ", "check for common mistakes using the sync/atomic package"}},
		{"list -format json", []string{`"name": "atomic"`, `"family": "races"`, `"default": true`}},
		{"explain ignore", []string{"ignore: check that", "# useless", "family:     meta", "fixable:    yes", "docs/ignore.md"}},
		{"help lostcancel", []string{"lostcancel: ", "must be called"}},
		{"version", []string{"conclint ", "go1.", runtime.GOARCH}},
	} {
		stdout, stderr, code := conclint(t, dir, nil, strings.Fields(test.args)...)
		if code != 0 || stderr != "" {
			t.Errorf("conclint %s: code %d, %s", test.args, code, stderr)
		}
		for _, want := range test.want {
			if !strings.Contains(stdout, want) {
				t.Errorf("conclint %s does not print %q but\n%s", test.args, want, stdout)
			}
		}
		for line := range strings.Lines(stdout) {
			if len(line) > 100 && !strings.HasPrefix(test.args, "list") {
				t.Errorf("conclint %s: this line is long: %s", test.args, line)
			}
		}
	}
}

// TestGoCommand is about a machine whose go command is missing, too old, or fails.
func TestGoCommand(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for the go command is a shell script")
	}
	t.Parallel()
	dir := writeFiles(t, atomicModule)
	for _, test := range []struct{ name, script, want string }{
		{"missing", "", "conclint: the go command is not in PATH; conclint needs Go 1.26 or newer (https://go.dev/dl)\n"},
		{"old", `echo '{"GOVERSION": "go1.25.4", "GOMOD": "/m/go.mod"}'`,
			"conclint: go is version 1.25; conclint needs Go 1.26 or newer, whose vet repeats the findings of unchanged packages\n"},
		{"failing", "echo 'go: go.mod requires go >= 1.99 (running go 1.26; GOTOOLCHAIN=local)' >&2; exit 1",
			"conclint: go env: go.mod requires go >= 1.99 (running go 1.26; GOTOOLCHAIN=local)\n"},
		{"silent", `test $1 = env && echo '{"GOVERSION": "go1.26.0", "GOMOD": "/m/go.mod"}'`, "conclint: go vet failed and did not say why\n"},
		{"chatty", `if test $1 = env; then echo '{"GOVERSION": "devel go1.28-0123"}'; else echo hello; fi`,
			"conclint: reading the output of go vet: unexpected: hello\n"},
	} {
		path := workDir(t)
		if test.script != "" {
			writeFile(t, filepath.Join(path, "go"), []byte("#!/bin/sh\n"+test.script+"\n"))
			if err := os.Chmod(filepath.Join(path, "go"), 0o777); err != nil {
				t.Fatal(err)
			}
		}
		stdout, stderr, code := conclint(t, dir, []string{"PATH=" + path})
		if code != 2 || stdout != "" || stderr != test.want {
			t.Errorf("%s: code %d\n%s%s", test.name, code, stdout, stderr)
		}
	}
}

// TestGoTool runs conclint by a tool line in a go.mod.
func TestGoTool(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, atomicModule)
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	_, requirements, _ := strings.Cut(string(mod), "\ngo 1.26.0\n")
	writeFile(t, filepath.Join(dir, "go.mod"), []byte("module example.com/m\n\ngo 1.26.0\n\ntool github.com/conclint/conclint/cmd/conclint\n\n"+
		"require github.com/conclint/conclint v0.0.0\n\nreplace github.com/conclint/conclint => "+root+"\n"+requirements))
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "go.sum"), sum)

	cmd := exec.Command("go", "tool", "conclint", "-c=-1", "./...")
	cmd.Dir, cmd.Env = dir, environment()
	stdout, stderr, code := output(t, cmd)
	if want := "a.go:6:2: direct assignment to atomic value (atomic)\n"; stdout != want || code != 1 {
		t.Errorf("code %d\n%s%s", code, stdout, stderr)
	}
}

// brokenAnalyzers is compiled into a conclint of its own.
const brokenAnalyzers = `package analyzers

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
)

func init() {
	for name, run := range map[string]func(*analysis.Pass) (any, error){
		"crashes": func(*analysis.Pass) (any, error) { go panic("into the void"); time.Sleep(time.Minute); return nil, nil },
		"dawdles": func(*analysis.Pass) (any, error) { time.Sleep(3 * time.Second); return nil, nil },
		"fails":   func(*analysis.Pass) (any, error) { return nil, errors.New("no idea") },
		"panics":  func(*analysis.Pass) (any, error) { var m map[string]int; m["x"]++; return nil, nil },
		"prints":  func(*analysis.Pass) (any, error) { fmt.Println("a stray word"); return nil, nil },
		"sleeps":  func(*analysis.Pass) (any, error) { time.Sleep(time.Minute); return nil, nil },
	} {
		known = append(known, upstream(&analysis.Analyzer{Name: name, Doc: "break " + name, Run: func(pass *analysis.Pass) (any, error) {
			if strings.HasSuffix(pass.Pkg.Path(), "/"+name) {
				return run(pass)
			}
			return nil, nil
		}}, diag.Misuse, false, nil))
	}
}
`

// broken builds a conclint whose analyzers break on the packages of their names.
func broken(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := workDir(t)
	source := filepath.Join(dir, "broken.go")
	writeFile(t, source, []byte(brokenAnalyzers))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "analyzers", "broken.go"): source}})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "overlay.json"), overlay)
	program := filepath.Join(dir, "conclint")
	cmd := exec.Command("go", "build", "-buildvcs=false", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, ".")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// brokenModule has a package for each broken analyzer, with a finding in each.
func brokenModule(t *testing.T) string {
	dir := writeFiles(t, atomicModule)
	source, err := os.ReadFile(filepath.Join(dir, "a.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"crashes", "dawdles", "fails", "panics", "prints", "sleeps"} {
		writeFile(t, filepath.Join(dir, name, name+".go"), []byte(strings.Replace(string(source), "package m", "package "+name, 1)))
	}
	return dir
}

// TestInternalErrors is about analyzers that break: all else goes on, also when the cache replays it.
func TestInternalErrors(t *testing.T) {
	t.Parallel()
	program, dir := broken(t), brokenModule(t)
	for _, run := range []string{"first", "second"} {
		cmd := exec.Command(program, "-c=-1", ".", "./crashes", "./fails", "./panics", "./prints")
		cmd.Dir, cmd.Env = dir, environment()
		stdout, stderr, code := output(t, cmd)
		const finding = ": direct assignment to atomic value (atomic)\n"
		if want := "a.go:6:2" + finding + "fails/fails.go:6:2" + finding + "panics/panics.go:6:2" + finding + "prints/prints.go:6:2" + finding; stdout != want || code != 2 {
			t.Errorf("%s run: code %d, %s", run, code, stdout)
		}
		for _, want := range []string{
			"conclint: package example.com/m/crashes: panic: into the void\n",
			"conclint: analyzer fails failed on package example.com/m/fails: no idea\n",
			"conclint: analyzer panics panicked on package example.com/m/panics: assignment to entry in nil map\n",
			"broken.go:", // the stack
			"conclint: reading the output of go vet: unexpected: a stray word\n",
		} {
			if !strings.Contains(stderr, want) {
				t.Errorf("%s run: %q is missing in\n%s", run, want, stderr)
			}
		}
		if strings.Contains(stderr, "failed prerequisites") {
			t.Errorf("%s run: consequences are reported:\n%s", run, stderr)
		}
	}
}

// TestProgress asks for progress on what is no terminal.
func TestProgress(t *testing.T) {
	t.Parallel()
	program := broken(t)
	for when, want := range map[string]bool{"always": true, "never": false, "auto": false} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			dir := brokenModule(t)
			// The cache must not know this package.
			writeFile(t, filepath.Join(dir, "dawdles", "new.go"), fmt.Appendf(nil, "package dawdles // %d", time.Now().UnixNano()))
			cmd := exec.Command(program, "-progress="+when, ".", "./dawdles")
			cmd.Dir, cmd.Env = dir, environment()
			_, stderr, code := output(t, cmd)
			if code != 1 {
				t.Fatalf("code %d, %s", code, stderr)
			}
			lines := strings.Split(stderr, "\r")
			if got := slices.Contains(lines, "conclint: 2 of 2 packages done"); got != want {
				t.Errorf("%q", stderr)
			}
			if blank := lines[len(lines)-1]; blank != "" {
				t.Errorf("the line is not erased: %q", stderr)
			}
		})
	}
}
