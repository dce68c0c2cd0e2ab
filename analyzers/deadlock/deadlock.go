package deadlock

import (
	_ "embed"
	"fmt"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/machine"
)

//go:embed doc.go
var doc string

// Check is the analyzer with its description.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Goroutines,
	Default:    false,
	Categories: []string{"hang", "schedule", "left-behind"},
	Requires:   []*analysis.Analyzer{machine.Analyzer},
	Run:        run,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter) error {
	for _, v := range pass.ResultOf[machine.Analyzer].(*machine.Result).Verdicts {
		if applies(v) {
			report.Report(finding(pass, v))
		}
	}
	return nil
}

// applies leaves single goroutines at channels to sendleak and recvleak, and
// nil channels to nilchan.
func applies(v *machine.Verdict) bool {
	x := v.Stuck[0]
	if v.Grade == machine.Guess {
		return false
	}
	switch v.Kind {
	case machine.Deadlock:
		if len(v.Stuck)+len(v.Also) == 1 && (x.Op == machine.Lock || x.Op == machine.RLock) {
			return false // a matter of one goroutine and one lock: doublelock
		}
		if sel, ok := x.Instr.(*ssa.Select); ok && len(sel.States) == 0 {
			return false // a function that is meant not to return
		}
		return !x.Nil
	case machine.Leak:
		switch x.Op {
		case machine.Send, machine.Recv, machine.Select:
			return x.Root && !x.Nil
		}
		return true
	}
	return false
}

func finding(pass *analysis.Pass, v *machine.Verdict) diag.Finding {
	sp := machine.Speaker{Pass: pass}
	x := v.Stuck[0]
	clause, cause := sp.Cause(v)
	f := diag.Finding{Pos: x.Pos, End: x.End, Category: "hang", Related: sp.Related(v, cause)}
	f.Message = x.Operation() + " blocks forever"
	switch other := partner(v); {
	case other != nil:
		f.Message += fmt.Sprintf(": %s on %s waits too", other.Operation(), sp.Place(x.Pos, other.Pos))
	case clause != "":
		f.Message += " " + clause
	default:
		f.Message += ": no other goroutine can end it"
	}
	switch {
	case v.Grade == machine.ScheduleOnly:
		f.Category = "schedule"
		f.Message += ", under some schedule"
	case v.Kind == machine.Leak:
		f.Category = "left-behind"
	}
	return f
}

// partner is another goroutine that hangs together with the first.
func partner(v *machine.Verdict) *machine.Stuck {
	for _, list := range [][]machine.Stuck{v.Stuck[1:], v.Also} {
		for i := range list {
			if list[i].Instr != v.Stuck[0].Instr {
				return &list[i]
			}
		}
	}
	return nil
}
