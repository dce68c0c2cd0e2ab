package ctxblock

import (
	_ "embed"
	"fmt"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/shared"
	"github.com/conclint/conclint/analyzers/internal/verdict"
)

//go:embed doc.go
var doc string

// Check is the analyzer with its description.
var Check = verdict.New(verdict.Spec{
	Spec: diag.Spec{
		Doc:        doc,
		Family:     diag.Goroutines,
		Default:    true,
		Categories: []string{"bare", verdict.Stopped, verdict.Unwatched},
		Requires:   []*analysis.Analyzer{shared.Analyzer},
	},
	Finding: finding,
	Also:    stopped,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

// finding takes the verdicts of a goroutine that has the context on whose end
// the other side left, and waits without regard to it.
func finding(sp machine.Speaker, v *machine.Verdict) (diag.Finding, bool) {
	if !v.WantsContext() {
		return diag.Finding{}, false
	}
	x := v.Stuck[0]
	verb := "receive"
	if x.Op == machine.Send {
		verb = "send"
	}
	done := sp.Case(v.ContextPos)
	return diag.Finding{
		Pos: x.Pos, End: x.End, Category: "bare",
		Message: fmt.Sprintf("%s blocks forever if %s is taken on %s; %s in a select with %s", x.Operation(), done, sp.Place(x.Pos, v.ContextPos), verb, done),
		Related: sp.Related(v, v.ContextPos),
	}, true
}

// stopped reports functions that are given a context and wait without regard to it, while
// the other side leaves when it is told to stop.
func stopped(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool) {
	verdict.ReportStopped(pass, report, told, func(d *shared.Deserted) bool { return d.Go == nil && d.Error == nil && d.Context != nil })
	verdict.ReportUnwatched(pass, report, told, true)
}
