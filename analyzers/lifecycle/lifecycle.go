package lifecycle

import (
	_ "embed"
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/lockset"
	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/shared"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
	"github.com/conclint/conclint/analyzers/internal/verdict"
)

//go:embed doc.go
var doc string

// Check is the analyzer and what users are told about it.
var Check = diag.WithFlag(diag.Spec{
	Doc:        doc,
	Family:     diag.Goroutines,
	Default:    true,
	Categories: []string{"hang", "left-behind", "failed", verdict.Stopped, "twice", "after-stop", "while-stopping"},
	Requires:   []*analysis.Analyzer{skeleton.Analyzer, machine.Analyzer, shared.Analyzer, lockset.Analyzer},
}, "all", "report also what happens when the type is stopped twice, used after that, or stopped while it is used", run)

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter, all bool) error {
	sp := machine.Speaker{Pass: pass}
	told := make(map[ssa.Instruction]bool) // by sendleak and recvleak
	var late []shared.Deserted
	for _, d := range pass.ResultOf[shared.Analyzer].(*shared.Set).Deserted() {
		if told[d.At] = d.Go != nil || d.Error != nil; !told[d.At] && d.Context == nil {
			late = append(late, d) // with a context, ctxblock tells it
		}
	}
	for _, v := range machine.TypesOf(pass, all).Verdicts {
		f := finding(sp, v)
		if told[v.Stuck[0].Instr] {
			continue
		}
		if leftLocked(pass, v) {
			continue // missingunlock tells where
		}
		if !all && (f.Category == "after-stop" || counts(v.Kind) || ownOrder(v)) {
			continue
		}
		f.Witness = verdict.Witness(sp, v)
		report.Report(f)
		told[v.Stuck[0].Instr] = true
	}
	for _, d := range late {
		if !told[d.At] {
			report.Report(verdict.StoppedFinding(pass, &d))
		}
	}
	return nil
}

// leftLocked reports whether a lock is waited for that a function leaves locked, wherever it is
// called.
func leftLocked(pass *analysis.Pass, v *machine.Verdict) bool {
	call, ok := v.Stuck[0].Instr.(ssa.CallInstruction)
	if !ok {
		return false
	}
	pkg := pass.ResultOf[skeleton.Analyzer].(*skeleton.Package)
	op, lock := pkg.Op(call.Common())
	if lock == nil || op.Kind != ops.Lock && op.Kind != ops.RLock {
		return false
	}
	field := pkg.Access.Of(lock).Class()
	return !field.IsZero() && slices.ContainsFunc(lockset.Of(pass).Missing, func(m lockset.Missing) bool { return m.Lock.Ref.Class() == field })
}

// ownOrder reports whether something panics in an order of calls that only the package itself
// can make, which knows it.
func ownOrder(v *machine.Verdict) bool {
	calls := v.Script.Calls
	panics := v.Kind == machine.SendClosed || v.Kind == machine.CloseClosed
	return panics && v.Script.Protocol == machine.UseThenStop && !token.IsExported(calls[len(calls)-2].Func.Name())
}

// counts reports whether a verdict is about how often something is done: elements of slices
// are not known well enough for that.
func counts(k machine.VerdictKind) bool {
	return k == machine.NegativeCounter || k == machine.UnlockUnlocked || k == machine.LateAdd
}

func finding(sp machine.Speaker, v *machine.Verdict) diag.Finding {
	x := v.Stuck[0]
	what := x.Operation() + " blocks forever"
	switch v.Kind {
	case machine.SendClosed:
		what = fmt.Sprintf("send on %s panics", x.Object)
		if _, ok := x.Instr.(*ssa.Select); ok {
			what = "a send of this select panics"
		}
	case machine.CloseClosed, machine.CloseNil:
		what = fmt.Sprintf("close of %s panics", x.Object)
	case machine.NegativeCounter:
		what = fmt.Sprintf("%s.Done panics: the counter is zero already", x.Object)
	case machine.LateAdd:
		what = fmt.Sprintf("%s.Add can run after %s.Wait has returned", x.Object, x.Object)
	case machine.UnlockUnlocked:
		what = fmt.Sprintf("unlock of %s panics: it is not locked", x.Object)
	}
	clause, cause := sp.Cause(v)
	if v.Kind == machine.Outlives {
		cause = token.NoPos // nothing that is done leads there
	}
	f := diag.Finding{Pos: x.Pos, End: x.End, Related: sp.Related(v, cause)}
	calls := v.Script.Calls
	last := name(calls[len(calls)-1])
	before := name(calls[max(0, len(calls)-2)])
	switch v.Script.Protocol {
	case machine.Twice:
		f.Category, f.Message = "twice", fmt.Sprintf("%s when %s is called twice", what, last)
		if v.Kind == machine.CloseClosed {
			f.Message += "; a sync.Once would guard it"
		}
	case machine.AfterStop:
		f.Category, f.Message = "after-stop", fmt.Sprintf("%s when %s is called after %s", what, last, before)
	case machine.UseThenStop:
		f.Category, f.Message = "hang", fmt.Sprintf("%s when %s is called after %s", what, last, before)
	case machine.Concurrent:
		f.Category, f.Message = "while-stopping", fmt.Sprintf("%s when %s is called while %s runs", what, before, last)
	default:
		f.Category, f.Message = "hang", what
		if ended(v) || !v.Script.Stops && contextDone(v) {
			f.Category = "after-stop"
		}
		switch {
		case v.Kind == machine.CloseNil:
			f.Message += ": no channel is there after " + name(calls[0])
		case clause != "":
			f.Message += " " + clause
		}
	}
	if v.Kind == machine.Outlives && v.Script.Protocol == machine.FailedMake {
		failed(sp, v, &f)
		return f
	}
	if v.Kind == machine.Outlives {
		f.Category = "left-behind"
		f.Message = fmt.Sprintf("the goroutine that waits here goes on for ever, also after %s: nothing can tell it to end", stopping(v))
	}
	if v.Kind == machine.Leak {
		f.Category = "left-behind"
	}
	if v.Kind == machine.Leak && v.Script.Protocol != machine.Alone {
		f.Message = fmt.Sprintf("%s, also after %s", what, stopping(v))
	}
	return f
}

// failed words that a constructor leaves a goroutine behind where it returns an error.
func failed(sp machine.Speaker, v *machine.Verdict, f *diag.Finding) {
	waits := f.Pos
	for _, st := range slices.Backward(v.Witness) {
		if ret, ok := st.Instr.(*ssa.Return); ok && st.Goroutine == 0 && st.What == "ends" && ret.Pos().IsValid() {
			f.Pos, f.End = ret.Pos(), ret.Pos()+token.Pos(len("return"))
			break
		}
	}
	f.Category = "failed"
	f.Message = fmt.Sprintf("this return of %s leaves its goroutine behind, which waits on %s: nobody can tell it to end; stop it first",
		name(v.Script.Calls[0]), sp.Place(f.Pos, waits))
	f.Related = append(f.Related, analysis.RelatedInformation{Pos: waits, End: waits + 1, Message: "it waits here"})
}

// ended reports whether a goroutine that the caller runs himself leaves for a case
// of a select that he has in his hands: the end of the context that he gave it.
func ended(v *machine.Verdict) bool {
	for _, st := range v.Witness {
		if st.What == "selects" && st.Case >= 0 && slices.ContainsFunc(v.Witness, func(s machine.Step) bool {
			return s.What == "starts" && s.Start == st.Goroutine && s.Instr == nil
		}) {
			return true
		}
	}
	return false
}

// contextDone reports whether a goroutine leaves since a context is done: who calls a method
// then has ended it himself.
func contextDone(v *machine.Verdict) bool {
	return slices.ContainsFunc(v.Witness, func(st machine.Step) bool {
		sel, ok := st.Instr.(*ssa.Select)
		if !ok || st.What != "selects" || st.Case < 0 || st.Case >= len(sel.States) {
			return false
		}
		call, ok := sel.States[st.Case].Chan.(*ssa.Call)
		return ok && call.Call.IsInvoke() && ops.IsContext(call.Call.Value.Type())
	})
}

// stopping is the method that should have ended the goroutine.
func stopping(v *machine.Verdict) string {
	calls := v.Script.Calls
	switch v.Script.Protocol {
	case machine.AfterStop, machine.Concurrent:
		return name(calls[len(calls)-2])
	}
	return name(calls[len(calls)-1])
}

func name(c machine.ScriptCall) string { return c.Func.Name() }
