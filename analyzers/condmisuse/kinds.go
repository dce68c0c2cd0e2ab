package condmisuse

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// kinds reports a Signal where goroutines wait for different things.
func (c *checker) kinds(cd *cond) {
	var signal *site
	for _, s := range cd.signals {
		if s.op == ops.CondSignal {
			signal = s
			break
		}
	}
	if signal == nil {
		return
	}
	for i, a := range cd.waits {
		for _, b := range cd.waits[:i] {
			if !different(c.parts(a), c.parts(b)) || c.apart(signal, a) || c.apart(signal, b) {
				continue
			}
			name := signal.ref.String()
			c.report.Report(diag.Finding{
				Pos: signal.node.Pos(), End: signal.node.End(), Category: signalKinds,
				Message: fmt.Sprintf("%s.Signal can wake the waiter on %s for that on %s, which then blocks forever: they wait for different things; use Broadcast",
					short(name), c.place(signal.node, b.node), c.place(signal.node, a.node)),
				Related: []analysis.RelatedInformation{
					{Pos: b.node.Pos(), End: b.node.End(), Message: "waits for one condition"},
					{Pos: a.node.Pos(), End: a.node.End(), Message: "waits for another one"},
				},
			})
			return
		}
	}
}

// different reports whether two conditions, given as their parts, have nothing
// to do with each other: each has a part, and none is in both.
func different(a, b map[string]bool) bool {
	for part := range a {
		if b[part] {
			return false
		}
	}
	return len(a) > 0 && len(b) > 0
}

// parts takes the condition of the loop around a Wait apart at its && and ||.
// A call makes it unknown.
func (c *checker) parts(w *wait) map[string]bool {
	parts := make(map[string]bool)
	for _, e := range conditions(w) {
		if !c.split(e.Expr, e.leaves, parts) {
			return nil
		}
	}
	return parts
}

// A look is a condition by which a loop goes on, or leaves.
type look struct {
	ast.Expr
	leaves bool
}

// conditions returns what the loop around a Wait looks at.
func conditions(w *wait) []look {
	for i := len(w.stack) - 1; i >= 0; i-- {
		switch n := w.stack[i].(type) {
		case *ast.ForStmt:
			if n.Cond != nil {
				return []look{{n.Cond, false}}
			}
			var list []look
			for _, s := range n.Body.List {
				if branch, ok := s.(*ast.IfStmt); ok && leaves(branch.Body) {
					list = append(list, look{branch.Cond, true})
				}
			}
			return list
		case *ast.FuncLit, *ast.FuncDecl, *ast.IfStmt, *ast.CaseClause:
			return nil // it is not the loop that decides
		}
	}
	return nil
}

func leaves(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	switch s := b.List[len(b.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return s.Tok == token.BREAK || s.Tok == token.GOTO
	}
	return false
}

// split notes the parts of a condition. Which way a flag and a comparison with
// zero go is kept; of other comparisons only what is compared.
func (c *checker) split(e ast.Expr, not bool, parts map[string]bool) bool {
	e = ast.Unparen(e)
	var text strings.Builder
	switch x := e.(type) {
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return c.split(x.X, !not, parts)
		}
	case *ast.BinaryExpr:
		if x.Op == token.LAND || x.Op == token.LOR {
			return c.split(x.X, not, parts) && c.split(x.Y, not, parts)
		}
		if !c.write(&text, x.X) {
			return false
		}
		text.WriteString(" : ")
		if !c.write(&text, x.Y) {
			return false
		}
		if lit, ok := ast.Unparen(x.Y).(*ast.BasicLit); ok && lit.Value == "0" {
			some := x.Op == token.NEQ || x.Op == token.GTR
			fmt.Fprint(&text, some != not)
		}
		parts[text.String()] = true
		return true
	}
	if !c.write(&text, e) {
		return false
	}
	fmt.Fprint(&text, not)
	parts[text.String()] = true
	return true
}

// write prints an expression so that it reads the same in all methods: by the
// names of fields, without what they are fields of.
func (c *checker) write(b *strings.Builder, e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		b.WriteString(e.Name)
	case *ast.BasicLit:
		b.WriteString(e.Value)
	case *ast.SelectorExpr:
		b.WriteString("." + e.Sel.Name)
	case *ast.UnaryExpr:
		b.WriteString(e.Op.String())
		return c.write(b, e.X)
	case *ast.BinaryExpr:
		if !c.write(b, e.X) {
			return false
		}
		b.WriteString(" " + e.Op.String() + " ")
		return c.write(b, e.Y)
	case *ast.CallExpr:
		id, ok := ast.Unparen(e.Fun).(*ast.Ident)
		if !ok || len(e.Args) != 1 {
			return false
		}
		if _, builtin := c.TypesInfo.Uses[id].(*types.Builtin); !builtin {
			return false
		}
		b.WriteString(id.Name + "(")
		defer b.WriteString(")")
		return c.write(b, e.Args[0])
	default:
		return false
	}
	return true
}
