package skeleton

import (
	"go/ast"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/cfg"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// NoReturn is the fact that a function never returns to its caller. The pass
// ctrlflow finds those that end by a call of a function; this one, those that
// end by a method of an interface, as helpers of tests do that are given a
// testing.TB.
type NoReturn struct{}

// AFact marks a NoReturn as a fact.
func (*NoReturn) AFact() {}

func (*NoReturn) String() string { return "never returns" }

// ends tells, for the functions that a package calls, which never return.
var ends = &analysis.Analyzer{
	Name:       "ends",
	Doc:        "find functions that never return\n\nIt reports nothing.",
	URL:        "https://github.com/conclint/conclint",
	Requires:   []*analysis.Analyzer{ctrlflow.Analyzer},
	ResultType: reflect.TypeFor[func(*types.Func) bool](),
	FactTypes:  []analysis.Fact{new(NoReturn)},
	Run:        findEnds,
}

func findEnds(pass *analysis.Pass) (any, error) {
	cfgs := pass.ResultOf[ctrlflow.Analyzer].(*ctrlflow.CFGs)
	own := make(map[*types.Func]bool)
	known := func(fn *types.Func) bool {
		if fn == nil {
			return false
		}
		if ops.Of(fn).Kind.Ends() || endsTest(fn) {
			return true
		}
		if fn = fn.Origin(); own[fn] || cfgs.NoReturn(fn) {
			return true
		}
		return fn.Pkg() != nil && fn.Pkg() != pass.Pkg && pass.ImportObjectFact(fn, new(NoReturn))
	}
	if !standard(pass) && mayEnd(pass) {
		mayReturn := func(call *ast.CallExpr) bool {
			fn, _ := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
			return !known(fn)
		}
		for changed := true; changed; {
			changed = false
			for _, f := range pass.Files {
				for _, d := range f.Decls {
					decl, ok := d.(*ast.FuncDecl)
					if !ok || decl.Body == nil {
						continue
					}
					fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
					if ok && !known(fn) && !returns(pass, cfg.New(decl.Body, mayReturn)) {
						own[fn], changed = true, true
						pass.ExportObjectFact(fn, new(NoReturn))
					}
				}
			}
		}
	}
	return known, nil
}

// returns reports whether a return can be reached, or a deferred call can recover
// and so return: any but those that let go of something.
func returns(pass *analysis.Pass, g *cfg.CFG) bool {
	for _, b := range g.Blocks {
		if !b.Live {
			continue
		}
		if b.Return() != nil {
			return true
		}
		for _, n := range b.Nodes {
			d, ok := n.(*ast.DeferStmt)
			if !ok {
				continue
			}
			fn, _ := typeutil.Callee(pass.TypesInfo, d.Call).(*types.Func)
			switch ops.Of(fn).Kind {
			case ops.Unlock, ops.RUnlock, ops.WgDone, ops.TimerStop:
			default:
				return true
			}
		}
	}
	return false
}

// endsTest reports whether a test ends itself by the method: of an interface, when
// that has FailNow, too. Many others can Skip something.
func endsTest(fn *types.Func) bool {
	return ops.EndsTest(fn) && fn.Signature().Recv() != nil && ops.CanEndTest(fn.Signature().Recv().Type())
}

// mayEnd reports whether the package names a function that ends a test, or one
// of another package that is known never to return.
func mayEnd(pass *analysis.Pass) bool {
	for _, obj := range pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if ok && (endsTest(fn) || fn.Pkg() != nil && fn.Pkg() != pass.Pkg && pass.ImportObjectFact(fn.Origin(), new(NoReturn))) {
			return true
		}
	}
	return false
}
