package selectexit

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/cfg"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A closed channel is always ready. A loop that goes on after such a receive
// comes back to it at once, and spins.

// ready looks at a case that receives from a channel that gets closed: of a
// context, or one that this package closes, or that the author of the case
// expects to be closed since he looks at the second value.
func (c *checker) ready(t *turn, sel *ast.SelectStmt, comms []comm, cm comm, at spot) {
	body := t.body(comms, cm.clause)
	if body == nil || !c.chans.stable(cm.recv.X, at) {
		return
	}
	name := short(types.ExprString(cm.recv.X))
	done := c.isDone(cm.recv.X)
	closes := c.chans.closes(cm.recv.X)
	if !done && len(closes) > 0 && c.onlyCode(cm.recv, closes) {
		return
	}
	if cm.ok != nil {
		c.unheeded(t, comms, cm, sel)
		return
	}
	if !done && c.untilNil(cm, at) {
		return
	}
	produced := false
	if !done && len(closes) == 0 {
		if closes = c.produced(cm.recv.X); len(closes) == 0 {
			return
		}
		produced = true
	}
	signal := done || c.isSignal(cm.recv.X)
	brk := lastBreak(cm.clause.Body)
	if signal && brk != nil && t.returns(body) && !habit(comms, cm) && !c.asksLater(t, cm) {
		c.leavesSelectOnly(brk, sel, whenReady(name, done))
		return
	}
	if !t.stays(body) || c.remembers(cm.clause, at.loop) {
		return
	}
	if t.leaves() {
		// Another case leaves. Whatever the body calls may make it do so,
		// and who closes the one channel may see to the other.
		apart := c.talksOnly(cm.clause.Body) && (done || !c.together(closes, comms, cm, at))
		if !apart && !(produced && c.byContextOnly(t, comms, at)) {
			return
		}
	}
	if brk := anyBreak(cm.clause.Body); brk != nil && signal {
		c.leavesSelectOnly(brk, sel, whenReady(name, done))
		return
	}
	f := diag.Finding{Pos: cm.clause.Pos(), End: cm.clause.Colon + 1}
	if done {
		f.Category = doneContinues
		f.Message = fmt.Sprintf("receive from %s does not leave the loop, which spins once the context is done; return in this case", name)
	} else {
		f.Category = closedSpin
		f.Message = fmt.Sprintf("receive from %s never blocks once it is closed (%s), so the loop spins; leave it, or set %s to nil", name, c.where(closes[0].node, cm.clause), name)
		f.Related = c.related(closes[0].node, name+" is closed here")
	}
	c.report.Report(f)
}

// onlyCode reports whether the receive is in a test, and the channel is only closed by the code
// under test: what of that the test has run, it knows.
func (c *checker) onlyCode(recv ast.Node, closes []event) bool {
	inTest := func(n ast.Node) bool {
		return strings.HasSuffix(c.report.Position(n.Pos()).Filename, "_test.go")
	}
	return inTest(recv) && !slices.ContainsFunc(closes, func(e event) bool { return inTest(e.node) })
}

// receive looks at a receive in a loop outside of a select's cases.
func (c *checker) receive(recv *ast.UnaryExpr, at spot) {
	loop, ok := at.loop.(*ast.ForStmt)
	if !ok || !within(recv, loop.Body) || !c.chans.stable(recv.X, at) {
		return
	}
	g := c.graph(at.fn)
	if g == nil {
		return
	}
	t := newTurn(c, g, loop, func(n ast.Node) bool { return within(recv, n) })
	if t == nil {
		return
	}
	done := c.isDone(recv.X)
	closes := c.chans.closes(recv.X)
	if !done && len(closes) == 0 {
		closes = c.produced(recv.X)
	}
	if !done && (len(closes) == 0 || c.onlyCode(recv, closes)) || c.remembers(loop.Body, loop) {
		return
	}
	if t.outside(t.head) || len(t.head.Succs) == 0 || c.ends(t.head.Nodes) {
		return
	}
	for _, s := range t.head.Succs {
		if !t.stays(s) {
			return
		}
	}
	name := short(types.ExprString(recv.X))
	f := diag.Finding{Pos: recv.Pos(), End: recv.End()}
	if done {
		f.Category = doneContinues
		f.Message = fmt.Sprintf("receive from %s does not leave the loop, which spins once the context is done; return after it", name)
	} else {
		f.Category = closedSpin
		f.Message = fmt.Sprintf("receive from %s never blocks once it is closed (%s), so the loop spins; range over it", name, c.where(closes[0].node, recv))
		f.Related = c.related(closes[0].node, name+" is closed here")
	}
	c.report.Report(f)
}

// unheeded looks for a branch that is taken when the channel is closed, and
// comes back to the receive.
func (c *checker) unheeded(t *turn, comms []comm, cm comm, sel *ast.SelectStmt) {
	recv, clause := cm.recv, cm.clause
	v := c.TypesInfo.ObjectOf(cm.ok)
	if v == nil {
		return
	}
	for i, s := range clause.Body {
		branch, isIf := s.(*ast.IfStmt)
		if !isIf || branch.Init != nil {
			continue
		}
		cond, negated := ast.Unparen(branch.Cond), false
		if not, is := cond.(*ast.UnaryExpr); is && not.Op == token.NOT {
			cond, negated = ast.Unparen(not.X), true
		}
		id, is := cond.(*ast.Ident)
		if !is || c.TypesInfo.ObjectOf(id) != v {
			continue
		}
		start := t.branch(branch, negated)
		if start == nil || !t.stays(start) {
			return
		}
		var taken ast.Node = clause
		if negated {
			taken = branch.Body
		}
		if c.remembers(taken, t.loop) || t.leaves() && !c.talksOnly(whenClosed(branch, negated, clause.Body[i+1:])) {
			return
		}
		if !negated && branch.Else == nil && c.endsElsewhere(t, comms, cm) {
			return
		}
		name := short(types.ExprString(recv.X))
		if negated {
			if brk := anyBreak(branch.Body.List); brk != nil {
				c.leavesSelectOnly(brk, sel, "after "+name+" is closed")
				return
			}
		}
		c.report.Report(diag.Finding{
			Pos: branch.Pos(), End: branch.Cond.End(), Category: closedSpin,
			Message: fmt.Sprintf("the loop goes on and spins when %s is closed, as the receive never blocks again; leave it, or set %s to nil", name, name),
		})
		return
	}
}

// endsElsewhere reports whether another case than a timeout leaves the loop. A
// second value that is only looked at in passing then tells little: the channel
// may be closed when the loop has ended.
func (c *checker) endsElsewhere(t *turn, comms []comm, this comm) bool {
	return slices.ContainsFunc(comms, func(cm comm) bool {
		if cm.clause == this.clause || c.after(cm) != nil {
			return false
		}
		body := t.body(comms, cm.clause)
		return body != nil && !t.stays(body)
	})
}

// whenClosed returns the statements of a case that run when the condition, or
// its negation, says that the channel is closed.
func whenClosed(branch *ast.IfStmt, negated bool, rest []ast.Stmt) []ast.Stmt {
	var list []ast.Stmt
	if negated {
		list = branch.Body.List
	} else if branch.Else != nil {
		list = []ast.Stmt{branch.Else}
		if block, ok := branch.Else.(*ast.BlockStmt); ok {
			list = block.List
		}
	}
	if n := len(list); n > 0 {
		if _, leaves := list[n-1].(*ast.BranchStmt); leaves {
			return list
		}
	}
	return slices.Concat(list, rest)
}

// branch returns the block behind the condition of s, for the outcome.
func (t *turn) branch(s *ast.IfStmt, outcome bool) *cfg.Block {
	for _, b := range t.g.Blocks {
		if n := len(b.Nodes); n > 0 && b.Nodes[n-1] == ast.Node(s.Cond) && len(b.Succs) == 2 {
			if outcome {
				return b.Succs[0]
			}
			return b.Succs[1]
		}
	}
	return nil
}

func (c *checker) leavesSelectOnly(brk *ast.BranchStmt, sel *ast.SelectStmt, when string) {
	c.report.Report(diag.Finding{
		Pos: brk.Pos(), End: brk.End(), Category: breakLeavesSelect,
		Message: fmt.Sprintf("break leaves only the select, so the loop goes on %s; return, or give the loop a label and break it", when),
		Related: []analysis.RelatedInformation{{Pos: sel.Pos(), End: sel.Pos() + token.Pos(len("select")), Message: "the select that break leaves"}},
	})
}

func whenReady(name string, done bool) string {
	if done {
		return "after the context is done"
	}
	return "after " + name + " is closed"
}

// isDone reports whether e is the Done channel of a context.
func (c *checker) isDone(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && c.kind(call) == ops.CtxDone
}

// isSignal reports whether e names a channel that is only ever closed.
func (c *checker) isSignal(e ast.Expr) bool {
	v := c.chans.variable(e)
	if v == nil || c.chans.sent[v] {
		return false
	}
	for _, arg := range c.chans.args[v] {
		if arg == nil || c.chans.sent[arg] {
			return false
		}
	}
	ch, ok := v.Type().Underlying().(*types.Chan)
	if !ok {
		return false
	}
	s, ok := ch.Elem().Underlying().(*types.Struct)
	return ok && s.NumFields() == 0
}

// together reports whether a function that closes the channel has also to do
// with another case's channel: then both are to become ready at once.
func (c *checker) together(closes []event, comms []comm, this comm, at spot) bool {
	others := make(map[types.Object]bool)
	for _, cm := range comms {
		if cm.clause == this.clause || cm.recv == nil {
			continue
		}
		ast.Inspect(cm.recv.X, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				others[c.TypesInfo.ObjectOf(id)] = true
			}
			return true
		})
	}
	for _, e := range closes {
		if e.outer == nil || at.outer == nil {
			return true
		}
		found := false
		ast.Inspect(e.fn, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && others[c.TypesInfo.ObjectOf(id)] {
				found = true
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// where words the place of other as seen from n.
func (c *checker) where(other, n ast.Node) string {
	p, here := c.report.Position(other.Pos()), c.report.Position(n.Pos())
	if p.Filename == here.Filename {
		return fmt.Sprintf("line %d", p.Line)
	}
	return fmt.Sprintf("%s:%d", filepath.Base(p.Filename), p.Line)
}

func (c *checker) related(n ast.Node, message string) []analysis.RelatedInformation {
	return []analysis.RelatedInformation{{Pos: n.Pos(), End: n.End(), Message: message}}
}
