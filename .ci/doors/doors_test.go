// Package doors runs conclint the ways its users do: as a command, as the tool
// of go vet, as a go tool, inside golangci-lint and as a hook of pre-commit.
// The same fixtures must give the same findings everywhere.
//
// It needs more than the module itself and so is run by .ci/run:
//
//	go test -v ./.ci/doors
package doors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/conclint/conclint/analyzers"
)

// scratch holds what several tests use.
var scratch string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "doors")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	scratch = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// root is the folder of this project.
var root = sync.OnceValue(func() string {
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		panic(err)
	}
	return dir
})

// conclint builds the command once and returns its path.
func conclint(t *testing.T) string {
	t.Helper()
	exe, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

var buildOnce = sync.OnceValues(func() (string, error) {
	return build(root(), "./cmd/conclint", "conclint")
})

func build(dir, pkg, name string) (string, error) {
	exe := filepath.Join(scratch, name)
	cmd := exec.Command("go", "build", "-o", exe, pkg)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%v: %w\n%s", cmd, err, out)
	}
	return exe, nil
}

// fixtures copies the fixture module, so that no configuration of this
// project is found above it and fixes can be applied.
func fixtures(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "fixtures")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(root(), "testdata", "src"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// write makes files below dir.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// An outcome is what a command left behind.
type outcome struct {
	stdout, stderr string
	code           int
}

func (o outcome) String() string {
	return fmt.Sprintf("exit code %d\n--- stdout\n%s--- stderr\n%s", o.code, o.stdout, o.stderr)
}

// run runs a command in dir. A command that cannot be started fails the test.
func run(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	return runEnv(t, dir, nil, args...)
}

func runEnv(t *testing.T, dir string, env []string, args ...string) outcome {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %v", cmd, err)
	}
	return outcome{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// must runs a command that has to succeed.
func must(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	o := run(t, dir, args...)
	if o.code != 0 {
		t.Fatalf("%s: %v", strings.Join(args, " "), o)
	}
	return o
}

// A finding is what all doors tell.
type finding struct {
	file         string // relative to the module, with slashes
	line, column int
	analyzer     string
	message      string
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", f.file, f.line, f.column, f.analyzer, f.message)
}

// beside leaves out what go vet's own copylocks reports: behind the other doors
// that comes from go vet itself, and conclint is silent about it there.
const beside = "-copylock.vet=false"

// standalone runs the conclint command in dir. It must find something.
func standalone(t *testing.T, dir string, args ...string) []string {
	t.Helper()
	o := run(t, dir, slices.Concat([]string{conclint(t), "-format", "json"}, args)...)
	if o.code != 1 {
		t.Fatalf("conclint %s: want exit code 1, got %v", strings.Join(args, " "), o)
	}
	var report struct {
		Findings []struct {
			Analyzer, Message, File string
			Line, Column            int
		}
	}
	if err := json.Unmarshal([]byte(o.stdout), &report); err != nil {
		t.Fatalf("%v\n%v", err, o)
	}
	var list []string
	for _, f := range report.Findings {
		list = append(list, finding{f.File, f.Line, f.Column, f.Analyzer, f.Message}.String())
	}
	return sorted(list)
}

func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// same compares two lists of findings.
func same(t *testing.T, wantFrom string, want []string, gotFrom string, got []string) {
	t.Helper()
	if len(want) == 0 {
		t.Errorf("%s: no findings to compare with", wantFrom)
	}
	for _, f := range want {
		if !slices.Contains(got, f) {
			t.Errorf("only %s: %s", wantFrom, f)
		}
	}
	for _, f := range got {
		if !slices.Contains(want, f) {
			t.Errorf("only %s: %s", gotFrom, f)
		}
	}
	t.Logf("%d findings of %s, %d of %s", len(want), wantFrom, len(got), gotFrom)
}

// elsewhere returns -disable flags for the checks that a door leaves out.
func elsewhere(door analyzers.Door) []string {
	on, err := analyzers.Select(door, nil, nil)
	if err != nil {
		panic(err)
	}
	var off []string
	for _, c := range analyzers.All() {
		if !slices.ContainsFunc(on, func(o *analyzers.Check) bool { return o.Name == c.Name }) {
			off = append(off, c.Name)
		}
	}
	if len(off) == 0 {
		return nil
	}
	return []string{"-disable", strings.Join(off, ",")}
}

// TestStandalone compares the command with the goldens that the analyzers'
// own tests wrote in process.
func TestStandalone(t *testing.T) {
	dir := fixtures(t)
	goldens, err := filepath.Glob(filepath.Join(dir, "*", "findings.golden"))
	if err != nil || len(goldens) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	for _, golden := range goldens {
		name := filepath.Base(filepath.Dir(golden))
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for line := range strings.Lines(string(text)) {
				if strings.HasPrefix(line, "\t") {
					continue // related, fixes
				}
				// file:line:column-line:column category: message
				span, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
				pos, _, _ := strings.Cut(span, "-")
				_, message, _ := strings.Cut(rest, ": ")
				want = append(want, pos+": "+name+": "+message)
			}
			args := []string{"-disable", "all", "-enable", name, "./" + name + "/..."}
			if name == "ignore" {
				args = []string{"-enable", "all", "./ignore/..."} // it judges what others found
			}
			flags, err := os.ReadFile(filepath.Join(dir, name, "flags")) // as its own test sets them
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(flags)) {
				args = append([]string{"-" + name + "." + strings.TrimSpace(line)}, args...)
			}
			got := slices.DeleteFunc(standalone(t, dir, args...), func(f string) bool {
				return !strings.Contains(f, ": "+name+": ")
			})
			same(t, "findings.golden", sorted(want), "conclint", got)
		})
	}
}
