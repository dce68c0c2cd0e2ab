package machine_test

import (
	"bufio"
	"fmt"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// programs is the directory of the leak programs that the Go distribution
// tests its runtime with.
func programs(t testing.TB) string {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(strings.TrimSpace(string(root)), "src", "runtime", "testdata", "testgoroutineleakprofile")
}

type truth struct {
	test, file string
	lines      []string // file:line of what hangs and of its callers
}

func readTruth(t testing.TB) []truth {
	f, err := os.Open(filepath.Join("..", "..", "..", "testdata", "goroutineleak", "truth.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []truth
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		col := strings.Split(sc.Text(), "\t")
		if strings.HasPrefix(sc.Text(), "#") || col[0] == "test" || len(col) < 4 {
			continue
		}
		i := slices.IndexFunc(out, func(x truth) bool { return x.test == col[0] })
		if i < 0 {
			i = len(out)
			out = append(out, truth{test: col[0], file: col[1]})
		}
		if col[3] != "" {
			out[i].lines = append(out[i].lines, col[3])
		}
		if len(col) > 4 && col[4] != "" {
			out[i].lines = append(out[i].lines, strings.Split(col[4], ">")...)
		}
	}
	return out
}

// leastFound is what was found when this was last looked at. It may only grow.
const leastFound = 66

const stub = `package main

func register(string, func())     {}
func registerInit(string, func()) {}

const yieldCount = 10

func main() {}
`

// load makes a package of one program and returns the machine's verdicts.
func load(t testing.TB, file string) (*machine.Result, *token.FileSet) {
	src := filepath.Join(programs(t), "goker", file)
	if _, err := os.Stat(src); err != nil {
		src = filepath.Join(programs(t), file)
	}
	text, err := os.ReadFile(src)
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	for name, data := range map[string]string{"go.mod": "module program\n\ngo 1.26\n", "stub.go": stub, file: string(text)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: dir, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=")}, ".")
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{skeleton.Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	return machine.Run(graph.Roots[0].Result.(*skeleton.Package)), pkgs[0].Fset
}

func TestTruth(t *testing.T) {
	if raced {
		t.Skip("takes minutes under the race detector, which has nothing to see here")
	}
	verbose := os.Getenv("MACHINE_TRUTH")
	files := make(map[string][]truth)
	var order []string
	for _, x := range readTruth(t) {
		if files[x.file] == nil {
			order = append(order, x.file)
		}
		files[x.file] = append(files[x.file], x)
	}
	found, certain, total := 0, 0, 0
	var missed, guessed, beside []string
	for _, file := range order {
		if verbose != "" && verbose != "all" && !strings.HasPrefix(file, verbose) {
			continue
		}
		res, fset := load(t, file)
		line := func(p token.Pos) string {
			q := fset.Position(p)
			return fmt.Sprintf("%s:%d", filepath.Base(q.Filename), q.Line)
		}
		at, told := make(map[string]bool), make(map[string]bool)
		for _, v := range res.Verdicts {
			known := false
			for _, x := range slices.Concat(v.Stuck, v.Also) {
				for _, l := range []string{line(x.Instr.Pos()), line(x.Pos)} {
					at[l] = true
					if v.Grade == machine.Abandoned {
						told[l] = true
					}
					for _, y := range files[file] {
						known = known || slices.Contains(y.lines, l)
					}
				}
			}
			if !known && v.Grade == machine.Abandoned {
				beside = append(beside, line(v.Stuck[0].Pos))
			}
			if verbose != "" {
				t.Logf("%s: kind %d grade %d root %s complete %v", file, v.Kind, v.Grade, v.Root.Name(), v.Complete)
				if v.Doubted != nil {
					t.Logf("   in doubt for %s: %s %s", v.Doubt, line(v.Doubted.Pos()), v.Doubted)
				} else if v.Doubt != "" {
					t.Logf("   in doubt for %s", v.Doubt)
				}
				for _, x := range v.Stuck {
					t.Logf("   stuck %s op %d %s root=%v", line(x.Instr.Pos()), x.Op, x.Object, x.Root)
				}
				for _, x := range v.Also {
					t.Logf("   also  %s op %d %s root=%v", line(x.Instr.Pos()), x.Op, x.Object, x.Root)
				}
				if verbose != "all" {
					for _, s := range v.Witness {
						t.Logf("      g%d %s %s case %d", s.Goroutine, line(s.Pos), s.What, s.Case)
					}
				}
			}
		}
		if verbose != "" {
			t.Logf("%s: %+v", file, res.Stats)
		}
		for _, x := range files[file] {
			if len(x.lines) == 0 {
				continue
			}
			total++
			hit := slices.ContainsFunc(x.lines, func(l string) bool { return at[l] })
			if hit {
				found++
			} else {
				missed = append(missed, x.test)
			}
			if slices.ContainsFunc(x.lines, func(l string) bool { return told[l] }) {
				certain++
			} else if hit {
				guessed = append(guessed, x.test)
			}
		}
	}
	t.Logf("found %d of %d, %d of them whatever the schedule", found, total, certain)
	t.Logf("missed: %v", missed)
	t.Logf("only by schedule or guess: %v", guessed)
	t.Logf("certain, at no line of the list: %v", beside)
	if verbose == "" && found < leastFound {
		t.Errorf("found %d, at least %d are expected", found, leastFound)
	}
}
