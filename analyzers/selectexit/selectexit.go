package selectexit

import (
	_ "embed"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/cfg"

	"github.com/conclint/conclint/analyzers/internal/diag"
)

//go:embed doc.go
var doc string

// Check finds selects and loops that do not end when they should.
var Check = diag.New(diag.Spec{
	Doc:     doc,
	Family:  diag.Channels,
	Default: true,
	Categories: []string{
		breakLeavesSelect, doneContinues, closedSpin, spinningDefault, deadTimeout, noExit, selectForever, sameCase, emptyLoop, errorSpin, idleGoroutine,
	},
	Requires: []*analysis.Analyzer{ctrlflow.Analyzer},
	Run:      run,
})

// Analyzer is the analyzer of [Check].
var Analyzer = Check.Analyzer

const (
	breakLeavesSelect = "break-leaves-select"
	doneContinues     = "done-continues"
	closedSpin        = "closed-spin"
	spinningDefault   = "spinning-default"
	deadTimeout       = "dead-timeout"
	noExit            = "no-exit"
	selectForever     = "select-forever"
	sameCase          = "same-case"
	emptyLoop         = "empty-loop"
	idleGoroutine     = "idle-goroutine"
	errorSpin         = "error-spin"
)

// A checker looks at one package.
type checker struct {
	*analysis.Pass
	report *diag.Reporter
	cfgs   *ctrlflow.CFGs
	chans  *channels
}

func run(pass *analysis.Pass, report *diag.Reporter) error {
	if !concerned(pass) {
		return nil
	}
	c := &checker{
		Pass:   pass,
		report: report,
		cfgs:   pass.ResultOf[ctrlflow.Analyzer].(*ctrlflow.CFGs),
		chans:  collect(pass),
	}
	for _, file := range pass.Files {
		if report.Generated(file.Package) {
			continue
		}
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectStmt:
				c.selectStmt(n, place(stack))
			case *ast.UnaryExpr:
				if n.Op == token.ARROW && !isComm(n, stack) {
					c.receive(n, place(stack))
				}
			case *ast.ForStmt:
				c.forStmt(n, place(stack))
			case *ast.GoStmt:
				c.idle(n)
			}
			return true
		})
	}
	return nil
}

// concerned reports whether the package receives from a channel or selects, or has a
// loop that nothing but its body ends.
func concerned(pass *analysis.Pass) bool {
	found := false
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectStmt:
				found = true
			case *ast.UnaryExpr:
				found = found || n.Op == token.ARROW
			case *ast.ForStmt:
				found = found || n.Cond == nil
			}
			return !found
		})
	}
	return found
}

// A spot is where a statement stands: the function and the innermost loop of
// that function around it.
type spot struct {
	fn    ast.Node // *ast.FuncDecl or *ast.FuncLit; nil outside of functions
	outer ast.Node // the *ast.FuncDecl around fn, or fn; nil outside of functions
	loop  ast.Stmt // *ast.ForStmt or *ast.RangeStmt, or nil
	start ast.Node // the statement around fn when that is a literal called there, such as a go statement
}

func place(stack []ast.Node) spot {
	var s spot
	for i := len(stack) - 1; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.ForStmt:
			if s.loop == nil && s.fn == nil {
				s.loop = n
			}
		case *ast.RangeStmt:
			if s.loop == nil && s.fn == nil {
				s.loop = n
			}
		case *ast.FuncLit:
			if s.fn == nil {
				s.fn = n
				if i >= 2 {
					if call, ok := stack[i-1].(*ast.CallExpr); ok && ast.Unparen(call.Fun) == n {
						s.start = stack[i-2]
					}
				}
			}
			s.outer = n
		case *ast.FuncDecl:
			if s.fn == nil {
				s.fn = n
			}
			s.outer = n
		}
	}
	return s
}

// isComm reports whether the receive is the communication of a select's case.
func isComm(recv *ast.UnaryExpr, stack []ast.Node) bool {
	for i := len(stack) - 1; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.CommClause:
			return n.Comm != nil && n.Comm.Pos() <= recv.Pos() && recv.End() <= n.Comm.End()
		case *ast.BlockStmt, *ast.FuncLit:
			return false
		}
	}
	return false
}

// graph returns the control-flow graph of a function.
func (c *checker) graph(fn ast.Node) *cfg.CFG {
	switch fn := fn.(type) {
	case *ast.FuncDecl:
		return c.cfgs.FuncDecl(fn)
	case *ast.FuncLit:
		return c.cfgs.FuncLit(fn)
	}
	return nil
}

// A comm is a case of a select taken apart.
type comm struct {
	clause *ast.CommClause
	recv   *ast.UnaryExpr // nil for a send and the default
	ok     *ast.Ident     // the second variable of a receive, if any
}

func communications(sel *ast.SelectStmt) (comms []comm, def *ast.CommClause) {
	for _, s := range sel.Body.List {
		clause := s.(*ast.CommClause)
		cm := comm{clause: clause}
		switch s := clause.Comm.(type) {
		case nil:
			def = clause
			continue
		case *ast.ExprStmt:
			cm.recv, _ = ast.Unparen(s.X).(*ast.UnaryExpr)
		case *ast.AssignStmt:
			cm.recv, _ = ast.Unparen(s.Rhs[0]).(*ast.UnaryExpr)
			if len(s.Lhs) == 2 {
				cm.ok = named(s.Lhs[1])
			}
		}
		comms = append(comms, cm)
	}
	return comms, def
}

func named(e ast.Expr) *ast.Ident {
	if id, ok := e.(*ast.Ident); ok && id.Name != "_" {
		return id
	}
	return nil
}

func (c *checker) selectStmt(sel *ast.SelectStmt, at spot) {
	g := c.graph(at.fn)
	if g == nil {
		return
	}
	comms, def := communications(sel)
	if len(comms) == 0 {
		if def == nil {
			c.forever(sel, at)
		}
		return
	}
	c.twice(comms)
	var t *turn
	if at.loop != nil {
		t = newTurn(c, g, at.loop, func(n ast.Node) bool { return n == comms[0].clause.Comm })
	}
	c.timeouts(t, comms, def, at)
	if t == nil {
		return
	}
	if def != nil {
		c.spinning(t, sel, comms, def)
	}
	for _, cm := range comms {
		if cm.recv != nil {
			c.ready(t, sel, comms, cm, at)
		}
	}
}
