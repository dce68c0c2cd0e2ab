package machine

import (
	"fmt"
	"os"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// Analyzer runs the systems of a package once for all checks. Its result is a
// [*Result]. With -machine.stats it writes what it explored to standard error.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       "machine",
		Doc:        "run goroutines under every schedule\n\nThe analyzers of conclint that find leaks and deadlocks read its result; it reports nothing.",
		URL:        "https://github.com/conclint/conclint",
		Requires:   []*analysis.Analyzer{skeleton.Analyzer},
		ResultType: reflect.TypeFor[*Result](),
	}
	stats := a.Flags.Bool("stats", false, "write what was explored to standard error")
	a.Run = func(pass *analysis.Pass) (any, error) {
		res := Run(pass.ResultOf[skeleton.Analyzer].(*skeleton.Package))
		if *stats {
			fmt.Fprintf(os.Stderr, "machine: %s: %d systems, %d states, %d cut, %d calls not followed, %d verdicts\n",
				pass.Pkg.Path(), res.Stats.Systems, res.Stats.States, res.Stats.Cut, res.Stats.Unfollowed, len(res.Verdicts))
		}
		return res, nil
	}
	return a
}
