package semaphore

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

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
}, "lost", "report all slots that are not given back on some path", run)

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
	base *types.Var    // the x of x.sem
	via  [3]*types.Var // the fields between them
}

// path returns the variable and the fields that lead to the semaphore.
func (s sem) path() []*types.Var {
	if s.base == nil {
		return []*types.Var{s.v}
	}
	path := []*types.Var{s.base}
	for _, f := range s.via {
		if f != nil {
			path = append(path, f)
		}
	}
	return append(path, s.v)
}

// root returns the variable that the path begins with.
func (s sem) root() *types.Var { return s.path()[0] }

func (s sem) String() string {
	var b strings.Builder
	for i, v := range s.path() {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(v.Name())
	}
	return b.String()
}

// semAt returns the semaphore at the end of the path.
func semAt(path []*types.Var) (s sem, ok bool) {
	n := len(path)
	if n == 0 || n > 2+len(s.via) || path[0].IsField() {
		return s, false
	}
	s.v = path[n-1]
	if n > 1 {
		s.base = path[0]
		copy(s.via[:], path[1:n-1])
	}
	return s, true
}

// An op takes or gives back a slot.
type op struct {
	cur     inspector.Cursor
	node    ast.Node // the send, receive or call
	sem     sem
	expr    ast.Expr // the semaphore, where it is named
	fn      inspector.Cursor
	acquire bool
	try     bool // it does not wait for ever: another case, or TryAcquire
	poll    bool // it does not wait at all: a default, or TryAcquire
	fails   bool // it can return without a slot, and tells so
	must    bool // it is done on every path
	result  int  // the index of the result that tells whether it has a slot, or -1
	release int  // the index of the result that gives it back, or -1
}

// name returns the semaphore as the user wrote it.
func (o *op) name() string {
	if o.expr != nil {
		return source.Short(o.expr)
	}
	return o.sem.String()
}

// A checker looks at one package.
type checker struct {
	*source.Package
	report *diag.Reporter
	ops    []*op
	by     map[*types.Var][]*op

	wild   map[ast.Node]bool         // functions that give back slots of what is not known
	tokens map[*types.Var]*types.Var // the semaphore of a variable with the function that gives back
	giving map[giver]bool            // see gives
	named  map[ast.Node][]inspector.Cursor
	byName map[string][]inspector.Cursor
	lits   map[*types.Var]inspector.Cursor
	depth  int
	sites  []callSite

	positional map[*types.Var][]ast.Expr // see byPosition

	account map[*types.Var]bool // see accounted
	funcs   map[*types.Func][]inspector.Cursor
	byIface []string
}

func run(pass *analysis.Pass, report *diag.Reporter, lost bool) error {
	c := &checker{Package: pass.ResultOf[source.Analyzer].(*source.Package), report: report,
		named: make(map[ast.Node][]inspector.Cursor), lits: make(map[*types.Var]inspector.Cursor),
		account: make(map[*types.Var]bool)}
	c.reset(nil)
	c.collect()
	c.follow()
	for _, o := range c.ops {
		if !o.acquire || report.Generated(o.node.Pos()) || !c.pair(o) {
			continue
		}
		if !lost || !c.released(o) {
			c.kept(o)
		}
		c.again(o)
		c.inCallback(o)
		c.unchecked(o)
		c.otherCase(o)
	}
	return nil
}

// collect notes sends on and receives from channels that can be semaphores,
// and the operations of Weighted.
func (c *checker) collect() {
	for cur := range c.Root.Preorder((*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.CallExpr)(nil)) {
		o := &op{cur: cur, node: cur.Node(), must: true, result: -1, release: -1}
		switch n := cur.Node().(type) {
		case *ast.SendStmt:
			o.expr, o.acquire = n.Chan, true
			o.try, o.poll = inSelect(cur)
		case *ast.UnaryExpr:
			if n.Op != token.ARROW || !discards(cur) {
				continue
			}
			o.expr = n.X
		case *ast.CallExpr:
			switch c.Kind(n) {
			case ops.SemAcquire:
				o.acquire, o.fails, o.result = true, true, 0
			case ops.SemTryAcquire:
				o.acquire, o.try, o.poll, o.fails, o.result = true, true, true, true, 0
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
		c.add(o)
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
	return semAt(c.path(e))
}

// inSelect reports whether the send is a case of a select with others, and whether that
// has a default.
func inSelect(cur inspector.Cursor) (others, poll bool) {
	clause, ok := cur.Parent().Node().(*ast.CommClause)
	if !ok || clause.Comm != cur.Node() {
		return false, false
	}
	body, ok := cur.Parent().Parent().Node().(*ast.BlockStmt)
	if !ok {
		return false, false
	}
	return len(body.List) > 1, slices.ContainsFunc(body.List, func(s ast.Stmt) bool { return s.(*ast.CommClause).Comm == nil })
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
	if isChan(o.sem.v) && (!c.buffered(o.sem.v) || c.filled(o.sem.v)) {
		return false
	}
	for _, r := range c.by[o.sem.v] {
		if !r.acquire && r.sem == o.sem && o.fn.Contains(r.fn) && !c.first(r, o) {
			return true
		}
	}
	return false
}

// first reports whether the release stands before the acquire in the same
// function: then a receive takes a token, and the send gives it back, or the function gives
// up the slot of its caller for a while.
func (c *checker) first(r, o *op) bool {
	return (isChan(o.sem.v) || r.fn == o.fn) && r.node.Pos() < o.node.Pos() && !c.deferred(r)
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
	for _, use := range c.Uses(v) {
		e := named(use)
		up := e.Parent()
		switch n := up.Node().(type) {
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
	}
	made := false
	for _, value := range c.values(v) {
		switch c.room(value, 0) {
		case none:
			return false
		case some:
			made = true
		}
	}
	return (made || c.isParam(v)) && c.ownMethods(v)
}

// named returns the expression that a use of a variable or field is: x.f for f.
func named(use inspector.Cursor) inspector.Cursor {
	if sel, ok := use.Parent().Node().(*ast.SelectorExpr); ok && sel.Sel == use.Node() {
		return use.Parent()
	}
	return use
}

// values returns what the variable or field is set to.
func (c *checker) values(v *types.Var) (list []ast.Expr) {
	for _, use := range c.Uses(v) {
		e := named(use)
		switch n := e.Parent().Node().(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if lhs == e.Node() && len(n.Lhs) == len(n.Rhs) {
					list = append(list, n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if name == e.Node() && len(n.Values) == len(n.Names) {
					list = append(list, n.Values[i])
				}
			}
		case *ast.KeyValueExpr:
			if n.Key == e.Node() {
				list = append(list, n.Value)
			}
		}
	}
	return append(list, c.byPosition()[v]...)
}

// byPosition returns what fields are set to in literals without their names.
func (c *checker) byPosition() map[*types.Var][]ast.Expr {
	if c.positional != nil {
		return c.positional
	}
	c.positional = make(map[*types.Var][]ast.Expr)
	for cur := range c.Root.Preorder((*ast.CompositeLit)(nil)) {
		lit := cur.Node().(*ast.CompositeLit)
		t := c.Pass.TypesInfo.TypeOf(lit)
		if t == nil {
			continue
		}
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for i, e := range lit.Elts {
			if _, named := e.(*ast.KeyValueExpr); !named && i < st.NumFields() && (isChan(st.Field(i)) || ops.IsSemaphore(st.Field(i).Type())) {
				v := st.Field(i).Origin()
				c.positional[v] = append(c.positional[v], e)
			}
		}
	}
	return c.positional
}

// What is known of the room that a channel has.
const (
	unknown = iota
	none
	some
)

// room returns whether the value is a channel that is made with room, in a function of the package for
// example.
func (c *checker) room(value ast.Expr, depth int) int {
	if id, ok := ast.Unparen(value).(*ast.Ident); ok && depth <= maxDepth {
		if v := c.Var(id); source.Local(v) && !c.isParam(v) && isChan(v) && len(c.by[v]) == 0 && c.buffered(v) {
			return some
		}
	}
	call, ok := ast.Unparen(value).(*ast.CallExpr)
	if !ok {
		return unknown
	}
	if c.Pass.TypesInfo.Types[call.Fun].IsType() && len(call.Args) == 1 {
		return c.room(call.Args[0], depth)
	}
	if c.Builtin(call) == "make" {
		if len(call.Args) < 2 {
			return none
		}
		if v := c.Pass.TypesInfo.Types[call.Args[1]].Value; v != nil && v.ExactString() == "0" {
			return none
		}
		return some
	}
	decl, ok := c.Decl(c.Callee(call))
	if !ok || depth > maxDepth {
		return unknown
	}
	known := unknown
	for cur := range decl.Preorder((*ast.ReturnStmt)(nil)) {
		r := cur.Node().(*ast.ReturnStmt)
		if fn, _ := source.Func(cur); fn != decl || len(r.Results) != 1 {
			continue
		}
		known = c.room(r.Results[0], depth+1)
		if known != some {
			return known
		}
	}
	return known
}

// ownMethods reports whether the methods of the channel's type, if it has a name, do no
// more with it than a semaphore's do.
func (c *checker) ownMethods(v *types.Var) bool {
	named, ok := types.Unalias(v.Type()).(*types.Named)
	if !ok || c.paramOfMethod(v) {
		return true
	}
	for m := range named.Origin().Methods() {
		decl, ok := c.Decl(m)
		if !ok {
			return false
		}
		if d := decl.Node().(*ast.FuncDecl); d.Recv != nil && len(d.Recv.List[0].Names) > 0 {
			if recv := c.Var(d.Recv.List[0].Names[0]); recv != nil && isChan(recv) && !c.buffered(recv) {
				return false
			}
		}
	}
	return true
}

// paramOfMethod reports whether the variable is the receiver of a method.
func (c *checker) paramOfMethod(v *types.Var) bool {
	uses := c.Uses(v)
	if len(uses) == 0 {
		return false
	}
	for up := range uses[0].Enclosing((*ast.FieldList)(nil)) {
		d, ok := up.Parent().Node().(*ast.FuncDecl)
		return ok && d.Recv == up.Node()
	}
	return false
}

// filled reports whether the channel has its tokens put in at the beginning, or is used
// that way: a receive takes one, and a send puts it back.
func (c *checker) filled(v *types.Var) bool {
	for _, o := range c.by[v] {
		if !o.acquire {
			continue
		}
		before, any := false, false
		for _, r := range c.by[v] {
			if r.acquire || r.sem != o.sem || r.fn != o.fn {
				continue
			}
			any = true
			before = before || c.first(r, o)
		}
		if before && !c.takenBefore(o) || !any && c.makes(o.fn, v) {
			return true
		}
	}
	return false
}

// takenBefore reports whether another acquire stands before the first release in the function.
func (c *checker) takenBefore(o *op) bool {
	for _, p := range c.by[o.sem.v] {
		if p.acquire && p.sem == o.sem && p.fn == o.fn && p.node.Pos() < o.node.Pos() {
			before := false
			for _, r := range c.by[o.sem.v] {
				before = before || !r.acquire && r.sem == o.sem && r.fn == o.fn && c.first(r, p)
			}
			if !before {
				return true
			}
		}
	}
	return false
}

// makes reports whether the function makes the channel.
func (c *checker) makes(fn inspector.Cursor, v *types.Var) bool {
	for _, use := range c.Uses(v) {
		if !fn.Contains(use) {
			continue
		}
		switch n := use.Parent().Node().(type) {
		case *ast.KeyValueExpr:
			if n.Key == use.Node() {
				return true
			}
		case *ast.AssignStmt, *ast.SelectorExpr:
			if v.IsField() && c.assigned(use) {
				return true
			}
		}
	}
	return false
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
