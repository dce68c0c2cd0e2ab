package linttest

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// A LeakProgram is one of the programs with leaking goroutines that the Go
// distribution tests its runtime with.
type LeakProgram struct {
	File  string
	Tests []LeakTest // those that the file registers
}

// A LeakTest is a test of a program.
type LeakTest struct {
	Name string
	// Lines are "file:line" of what hangs and of its callers, measured; none
	// where nothing was.
	Lines []string
}

// LeakPrograms reads the list of programs, a path like
// testdata/goroutineleak/truth.tsv.
func LeakPrograms(t testing.TB, list string) []LeakProgram {
	t.Helper()
	f, err := os.Open(list)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []LeakProgram
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		col := strings.Split(sc.Text(), "\t")
		if strings.HasPrefix(sc.Text(), "#") || col[0] == "test" || len(col) < 4 {
			continue
		}
		i := slices.IndexFunc(out, func(p LeakProgram) bool { return p.File == col[1] })
		if i < 0 {
			i = len(out)
			out = append(out, LeakProgram{File: col[1]})
		}
		p := &out[i]
		k := slices.IndexFunc(p.Tests, func(x LeakTest) bool { return x.Name == col[0] })
		if k < 0 {
			k = len(p.Tests)
			p.Tests = append(p.Tests, LeakTest{Name: col[0]})
		}
		x := &p.Tests[k]
		if col[3] != "" {
			x.Lines = append(x.Lines, col[3])
		}
		if len(col) > 4 && col[4] != "" {
			x.Lines = append(x.Lines, strings.Split(col[4], ">")...)
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

const leakStub = `package main

func register(string, func())     {}
func registerInit(string, func()) {}

const yieldCount = 10

func main() {}
`

// Load makes a package of the program and loads it. It skips the test when this
// distribution has not got the program.
func (p LeakProgram) Load(t testing.TB) []*packages.Package {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(strings.TrimSpace(string(root)), "src", "runtime", "testdata", "testgoroutineleakprofile")
	text, err := os.ReadFile(filepath.Join(dir, "goker", p.File))
	if err != nil {
		text, err = os.ReadFile(filepath.Join(dir, p.File))
	}
	if err != nil {
		t.Skip(err)
	}
	dir = t.TempDir()
	for name, data := range map[string]string{"go.mod": "module program\n\ngo 1.26\n", "stub.go": leakStub, p.File: string(text)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: dir, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=")}, ".")
	if err != nil {
		t.Fatal(err)
	}
	return pkgs
}
