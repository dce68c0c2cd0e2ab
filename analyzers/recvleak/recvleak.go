package recvleak

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
var Check = newCheck()

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func newCheck() *diag.Check {
	var schedule *bool
	c := diag.New(diag.Spec{
		Doc:        doc,
		Family:     diag.Goroutines,
		Default:    false,
		Categories: []string{"abandoned", "schedule"},
		Requires:   []*analysis.Analyzer{machine.Analyzer},
		Run: func(pass *analysis.Pass, report *diag.Reporter) error {
			for _, v := range pass.ResultOf[machine.Analyzer].(*machine.Result).Verdicts {
				if applies(v) && (v.Grade == machine.Abandoned || v.Grade == machine.ScheduleOnly && *schedule) {
					report.Report(finding(pass, v))
				}
			}
			return nil
		},
	})
	schedule = c.Analyzer.Flags.Bool("schedule", false, "report receives that only some schedules leave blocked")
	return c
}

// applies reports whether the verdict is a goroutine left behind at a receive.
func applies(v *machine.Verdict) bool {
	x := v.Stuck[0]
	return v.Kind == machine.Leak && !x.Nil && !x.Root && (x.Op == machine.Recv || x.Op == machine.Select && x.Receives())
}

func finding(pass *analysis.Pass, v *machine.Verdict) diag.Finding {
	sp := machine.Speaker{Pass: pass}
	x := v.Stuck[0]
	clause, cause := sp.Cause(v)
	f := diag.Finding{Pos: x.Pos, End: x.End, Category: "abandoned", Related: sp.Related(v, cause)}
	forever := "blocks forever"
	if x.Ranges() {
		forever = "never ends"
	}
	if clause == "" {
		clause = "since nothing sends or closes"
	}
	if x.Ranges() {
		clause += "; close " + x.Object + " on every path"
	}
	f.Message = fmt.Sprintf("%s %s %s", x.Operation(), forever, clause)
	if v.Grade == machine.ScheduleOnly {
		f.Category = "schedule"
		f.Message = fmt.Sprintf("%s %s under some schedule, %s", x.Operation(), forever, clause)
	}
	return f
}
