package oncemisuse

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

//go:embed doc.go
var doc string

// Check is the analyzer and what users are told about it. Most of what the flag asks for
// could not go wrong, or nobody went on after it: see docs/precision.md.
var Check = diag.WithFlag(diag.Spec{
	Doc:        doc,
	Family:     diag.Misuse,
	Default:    true,
	Categories: []string{recursion, reset, nilFunction, perCall, lostResult, noRetry},
	Requires:   []*analysis.Analyzer{skeleton.Analyzer, inspect.Analyzer},
}, "lost", "report errors of the only run that later callers do not see", run)

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

const (
	recursion   = "recursion"
	reset       = "reset"
	nilFunction = "nil-function"
	perCall     = "per-call"
	lostResult  = "lost-result"
	noRetry     = "no-retry"
)

// A do is a call of Do.
type do struct {
	call *ssa.Call
	once *access.Ref
	fns  []*ssa.Function // what it runs, as far as known
	recv ssa.Value       // of a bound method that it runs
	node *ast.CallExpr
	key  ssa.Value // of a singleflight.Group; nil of a Once
}

type checker struct {
	*analysis.Pass
	report *diag.Reporter
	pkg    *skeleton.Package
	nodes  map[token.Pos]*ast.CallExpr
	dos    map[*ssa.Function][]*do
	shared map[*ssa.Function][]*do // of singleflight.Groups
	lose   bool                    // look for lost results
}

func run(pass *analysis.Pass, report *diag.Reporter, lost bool) error {
	imported := false
	for _, imp := range pass.Pkg.Imports() {
		imported = imported || ops.Concerns(imp)
	}
	if !imported {
		return nil
	}
	c := &checker{
		Pass: pass, report: report, pkg: pass.ResultOf[skeleton.Analyzer].(*skeleton.Package),
		nodes: make(map[token.Pos]*ast.CallExpr), dos: make(map[*ssa.Function][]*do), shared: make(map[*ssa.Function][]*do),
		lose: lost,
	}
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	used := false
	for n := range in.PreorderSeq((*ast.CallExpr)(nil)) {
		call := n.(*ast.CallExpr)
		switch k := kind(pass, call); k {
		case ops.OnceDo, ops.OnceFunc:
			if c.runsNil(call, k) {
				continue
			}
			used = true
		case ops.FlightDo:
			used = true
		}
		c.nodes[call.Lparen] = call
	}
	if !used {
		return nil
	}
	c.pkg.Mu.Lock()
	defer c.pkg.Mu.Unlock()
	if !c.pkg.Built() {
		return nil
	}
	for _, fn := range c.pkg.Funcs {
		c.collect(fn)
	}
	for _, fn := range c.pkg.Funcs {
		for _, d := range c.dos[fn] {
			if !c.recursive(d) && !c.resets(d) {
				c.local(d)
				if c.lose {
					c.lost(d)
				}
				c.retried(d)
			}
		}
		for _, d := range c.shared[fn] {
			c.recursive(d)
		}
	}
	return nil
}

// runsNil reports a call that is given nil in place of a function. must: whoever
// runs it panics.
func (c *checker) runsNil(call *ast.CallExpr, k ops.Kind) bool {
	if len(call.Args) != 1 || !isNil(c.TypesInfo, call.Args[0]) {
		return false
	}
	text := "is nil, so what it returns panics each time it is called; pass a function"
	if k == ops.OnceDo {
		text = "is nil: the first Do panics, and the Once runs nothing after that; pass func() {} to do nothing"
	}
	c.report.Report(diag.Finding{
		Pos: call.Pos(), End: call.End(), Category: nilFunction,
		Message: fmt.Sprintf("the function of %s %s", short(name(call)), text),
	})
	return true
}

// isNil reports whether the expression is nil, converted or not.
func isNil(info *types.Info, e ast.Expr) bool {
	e = ast.Unparen(e)
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) == 1 && info.Types[call.Fun].IsType() {
		return isNil(info, call.Args[0])
	}
	return info.Types[e].IsNil()
}

// collect finds the calls of Do in a function, and reports functions of
// OnceFunc that are called at once.
func (c *checker) collect(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			op, x := c.pkg.Op(&call.Call)
			node := c.nodes[call.Pos()]
			if node == nil {
				continue
			}
			switch op.Kind {
			case ops.OnceDo, ops.FlightDo:
				arg := skeleton.FuncArg(&call.Call, op)
				if x == nil || arg == nil {
					continue
				}
				d := &do{call: call, once: c.pkg.Access.Of(x), node: node}
				fns, _ := c.pkg.Functions(arg)
				for _, f := range fns {
					d.fns = append(d.fns, c.unbound(f))
				}
				if mc, ok := arg.(*ssa.MakeClosure); ok && mc.Fn.(*ssa.Function).Object() != nil && len(mc.Bindings) == 1 {
					d.recv = mc.Bindings[0]
				}
				if op.Kind == ops.FlightDo {
					d.key = skeleton.Args(&call.Call)[0]
					c.shared[fn] = append(c.shared[fn], d)
					continue
				}
				c.dos[fn] = append(c.dos[fn], d)
			case ops.OnceFunc:
				c.atOnce(call, node)
			}
		}
	}
}

// atOnce reports a function of OnceFunc that is not used at all, or whose only use
// is one call in the function that makes it, not in another loop.
func (c *checker) atOnce(made *ssa.Call, node *ast.CallExpr) {
	refs := made.Referrers()
	if refs != nil && len(*refs) == 0 {
		c.report.Report(diag.Finding{
			Pos: node.Pos(), End: node.End(), Category: perCall,
			Message: fmt.Sprintf("the function of %s is never called, so nothing runs; keep it and call it", name(node)),
		})
		return
	}
	if refs == nil || len(*refs) != 1 {
		return
	}
	call, ok := (*refs)[0].(*ssa.Call)
	if !ok || call.Call.Value != made || apart(made, call) {
		return
	}
	c.report.Report(diag.Finding{
		Pos: node.Pos(), End: node.End(), Category: perCall,
		Message: fmt.Sprintf("the function of %s is called once where it is made, so nothing is remembered; make it a field or a package variable", name(node)),
	})
}

// local reports Do on a Once that each call of the function has for itself:
// a local variable whose only use is this Do, in no loop that it is outside of.
func (c *checker) local(d *do) {
	alloc, ok := d.call.Call.Args[0].(*ssa.Alloc)
	if !ok || !ops.IsOnce(alloc.Type()) {
		return
	}
	for _, r := range *alloc.Referrers() {
		if r == ssa.Instruction(d.call) {
			continue
		}
		if st, ok := r.(*ssa.Store); ok && st.Addr == alloc {
			continue // the zero value of a composite literal
		}
		return
	}
	if apart(alloc, d.call) {
		return
	}
	c.report.Report(diag.Finding{
		Pos: d.node.Pos(), End: d.node.End(), Category: perCall,
		Message: fmt.Sprintf("%s.Do guards nothing: each call of the function has a Once of its own; make it a field or a package variable", d.once),
	})
}

// apart reports whether b can be executed again without a.
func apart(a, b ssa.Instruction) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{b.Block()}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for _, s := range x.Succs {
			if s == a.Block() || seen[s] {
				continue
			}
			if s == b.Block() {
				return true
			}
			seen[s] = true
			work = append(work, s)
		}
	}
	return false
}

// place is the line of an instruction, with its file when that is another one.
func (c *checker) place(from token.Pos, to ssa.Instruction) string {
	a, b := c.Fset.Position(from), c.Fset.Position(to.Pos())
	if a.Filename == b.Filename {
		return fmt.Sprintf("line %d", b.Line)
	}
	return fmt.Sprintf("%s:%d", filepath.Base(b.Filename), b.Line)
}
