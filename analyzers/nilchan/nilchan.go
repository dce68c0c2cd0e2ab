package nilchan

import (
	_ "embed"
	"fmt"
	"go/token"
	"strings"

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
		Family:     diag.Channels,
		Default:    true,
		Categories: []string{"nil", "all-nil"},
		Requires:   []*analysis.Analyzer{shared.Analyzer},
	},
	Finding: finding,
	Also:    also,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func finding(sp machine.Speaker, v *machine.Verdict) (diag.Finding, bool) {
	x := v.Stuck[0]
	if !x.Nil || x.Op != machine.Send && x.Op != machine.Recv || v.Grade == machine.ScheduleOnly {
		return diag.Finding{}, false // who sets it to nil at some time knows more of when than is seen
	}
	return diag.Finding{
		Pos: x.Pos, End: x.End, Category: "nil",
		Message: fmt.Sprintf("%s blocks forever: %s is nil here; make it first", x.Operation(), x.Object),
		Related: sp.Related(v, 0),
	}, true
}

// also reports the selects all of whose cases have been switched off.
func also(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool) {
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	for _, a := range s.AllNil() {
		pos := a.Select.Pos()
		if told[pos] {
			continue
		}
		told[pos] = true
		are := strings.Join(a.Names, ", ") + " are all nil"
		if len(a.Names) == 2 { // of one case, it would be a receive
			are = a.Names[0] + " and " + a.Names[1] + " are nil"
		}
		report.Report(diag.Finding{
			Pos: pos, End: pos + token.Pos(len("select")), Category: "all-nil",
			Message: fmt.Sprintf("this select blocks forever once %s: leave the loop then", are),
		})
	}
}
