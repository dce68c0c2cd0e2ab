package sendleak

import (
	_ "embed"
	"fmt"
	"go/ast"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

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
		Fixable:    true,
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
	schedule = c.Analyzer.Flags.Bool("schedule", false, "report sends that only some schedules leave blocked")
	return c
}

// applies reports whether the verdict is a goroutine left behind at a send.
func applies(v *machine.Verdict) bool {
	x := v.Stuck[0]
	return v.Kind == machine.Leak && !x.Nil && !x.Root &&
		(x.Op == machine.Send || x.Op == machine.Select && x.Sends() && !x.Receives())
}

func finding(pass *analysis.Pass, v *machine.Verdict) diag.Finding {
	sp := machine.Speaker{Pass: pass}
	x := v.Stuck[0]
	clause, cause := sp.Cause(v)
	f := diag.Finding{Pos: x.Pos, End: x.End, Category: "abandoned", Related: sp.Related(v, cause)}
	if clause == "" {
		clause = "since nothing receives it"
	}
	f.Message = fmt.Sprintf("%s blocks forever %s", x.Operation(), clause)
	if v.Grade == machine.ScheduleOnly {
		f.Category = "schedule"
		f.Message = fmt.Sprintf("%s blocks forever under some schedule, %s", x.Operation(), clause)
	}
	if v.Heals {
		f.Message += fmt.Sprintf("; make %s with capacity 1", x.Object)
		f.Fix = buffer(pass, v)
	}
	return f
}

// buffer gives the channel room for one value.
func buffer(pass *analysis.Pass, v *machine.Verdict) *analysis.SuggestedFix {
	file := diag.EnclosingFile(pass, v.Stuck[0].Made)
	if file == nil || file != diag.EnclosingFile(pass, v.Stuck[0].Pos) {
		return nil
	}
	path, _ := astutil.PathEnclosingInterval(file, v.Stuck[0].Made, v.Stuck[0].Made+1)
	for _, n := range path {
		if call, ok := n.(*ast.CallExpr); ok && call.Lparen == v.Stuck[0].Made && len(call.Args) == 1 {
			return &analysis.SuggestedFix{
				Message:   "make the channel with capacity 1",
				TextEdits: []analysis.TextEdit{{Pos: call.Rparen, End: call.Rparen, NewText: []byte(", 1")}},
			}
		}
	}
	return nil
}
