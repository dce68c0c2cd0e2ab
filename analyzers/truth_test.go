package analyzers_test

import (
	"bufio"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/conclint/conclint/analyzers"
)

// leastNamed is how many of the leak programs were named at a line where they
// hang, by the analyzers that are on by default, when this was last looked at. It
// may only grow.
const leastNamed = 59

// TestLeakPrograms runs the default analyzers over the leak programs of the Go
// distribution, each a package of its own, and scores by line: a test is found
// when some analyzer reports where it really hangs, or a caller of that line.
// It takes a minute and runs when LEAKPROGRAMS is set; to "all", with every
// analyzer. -v shows who found what.
func TestLeakPrograms(t *testing.T) {
	if os.Getenv("LEAKPROGRAMS") == "" {
		t.Skip("LEAKPROGRAMS is not set")
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	src := filepath.Join(strings.TrimSpace(string(root)), "src", "runtime", "testdata", "testgoroutineleakprofile")
	if _, err := os.Stat(src); err != nil {
		t.Skip(err)
	}
	var enable []string
	if os.Getenv("LEAKPROGRAMS") == "all" {
		enable = []string{"all"}
	}
	checks, err := analyzers.Select(analyzers.Standalone, enable, []string{"chandir", "raceflag"})
	if err != nil {
		t.Fatal(err)
	}
	tests, files := leakTests(t)
	found := 0
	var missed []string
	by := make(map[string]int)
	for _, file := range files {
		path := filepath.Join(src, "goker", file)
		if _, err := os.Stat(path); err != nil {
			path = filepath.Join(src, file)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Skip(err)
		}
		dir := t.TempDir()
		for name, data := range map[string]string{
			"go.mod":  "module program\n\ngo 1.26\n",
			"stub.go": "package main\n\nfunc register(string, func()) {}\nfunc registerInit(string, func()) {}\n\nconst yieldCount = 10\n\nfunc main() {}\n",
			file:      string(text),
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: dir, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=")}, ".")
		if err != nil {
			t.Fatal(err)
		}
		graph, err := checker.Analyze(analyzers.Analyzers(checks), pkgs, nil)
		if err != nil {
			t.Fatal(err)
		}
		at := make(map[string][]string)
		for _, act := range graph.Roots {
			for _, d := range act.Diagnostics {
				positions := []int{pkgs[0].Fset.Position(d.Pos).Line}
				for _, r := range d.Related {
					positions = append(positions, pkgs[0].Fset.Position(r.Pos).Line)
				}
				for _, l := range positions {
					key := fmt.Sprintf("%s:%d", file, l)
					if !slices.Contains(at[key], act.Analyzer.Name) {
						at[key] = append(at[key], act.Analyzer.Name)
					}
				}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(tests[file])) {
			lines := tests[file][name]
			if len(lines) == 0 {
				continue
			}
			var who []string
			for _, l := range lines {
				for _, a := range at[l] {
					if !slices.Contains(who, a) {
						who = append(who, a)
					}
				}
			}
			if len(who) == 0 {
				missed = append(missed, name)
				continue
			}
			found++
			for _, a := range who {
				by[a]++
			}
			t.Logf("%s: %s", name, strings.Join(who, ", "))
		}
	}
	t.Logf("found %d, missed %d: %s", found, len(missed), strings.Join(missed, " "))
	for _, a := range slices.Sorted(maps.Keys(by)) {
		t.Logf("%4d %s", by[a], a)
	}
	if found < leastNamed {
		t.Errorf("found %d, at least %d are expected", found, leastNamed)
	}
}

// leakTests reads where the programs hang: file -> test -> lines.
func leakTests(t *testing.T) (map[string]map[string][]string, []string) {
	f, err := os.Open(filepath.Join("..", "testdata", "goroutineleak", "truth.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tests := make(map[string]map[string][]string)
	var files []string
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		col := strings.Split(sc.Text(), "\t")
		if strings.HasPrefix(sc.Text(), "#") || col[0] == "test" || len(col) < 4 {
			continue
		}
		if tests[col[1]] == nil {
			tests[col[1]] = make(map[string][]string)
			files = append(files, col[1])
		}
		lines := tests[col[1]][col[0]]
		if col[3] != "" {
			lines = append(lines, col[3])
		}
		if len(col) > 4 && col[4] != "" {
			lines = append(lines, strings.Split(col[4], ">")...)
		}
		tests[col[1]][col[0]] = lines
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return tests, files
}
