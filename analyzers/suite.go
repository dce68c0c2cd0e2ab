// Package analyzers is the registry of conclint's checks.
package analyzers

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/atomic"
	"golang.org/x/tools/go/analysis/passes/atomicalign"
	"golang.org/x/tools/go/analysis/passes/loopclosure"
	"golang.org/x/tools/go/analysis/passes/lostcancel"
	"golang.org/x/tools/go/analysis/passes/sigchanyzer"
	"golang.org/x/tools/go/analysis/passes/testinggoroutine"
	"golang.org/x/tools/go/analysis/passes/waitgroup"

	"github.com/conclint/conclint/analyzers/atomicmix"
	"github.com/conclint/conclint/analyzers/chanclose"
	"github.com/conclint/conclint/analyzers/chandir"
	"github.com/conclint/conclint/analyzers/checkact"
	"github.com/conclint/conclint/analyzers/condmisuse"
	"github.com/conclint/conclint/analyzers/contextmisuse"
	"github.com/conclint/conclint/analyzers/copylock"
	"github.com/conclint/conclint/analyzers/ctxblock"
	"github.com/conclint/conclint/analyzers/deadlock"
	"github.com/conclint/conclint/analyzers/doublelock"
	"github.com/conclint/conclint/analyzers/errgroupmisuse"
	"github.com/conclint/conclint/analyzers/fieldrace"
	"github.com/conclint/conclint/analyzers/goexit"
	"github.com/conclint/conclint/analyzers/ignore"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/nearest"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
	"github.com/conclint/conclint/analyzers/lifecycle"
	"github.com/conclint/conclint/analyzers/lockblock"
	"github.com/conclint/conclint/analyzers/lockmismatch"
	"github.com/conclint/conclint/analyzers/lockorder"
	"github.com/conclint/conclint/analyzers/maprace"
	"github.com/conclint/conclint/analyzers/missingunlock"
	"github.com/conclint/conclint/analyzers/needlessnew"
	"github.com/conclint/conclint/analyzers/nilchan"
	"github.com/conclint/conclint/analyzers/oncemisuse"
	"github.com/conclint/conclint/analyzers/poolmisuse"
	"github.com/conclint/conclint/analyzers/raceflag"
	"github.com/conclint/conclint/analyzers/recvleak"
	"github.com/conclint/conclint/analyzers/selectexit"
	"github.com/conclint/conclint/analyzers/semaphore"
	"github.com/conclint/conclint/analyzers/sendleak"
	"github.com/conclint/conclint/analyzers/signalmisuse"
	"github.com/conclint/conclint/analyzers/slowlock"
	"github.com/conclint/conclint/analyzers/testgoroutine"
	"github.com/conclint/conclint/analyzers/timerleak"
	"github.com/conclint/conclint/analyzers/uselesslock"
	"github.com/conclint/conclint/analyzers/varrace"
	"github.com/conclint/conclint/analyzers/wgmisuse"
	"github.com/conclint/conclint/analyzers/zerovalue"
)

// A Check is an analyzer together with what users are told about it.
type Check = diag.Check

// known lists every check but the one of ignore directives, sorted by name.
//
// The passes of golang.org/x/tools that concern concurrency are bundled under
// their own names. Not among them is copylock: its findings are part of ours.
var known = []*diag.Check{
	upstream(atomic.Analyzer, diag.Races, true, nil),
	upstream(atomicalign.Analyzer, diag.Races, false, nil),
	atomicmix.Check,
	chanclose.Check,
	chandir.Check,
	checkact.Check,
	condmisuse.Check,
	contextmisuse.Check,
	copylock.Check,
	ctxblock.Check,
	deadlock.Check,
	doublelock.Check,
	errgroupmisuse.Check,
	fieldrace.Check,
	goexit.Check,
	lifecycle.Check, // off: what a type promises after Stop is its own matter
	lockblock.Check,
	lockmismatch.Check,
	lockorder.Check, // off: a protocol of flags can keep its two sides apart
	upstream(loopclosure.Analyzer, diag.Races, true, nil),
	upstream(lostcancel.Analyzer, diag.Goroutines, true, unseenByLiteral),
	maprace.Check,
	missingunlock.Check,
	needlessnew.Check,
	nilchan.Check,
	oncemisuse.Check,
	poolmisuse.Check,
	raceflag.Check, // done by the conclint command
	recvleak.Check,
	selectexit.Check,
	semaphore.Check,
	sendleak.Check,
	upstream(sigchanyzer.Analyzer, diag.Misuse, true, nil),
	signalmisuse.Check,
	testgoroutine.Check,
	upstream(testinggoroutine.Analyzer, diag.Misuse, true, nil),
	timerleak.Check,
	slowlock.Check,
	uselesslock.Check,
	varrace.Check,
	upstream(waitgroup.Analyzer, diag.Goroutines, true, nil),
	wgmisuse.Check,
	zerovalue.Check,
}

// upstream bundles a pass of golang.org/x/tools; vet tells whether go vet runs
// it by default. golangci-lint's govet brings them all.
func upstream(a *analysis.Analyzer, f diag.Family, vet bool, keep diag.Keeper) *diag.Check {
	return diag.Wrap(a, diag.Spec{Family: f, Default: true, Fixable: false, InGoVet: vet, InGolangci: true}, keep)
}

// A Door is a way to run conclint. It decides what runs by default.
type Door int

// The doors.
const (
	Standalone Door = iota // the conclint command: everything
	Vettool                // go vet -vettool: without what go vet reports itself
	Golangci               // golangci-lint: without what it brings itself
)

// All lists every check, sorted by name, the one of ignore directives too.
func All() []*Check {
	all := append(slices.Clip(known), ignore.New(known, nil))
	slices.SortFunc(all, func(a, b *Check) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// Select returns the checks to run: those that are on by default behind the
// door, changed by what enable and disable name: checks, families, or "all".
// The more specific word wins, so "all" can be disabled and a family enabled;
// of the same word in both, disable does. An unknown name is an error that
// offers the nearest one.
func Select(door Door, enable, disable []string) ([]*Check, error) {
	on := func(name string, family diag.Family, byDefault bool) bool {
		for _, word := range []string{name, string(family), "all"} {
			if slices.Contains(disable, word) {
				return false
			}
			if slices.Contains(enable, word) {
				return true
			}
		}
		return byDefault
	}
	for _, name := range slices.Concat(enable, disable) {
		if err := checkName(name); err != nil {
			return nil, err
		}
	}
	var selected []*Check
	for _, c := range known {
		elsewhere := door == Vettool && c.InGoVet || door == Golangci && c.InGolangci || door != Standalone && c.DriverOnly
		if on(c.Name, c.Family, c.Default && !elsewhere) {
			selected = append(selected, c)
		}
	}
	if ig := ignore.New(known, selected); on(ig.Name, ig.Family, ig.Default) {
		selected = append(selected, ig)
	}
	return selected, nil
}

// Analyzers returns what a driver of go/analysis runs for the checks.
func Analyzers(checks []*Check) []*analysis.Analyzer {
	list := make([]*analysis.Analyzer, len(checks))
	for i, c := range checks {
		list[i] = c.Analyzer
	}
	return list
}

// FactAnalyzers returns what a driver runs on a dependency of what it checks:
// the analyzers below the checks that export facts.
func FactAnalyzers(checks []*Check) []*analysis.Analyzer {
	var list []*analysis.Analyzer
	seen := make(map[*analysis.Analyzer]bool)
	var visit func(a *analysis.Analyzer)
	visit = func(a *analysis.Analyzer) {
		if seen[a] {
			return
		}
		seen[a] = true
		for _, r := range a.Requires {
			visit(r)
		}
		if len(a.FactTypes) > 0 {
			list = append(list, a)
		}
	}
	for _, c := range checks {
		visit(c.Analyzer)
	}
	return list
}

// Config is the analyzer whose flags are the options that all checks share.
func Config() *analysis.Analyzer { return diag.Config }

// A Step is one of a schedule that leads to a failure.
type Step = diag.Step

// ParseStep unpacks a step from the message of a related position, where the
// flag -conclint.witness puts it. It reports false for one that is just that.
func ParseStep(message string) (Step, bool) { return diag.ParseStep(message) }

// DebugVariable is the environment variable with the words that make the engine
// write about its work.
const DebugVariable = skeleton.DebugVariable

// InternalError is the category of findings that stand for a panic.
const InternalError = diag.InternalError

// Nearest returns the one of names that word, mistyped, is likely to mean, or
// "" when none is close.
func Nearest(word string, names []string) string { return nearest.Name(word, names) }

// Lookup returns the check of that name, or an error that offers the nearest.
func Lookup(name string) (*Check, error) {
	for _, c := range All() {
		if c.Name == name {
			return c, nil
		}
	}
	if err := checkName(name); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("%s is a family of analyzers; conclint list shows them", name)
}

func checkName(name string) error {
	names := []string{"all"}
	for _, f := range diag.Families() {
		names = append(names, string(f))
	}
	for _, c := range All() {
		names = append(names, c.Name)
	}
	if slices.Contains(names, name) {
		return nil
	}
	if near := nearest.Name(name, names); near != "" {
		return fmt.Errorf("unknown analyzer %q; did you mean %s?", name, near)
	}
	return fmt.Errorf("unknown analyzer %q; conclint list shows them", name)
}
