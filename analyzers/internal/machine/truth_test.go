package machine_test

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// leastFound is what was found when this was last looked at. It may only grow.
const leastFound = 66

// load returns the machine's verdicts about a program.
func load(t testing.TB, p linttest.LeakProgram) (*machine.Result, *token.FileSet) {
	pkgs := p.Load(t)
	graph, err := checker.Analyze([]*analysis.Analyzer{skeleton.Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	res := machine.Run(graph.Roots[0].Result.(*skeleton.Package))
	if res.Panic != nil {
		t.Fatalf("%v\n%s", res.Panic, res.Panic.Stack())
	}
	return res, pkgs[0].Fset
}

func TestTruth(t *testing.T) {
	if raced {
		t.Skip("takes minutes under the race detector, which has nothing to see here")
	}
	verbose := os.Getenv("MACHINE_TRUTH")
	found, certain, total := 0, 0, 0
	var missed, guessed, beside []string
	for _, p := range linttest.LeakPrograms(t, filepath.Join("..", "..", "..", "testdata", "goroutineleak", "truth.tsv")) {
		file := p.File
		if verbose != "" && verbose != "all" && !strings.HasPrefix(file, verbose) {
			continue
		}
		res, fset := load(t, p)
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
					for _, y := range p.Tests {
						known = known || slices.Contains(y.Lines, l)
					}
				}
			}
			if !known && v.Grade == machine.Abandoned {
				beside = append(beside, line(v.Stuck[0].Pos))
			}
			if verbose != "" {
				t.Logf("%s: kind %d grade %d root %s complete %v state %d of %d", file, v.Kind, v.Grade, v.Root.Name(), v.Complete, v.At, v.Of)
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
		for _, x := range p.Tests {
			if len(x.Lines) == 0 {
				continue
			}
			total++
			hit := slices.ContainsFunc(x.Lines, func(l string) bool { return at[l] })
			if hit {
				found++
			} else {
				missed = append(missed, x.Name)
			}
			if slices.ContainsFunc(x.Lines, func(l string) bool { return told[l] }) {
				certain++
			} else if hit {
				guessed = append(guessed, x.Name)
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
