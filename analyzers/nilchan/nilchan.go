package nilchan

import (
	_ "embed"
	"fmt"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/machine"
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
		Categories: []string{"nil"},
	},
	Finding: finding,
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
