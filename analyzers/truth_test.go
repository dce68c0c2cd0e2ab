package analyzers_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/checker"

	"github.com/conclint/conclint/analyzers"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

// leastNamed is how many of the leak programs were named at a line where they
// hang, by the analyzers that are on by default, when this was last looked at. It
// may only grow.
const leastNamed = 67

// TestLeakPrograms runs the default analyzers over the leak programs of the Go
// distribution, each a package of its own, and scores by line: a test is found
// when some analyzer reports where it really hangs, or a caller of that line.
// It takes a minute and runs when LEAKPROGRAMS is set; to "all", with every
// analyzer. -v shows who found what.
func TestLeakPrograms(t *testing.T) {
	if os.Getenv("LEAKPROGRAMS") == "" {
		t.Skip("LEAKPROGRAMS is not set")
	}
	var enable []string
	if os.Getenv("LEAKPROGRAMS") == "all" {
		enable = []string{"all"}
	}
	checks, err := analyzers.Select(analyzers.Standalone, enable, []string{"chandir", "raceflag"})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	var missed []string
	by := make(map[string]int)
	for _, p := range linttest.LeakPrograms(t, filepath.Join("..", "testdata", "goroutineleak", "truth.tsv")) {
		pkgs := p.Load(t)
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
					key := fmt.Sprintf("%s:%d", p.File, l)
					if !slices.Contains(at[key], act.Analyzer.Name) {
						at[key] = append(at[key], act.Analyzer.Name)
					}
				}
			}
		}
		for _, x := range p.Tests {
			if len(x.Lines) == 0 {
				continue
			}
			var who []string
			for _, l := range x.Lines {
				for _, a := range at[l] {
					if !slices.Contains(who, a) {
						who = append(who, a)
					}
				}
			}
			if len(who) == 0 {
				missed = append(missed, x.Name)
				continue
			}
			found++
			for _, a := range who {
				by[a]++
			}
			t.Logf("%s: %s", x.Name, strings.Join(who, ", "))
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
