package doublelock

import (
	_ "embed"
	"fmt"
	"go/ast"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/lockset"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

//go:embed doc.go
var doc string

// Check is the analyzer with its description.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Locks,
	Default:    true,
	Fixable:    true,
	Categories: []string{"relock", "upgrade", "recursive-read", "defer-lock"},
	Requires:   []*analysis.Analyzer{lockset.Analyzer},
	Run:        run,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter) error {
	s := lockset.Of(pass)
	for _, d := range s.Double {
		report.Report(finding(s, d))
	}
	return nil
}

func finding(s *lockset.Set, d lockset.Double) diag.Finding {
	ev := d.Event
	name := d.Ref.String()
	pos, end := s.Range(ev.Instr)
	f := diag.Finding{Pos: pos, End: end, Category: "relock"}
	held := name + " is held"
	forever := "blocks forever"
	switch {
	case d.Held == skeleton.Shared && d.Mode == skeleton.Shared:
		f.Category, forever = "recursive-read", "blocks forever if a writer waits"
		held += " for reading"
	case d.Held == skeleton.Shared:
		f.Category = "upgrade"
		held += " for reading"
	}
	if d.At != nil {
		at, atEnd := s.Range(d.At)
		f.Related = append(f.Related, analysis.RelatedInformation{Pos: at, End: atEnd, Message: name + " is locked here"})
		held += " since " + s.Place(ev.Instr, d.At)
	} else {
		held += " by what calls it (" + d.By + ")"
	}
	method := lockset.Method(d.Mode)
	switch {
	case ev.Kind == skeleton.LockEvent && ev.Deferred && d.Held == d.Mode:
		f.Category = "defer-lock"
		f.Message = fmt.Sprintf("deferred %s.%s %s: %s; defer %s.%s", name, method, forever, held, name, lockset.Release(d.Mode))
		f.Fix = fix(s, ev, d)
	case d.Loop:
		f.Message = fmt.Sprintf("%s.%s %s in the second turn of the loop: nothing unlocks %s", name, method, forever, name)
		f.Related = nil
	case d.Impl != nil:
		if f.Category == "recursive-read" {
			forever = "blocks forever if a writer waits and"
		} else {
			forever += " if"
		}
		f.Message = fmt.Sprintf("%s %s it is %s: that calls %s.%s (%s), %s", s.Pkg.CallName(ev.Instr.(*ssa.Call)), forever, skeleton.FuncName(d.Impl), name, method, via(d.Chain), heldWord(held, name))
		at, atEnd := s.RangeAt(d.SecondAt)
		f.Related = append(f.Related, analysis.RelatedInformation{Pos: at, End: atEnd, Message: "on the way to " + name + "." + method})
	case ev.Kind == skeleton.LockEvent:
		f.Message = fmt.Sprintf("%s.%s %s: %s", name, method, forever, held)
		if f.Category == "upgrade" {
			f.Message += "; call " + name + ".RUnlock first"
		}
	case d.At == ev.Instr:
		f.Message = fmt.Sprintf("%s %s in the next turn of the loop: it calls %s.%s (%s), held since this one", subject(ev), forever, name, method, via(d.Chain))
		f.Related = nil
	default:
		f.Message = fmt.Sprintf("%s %s: it calls %s.%s (%s), %s", subject(ev)+registered(s, ev), forever, name, method, via(d.Chain), heldWord(held, name))
		if ev.Registered != nil {
			at, atEnd := s.Range(ev.Registered)
			f.Related = append(f.Related, analysis.RelatedInformation{Pos: at, End: atEnd, Message: ev.Name + " is registered here"})
		}
		if d.SecondAt.IsValid() {
			at, atEnd := s.RangeAt(d.SecondAt)
			f.Related = append(f.Related, analysis.RelatedInformation{Pos: at, End: atEnd, Message: "on the way to " + name + "." + method})
		}
	}
	return f
}

func heldWord(held, name string) string { return strings.Replace(held, name+" is held", "held", 1) }

// registered says where the package registers what the call runs.
func registered(s *lockset.Set, ev *skeleton.Event) string {
	if ev.Registered == nil {
		return ""
	}
	return ", registered in " + s.Place(ev.Instr, ev.Registered) + ","
}

func subject(ev *skeleton.Event) string {
	switch {
	case ev.Format:
		return "formatting calls " + ev.Name + ", which"
	case ev.Callback && !skeleton.RangeBody(ev.Callee):
		return "callback " + ev.Name
	}
	return ev.Name
}

// via says where the Lock stands and what leads there.
func via(chain []skeleton.Step) string {
	last := chain[len(chain)-1]
	var through []string
	for _, step := range chain[1:] {
		through = append(through, step.Name)
	}
	if len(through) == 0 {
		return last.Pos
	}
	if len(through) > 2 {
		through = append(through[:1], "...", through[len(through)-1])
	}
	return last.Pos + " through " + strings.Join(through, ", ")
}

// fix makes the deferred Lock an Unlock.
func fix(s *lockset.Set, ev *skeleton.Event, d lockset.Double) *analysis.SuggestedFix {
	n, ok := s.Node(ev.Instr).(*ast.DeferStmt)
	if !ok {
		return nil
	}
	sel, ok := ast.Unparen(n.Call.Fun).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != lockset.Method(d.Mode) {
		return nil
	}
	return &analysis.SuggestedFix{
		Message:   "defer " + lockset.Release(d.Mode),
		TextEdits: []analysis.TextEdit{{Pos: sel.Sel.Pos(), End: sel.Sel.End(), NewText: []byte(lockset.Release(d.Mode))}},
	}
}
