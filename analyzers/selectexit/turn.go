package selectexit

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/cfg"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A turn is one round of a loop that contains a certain receive or select: the
// graph from there back to there.
type turn struct {
	c    *checker
	g    *cfg.CFG
	loop ast.Stmt
	head *cfg.Block // where the receive or select is
}

// newTurn returns nil when the head is not in the graph or not in reach.
func newTurn(c *checker, g *cfg.CFG, loop ast.Stmt, isHead func(ast.Node) bool) *turn {
	for _, b := range g.Blocks {
		if !b.Live {
			continue
		}
		for _, n := range b.Nodes {
			if isHead(n) {
				return &turn{c, g, loop, b}
			}
		}
	}
	return nil
}

// body returns the block that runs when the clause is chosen.
func (t *turn) body(comms []comm, clause *ast.CommClause) *cfg.Block {
	kind, stmt := cfg.KindSelectCaseBody, clause
	if clause.Comm == nil { // the default stands behind the last case
		kind, stmt = cfg.KindSelectAfterCase, comms[len(comms)-1].clause
	}
	for _, b := range t.g.Blocks {
		if b.Kind == kind && b.Stmt == ast.Stmt(stmt) {
			return b
		}
	}
	return nil
}

// outside reports whether the block lies behind or around the loop.
func (t *turn) outside(b *cfg.Block) bool {
	if b.Stmt == nil {
		return false
	}
	if b.Stmt == t.loop {
		return b.Kind == cfg.KindForDone || b.Kind == cfg.KindRangeDone
	}
	return b.Stmt.Pos() < t.loop.Pos() || b.Stmt.Pos() >= t.loop.End()
}

// stays reports whether every path from the block leads to the head again. It
// is a must: one path that leaves the loop, the function or the program makes
// it false, be it feasible or not. Calls that are not seen are taken to return.
func (t *turn) stays(from *cfg.Block) bool {
	seen := make(map[*cfg.Block]bool)
	again := false
	var visit func(b *cfg.Block) bool
	visit = func(b *cfg.Block) bool {
		if b == t.head {
			again = true
			return true
		}
		if seen[b] {
			return true
		}
		seen[b] = true
		if t.outside(b) || len(b.Succs) == 0 || t.c.ends(b.Nodes) {
			return false
		}
		for _, s := range b.Succs {
			if !visit(s) {
				return false
			}
		}
		return true
	}
	return visit(from) && again
}

// returns reports whether some path leads from the block to the head.
func (t *turn) returns(from *cfg.Block) bool {
	seen := make(map[*cfg.Block]bool)
	var visit func(b *cfg.Block) bool
	visit = func(b *cfg.Block) bool {
		if b == t.head {
			return true
		}
		if seen[b] || t.outside(b) || t.c.ends(b.Nodes) {
			return false
		}
		seen[b] = true
		return slices.ContainsFunc(b.Succs, visit)
	}
	return visit(from)
}

// leaves reports whether some path leads from the head out of the loop.
func (t *turn) leaves() bool { return t.leavesBut(nil) }

// leavesBut is leaves without the paths through some blocks.
func (t *turn) leavesBut(skip map[*cfg.Block]bool) bool {
	seen := make(map[*cfg.Block]bool)
	var visit func(b *cfg.Block) bool
	visit = func(b *cfg.Block) bool {
		if seen[b] || skip[b] {
			return false
		}
		seen[b] = true
		if t.outside(b) || b.Return() != nil || t.c.ends(b.Nodes) {
			return true
		}
		if len(b.Succs) == 0 {
			// Nothing follows: a call that does not return, or the end of
			// a select's cases, where it waits.
			return b.Kind != cfg.KindSelectAfterCase || len(b.Nodes) > 0
		}
		return slices.ContainsFunc(b.Succs, visit)
	}
	return visit(t.head)
}

// idles reports whether some path from the block leads to the head again and
// does nothing on it that could wait or make the rounds after the next differ.
func (t *turn) idles(from *cfg.Block, comms []comm) bool {
	seen := make(map[*cfg.Block]bool)
	isComm := func(n ast.Node) bool {
		for _, cm := range comms {
			if n == ast.Node(cm.clause.Comm) {
				return true
			}
		}
		return false
	}
	idle := func(b *cfg.Block) bool {
		// What a loop does is taken to be done once at least.
		if b.Stmt != t.loop && (b.Kind == cfg.KindForLoop || b.Kind == cfg.KindRangeLoop) && !t.c.inert(b.Stmt) {
			return false
		}
		for _, n := range b.Nodes {
			if !isComm(n) && !t.c.inert(n) {
				return false
			}
		}
		return true
	}
	var visit func(b *cfg.Block) bool
	visit = func(b *cfg.Block) bool {
		if b == t.head {
			return idle(b)
		}
		if seen[b] || t.outside(b) || !idle(b) {
			return false
		}
		seen[b] = true
		return slices.ContainsFunc(b.Succs, visit)
	}
	return visit(from)
}

// callee returns the function or method that is called, also an interface's.
func (c *checker) callee(call *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(c.TypesInfo, call).(*types.Func)
	return fn
}

func (c *checker) kind(call *ast.CallExpr) ops.Kind { return ops.Of(c.callee(call)).Kind }

// ends reports whether one of the statements may end the goroutine or process.
// The graph knows the calls of functions that are declared so; here come those
// that the table knows, and all that is given what can fail a test.
func (c *checker) ends(nodes []ast.Node) bool {
	for _, n := range nodes {
		s, ok := n.(*ast.ExprStmt)
		if !ok {
			continue
		}
		call, ok := ast.Unparen(s.X).(*ast.CallExpr)
		if !ok {
			continue
		}
		switch c.kind(call) {
		case ops.Exit, ops.Goexit, ops.Panic, ops.TestFatal:
			return true
		case ops.None:
			if slices.ContainsFunc(call.Args, c.failsTests) {
				return true
			}
			if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && c.failsTests(sel.X) {
				return true
			}
		}
	}
	return false
}

// failsTests reports whether the value has a method that ends the test.
func (c *checker) failsTests(e ast.Expr) bool {
	t := c.TypesInfo.TypeOf(e)
	if t == nil {
		return false
	}
	m, _, _ := types.LookupFieldOrMethod(t, true, c.Pkg, "FailNow")
	_, ok := m.(*types.Func)
	return ok
}

// inert reports whether running the node neither waits nor changes anything
// but variables that it declares.
func (c *checker) inert(node ast.Node) bool {
	inert := true
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			inert = inert && (n.Tok == token.DEFINE || n.Tok == token.ASSIGN && !slices.ContainsFunc(n.Rhs, func(e ast.Expr) bool { return !c.fixed(e) }))
		case *ast.IncDecStmt, *ast.SendStmt, *ast.GoStmt, *ast.DeferStmt, *ast.RangeStmt:
			inert = false
		case *ast.UnaryExpr:
			inert = inert && n.Op != token.ARROW
		case *ast.CallExpr:
			inert = inert && c.harmless(n)
		case *ast.FuncLit:
			return false
		}
		return inert
	})
	return inert
}

// fixed reports whether an expression has the same value each time, so that to set a
// variable to it again changes nothing.
func (c *checker) fixed(e ast.Expr) bool {
	e = ast.Unparen(e)
	if tv := c.TypesInfo.Types[e]; tv.Value != nil || tv.IsNil() {
		return true
	}
	lit, ok := e.(*ast.CompositeLit)
	if !ok || len(lit.Elts) > 0 {
		return false
	}
	_, isStruct := c.TypesInfo.TypeOf(lit).Underlying().(*types.Struct)
	return isStruct
}

// harmless reports whether a call only looks at something.
func (c *checker) harmless(call *ast.CallExpr) bool {
	if tv, ok := c.TypesInfo.Types[call.Fun]; ok && tv.IsType() {
		return true
	}
	switch fn := typeutil.Callee(c.TypesInfo, call).(type) {
	case *types.Builtin:
		return fn.Name() == "len" || fn.Name() == "cap"
	case *types.Func:
		switch ops.Of(fn).Kind {
		case ops.AtomicLoad, ops.CtxErr, ops.CtxDone, ops.CtxRoot:
			return true
		}
	}
	return false
}
