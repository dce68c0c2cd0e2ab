package missingunlock

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/lockset"
)

//go:embed doc.go
var doc string

// Check is the analyzer with its description.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Locks,
	Default:    true,
	Fixable:    true,
	Categories: []string{"return", "continue", "panic", "never", "defer", "drop"},
	Requires:   []*analysis.Analyzer{lockset.Analyzer},
	Run:        run,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter) error {
	s := lockset.Of(pass)
	for _, m := range s.Missing {
		report.Report(finding(s, m))
	}
	return nil
}

func finding(s *lockset.Set, m lockset.Missing) diag.Finding {
	name := m.Lock.Ref.String()
	lock, unlock := name+"."+lockset.Method(m.Lock.Mode), name+"."+lockset.Release(m.Lock.Mode)
	since := s.Place(m.At, m.Lock.At)
	pos, end := s.Range(m.At)
	f := diag.Finding{Pos: pos, End: end}
	lockPos, lockEnd := s.Range(m.Lock.At)
	blocks := "the next " + name + ".Lock blocks forever"
	if m.Lock.Nameless {
		name, blocks = "the lock of "+called(s, m.Lock.At), "who takes it next blocks forever"
	}
	f.Related = []analysis.RelatedInformation{{Pos: lockPos, End: lockEnd, Message: name + " is locked here"}}
	if m.Lock.Result > 0 {
		unlock = key(s, m)
	}
	switch m.Way {
	case lockset.ByReturn:
		f.Category = "return"
		what := "return leaves"
		if _, ok := s.Node(m.At).(*ast.ReturnStmt); !ok {
			what = "the end of the function leaves"
		}
		cond := ""
		if !m.Always {
			cond = " on some path"
		}
		f.Message = fmt.Sprintf("%s %s locked%s, since %s: %s; call %s before it", what, name, cond, since, blocks, unlock)
		f.Fix = fix(s, m, unlock)
	case lockset.ByPanic:
		f.Category = "panic"
		f.Message = fmt.Sprintf("panic leaves %s locked, since %s, and is recovered: %s; defer %s", name, since, blocks, unlock)
	case lockset.ByLoop:
		f.Category = "continue"
		if m.Branch != nil {
			f.Pos, f.End = m.Branch.Pos(), m.Branch.End()
			at := s.Pass.Fset.Position(lockPos).Line
			if m.By != "" {
				lock = m.By
			}
			f.Message = fmt.Sprintf("continue leaves %s locked, and %s on line %d blocks forever in the next turn; call %s before it", name, lock, at, unlock)
		} else {
			f.Message = fmt.Sprintf("%s blocks forever in the next turn of the loop if this turn ends without %s", lock, unlock)
		}
	case lockset.ByTurn:
		f.Category = "continue"
		f.Message = fmt.Sprintf("%s stays locked after a turn of the loop that ends without %s: %s", name, unlock, blocks)
		if m.Branch != nil {
			f.Pos, f.End = m.Branch.Pos(), m.Branch.End()
			at := s.Pass.Fset.Position(lockPos).Line
			f.Message = fmt.Sprintf("continue leaves %s of this turn locked, since line %d: %s; call %s before it", name, at, blocks, unlock)
		}
	case lockset.ByHook:
		f.Category = "panic"
		f.Message = fmt.Sprintf("a panic in this call leaves %s locked, since %s, and is recovered: %s; defer %s", name, since, blocks, unlock)
	case lockset.ByDefer:
		f.Category = "defer"
		f.Related = nil
		call := s.Node(m.At).(*ast.DeferStmt).Call
		if m.Lock.Nameless {
			name = "a lock"
		}
		f.Message = fmt.Sprintf("deferred %s takes %s when the function returns, and nothing calls what it returns: %s", called(s, m.At), name, blocks)
		if onlyUnlocks(s.Pass.TypesInfo, call) {
			f.Message += "; defer " + types.ExprString(call) + "()"
			f.Fix = &analysis.SuggestedFix{
				Message:   "lock now, and defer the call of what is returned",
				TextEdits: []analysis.TextEdit{{Pos: call.End(), End: call.End(), NewText: []byte("()")}},
			}
		}
	case lockset.ByDrop:
		f.Category = "drop"
		f.Related = nil
		if m.Lock.Nameless {
			name = "a lock"
		}
		f.Message = fmt.Sprintf("%s takes %s and drops the function that unlocks it: %s; defer what it returns", called(s, m.At), name, blocks)
	case lockset.ByNobody:
		f.Category = "never"
		f.Related = nil
		f.Message = fmt.Sprintf("%s is never followed by an unlock in this package: %s; defer %s", lock, blocks, unlock)
		if m.Elsewhere {
			f.Message = fmt.Sprintf("%s has no unlock in this function, and no caller releases it: %s; defer %s", lock, blocks, unlock)
		}
	}
	return f
}

// called is what the instruction calls, as written.
func called(s *lockset.Set, at ssa.Instruction) string {
	switch n := s.Node(at).(type) {
	case *ast.CallExpr:
		return types.ExprString(n.Fun)
	case *ast.DeferStmt:
		return types.ExprString(n.Call.Fun)
	}
	return "the call"
}

// key is what releases the lock: the variable that holds what a call has returned.
func key(s *lockset.Set, m lockset.Missing) string {
	call, ok := s.Node(m.Lock.At).(*ast.CallExpr)
	if !ok {
		return "what it returned"
	}
	if x := keyVar(m, call); x != nil {
		return types.ExprString(x)
	}
	return "what " + types.ExprString(call.Fun) + " returned"
}

// keyVar is what the call's result that releases the lock is assigned to, nil when
// that is nothing.
func keyVar(m lockset.Missing, call *ast.CallExpr) (v ast.Expr) {
	index := m.Lock.Result - 1
	ast.Inspect(m.Fn.Syntax(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, x := range n.Rhs {
				if ast.Unparen(x) == call && i+index < len(n.Lhs) {
					v = n.Lhs[i+index]
				}
			}
		case *ast.ValueSpec:
			for i, x := range n.Values {
				if ast.Unparen(x) == call && i+index < len(n.Names) {
					v = n.Names[i+index]
				}
			}
		}
		return true
	})
	return v
}

// onlyUnlocks reports whether the call's one result is a function without
// parameters, so that it can be called right away.
func onlyUnlocks(info *types.Info, call *ast.CallExpr) bool {
	sig, ok := info.TypeOf(call).Underlying().(*types.Signature)
	return ok && sig.Params().Len() == 0
}
