package nilchan

import (
	_ "embed"
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/machine"
)

//go:embed doc.go
var doc string

// Check is the analyzer with its description.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Channels,
	Default:    false,
	Categories: []string{"nil"},
	Requires:   []*analysis.Analyzer{machine.Analyzer},
	Run:        run,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter) error {
	for _, v := range pass.ResultOf[machine.Analyzer].(*machine.Result).Verdicts {
		if v.Grade == machine.Guess {
			continue
		}
		x := v.Stuck[0]
		if !x.Nil || x.Op != machine.Send && x.Op != machine.Recv {
			continue
		}
		report.Report(diag.Finding{
			Pos: x.Pos, End: x.End, Category: "nil",
			Message: fmt.Sprintf("%s blocks forever: %s is nil here; make it first", x.Operation(), x.Object),
			Related: machine.Speaker{Pass: pass}.Related(v, 0),
		})
	}
	return nil
}
