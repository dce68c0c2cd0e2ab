package missingunlock

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"strings"

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
	f.Related = []analysis.RelatedInformation{{Pos: lockPos, End: lockEnd, Message: name + " is locked here"}}
	blocks := "the next " + name + ".Lock blocks forever"
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
	case lockset.ByDefer:
		f.Category = "defer"
		f.Related = nil
		call := s.Node(m.At).(*ast.DeferStmt).Call
		f.Message = fmt.Sprintf("deferred %s takes %s when the function returns, and nothing calls what it returns: %s", types.ExprString(call.Fun), name, blocks)
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
		what := "the call"
		if call, ok := s.Node(m.At).(*ast.CallExpr); ok {
			what = types.ExprString(call.Fun)
		}
		f.Message = fmt.Sprintf("%s locks %s and drops the function that unlocks it: %s; defer what it returns", what, name, blocks)
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

// key is what releases the lock: the variable that holds what a call has returned.
func key(s *lockset.Set, m lockset.Missing) string {
	call, ok := s.Node(m.Lock.At).(*ast.CallExpr)
	if !ok {
		return "what it returned"
	}
	name := "what " + types.ExprString(call.Fun) + " returned"
	index := m.Lock.Result - 1
	ast.Inspect(m.Fn.Syntax(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, x := range n.Rhs {
				if ast.Unparen(x) == call && i+index < len(n.Lhs) {
					name = types.ExprString(n.Lhs[i+index])
				}
			}
		case *ast.ValueSpec:
			for i, x := range n.Values {
				if ast.Unparen(x) == call && i+index < len(n.Names) {
					name = n.Names[i+index].Name
				}
			}
		}
		return true
	})
	return name
}

// onlyUnlocks reports whether the call's one result is a function without
// parameters, so that it can be called right away.
func onlyUnlocks(info *types.Info, call *ast.CallExpr) bool {
	sig, ok := info.TypeOf(call).Underlying().(*types.Signature)
	return ok && sig.Params().Len() == 0
}

// fix unlocks before the return: if that is right on all paths that get there,
// and nothing that is returned can depend on the lock.
func fix(s *lockset.Set, m lockset.Missing, unlock string) *analysis.SuggestedFix {
	ret, ok := s.Node(m.At).(*ast.ReturnStmt)
	if !ok || !m.Always {
		return nil
	}
	if _, direct := m.Lock.At.(*ssa.Call); !direct {
		return nil
	}
	x := s.Source(m.Lock.At)
	if x == nil || !path(x) || s.Pass.Fset.Position(ret.Pos()).Filename != s.Pass.Fset.Position(x.Pos()).Filename {
		return nil
	}
	// The call must be the operation itself, and its variable mean the same
	// at the return.
	call, ok := s.Node(m.Lock.At).(*ast.CallExpr)
	if !ok {
		return nil
	}
	sel := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if sel.Sel.Name != lockset.Method(m.Lock.Mode) {
		return nil
	}
	id := root(x)
	obj := s.Pass.TypesInfo.ObjectOf(id)
	scope := s.Pass.Pkg.Scope().Innermost(ret.Pos())
	if scope == nil || obj == nil {
		return nil
	}
	if _, found := scope.LookupParent(id.Name, ret.Pos()); found != obj {
		return nil
	}
	for _, e := range ret.Results {
		if !constant(s.Pass.TypesInfo, e) {
			return nil
		}
	}
	indent := strings.Repeat("\t", s.Pass.Fset.Position(ret.Pos()).Column-1)
	text := types.ExprString(x) + "." + lockset.Release(m.Lock.Mode) + "()\n" + indent
	return &analysis.SuggestedFix{
		Message:   "call " + unlock + " before the return",
		TextEdits: []analysis.TextEdit{{Pos: ret.Pos(), End: ret.Pos(), NewText: []byte(text)}},
	}
}

// path reports whether e is a variable or a path of fields.
func path(e ast.Expr) bool { return root(e) != nil }

func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// constant reports whether the value of e cannot depend on the lock: it is a
// constant, nil, a local variable, or a package's error.
func constant(info *types.Info, e ast.Expr) bool {
	if tv := info.Types[e]; tv.Value != nil || tv.IsNil() {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := info.Uses[e].(*types.Var)
		return ok && (v.Parent() == nil || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() || isError(v.Type()))
	case *ast.SelectorExpr:
		if v, ok := info.Uses[e.Sel].(*types.Var); ok && !v.IsField() {
			return isError(v.Type())
		}
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	case *ast.CallExpr:
		for _, a := range e.Args {
			if !constant(info, a) {
				return false
			}
		}
		fn, ok := info.Uses[callee(e.Fun)].(*types.Func)
		return ok && fn.Pkg() != nil && (fn.FullName() == "errors.New" || fn.FullName() == "fmt.Errorf")
	}
	return false
}

func callee(e ast.Expr) *ast.Ident {
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
		return sel.Sel
	}
	id, _ := ast.Unparen(e).(*ast.Ident)
	return id
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }
