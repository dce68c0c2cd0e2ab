package condmisuse

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

//go:embed doc.go
var doc string

// Check is the analyzer and what users are told about it.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Misuse,
	Default:    true,
	Fixable:    true,
	Categories: []string{outsideLoop, withoutLock, signalKinds, unlockedChange, unlockedWakeup, neverSignalled, unsignalledChange, nestedLock},
	Requires:   []*analysis.Analyzer{skeleton.Analyzer},
	Run:        run,
})

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

const (
	outsideLoop    = "outside-loop"
	withoutLock    = "without-lock"
	signalKinds    = "signal"
	unlockedChange = "unlocked-change"
	unlockedWakeup = "unlocked-wakeup"
	neverSignalled = "never-signalled"

	unsignalledChange = "unsignalled-change"
	nestedLock        = "nested-lock"
)

// A cond is all that the package does with one Cond, or with the Conds of one
// field.
type cond struct {
	waits   []*wait
	signals []*site // Signal and Broadcast
	lock    access.Class
}

// A site is an operation on a Cond.
type site struct {
	call ssa.CallInstruction
	op   ops.Kind
	ref  *access.Ref
	node *ast.CallExpr
}

// A wait is a Wait.
type wait struct {
	site
	stack []ast.Node // around it, outermost first
}

type checker struct {
	*analysis.Pass
	report *diag.Reporter
	pkg    *skeleton.Package
	locks  *skeleton.Locks
	conds  map[access.Class]*cond
	order  []access.Class
	bare   map[*ssa.Function]bool
}

func run(pass *analysis.Pass, report *diag.Reporter) error {
	nodes := calls(pass)
	if len(nodes) == 0 {
		return nil
	}
	pkg := pass.ResultOf[skeleton.Analyzer].(*skeleton.Package)
	pkg.Mu.Lock()
	defer pkg.Mu.Unlock()
	if !pkg.Built() {
		return nil
	}
	c := &checker{
		Pass: pass, report: report, pkg: pkg, locks: pkg.Locks(),
		conds: make(map[access.Class]*cond), bare: make(map[*ssa.Function]bool),
	}
	c.collect(nodes)
	c.lockers()
	for _, class := range c.order {
		cd := c.conds[class]
		for _, w := range cd.waits {
			if !c.unlocked(cd, w) {
				c.loop(w)
			}
		}
		if !class.IsZero() {
			c.kinds(cd)
			c.amounts(cd)
			c.closing(cd)
			c.changes(cd)
			c.oneshot(class, cd)
			c.unsignalled(class, cd)
			c.unwoken(class, cd)
			c.nested(class, cd)
		}
	}
	return nil
}

// A call is a call of an operation on a Cond, with what is around it.
type call struct {
	*ast.CallExpr
	stack []ast.Node
}

// calls finds the operations in the syntax, which is cheaper than building SSA
// for packages that have none.
func calls(pass *analysis.Pass) map[token.Pos]call {
	imports := false
	for _, imp := range pass.Pkg.Imports() {
		imports = imports || ops.Concerns(imp)
	}
	if !imports {
		return nil
	}
	found := make(map[token.Pos]call)
	waits := false
	for _, file := range pass.Files {
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			if x, ok := n.(*ast.CallExpr); ok {
				switch kind(pass, x) {
				case ops.CondWait:
					waits = true
					fallthrough
				case ops.CondSignal, ops.CondBroadcast:
					found[x.Lparen] = call{x, append([]ast.Node(nil), stack...)}
				}
			}
			return true
		})
	}
	if !waits {
		return nil
	}
	return found
}

// collect sorts the operations by their Cond, and finds the lock of each.
func (c *checker) collect(nodes map[token.Pos]call) {
	at := func(class access.Class) *cond {
		cd := c.conds[class]
		if cd == nil {
			cd = new(cond)
			c.conds[class] = cd
			c.order = append(c.order, class)
		}
		return cd
	}
	for _, fn := range c.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if made, ok := instr.(*ssa.Call); ok {
					if op, l := c.pkg.Op(&made.Call); op.Kind == ops.NewCond {
						at(classOf(c.pkg.Access.Of(made))).lock = c.lockClass(l)
					}
				}
				switch instr := instr.(type) {
				case *ssa.Store:
					// x.cond = sync.NewCond(&x.mu)
					if made, ok := instr.Val.(*ssa.Call); ok {
						if op, l := c.pkg.Op(&made.Call); op.Kind == ops.NewCond {
							at(classOf(c.pkg.Access.Of(instr.Addr))).lock = c.lockClass(l)
						}
					}
				case ssa.CallInstruction:
					op, x := c.pkg.Op(instr.Common())
					node, ok := nodes[instr.Common().Pos()]
					if !ok || x == nil {
						continue
					}
					ref := c.pkg.Access.Of(x)
					cd := at(classOf(ref))
					s := site{instr, op.Kind, ref, node.CallExpr}
					switch op.Kind {
					case ops.CondWait:
						cd.waits = append(cd.waits, &wait{s, node.stack})
					case ops.CondSignal, ops.CondBroadcast:
						cd.signals = append(cd.signals, &s)
					}
				}
			}
		}
	}
}

// lockClass is the class of a Locker; of a struct that embeds a lock, that of the lock.
func (c *checker) lockClass(l ssa.Value) access.Class {
	if mi, ok := l.(*ssa.MakeInterface); ok {
		l = mi.X
	}
	t := l.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	_, index, _ := types.LookupFieldOrMethod(l.Type(), true, c.Pkg, "Lock")
	var lock *types.Var
	for _, i := range index[:max(len(index)-1, 0)] {
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			break
		}
		lock = st.Field(i)
		t = lock.Type()
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
	}
	if lock != nil {
		return access.Class{Var: lock}
	}
	return c.pkg.Access.Of(l).Class()
}

// lockers gives the Conds in fields the lock in the field that all their makers agree on.
func (c *checker) lockers() {
	for class, cd := range c.conds {
		if class.Var == nil {
			continue
		}
		if f := c.pkg.Access.LockerField(class.Var); f != nil {
			cd.lock = access.Class{Var: f}
		}
	}
}

// classOf is the class of a Cond; that of a local one is the call that makes it.
func classOf(ref *access.Ref) access.Class {
	if ref.Kind == access.Result {
		return access.Class{Site: ref.Value}
	}
	return ref.Class()
}

// place is the line of something as seen from a node, with its file when that is
// another one.
func (c *checker) place(from, to interface{ Pos() token.Pos }) string {
	a, b := c.Fset.Position(from.Pos()), c.Fset.Position(to.Pos())
	if a.Filename == b.Filename {
		return fmt.Sprintf("line %d", b.Line)
	}
	return fmt.Sprintf("%s:%d", filepath.Base(b.Filename), b.Line)
}
