package poolmisuse

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
var Check = diag.WithFlag(diag.Spec{
	Doc:        doc,
	Family:     diag.Misuse,
	Default:    true,
	Categories: []string{useAfterPut, doublePut, putWhileShared, typeMismatch, nilGet, nonPointer},
	Requires:   []*analysis.Analyzer{skeleton.Analyzer},
}, "values", "report Put of slices and structs, which allocates", run)

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

const (
	useAfterPut    = "use-after-put"
	doublePut      = "double-put"
	putWhileShared = "put-while-shared"
	typeMismatch   = "type-mismatch"
	nilGet         = "nil-get"
	nonPointer     = "non-pointer"
)

type checker struct {
	*analysis.Pass
	report *diag.Reporter
	boxing bool // report values that Put has to box
	pkg    *skeleton.Package
	nodes  map[token.Pos]ast.Node
	putter map[*ssa.Function]int // the parameter or, after these, free variable that a function puts, plus one
	pools  map[access.Class]*pool
	parent map[access.Class]access.Class
	kept   map[*types.Var]*keep
}

func run(pass *analysis.Pass, report *diag.Reporter, values bool) error {
	if !concerned(pass) {
		return nil
	}
	c := &checker{
		Pass: pass, report: report, boxing: values, pkg: pass.ResultOf[skeleton.Analyzer].(*skeleton.Package),
		nodes: index(pass), putter: make(map[*ssa.Function]int),
		pools: make(map[access.Class]*pool), parent: make(map[access.Class]access.Class),
	}
	c.pkg.Mu.Lock()
	defer c.pkg.Mu.Unlock()
	if !c.pkg.Built() {
		return nil
	}
	loans := make(map[*ssa.Function][]loan)
	for _, fn := range c.pkg.Funcs {
		c.collectPools(fn)
		loans[fn] = c.loansOf(fn, c.values(fn))
	}
	c.borrowers(loans)
	c.checkPools()
	return nil
}

// concerned reports whether the package uses a pool, itself or by way of a
// function that puts its argument.
func concerned(pass *analysis.Pass) bool {
	for id, obj := range pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok && id.Name == "Put" && ops.Of(fn).Kind == ops.PoolPut {
			return true
		}
		if fn, ok := obj.(*types.Func); ok && id.Name == "Get" && ops.Of(fn).Kind == ops.PoolGet {
			return true
		}
	}
	return false
}

// index finds the syntax that SSA instructions come from, by their positions.
func index(pass *analysis.Pass) map[token.Pos]ast.Node {
	nodes := make(map[token.Pos]ast.Node)
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				nodes[n.Lparen] = n
			case *ast.SelectorExpr:
				nodes[n.Sel.Pos()] = n
			case *ast.TypeAssertExpr:
				nodes[n.Lparen] = n
			case *ast.StarExpr, *ast.ReturnStmt, *ast.DeferStmt, *ast.GoStmt, *ast.UnaryExpr:
				nodes[n.Pos()] = n
			case *ast.SendStmt:
				nodes[n.Arrow] = n
			case *ast.IndexExpr:
				nodes[n.Lbrack] = n
			case *ast.SliceExpr:
				nodes[n.Lbrack] = n
			case *ast.AssignStmt:
				nodes[n.TokPos] = n
			}
			return true
		})
	}
	return nodes
}

// span is the source of an instruction; ok is false when it has none.
func (c *checker) span(instr ssa.Instruction) (pos, end token.Pos, ok bool) {
	pos = instr.Pos()
	if u, isLoad := instr.(*ssa.UnOp); isLoad && (!pos.IsValid() || c.nodes[pos] == nil) {
		pos = u.X.Pos()
	}
	if st, isStore := instr.(*ssa.Store); isStore && c.nodes[pos] == nil && st.Addr.Pos().IsValid() {
		pos = st.Addr.Pos()
	}
	if n := c.nodes[pos]; n != nil {
		return n.Pos(), n.End(), true
	}
	return pos, pos + 1, pos.IsValid()
}

// place is the line of an instruction, with its file when that is another one.
func (c *checker) place(from token.Pos, to ssa.Instruction) string {
	pos, _, _ := c.span(to)
	a, b := c.Fset.Position(from), c.Fset.Position(pos)
	if a.Filename == b.Filename {
		return fmt.Sprintf("line %d", b.Line)
	}
	return fmt.Sprintf("%s:%d", filepath.Base(b.Filename), b.Line)
}

// A put is a call that puts a value, itself or through the called function.
type put struct {
	instr    ssa.CallInstruction
	value    ssa.Value
	deferred bool
	late     bool      // a closure, which looks at the variable when it runs
	root     ssa.Value // what the value is in this function
	name, op string    // of the value and of what puts it, as written
}

// values looks at what becomes of the values that a function puts, and returns the Puts.
func (c *checker) values(fn *ssa.Function) (puts []*put) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			v := c.puts(call)
			if v == nil {
				continue
			}
			if _, ok := call.(*ssa.Go); ok {
				continue
			}
			_, deferred := call.(*ssa.Defer)
			p := &put{instr: call, value: v, deferred: deferred, root: c.root(v)}
			_, p.late = call.Common().Value.(*ssa.MakeClosure)
			if p.root == nil {
				continue
			}
			p.name, p.op = c.names(p)
			puts = append(puts, p)
		}
	}
	for i, p := range puts {
		if c.twice(p, puts, i) || c.byCallee(p) {
			continue
		}
		if !p.deferred {
			c.after(p)
		} else {
			c.returned(p)
			c.outlived(p)
		}
		c.shared(p)
	}
	return puts
}

// names returns what the source calls the value, and the operation on it.
func (c *checker) names(p *put) (value, operation string) {
	value, operation = "the value", "Put"
	var call *ast.CallExpr
	switch n := c.nodes[p.instr.Pos()].(type) {
	case *ast.CallExpr:
		call = n
	case *ast.DeferStmt:
		call = n.Call
	}
	if call == nil {
		return value, operation
	}
	if _, literal := ast.Unparen(call.Fun).(*ast.FuncLit); !literal {
		operation = short(types.ExprString(call.Fun))
	}
	args := p.instr.Common().Args
	for i, a := range args {
		if j := i - (len(args) - len(call.Args)); a == p.value && j >= 0 {
			return short(types.ExprString(call.Args[j])), operation
		}
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && a == p.value && i == 0 {
			value = short(types.ExprString(sel.X)) // the receiver
		}
	}
	if a := c.pkg.Access.Cell(p.value); a != nil {
		value = a.Comment
	}
	return value, operation
}

// short keeps an expression from filling the message.
func short(expr string) string {
	const most = 20
	if r := []rune(expr); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return expr
}
