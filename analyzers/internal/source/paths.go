package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/cfg"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A Search looks for a path through a function that is not ended by anything.
// It is a may for the path and a must for what ends it: conditions are taken
// to be free, but one that is tested twice with nothing of it assigned in
// between has one value, and the caller can rule out branches.
type Search struct {
	// Ends reports whether the path is of no more interest at the node: a
	// statement or expression of the control-flow graph, with the function
	// literals in it. The communication of a select's case is seen when the
	// case is taken.
	Ends func(n ast.Node) bool
	// Closes reports whether the path is of no more interest when a condition
	// has the value. May be nil.
	Closes func(cond ast.Expr, value bool) bool
	// Endless reports whether a loop over a channel never ends by itself. May be
	// nil; that of a ticker does not in any case.
	Endless func(*ast.RangeStmt) bool
	// Ready reports whether the communication of a case can be done at once: then
	// the other cases of the select are not followed. May be nil.
	Ready func(comm ast.Stmt) bool
	// OneTurn keeps the search in the turn of the loops around its start.
	OneTurn bool
	// Hit reports whether the node is what the search is for. When nil, the
	// search is for a return.
	Hit func(n ast.Node) bool
}

type walk struct {
	p      *Package
	start  ast.Node
	s      Search
	seen   map[visit]bool
	budget int
}

type visit struct {
	block *cfg.Block
	facts string
}

// maxVisits bounds a search; one that is cut finds nothing.
const maxVisits = 4000

// From runs the search from behind a node of the graph. It returns the return
// statement or the node that was hit, the nearest in the order of the graph.
func (p *Package) From(g *cfg.CFG, start ast.Node, s Search) ast.Node {
	b, i := locate(g, start)
	if b == nil {
		return nil
	}
	w := &walk{p: p, start: start, s: s, seen: make(map[visit]bool), budget: maxVisits}
	facts := p.around(start)
	if i == len(b.Nodes) { // the communication of a case
		return w.nodes(b, 0, facts)
	}
	return w.nodes(b, i+1, facts)
}

// FromEntry runs the search from the beginning of the function.
func (p *Package) FromEntry(g *cfg.CFG, s Search) ast.Node {
	w := &walk{p: p, s: s, seen: make(map[visit]bool), budget: maxVisits}
	return w.nodes(g.Blocks[0], 0, nil)
}

// FromDefault runs the search from the beginning of the default of a select, which
// stands behind its last case.
func (p *Package) FromDefault(g *cfg.CFG, sel *ast.SelectStmt, s Search) ast.Node {
	var last *ast.CommClause
	for _, c := range sel.Body.List {
		if clause := c.(*ast.CommClause); clause.Comm != nil {
			last = clause
		}
	}
	for _, b := range g.Blocks {
		if last != nil && b.Kind == cfg.KindSelectAfterCase && b.Stmt == ast.Stmt(last) {
			w := &walk{p: p, start: sel, s: s, seen: make(map[visit]bool), budget: maxVisits}
			return w.nodes(b, 0, p.around(sel))
		}
	}
	return nil
}

// locate returns the block and the index of the node that holds start. For the
// communication of a select's case that is the block of the case, and the
// index the number of its nodes.
func locate(g *cfg.CFG, start ast.Node) (*cfg.Block, int) {
	var block *cfg.Block
	index := -1
	var best ast.Node
	for _, b := range g.Blocks {
		if !b.Live {
			continue
		}
		if comm := communication(b); comm != nil && Within(start, comm) {
			return b, len(b.Nodes)
		}
		for i, n := range b.Nodes {
			if Within(start, n) && (best == nil || Within(n, best)) {
				block, index, best = b, i, n
			}
		}
	}
	return block, index
}

func communication(b *cfg.Block) ast.Stmt {
	if clause, ok := b.Stmt.(*ast.CommClause); ok && b.Kind == cfg.KindSelectCaseBody {
		return clause.Comm
	}
	return nil
}

func (w *walk) nodes(b *cfg.Block, i int, facts []fact) ast.Node {
	for ; i < len(b.Nodes); i++ {
		n := b.Nodes[i]
		if isCommunication(b, n) {
			continue
		}
		end, hit := w.parts(n, facts)
		if hit != nil {
			return hit
		}
		if end {
			return nil
		}
		facts = w.p.assign(w.p.forget(facts, n), n)
	}
	if ret := b.Return(); ret != nil {
		if w.s.Hit == nil {
			return ret
		}
		return nil
	}
	cond := w.condition(b)
	for k, next := range b.Succs {
		if k == 1 && w.endless(b) {
			continue
		}
		with := facts
		if cond != nil {
			value := k == 0
			if w.closes(cond, value) {
				continue
			}
			var ok bool
			if with, ok = w.p.learn(facts, cond, value); !ok {
				continue
			}
		}
		if hit := w.block(next, with); hit != nil {
			return hit
		}
	}
	return nil
}

func (w *walk) block(b *cfg.Block, facts []fact) ast.Node {
	at := visit{b, spell(facts)}
	if w.seen[at] {
		return nil
	}
	w.seen[at] = true
	if w.budget--; w.budget < 0 {
		return nil
	}
	if w.s.OneTurn && w.turns(b) {
		return nil
	}
	if w.s.Ready != nil && w.p.passedOver(b, w.s.Ready) {
		return nil
	}
	if comm := communication(b); comm != nil {
		end, hit := w.node(comm)
		if hit != nil {
			return hit
		}
		if end {
			return nil
		}
		facts = w.p.forget(facts, comm)
	}
	if r, ok := b.Stmt.(*ast.RangeStmt); ok && b.Kind == cfg.KindRangeBody {
		facts = without(facts, []*types.Var{w.p.Var(r.Key), w.p.Var(r.Value)})
	}
	return w.nodes(b, 0, facts)
}

// parts looks at the operands of && and || that are evaluated, one by one.
func (w *walk) parts(n ast.Node, facts []fact) (end bool, hit ast.Node) {
	e, ok := n.(ast.Expr)
	if !ok {
		return w.node(n)
	}
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok || b.Op != token.LAND && b.Op != token.LOR {
		return w.node(n)
	}
	if end, hit = w.parts(b.X, facts); end || hit != nil {
		return end, hit
	}
	// The second is evaluated if the first can be true, or false.
	if _, ok := w.p.learn(facts, b.X, b.Op == token.LAND); !ok {
		return false, nil
	}
	return w.parts(b.Y, facts)
}

// closes asks the caller about a condition and those that follow from it.
func (w *walk) closes(cond ast.Expr, value bool) bool {
	if w.s.Closes == nil {
		return false
	}
	cond = ast.Unparen(cond)
	switch e := cond.(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return w.closes(e.X, !value)
		}
	case *ast.BinaryExpr:
		if e.Op == token.LAND && value || e.Op == token.LOR && !value {
			return w.closes(e.X, value) || w.closes(e.Y, value)
		}
	}
	return w.s.Closes(cond, value)
}

// endless reports whether the block is the head of a loop over a channel that
// is never closed, that of a ticker.
func (w *walk) endless(b *cfg.Block) bool {
	r, ok := b.Stmt.(*ast.RangeStmt)
	if !ok || b.Kind != cfg.KindRangeLoop {
		return false
	}
	if w.s.Endless != nil && w.s.Endless(r) {
		return true
	}
	p := w.p
	switch x := ast.Unparen(r.X).(type) {
	case *ast.CallExpr:
		return p.Kind(x) == ops.Tick
	case *ast.SelectorExpr:
		t := p.Pass.TypesInfo.TypeOf(x.X)
		return x.Sel.Name == "C" && t != nil && (ops.IsTicker(t) || ops.IsTimer(t))
	}
	return false
}

// turns reports whether the block begins another turn of a loop around the
// start.
func (w *walk) turns(b *cfg.Block) bool {
	switch b.Kind {
	case cfg.KindForLoop, cfg.KindForBody, cfg.KindForPost, cfg.KindRangeLoop:
		return Within(w.start, b.Stmt)
	}
	return false
}

// passedOver reports whether the block is a case or the default of a select of
// which another case is ready. The default stands behind the last case.
func (p *Package) passedOver(b *cfg.Block, ready func(ast.Stmt) bool) bool {
	clause, ok := b.Stmt.(*ast.CommClause)
	if !ok || b.Kind != cfg.KindSelectCaseBody && b.Kind != cfg.KindSelectAfterCase {
		return false
	}
	if b.Kind == cfg.KindSelectCaseBody && ready(clause.Comm) {
		return false
	}
	cur, ok := p.Root.FindNode(clause)
	if !ok {
		return false
	}
	body, ok := cur.Parent().Node().(*ast.BlockStmt)
	if !ok {
		return false
	}
	isReady := false
	for _, s := range body.List {
		comm := s.(*ast.CommClause).Comm
		if comm == nil {
			continue
		}
		if b.Kind == cfg.KindSelectAfterCase && s.Pos() > clause.Pos() {
			return false // the next cases hang on the block
		}
		isReady = isReady || ready(comm)
	}
	return isReady
}

func (w *walk) node(n ast.Node) (end bool, hit ast.Node) {
	if w.s.Hit != nil && w.s.Hit(n) {
		return true, n
	}
	return w.s.Ends != nil && w.s.Ends(n) || w.p.Leaves(n), nil
}

// Around reports whether the loop can go from one turn to the next without
// coming to a node that satisfies f.
func (p *Package) Around(g *cfg.CFG, loop ast.Stmt, f func(ast.Node) bool) bool {
	var head *cfg.Block
	for _, b := range g.Blocks {
		if b.Stmt == loop && (b.Kind == cfg.KindForBody || b.Kind == cfg.KindRangeBody) {
			head = b
		}
	}
	if head == nil {
		return false
	}
	seen := make(map[*cfg.Block]bool)
	var visit func(b *cfg.Block) bool
	visit = func(b *cfg.Block) bool {
		if seen[b] {
			return b == head
		}
		seen[b] = true
		if slices.ContainsFunc(b.Nodes, f) {
			return false
		}
		return slices.ContainsFunc(b.Succs, visit)
	}
	return visit(head)
}

// Leaves reports whether the statement may end the goroutine or process: the
// graph knows the calls of functions that are declared so, here come those
// that the table knows.
func (p *Package) Leaves(n ast.Node) bool {
	s, ok := n.(*ast.ExprStmt)
	if !ok {
		return false
	}
	if p.Kind(s.X).Ends() {
		return true
	}
	call, ok := ast.Unparen(s.X).(*ast.CallExpr)
	return ok && ops.EndsTest(p.Callee(call))
}

// isCommunication reports whether the node is the communication of a case of a
// select, which the graph puts before the choice.
func isCommunication(b *cfg.Block, n ast.Node) bool {
	if len(b.Succs) == 0 {
		return false
	}
	for next := b.Succs[0]; next != nil; {
		clause, ok := next.Stmt.(*ast.CommClause)
		if !ok || next.Kind != cfg.KindSelectCaseBody {
			return false
		}
		if clause.Comm == n {
			return true
		}
		// The next case hangs on the block behind this one.
		if len(b.Succs) < 2 || b.Succs[1].Kind != cfg.KindSelectAfterCase || len(b.Succs[1].Succs) == 0 {
			return false
		}
		b = b.Succs[1]
		next = b.Succs[0]
	}
	return false
}

// condition returns the condition on which a block branches, or nil when it is
// a choice of another kind.
func (w *walk) condition(b *cfg.Block) ast.Expr {
	if len(b.Succs) != 2 || len(b.Nodes) == 0 {
		return nil
	}
	switch b.Succs[0].Kind {
	case cfg.KindSelectCaseBody, cfg.KindRangeBody:
		return nil
	}
	e, ok := b.Nodes[len(b.Nodes)-1].(ast.Expr)
	if !ok {
		return nil
	}
	if t := w.p.Pass.TypesInfo.TypeOf(e); t != nil {
		if basic, ok := t.Underlying().(*types.Basic); !ok || basic.Info()&types.IsBoolean == 0 {
			return nil
		}
	}
	return e
}
