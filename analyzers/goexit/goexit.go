package goexit

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

//go:embed doc.go
var doc string

// Check is the analyzer and what users are told about it.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Goroutines,
	Default:    false, // a rule of style: what it finds is often meant
	Categories: []string{noStop, notWaited, inInit, unbounded, noRecover},
	Requires:   []*analysis.Analyzer{skeleton.Analyzer},
	Run:        run,
})

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

const (
	noStop    = "no-stop"
	notWaited = "not-waited"
	inInit    = "in-init"
	unbounded = "unbounded"
	noRecover = "no-recover"
)

// A start is a go statement with what is around it, outermost first.
type start struct {
	*ast.GoStmt
	stack []ast.Node
}

type checker struct {
	*analysis.Pass
	report *diag.Reporter
	pkg    *skeleton.Package
	bodies map[*ssa.Function]traits
}

func run(pass *analysis.Pass, report *diag.Reporter) error {
	starts := find(pass)
	if len(starts) == 0 {
		return nil
	}
	c := &checker{
		Pass: pass, report: report, pkg: pass.ResultOf[skeleton.Analyzer].(*skeleton.Package),
		bodies: make(map[*ssa.Function]traits),
	}
	c.pkg.Mu.Lock()
	defer c.pkg.Mu.Unlock()
	if !c.pkg.Built() {
		return nil
	}
	for _, fn := range c.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if g, ok := instr.(*ssa.Go); ok {
					if s, ok := starts[g.Pos()]; ok {
						c.check(s, g)
					}
				}
			}
		}
	}
	return nil
}

func find(pass *analysis.Pass) map[token.Pos]start {
	starts := make(map[token.Pos]start)
	for _, file := range pass.Files {
		if strings.HasSuffix(pass.Fset.Position(file.Package).Filename, "_test.go") {
			continue
		}
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			if g, ok := n.(*ast.GoStmt); ok {
				starts[g.Go] = start{g, append([]ast.Node(nil), stack...)}
			}
			return true
		})
	}
	return starts
}

func (c *checker) check(s start, g *ssa.Go) {
	say := func(category, message string) {
		c.report.Report(diag.Finding{Pos: s.Pos(), End: s.Call.Lparen, Category: category, Message: message})
	}
	var fn *ssa.Function
	if fns, complete := c.pkg.Functions(g.Call.Value); complete && len(fns) == 1 && fns[0].Blocks != nil {
		fn = fns[0]
	}
	if c.handler(s) && fn != nil && !recovers(fn, 0) {
		say(noRecover, "a panic in this goroutine ends the whole server: net/http recovers in the handler's own goroutine only; defer a recover")
	}
	switch {
	case atInit(s):
		say(inInit, "this goroutine runs in every program that imports the package, and nobody can stop it; start it in a function that is called")
	case fn != nil && c.pkg.NoReturn(fn) && loops(fn):
		if !c.inMain(s) {
			say(noStop, "the goroutine never returns: nothing leaves its loop, and nobody can stop it; return when a context is done or a channel is closed")
		}
	case c.overInput(s) && (fn == nil || !c.traits(fn, 0).limited):
		say(unbounded, "each turn of this loop starts a goroutine, as many as there is input; wait for a free place first, by a semaphore or SetLimit")
	case fn != nil && !c.traits(fn, 0).signals && !c.told(fn) && !c.inMain(s):
		say(notWaited, "nobody can wait for this goroutine, since it signals nothing when it ends; count it in a WaitGroup or close a channel")
	}
}

// told reports whether the goroutine is a loop that looks at what others set: it has an
// owner who ends it.
func (c *checker) told(fn *ssa.Function) bool { return loops(fn) && c.traits(fn, 0).looks }

// handler reports whether the innermost function declared around it serves HTTP.
func (c *checker) handler(s start) bool {
	for i := len(s.stack) - 1; i >= 0; i-- {
		switch n := s.stack[i].(type) {
		case *ast.FuncLit:
			if sig, ok := c.TypesInfo.TypeOf(n).(*types.Signature); ok && ops.IsHandlerFunc(sig) {
				return true
			}
		case *ast.FuncDecl:
			obj, ok := c.TypesInfo.Defs[n.Name].(*types.Func)
			return ok && ops.IsHandlerFunc(obj.Signature())
		}
	}
	return false
}

// atInit reports whether an init function, or a package variable, starts it.
func atInit(s start) bool {
	for _, n := range s.stack {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv != nil || n.Name.Name != "init" {
				return false
			}
			return direct(s)
		case *ast.GenDecl:
			return direct(s)
		}
	}
	return false
}

// direct reports whether all function literals around it are called where they
// stand.
func direct(s start) bool {
	for i, n := range s.stack {
		if lit, ok := n.(*ast.FuncLit); ok {
			if call, ok := s.stack[i-1].(*ast.CallExpr); !ok || call.Fun != lit {
				return false
			}
		}
	}
	return true
}

func (c *checker) inMain(s start) bool {
	for _, n := range s.stack {
		if fn, ok := n.(*ast.FuncDecl); ok {
			return c.Pkg.Name() == "main" && fn.Recv == nil && fn.Name.Name == "main"
		}
	}
	return false
}

// overInput reports whether a loop whose turns are not known to be few starts
// the goroutine, without anything before it in the turn that could wait.
func (c *checker) overInput(s start) bool {
	for i := len(s.stack) - 1; i >= 0; i-- {
		switch n := s.stack[i].(type) {
		case *ast.RangeStmt:
			return c.input(n.X) && !c.waits(n.Body, s.Pos())
		case *ast.ForStmt:
			endless := n.Cond == nil && c.accepts(n.Body, s.Pos())
			return n.Init == nil && n.Post == nil && (endless || c.advances(n.Cond)) && !c.waits(n.Body, s.Pos())
		case *ast.FuncLit, *ast.FuncDecl:
			return false
		}
	}
	return false
}

// input reports whether what is ranged over can be of any size: a parameter, a
// field, the result of a call, or a channel. A goroutine for each of some channels
// is how these are merged.
func (c *checker) input(x ast.Expr) bool {
	switch t := c.TypesInfo.TypeOf(x).Underlying().(type) {
	case *types.Slice:
		if _, channels := t.Elem().Underlying().(*types.Chan); channels {
			return false
		}
	case *types.Map, *types.Chan, *types.Signature:
	default:
		return false
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr, *ast.SelectorExpr:
		return true
	case *ast.Ident:
		v, ok := c.TypesInfo.Uses[x].(*types.Var)
		return ok && v.Kind() == types.ParamVar
	}
	return false
}

// accepts reports whether the loop waits for the outside before pos.
func (c *checker) accepts(body *ast.BlockStmt, pos token.Pos) bool {
	return c.any(body, pos, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		return ok && ops.Of(c.callee(call)).External
	})
}

// advances reports whether a condition is a call that takes the next piece of an input:
// a method of another package, without arguments, that says whether there was one.
func (c *checker) advances(cond ast.Expr) bool {
	call, ok := ast.Unparen(cond).(*ast.CallExpr)
	if !ok || len(call.Args) > 0 {
		return false
	}
	fn := c.callee(call)
	if fn == nil || fn.Pkg() == c.Pkg || fn.Signature().Recv() == nil {
		return false
	}
	op := ops.Of(fn)
	return op.Kind == ops.None || op.External
}

// waits reports whether something before pos can wait for a free place.
func (c *checker) waits(body *ast.BlockStmt, pos token.Pos) bool {
	return c.any(body, pos, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SendStmt, *ast.SelectStmt:
			return true
		case *ast.UnaryExpr:
			return n.Op == token.ARROW
		case *ast.CallExpr:
			switch ops.Of(c.callee(n)).Kind {
			case ops.SemAcquire, ops.SemTryAcquire, ops.CondWait, ops.WgWait, ops.Lock:
				return true
			}
		}
		return false
	})
}

func (c *checker) any(body *ast.BlockStmt, pos token.Pos, is func(ast.Node) bool) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if n == nil || n.Pos() >= pos || found {
			return false
		}
		found = is(n)
		return !found
	})
	return found
}

func (c *checker) callee(call *ast.CallExpr) *types.Func {
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		fn, _ := c.TypesInfo.Uses[sel.Sel].(*types.Func)
		return fn
	}
	return nil
}
