package analyzers_test

import (
	"fmt"
	"go/ast"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/conclint/conclint/analyzers/fieldrace"
	"github.com/conclint/conclint/analyzers/maprace"
	"github.com/conclint/conclint/analyzers/varrace"
)

const (
	generated = 60
	// leastFound is how many of the programs that race are known to, of all that do.
	leastFound = 0.9
)

// TestGeneratedRaces holds the race checks against the race detector, on small
// programs that are made by chance: goroutines that use one variable, field or map,
// and what may put them in an order. What is reported must happen; of what happens
// most must be reported.
func TestGeneratedRaces(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program with the race detector")
	}
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(7, 11))
	var src strings.Builder
	src.WriteString("package main\n\nimport \"sync\"\n\ntype box struct{ n int }\n\n//go:noinline\nfunc use(int) {}\n\nvar _ sync.Mutex\n\nvar programs = []func(){")
	for i := range generated {
		fmt.Fprintf(&src, "prog%d, ", i)
	}
	src.WriteString("}\n")
	for i := range generated {
		src.WriteString(generate(rng, i))
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module generated\n\ngo 1.26\n")
	write("programs.go", src.String())
	write("main.go", `package main

import (
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"time"
)

// pause lets others run, or not: it orders nothing.
func pause() {
	for range rand.IntN(3) {
		runtime.Gosched()
	}
}

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	for range 100 {
		programs[n]()
	}
	time.Sleep(5 * time.Millisecond)
}
`)
	reported := reportedRaces(t, dir)
	bin := filepath.Join(dir, "generated.exe")
	build := exec.Command("go", "build", "-race", "-o", bin, ".")
	build.Dir, build.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	happen, found := 0, 0
	for i := range generated {
		name := fmt.Sprintf("prog%d", i)
		races := false
		for range 4 { // a schedule can hide a race: the detector sees what happens
			if _, races = runScenario(t, bin, fmt.Sprint(i)); races {
				break
			}
		}
		if races {
			happen++
		}
		switch {
		case reported[name] && races:
			found++
		case reported[name]:
			t.Errorf("%s: reported, and the race detector saw nothing\n%s", name, text(src.String(), name))
		case races:
			t.Logf("%s: missed\n%s", name, text(src.String(), name))
		}
	}
	t.Logf("of %d programs %d race, %d of these are reported", generated, happen, found)
	if happen < generated/5 || float64(found) < leastFound*float64(happen) {
		t.Errorf("%d of %d found, want %v of them", found, happen, leastFound)
	}
}

// reportedRaces returns the functions that the race checks report something in.
func reportedRaces(t *testing.T, dir string) map[string]bool {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: dir, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=")}, ".")
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{varrace.Analyzer, fieldrace.Analyzer, maprace.Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]bool)
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			for _, f := range act.Package.Syntax {
				for _, decl := range f.Decls {
					if fn, ok := decl.(*ast.FuncDecl); ok && fn.Pos() <= d.Pos && d.Pos < fn.End() {
						found[fn.Name.Name] = true
					}
				}
			}
		}
	}
	return found
}

// text is the source of a generated function.
func text(src, name string) string {
	_, rest, _ := strings.Cut(src, "func "+name+"()")
	body, _, _ := strings.Cut(rest, "\n}\n")
	return "func " + name + "()" + body + "\n}"
}

// generate makes a program: some goroutines that use an object and signal, and a
// function that waits for some of that and uses it too.
func generate(rng *rand.Rand, i int) string {
	object := []struct{ decl, expr string }{
		{"x := 0", "x"}, {"p := new(box)", "p.n"}, {"m := make(map[string]int)", `m["k"]`},
	}[rng.IntN(3)]
	access := func() string {
		if rng.IntN(3) == 0 {
			return "use(" + object.expr + ")"
		}
		return object.expr + "++"
	}
	locked := func(s string) string { return "mu.Lock()\n" + s + "\nmu.Unlock()" }
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("\nfunc prog%d() {\n%s", i, object.decl)
	line("var wg sync.WaitGroup\nvar mu sync.Mutex\nch := make(chan int, 8)")
	sends, dones := 0, 0
	if rng.IntN(3) == 0 {
		line("%s", access())
	}
	for g := range 1 + rng.IntN(2)*rng.IntN(2) {
		many := rng.IntN(6) == 0
		if many {
			line("for range 2 {")
		}
		a := access()
		if rng.IntN(4) == 0 {
			a = locked(a)
		}
		signal := ""
		switch rng.IntN(4) {
		case 0:
			line("wg.Add(1)")
			signal = "wg.Done()"
		case 1:
			signal = "ch <- 1"
			if sends++; many {
				sends++
			}
		case 2:
			if !many {
				line("done%d := make(chan struct{})", g)
				line("_ = done%d", g)
				signal = fmt.Sprintf("close(done%d)", g)
				dones |= 1 << g
			}
		}
		body := []string{a, signal}
		if rng.IntN(8) == 0 {
			body = []string{signal, a}
		}
		line("go func() {\npause()\n%s\n}()", strings.Join(body, "\n"))
		if many {
			line("}")
		}
	}
	if rng.IntN(2) == 0 { // for all that signals
		line("wg.Wait()")
		for ; sends > 0; sends-- {
			line("<-ch")
		}
		for g := range 2 {
			if dones&(1<<g) != 0 {
				line("<-done%d", g)
			}
		}
	}
	for range 1 + rng.IntN(3) {
		line("pause()")
		switch k := rng.IntN(6); {
		case k == 0:
			line("wg.Wait()")
		case k == 1 && sends > 0:
			line("<-ch")
			sends--
		case k == 2 && sends > 1:
			line("<-ch\n<-ch")
			sends -= 2
		case k == 3 && dones&1 != 0:
			line("<-done0")
		case k == 4 && dones&2 != 0:
			line("<-done1")
		default:
			a := access()
			if rng.IntN(3) == 0 {
				a = locked(a)
			}
			line("%s", a)
		}
	}
	line("pause()\nmu.Lock()\nmu.Unlock()\n_, _ = &wg, ch")
	line("}")
	return b.String()
}
