package lockmismatch

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

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
	Categories: []string{"wrong-mode", "twice", "defer-in-loop", "try-ignored", "overwritten"},
	Requires:   []*analysis.Analyzer{lockset.Analyzer},
	Run:        run,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter) error {
	s := lockset.Of(pass)
	for _, m := range s.Mismatches {
		report.Report(finding(s, m))
	}
	return nil
}

func finding(s *lockset.Set, m lockset.Mismatch) diag.Finding {
	ev := m.Event
	name := ev.Ref.String()
	pos, end := s.Range(ev.Instr)
	f := diag.Finding{Pos: pos, End: end}
	if m.Other != nil {
		at, atEnd := s.Range(m.Other)
		f.Related = []analysis.RelatedInformation{{Pos: at, End: atEnd, Message: "the first operation on " + name}}
	}
	switch m.Kind {
	case lockset.WrongMode:
		f.Category = "wrong-mode"
		other := skeleton.Exclusive
		if ev.Mode == skeleton.Exclusive {
			other = skeleton.Shared
		}
		f.Message = fmt.Sprintf("%s.%s panics: %s on %s; call %s.%s", name, lockset.Release(ev.Mode),
			"it was locked by "+lockset.Method(other), s.Place(ev.Instr, m.Other), name, lockset.Release(other))
		f.Fix = fix(s, ev, other)
	case lockset.Twice:
		f.Category = "twice"
		f.Message = fmt.Sprintf("%s.%s panics: %s was unlocked on %s and is not locked since", name, lockset.Release(ev.Mode), name, s.Place(ev.Instr, m.Other))
	case lockset.InLoop:
		f.Category = "defer-in-loop"
		f.Message = fmt.Sprintf("%s.%s blocks forever in the second turn of the loop: the unlock deferred on %s runs when the function ends",
			name, lockset.Method(ev.Mode), s.Place(ev.Instr, m.Other))
	case lockset.Overwritten:
		f.Category = "overwritten"
		f.Pos, f.End = assignment(s.Pass, pos, end)
		f.Message = fmt.Sprintf("the assignment overwrites %s, which is locked since %s: its %s panics then, and who waits for it waits forever; assign the other fields",
			name, s.Place(ev.Instr, m.Other), lockset.Release(ev.Mode))
	case lockset.TryIgnored:
		f.Category = "try-ignored"
		f.Message = fmt.Sprintf("%s.Try%s does not lock %s if it is not free, and its result is not looked at; call %s or test it",
			name, lockset.Method(ev.Mode), name, lockset.Method(ev.Mode))
	}
	return f
}

// assignment is the assignment around a position.
func assignment(pass *analysis.Pass, pos, end token.Pos) (token.Pos, token.Pos) {
	if file := diag.EnclosingFile(pass, pos); file != nil {
		path, _ := astutil.PathEnclosingInterval(file, pos, pos)
		for _, n := range path {
			if n, ok := n.(*ast.AssignStmt); ok {
				return n.Pos(), n.End()
			}
		}
	}
	return pos, end
}

// fix renames the unlock.
func fix(s *lockset.Set, ev *skeleton.Event, mode skeleton.Mode) *analysis.SuggestedFix {
	var fun ast.Expr
	switch n := s.Node(ev.Instr).(type) {
	case *ast.CallExpr:
		fun = n.Fun
	case *ast.DeferStmt:
		fun = n.Call.Fun
	default:
		return nil
	}
	sel, ok := ast.Unparen(fun).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != lockset.Release(ev.Mode) {
		return nil
	}
	name := lockset.Release(mode)
	return &analysis.SuggestedFix{
		Message:   "call " + name,
		TextEdits: []analysis.TextEdit{{Pos: sel.Sel.Pos(), End: sel.Sel.End(), NewText: []byte(name)}},
	}
}
