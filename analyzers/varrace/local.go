package varrace

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/shared"
)

// local is the fix that gives each goroutine a variable of its own: the first
// assignment in its literal declares it. There is none unless that is all the
// variable is for there: what a goroutine leaves in it, nobody else reads.
func local(s *shared.Set, c *shared.Conflict, at *shared.Access) *analysis.SuggestedFix {
	v := s.Declared(at)
	if v == nil || at.Part() || v.Kind() != types.LocalVar || c.Way == shared.Spawner {
		return nil
	}
	file := diag.EnclosingFile(s.Pass, v.Pos())
	var literals []*ast.FuncLit
	for _, a := range []*shared.Access{&c.A, &c.B} {
		lit, ok := a.Leaf.Parent().Syntax().(*ast.FuncLit)
		if !ok || lit.Pos() < file.FileStart || lit.End() > file.FileEnd {
			return nil
		}
		if len(literals) == 0 || literals[0] != lit {
			literals = append(literals, lit)
		}
	}
	var uses [2][]*ast.Ident
	outside, used := false, false
	for _, id := range s.Idents(v) {
		in := false
		for i, lit := range literals {
			if lit.Pos() <= id.Pos() && id.Pos() < lit.End() {
				uses[i], in = append(uses[i], id), true
			}
		}
		if !in && !earlier(file, v, id, literals) {
			return nil
		}
		outside = outside || !in
		used = used || !in && !sets(file, id)
	}
	fix := &analysis.SuggestedFix{Message: "declare " + v.Name() + " in the goroutine"}
	for i := range literals {
		tok := declaring(s.Pass, file, v, uses[i])
		if tok == token.NoPos {
			return nil
		}
		fix.TextEdits = append(fix.TextEdits, analysis.TextEdit{Pos: tok, End: tok + 1, NewText: []byte(":=")})
	}
	if !used { // the compiler wants that of a variable
		stmt := declaration(file, v)
		if stmt == nil || outside {
			return nil
		}
		pos, end := wholeLine(s.Pass, file, stmt)
		fix.TextEdits = append(fix.TextEdits, analysis.TextEdit{Pos: pos, End: end})
	}
	return fix
}

// declaration returns the statement that declares the variable, without a value,
// and nothing else.
func declaration(file *ast.File, v *types.Var) ast.Stmt {
	path, _ := astutil.PathEnclosingInterval(file, v.Pos(), v.Pos())
	for _, n := range path {
		if stmt, ok := n.(*ast.DeclStmt); ok {
			decl := stmt.Decl.(*ast.GenDecl)
			if spec, ok := decl.Specs[0].(*ast.ValueSpec); ok && len(decl.Specs) == 1 && len(spec.Names) == 1 && len(spec.Values) == 0 {
				return stmt
			}
			return nil
		}
	}
	return nil
}

// wholeLine widens the range of a statement to its line, when nothing else is
// on that.
func wholeLine(pass *analysis.Pass, file *ast.File, stmt ast.Stmt) (pos, end token.Pos) {
	pos, end = stmt.Pos(), stmt.End()
	tf := pass.Fset.File(pos)
	line := tf.Line(pos)
	if line != tf.Line(end) || line == tf.LineCount() {
		return pos, end
	}
	start, next := tf.LineStart(line), tf.LineStart(line+1)
	for _, c := range file.Comments {
		if c.Pos() < next && c.End() > start {
			return pos, end
		}
	}
	alone := true
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || n.End() <= start || n.Pos() >= next {
			return false
		}
		_, block := n.(*ast.BlockStmt)
		if !block && n.Pos() >= start && n.End() <= next && (n.Pos() < pos || n.End() > end) {
			alone = false
		}
		return true
	})
	if !alone {
		return pos, end
	}
	return start, next
}

// sets reports whether the identifier is assigned to.
func sets(file *ast.File, id *ast.Ident) bool {
	path, _ := astutil.PathEnclosingInterval(file, id.Pos(), id.End())
	as, ok := path[1].(*ast.AssignStmt)
	return ok && slices.Contains(as.Lhs, ast.Expr(id))
}

// earlier reports whether a use is done when the goroutines of the literals are
// started, and is not come back to.
func earlier(file *ast.File, v *types.Var, use *ast.Ident, literals []*ast.FuncLit) bool {
	for _, lit := range literals {
		start := lit.Pos()
		path, _ := astutil.PathEnclosingInterval(file, lit.Pos(), lit.End())
		for _, n := range path {
			switch n.(type) {
			case *ast.ForStmt, *ast.RangeStmt, *ast.FuncLit:
				if n != ast.Node(lit) && v.Pos() < n.Pos() {
					start = n.Pos()
				}
			}
		}
		if use.Pos() >= start {
			return false
		}
	}
	return true
}

// declaring returns where the = stands of the assignment that can declare the
// variable for all its uses in a literal, NoPos when there is none.
func declaring(pass *analysis.Pass, file *ast.File, v *types.Var, uses []*ast.Ident) token.Pos {
	if len(uses) == 0 {
		return token.NoPos
	}
	first := uses[0]
	for _, id := range uses {
		if id.Pos() < first.Pos() {
			first = id
		}
	}
	path, _ := astutil.PathEnclosingInterval(file, first.Pos(), first.End())
	if len(path) < 3 {
		return token.NoPos
	}
	as, ok := path[1].(*ast.AssignStmt)
	if !ok || as.Tok != token.ASSIGN {
		return token.NoPos
	}
	for _, lhs := range as.Lhs {
		if id, ok := lhs.(*ast.Ident); !ok || id != first && id.Name != "_" {
			return token.NoPos
		}
	}
	if !types.Identical(assigned(pass, as, first), v.Type()) {
		return token.NoPos
	}
	scope := path[2]
	switch scope := scope.(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
	case *ast.IfStmt:
		ok = scope.Init == as
	case *ast.SwitchStmt:
		ok = scope.Init == as
	default:
		ok = false
	}
	for _, id := range uses {
		ok = ok && scope.Pos() <= id.Pos() && id.Pos() < scope.End() && (id == first || id.Pos() >= as.End())
	}
	if !ok {
		return token.NoPos
	}
	return as.TokPos
}

// assigned is the type of what the assignment gives the identifier.
func assigned(pass *analysis.Pass, as *ast.AssignStmt, id *ast.Ident) types.Type {
	for i, lhs := range as.Lhs {
		if lhs != ast.Expr(id) {
			continue
		}
		if len(as.Rhs) == len(as.Lhs) {
			return pass.TypesInfo.TypeOf(as.Rhs[i])
		}
		if tuple, ok := pass.TypesInfo.TypeOf(as.Rhs[0]).(*types.Tuple); ok && i < tuple.Len() {
			return tuple.At(i).Type()
		}
	}
	return types.Typ[types.Invalid]
}
