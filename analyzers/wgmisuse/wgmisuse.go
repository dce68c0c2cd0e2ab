package wgmisuse

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/ops"
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
		Categories: []string{"late-add", "missing-done", "negative", "early-done", "serial", "self-wait", "unended", "one-quit", "unwaited"},
		Requires:   []*analysis.Analyzer{shared.Analyzer, source.Analyzer},
	},
	Finding: finding,
	Also:    also,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func finding(sp machine.Speaker, v *machine.Verdict) (diag.Finding, bool) {
	x := v.Stuck[0]
	f := diag.Finding{Pos: x.Pos, End: x.End}
	switch {
	case v.Kind == machine.LateAdd:
		if first(sp.Pass, x.Pos) {
			return f, false // the pass waitgroup says so
		}
		wait := v.Also[0]
		f.Category = "late-add"
		f.Message = fmt.Sprintf("%s.Add can run after %s.Wait on %s has returned; call it before the goroutine is started", x.Object, wait.Object, sp.Place(x.Pos, wait.Pos))
		f.Related = append(f.Related, analysis.RelatedInformation{Pos: wait.Pos, End: wait.End, Message: "does not wait for what is added later"})
	case v.Kind == machine.NegativeCounter:
		done, ok := lastDone(v)
		if !ok {
			return f, false
		}
		f.Pos, f.End, x.Object = machine.Source(sp.Pass.Files, done.Instr)
		f.Category = "negative"
		f.Fix = doneInGo(sp.Pass, f.Pos, f.End)
		f.Message = fmt.Sprintf("%s.Done panics: the counter is zero already", x.Object)
	case x.WaitGroup && alone(v):
		if waitsForItself(sp.Pass, x.Pos) {
			return f, false // which says more
		}
		clause, cause := sp.Cause(v)
		if clause == "" && len(v.Running) > 0 {
			on := v.Running[0]
			f.Category = "unended"
			f.Message = fmt.Sprintf("%s blocks forever: nothing ends the goroutine in the %s on %s before it; end that first", x.Operation(), on.Operation(), sp.Place(x.Pos, on.Pos))
			f.Related = append(f.Related, analysis.RelatedInformation{Pos: on.Pos, End: on.End, Message: "goes on and on"})
			return f, true
		}
		if clause == "" {
			clause = "since more is added than is done"
		}
		f.Category = "missing-done"
		f.Message = fmt.Sprintf("%s blocks forever %s; call %s.Done on every path", x.Operation(), clause, x.Object)
		f.Related = sp.Related(v, cause)
	default:
		return f, false
	}
	return f, true
}

// also reports what is seen without running the function.
func also(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool) {
	late(pass, report, told)
	counts(pass, report, told)
	unwaited(pass, report)
	quits(pass, report, told)
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	for _, w := range s.SelfWaits() {
		pos, end := s.Source(w.Wait)
		counted, countedEnd := s.Source(w.Counted)
		at, atEnd := s.Source(w.At)
		if told[pos] {
			continue
		}
		told[pos] = true
		related := []analysis.RelatedInformation{{Pos: counted, End: countedEnd, Message: "counts until the function returns"}}
		where := ""
		if at != pos {
			where = ", by the call on " + s.PlaceOf(pos, at)
			related = append(related, analysis.RelatedInformation{Pos: at, End: atEnd, Message: "comes to the Wait"})
		}
		report.Report(diag.Finding{
			Pos: pos, End: end, Category: "self-wait",
			Message: fmt.Sprintf("%s.Wait blocks forever in %s%s: what it counts there is done when that returns (%s); wait in another goroutine",
				w.Name, skeleton.FuncName(w.Func), where, s.PlaceOf(pos, counted)),
			Related: related,
		})
	}
}

// quits reports the Waits for several goroutines of which one is told to end.
func quits(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool) {
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	for _, q := range s.OneQuits() {
		pos, end := s.Source(q.Send)
		wait, waitEnd := s.Source(q.Wait)
		start, _ := s.Spawn(q.Start)
		if told[wait] {
			continue
		}
		told[wait] = true
		report.Report(diag.Finding{
			Pos: pos, End: end, Category: "one-quit",
			Message: fmt.Sprintf("one value on %s ends one of the goroutines that the loop on %s starts: the Wait on %s blocks forever for the others; close it",
				q.Chan, s.PlaceOf(pos, start), s.PlaceOf(pos, wait)),
			Related: []analysis.RelatedInformation{
				{Pos: wait, End: waitEnd, Message: "waits for all of them"},
				{Pos: start, End: start + 1, Message: "one in each turn"},
			},
		})
	}
}

// waitsForItself reports whether the Wait is one of the self-waits.
func waitsForItself(pass *analysis.Pass, wait token.Pos) bool {
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	return slices.ContainsFunc(s.SelfWaits(), func(w shared.SelfWait) bool {
		pos, _ := s.Source(w.Wait)
		return pos == wait
	})
}

// late reports the Adds in goroutines that no order puts before the Wait.
func late(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool) {
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	for _, c := range s.CheckedAdds() {
		pos, end := s.Source(c.Add)
		check, checkEnd := s.Source(c.Check)
		set, setEnd := s.Source(c.Set)
		wait, waitEnd := s.Source(c.Wait)
		if told[pos] || told[wait] || first(pass, pos) {
			continue
		}
		report.Report(diag.Finding{
			Pos: pos, End: end, Category: "late-add",
			Message: fmt.Sprintf("the Add of %s can run after the Wait on %s has returned, if %s is set between the check on %s and this; do both under one lock",
				c.Name, s.PlaceOf(pos, wait), c.Mark, s.PlaceOf(pos, check)),
			Related: []analysis.RelatedInformation{
				{Pos: check, End: checkEnd, Message: "the check"},
				{Pos: set, End: setEnd, Message: "set here"},
				{Pos: wait, End: waitEnd, Message: "does not wait for what is added later"},
			},
		})
	}
	for _, l := range append(s.LateAdds(), s.FarAdds()...) {
		pos, end := s.Source(l.Add)
		wait, waitEnd := s.Source(l.Wait)
		if told[pos] || told[wait] || first(pass, pos) {
			continue
		}
		start, _ := s.Spawn(l.Go)
		report.Report(diag.Finding{
			Pos: pos, End: end, Category: "late-add",
			Message: fmt.Sprintf("the Add of %s in the goroutine of %s can run after the Wait on %s has returned; call it before the goroutine is started, or wait for that first",
				l.Name, s.PlaceOf(pos, start), s.PlaceOf(pos, wait)),
			Related: []analysis.RelatedInformation{
				{Pos: wait, End: waitEnd, Message: "does not wait for what is added later"},
				{Pos: start, End: start + 1, Message: "the goroutine is started here"},
			},
		})
	}
}

// alone reports whether nothing but Waits hang.
func alone(v *machine.Verdict) bool {
	if v.Kind != machine.Leak && v.Kind != machine.Deadlock {
		return false
	}
	for _, x := range v.Stuck {
		if !x.WaitGroup {
			return false
		}
	}
	return true
}

// lastDone is the last Done of the witness that is written in the source: the
// one that is too much, or the one in a function that wg.Go counts itself.
func lastDone(v *machine.Verdict) (machine.Step, bool) {
	for i := len(v.Witness) - 1; i >= 0; i-- {
		if v.Witness[i].What == "done" {
			return v.Witness[i], true
		}
	}
	return machine.Step{}, false
}

// doneInGo is the fix that takes the Done out of the function literal that
// wg.Go runs, and counts itself.
func doneInGo(pass *analysis.Pass, pos, end token.Pos) *analysis.SuggestedFix {
	file := diag.EnclosingFile(pass, pos)
	if file == nil {
		return nil
	}
	path, _ := astutil.PathEnclosingInterval(file, pos, end)
	var stmt ast.Stmt
	var done string
	for i, n := range path {
		switch n := n.(type) {
		case *ast.DeferStmt, *ast.ExprStmt:
			if stmt == nil {
				stmt = n.(ast.Stmt)
			}
		case *ast.CallExpr:
			if done == "" {
				done = on(n)
			}
		case *ast.FuncLit:
			call, ok := path[i+1].(*ast.CallExpr)
			if !ok || stmt == nil || len(n.Body.List) < 2 || !slices.Contains(n.Body.List, stmt) {
				return nil
			}
			if fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func); !ok || ops.Of(fn).Kind != ops.WgGo || on(call) != done {
				return nil
			}
			from, to := stmt.Pos(), stmt.End()
			if j := slices.Index(n.Body.List, stmt); j+1 < len(n.Body.List) {
				to = n.Body.List[j+1].Pos()
			} else {
				from = n.Body.List[j-1].End()
			}
			for _, c := range file.Comments {
				if c.Pos() < to && c.End() > from {
					from, to = stmt.Pos(), stmt.End()
				}
			}
			return &analysis.SuggestedFix{Message: "leave the counting to Go", TextEdits: []analysis.TextEdit{{Pos: from, End: to}}}
		}
	}
	return nil
}

// on is what a method is called on, as it is written.
func on(call *ast.CallExpr) string {
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		return types.ExprString(sel.X)
	}
	return ""
}

// first reports whether the call is the first statement of a goroutine's function
// literal, where the pass waitgroup of go vet finds it.
func first(pass *analysis.Pass, pos token.Pos) bool {
	file := diag.EnclosingFile(pass, pos)
	if file == nil {
		return false
	}
	path, _ := astutil.PathEnclosingInterval(file, pos, pos+1)
	for _, n := range path {
		if lit, ok := n.(*ast.FuncLit); ok {
			if len(lit.Body.List) == 0 {
				return false
			}
			s, ok := lit.Body.List[0].(*ast.ExprStmt) // not a loop that begins with it
			return ok && s.Pos() <= pos && pos < s.End()
		}
	}
	return false
}
