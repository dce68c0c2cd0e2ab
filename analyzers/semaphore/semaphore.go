package semaphore

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

//go:embed doc.go
var doc string

// Check finds semaphores whose slots are lost, given back twice, or waited for
// by those who hold them. A slot that goes with the state of an object looks like one
// that is lost: see docs/precision.md.
var Check = diag.WithFlag(diag.Spec{
	Doc:        doc,
	Family:     diag.Misuse,
	Default:    true,
	Categories: []string{notReleased, notAcquired, heldAgain},
	Requires:   []*analysis.Analyzer{source.Analyzer},
}, "lost", "report also slots that are not given back on some path", run)

// Analyzer is the analyzer of [Check].
var Analyzer = Check.Analyzer

const (
	notReleased = "not-released"
	notAcquired = "not-acquired"
	heldAgain   = "held-again"
)

// A sem is a semaphore as a function names it: a variable, or a field of one.
type sem struct {
	v    *types.Var
	base *types.Var // the x of x.sem
}

// An op takes or gives back a slot.
type op struct {
	cur     inspector.Cursor
	node    ast.Node // the send, receive or call
	sem     sem
	expr    ast.Expr // the semaphore
	fn      inspector.Cursor
	acquire bool
	try     bool // it does not wait for ever: another case, or TryAcquire
}

// A checker looks at one package.
type checker struct {
	*source.Package
	report *diag.Reporter
	ops    []*op
	by     map[*types.Var][]*op
}

func run(pass *analysis.Pass, report *diag.Reporter, lost bool) error {
	c := &checker{Package: pass.ResultOf[source.Analyzer].(*source.Package), report: report, by: make(map[*types.Var][]*op)}
	c.collect()
	for _, o := range c.ops {
		if !o.acquire || report.Generated(o.node.Pos()) || !c.pair(o) {
			continue
		}
		if lost {
			c.released(o)
		}
		c.again(o)
		c.unchecked(o)
		c.otherCase(o)
	}
	return nil
}

// collect notes sends on and receives from channels that can be semaphores,
// and the operations of Weighted.
func (c *checker) collect() {
	for cur := range c.Root.Preorder((*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.CallExpr)(nil)) {
		o := &op{cur: cur, node: cur.Node()}
		switch n := cur.Node().(type) {
		case *ast.SendStmt:
			o.expr, o.acquire = n.Chan, true
			o.try = inSelect(cur)
		case *ast.UnaryExpr:
			if n.Op != token.ARROW || !discards(cur) {
				continue
			}
			o.expr = n.X
		case *ast.CallExpr:
			switch c.Kind(n) {
			case ops.SemAcquire:
				o.acquire = true
			case ops.SemTryAcquire:
				o.acquire, o.try = true, true
			case ops.SemRelease:
			default:
				continue
			}
			o.expr = source.Receiver(n)
		}
		var ok bool
		if o.sem, ok = c.semOf(o.expr); !ok {
			continue
		}
		if o.fn, ok = source.Func(cur); !ok {
			continue
		}
		c.ops = append(c.ops, o)
		c.by[o.sem.v] = append(c.by[o.sem.v], o)
	}
}

// semOf names the semaphore of an expression: one of Weighted, or a channel
// whose values say nothing.
func (c *checker) semOf(e ast.Expr) (sem, bool) {
	v := c.Var(e)
	if v == nil {
		return sem{}, false
	}
	if ch, ok := v.Type().Underlying().(*types.Chan); ok {
		switch t := ch.Elem().Underlying().(type) {
		case *types.Struct:
			if t.NumFields() > 0 {
				return sem{}, false
			}
		case *types.Basic:
			if t.Kind() != types.Bool {
				return sem{}, false
			}
		default:
			return sem{}, false
		}
	} else if !ops.IsSemaphore(v.Type()) {
		return sem{}, false
	}
	s := sem{v: v}
	if v.IsField() {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			return sem{}, false
		}
		if s.base = c.Var(sel.X); s.base == nil || s.base.IsField() {
			return sem{}, false
		}
	}
	return s, true
}

// inSelect reports whether the send is a case of a select with others.
func inSelect(cur inspector.Cursor) bool {
	clause, ok := cur.Parent().Node().(*ast.CommClause)
	if !ok || clause.Comm != cur.Node() {
		return false
	}
	body, ok := cur.Parent().Parent().Node().(*ast.BlockStmt)
	return ok && len(body.List) > 1
}

// discards reports whether the receive is a statement, and no case of a select.
func discards(cur inspector.Cursor) bool {
	if _, ok := cur.Parent().Node().(*ast.ExprStmt); !ok {
		return false
	}
	clause, ok := cur.Parent().Parent().Node().(*ast.CommClause)
	return !ok || clause.Comm != cur.Parent().Node()
}

// pair reports whether what the acquire takes is given back in the same
// function, or in a goroutine that the function starts. For a channel that is
// what makes it a semaphore: it has room, and the one who sends receives.
func (c *checker) pair(o *op) bool {
	if isChan(o.sem.v) && !c.buffered(o.sem.v) {
		return false
	}
	for _, r := range c.by[o.sem.v] {
		if !r.acquire && r.sem == o.sem && o.fn.Contains(r.fn) && !c.first(r, o) {
			return true
		}
	}
	return false
}

// first reports whether the receive stands before the send in the same
// function: then it takes a token, and the send gives it back.
func (c *checker) first(r, o *op) bool {
	return isChan(o.sem.v) && r.node.Pos() < o.node.Pos() && !c.deferred(r)
}

func (c *checker) deferred(r *op) bool {
	for range r.cur.Enclosing((*ast.DeferStmt)(nil)) {
		return true
	}
	return false
}

func isChan(v *types.Var) bool { _, ok := v.Type().Underlying().(*types.Chan); return ok }

// buffered reports whether the channel has room, as far as is seen: a make
// for it has a capacity, and none has not; it is not closed, ranged over,
// returned, nor received from in a select.
func (c *checker) buffered(v *types.Var) bool {
	made := false
	for _, use := range c.Uses(v) {
		e := use
		if sel, ok := use.Parent().Node().(*ast.SelectorExpr); ok && sel.Sel == use.Node() {
			e = use.Parent()
		}
		up := e.Parent()
		var value ast.Expr
		switch n := up.Node().(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if lhs == e.Node() && len(n.Lhs) == len(n.Rhs) {
					value = n.Rhs[i]
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if name == e.Node() && len(n.Values) == len(n.Names) {
					value = n.Values[i]
				}
			}
		case *ast.KeyValueExpr:
			if n.Key == e.Node() {
				value = n.Value
			}
		case *ast.RangeStmt:
			if n.X == e.Node() {
				return false
			}
		case *ast.ReturnStmt:
			return false
		case *ast.UnaryExpr:
			if n.Op != token.ARROW || !discards(up) {
				return false // somebody waits for it, or looks at the value
			}
		case *ast.CallExpr:
			if c.Builtin(n) == "close" {
				return false
			}
		}
		if value == nil {
			continue
		}
		call, ok := ast.Unparen(value).(*ast.CallExpr)
		if !ok || c.Builtin(call) != "make" {
			continue
		}
		if len(call.Args) < 2 {
			return false
		}
		if v := c.Pass.TypesInfo.Types[call.Args[1]].Value; v != nil && v.ExactString() == "0" {
			return false
		}
		made = true
	}
	return made || c.isParam(v)
}

// isParam reports whether the variable is a parameter: the channel was made
// elsewhere.
func (c *checker) isParam(v *types.Var) bool {
	uses := c.Uses(v)
	if len(uses) == 0 || v.IsField() {
		return false
	}
	_, ok := uses[0].Parent().Node().(*ast.Field)
	return ok
}
