package slowlock

import (
	_ "embed"
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/lockset"
)

//go:embed doc.go
var doc string

// categories names what takes long.
var categories = map[lockset.SlowKind]string{
	lockset.Sleeps: "sleep", lockset.Outside: "outside", lockset.Waits: "wait", lockset.Callback: "callback",
}

// Check is the analyzer with its description.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Locks,
	Categories: []string{"sleep", "outside", "wait", "callback"},
	Requires:   []*analysis.Analyzer{lockset.Analyzer},
	Run:        run,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter) error {
	s := lockset.Of(pass)
	for _, x := range s.Slow {
		at := x.Event.Instr
		pos, end := s.Range(at)
		lock := x.Lock.Ref.String()
		lp, le := s.Range(x.Lock.At)
		report.Report(diag.Finding{
			Pos: pos, End: end, Category: categories[x.Kind],
			Message: fmt.Sprintf("%s with %s held since %s: whoever wants the lock waits as long; unlock it before",
				x.What, lock, s.Place(at, x.Lock.At)),
			Related: []analysis.RelatedInformation{{Pos: lp, End: le, Message: lock + " is locked here"}},
		})
	}
	return nil
}
