package machine

import (
	"fmt"
	"io"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// Analyzer runs the systems of a package once for all checks. Its result is a
// [*Result]. The debug word "machine" writes what was explored, "verdicts" every
// verdict with its witness, also those that no check reports.
var Analyzer = &analysis.Analyzer{
	Name:       "machine",
	Doc:        "run goroutines under every schedule\n\nThe analyzers of conclint that find leaks and deadlocks read its result; it reports nothing.",
	URL:        "https://github.com/conclint/conclint",
	Requires:   []*analysis.Analyzer{skeleton.Analyzer},
	ResultType: reflect.TypeFor[*Result](),
	Run: func(pass *analysis.Pass) (any, error) {
		res := Run(pass.ResultOf[skeleton.Analyzer].(*skeleton.Package))
		if w := skeleton.Debug("machine"); w != nil {
			res.Stats.dump(w, pass.Pkg.Path())
		}
		if w := skeleton.Debug("verdicts"); w != nil {
			for _, v := range res.Verdicts {
				v.dump(w, pass)
			}
		}
		return res, nil
	},
}

// dump writes what was explored and what that took.
func (s *Stats) dump(w io.Writer, path string) {
	fmt.Fprintf(w, "%s: %d systems, %d states, %d cut, %d calls not followed, %d work, %v\n", path, s.Systems, s.States, s.Cut, s.Unfollowed, s.Work, s.Time)
	for _, r := range s.Slowest {
		fmt.Fprintf(w, "%s: %s: %d states, %d work, %v\n", path, r.Root, r.States, r.Work, r.Time)
	}
}

// dump writes a verdict and the steps of its witness.
func (v *Verdict) dump(w io.Writer, pass *analysis.Pass) {
	fmt.Fprintf(w, "%s: %s, %s, root %s\n", pass.Fset.Position(v.Stuck[0].Pos), v.Kind, v.Grade, v.Root)
	if v.Doubted != nil {
		fmt.Fprintf(w, "    in doubt for %s: %s\n", v.Doubt, pass.Fset.Position(v.Doubted.Pos()))
	} else if v.Doubt != "" {
		fmt.Fprintf(w, "    in doubt for %s\n", v.Doubt)
	}
	for _, s := range (Speaker{pass}).Schedule(v) {
		fmt.Fprintf(w, "    %s\t%s\t%s %s\n", pass.Fset.Position(s.Pos), s.Goroutine, s.Operation, s.Note)
	}
}
