package recvleak

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
		Family:     diag.Goroutines,
		Default:    false,
		Categories: []string{"abandoned"},
	},
	Finding: finding,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

// finding takes the verdicts that leave a goroutine behind at a receive.
func finding(sp machine.Speaker, v *machine.Verdict) (diag.Finding, bool) {
	x := v.Stuck[0]
	if v.Kind != machine.Leak || x.Nil || x.Root || v.WantsContext() || x.Op != machine.Recv && (x.Op != machine.Select || !x.Receives()) {
		return diag.Finding{}, false
	}
	clause, cause := sp.Cause(v)
	if clause == "" {
		clause = "since nothing sends or closes"
	}
	forever := "blocks forever"
	if x.Ranges() {
		forever = "never ends"
		clause += "; close " + x.Object + " on every path"
	}
	return diag.Finding{
		Pos: x.Pos, End: x.End, Category: "abandoned",
		Message: fmt.Sprintf("%s %s %s", x.Operation(), forever, clause),
		Related: sp.Related(v, cause),
	}, true
}
