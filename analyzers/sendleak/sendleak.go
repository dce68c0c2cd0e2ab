package sendleak

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/pipe"
	"github.com/conclint/conclint/analyzers/internal/shared"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
	"github.com/conclint/conclint/analyzers/internal/source"
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
		Fixable:    true,
		Categories: []string{"abandoned", "pipe", verdict.Stopped, "given-up", verdict.Unwatched, "no-receiver"},
		Requires:   []*analysis.Analyzer{source.Analyzer, shared.Analyzer},
	},
	Finding: finding,
	Also:    also,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

// finding takes the verdicts that leave a goroutine behind at a send.
func finding(sp machine.Speaker, v *machine.Verdict) (diag.Finding, bool) {
	x := v.Stuck[0]
	if v.Kind != machine.Leak || x.Nil || x.Root || v.WantsContext() || x.Op != machine.Send && (x.Op != machine.Select || !x.Sends() || x.Receives()) {
		return diag.Finding{}, false
	}
	clause, cause := sp.Cause(v)
	if clause == "" {
		clause = "since nothing receives it"
	}
	f := diag.Finding{
		Pos: x.Pos, End: x.End, Category: "abandoned",
		Message: fmt.Sprintf("%s blocks forever %s", x.Operation(), clause),
		Related: sp.Related(v, cause),
	}
	if v.Heals {
		f.Message += fmt.Sprintf("; make %s with capacity 1", x.Object)
		f.Fix = buffer(sp.Pass, v)
	}
	return f, true
}

// also reports what needs no schedule: pipes, and goroutines whose other side has stopped.
func also(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool) {
	pipes(pass, report)
	verdict.ReportStopped(pass, report, told, func(d *shared.Deserted) bool { return d.Sends && (d.Go != nil || d.Error != nil) })
	givenUp(pass, report, told)
	verdict.ReportUnwatched(pass, report, told, false)
	verdict.ReportOneSided(pass, report, told, true)
}

// pipes reports the goroutines that are left at a write to a pipe.
func pipes(pass *analysis.Pass, report *diag.Reporter) {
	for _, l := range pipe.Writers(pass) {
		report.Report(diag.Finding{
			Pos: l.At.Pos(), End: l.At.End(), Category: "pipe",
			Message: fmt.Sprintf("write to %s blocks forever if %s returns on line %d with %s open; close %s by CloseWithError on every path",
				l.End.Name(), l.In, report.Position(l.Return.Pos()).Line, l.Open.Name(), l.Open.Name()),
			Related: append(source.Related(l.Go, "the goroutine is started here"), source.Related(l.Return, "this leaves it waiting")...),
		})
	}
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

// givenUp words sends of answers to those that may have given up waiting.
func givenUp(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool) {
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	sp := machine.Speaker{Pass: pass}
	for _, g := range s.GivenUp() {
		pos, end, on := machine.Source(pass.Files, g.At)
		made := g.Made.Pos()
		if told[pos] || told[made] {
			continue
		}
		told[pos] = true
		leaves := g.Leaves.States[g.Case].Pos
		taken := sp.Case(leaves)
		if g.Timer {
			taken = "the timeout"
		}
		report.Report(diag.Finding{
			Pos: pos, End: end, Category: "given-up",
			Message: fmt.Sprintf("send on %s blocks forever once %s has taken %s on %s; make the channel (%s) with capacity 1",
				on, skeleton.FuncName(g.Leaves.Parent()), taken, sp.Place(pos, leaves), sp.Place(pos, made)),
			Related: []analysis.RelatedInformation{
				{Pos: leaves, End: leaves + 1, Message: "this gives up"},
				{Pos: made, End: made + 1, Message: "the channel is made here, without room"},
			},
		})
	}
}
