package shared

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
)

// This file finds the source of an access. SSA gives no position to the load
// of a variable, so that one is looked for: among the uses of the variable in
// the function, the one nearest to what is done with the value.

// Range returns the source of what an access reads or writes.
func (s *Set) Range(a *Access) (pos, end token.Pos) {
	s.indexSource()
	if n := s.node(a); n != nil {
		return n.Pos(), n.End()
	}
	pos = near(a.Leaf)
	return pos, pos + 1
}

// Line is the line of an access.
func (s *Set) Line(a *Access) int {
	pos, _ := s.Range(a)
	return s.Pass.Fset.Position(pos).Line
}

// Spawn returns the source of what starts a goroutine: of a go statement, its
// first word.
func (s *Set) Spawn(call ssa.CallInstruction) (pos, end token.Pos) {
	s.indexSource()
	pos = call.Pos()
	if _, ok := call.(*ssa.Go); ok {
		return pos, pos + token.Pos(len("go"))
	}
	if n, ok := s.nodes[pos].(*ast.CallExpr); ok {
		return n.Fun.Pos(), n.Fun.End()
	}
	return pos, pos + 1
}

func (s *Set) node(a *Access) ast.Node {
	switch leaf := a.Leaf.(type) {
	case *ssa.UnOp:
		return s.addressed(a, leaf.X, leaf)
	case *ssa.Store:
		if n := s.addressed(a, leaf.Addr, leaf); n != nil {
			return n
		}
	}
	if n := s.nodes[a.Leaf.Pos()]; n != nil {
		return n
	}
	return nil
}

func (s *Set) addressed(a *Access, addr ssa.Value, at ssa.Instruction) ast.Node {
	switch x := addr.(type) {
	case *ssa.FieldAddr:
		if n := s.nodes[x.Pos()]; n != nil {
			return n
		}
	case *ssa.Alloc, *ssa.FreeVar, *ssa.Global:
		v := s.variableOf(x)
		if v == nil {
			return nil
		}
		if id, ok := s.nodes[at.Pos()].(*ast.Ident); ok && s.Pass.TypesInfo.ObjectOf(id) == v {
			return id
		}
		if id := s.nearest(v, at, a.Write); id != nil {
			return id
		}
	}
	return nil
}

// variableOf returns the variable that has the cell.
func (s *Set) variableOf(cell ssa.Value) *types.Var {
	if g, ok := cell.(*ssa.Global); ok {
		v, _ := g.Object().(*types.Var)
		return v
	}
	if a := s.Pkg.Access.Cell(cell); a != nil {
		return s.decls[a.Pos()]
	}
	return nil
}

// nearest returns the use of v in the function of at that is nearest to it.
func (s *Set) nearest(v *types.Var, at ssa.Instruction, write bool) *ast.Ident {
	syn := at.Parent().Syntax()
	if syn == nil {
		return nil
	}
	want := near(at)
	if st, ok := at.(*ssa.Store); ok {
		ret, _ := at.Block().Instrs[len(at.Block().Instrs)-1].(*ssa.Return)
		if !st.Pos().IsValid() || ret != nil && ret.Pos().IsValid() && ret.Pos() <= want {
			return nil // a result, set by a return statement
		}
	}
	var best *ast.Ident
	dist := 0
	for _, id := range s.idents[v] {
		if id.Pos() < syn.Pos() || id.Pos() >= syn.End() || s.writes[id] != write || s.inner(syn, id.Pos()) {
			continue
		}
		d := int(id.Pos() - want)
		if d < 0 {
			d = -d
		}
		if best == nil || d < dist {
			best, dist = id, d
		}
	}
	return best
}

// inner reports whether pos lies in a function literal within syn.
func (s *Set) inner(syn ast.Node, pos token.Pos) bool {
	found := false
	ast.Inspect(syn, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok && ast.Node(lit) != syn {
			found = found || lit.Pos() <= pos && pos < lit.End()
			return false
		}
		return !found && (n == nil || n.Pos() <= pos && pos < n.End())
	})
	return found
}

// near is the position of what uses the value of the instruction, or of its
// neighbours.
func near(at ssa.Instruction) token.Pos {
	if at.Pos().IsValid() {
		return at.Pos()
	}
	if v, ok := at.(ssa.Value); ok && v.Referrers() != nil {
		for _, r := range *v.Referrers() {
			if r.Pos().IsValid() && r.Parent() == at.Parent() {
				return r.Pos()
			}
		}
	}
	instrs := at.Block().Instrs
	for i, instr := range instrs {
		if instr != at {
			continue
		}
		for d := 1; d < len(instrs); d++ {
			if i+d < len(instrs) && instrs[i+d].Pos().IsValid() {
				return instrs[i+d].Pos()
			}
			if i-d >= 0 && instrs[i-d].Pos().IsValid() {
				return instrs[i-d].Pos()
			}
		}
	}
	for b := at.Block().Idom(); b != nil; b = b.Idom() {
		for i := len(b.Instrs) - 1; i >= 0; i-- {
			if b.Instrs[i].Pos().IsValid() {
				return b.Instrs[i].Pos()
			}
		}
	}
	return at.Parent().Pos()
}

// indexSource notes where expressions are, by the position that SSA gives them.
func (s *Set) indexSource() { s.indexOnce.Do(s.index) }

func (s *Set) index() {
	s.nodes = make(map[token.Pos]ast.Node)
	s.idents = make(map[types.Object][]*ast.Ident)
	s.writes = make(map[*ast.Ident]bool)
	s.decls = make(map[token.Pos]*types.Var)
	info := s.Pass.TypesInfo
	assigned := func(e ast.Expr) {
		if id, ok := ast.Unparen(e).(*ast.Ident); ok {
			s.writes[id] = true
		}
	}
	in := s.Pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	in.Preorder([]ast.Node{
		(*ast.Ident)(nil), (*ast.SelectorExpr)(nil), (*ast.IndexExpr)(nil), (*ast.CallExpr)(nil), (*ast.RangeStmt)(nil),
		(*ast.AssignStmt)(nil), (*ast.IncDecStmt)(nil), (*ast.ReturnStmt)(nil), (*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil),
	}, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Ident:
			if v, ok := info.Defs[n].(*types.Var); ok {
				s.decls[n.Pos()] = v
			}
			if v, ok := info.Uses[n].(*types.Var); ok && !v.IsField() {
				s.idents[v] = append(s.idents[v], n)
			}
			if s.nodes[n.Pos()] == nil {
				s.nodes[n.Pos()] = n
			}
		case *ast.SelectorExpr:
			s.nodes[n.Sel.Pos()] = n
		case *ast.IndexExpr:
			s.nodes[n.Lbrack] = n
		case *ast.CallExpr:
			s.nodes[n.Lparen] = n
		case *ast.RangeStmt:
			if n.X != nil {
				s.nodes[n.For] = n.X
			}
			if n.Key != nil {
				assigned(n.Key)
			}
			if n.Value != nil {
				assigned(n.Value)
			}
		case *ast.SendStmt:
			s.nodes[n.Arrow] = n
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				s.nodes[n.OpPos] = n
			}
		case *ast.ReturnStmt:
			s.nodes[n.Return] = n
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				assigned(e)
			}
		case *ast.IncDecStmt:
			assigned(n.X)
		}
	})
}

// Name is what to call the object of an access.
func (s *Set) Name(a *Access) string {
	s.indexSource()
	if n, ok := s.node(a).(ast.Expr); ok {
		if s.implicit(a, n) {
			return a.Ref.String() + "." + a.Ref.Field.Name()
		}
		switch x := n.(type) {
		case *ast.IndexExpr:
			if a.Map {
				return types.ExprString(x.X)
			}
			if a.Elem {
				return types.ExprString(x)
			}
		case *ast.Ident, *ast.SelectorExpr:
			if a.Map {
				break
			}
			return types.ExprString(n)
		}
	}
	if a.Ref.Kind == access.Field && a.Ref.Field.Embedded() {
		return a.Ref.String() + "." + a.Ref.Field.Name()
	}
	return a.Ref.String()
}

// implicit reports whether the access is to an embedded field that the source does not
// name: the expression is what it is a field of.
func (s *Set) implicit(a *Access, n ast.Expr) bool {
	id, ok := n.(*ast.Ident)
	if !ok || a.Ref.Kind != access.Field || !a.Ref.Field.Embedded() {
		return false
	}
	v, ok := s.Pass.TypesInfo.ObjectOf(id).(*types.Var)
	return ok && v.Origin() != a.Ref.Field
}

// Declared returns the variable of a Var access to a local variable.
func (s *Set) Declared(a *Access) *types.Var {
	s.indexSource()
	r := a.Ref.Root()
	if r.Kind == access.Alloc {
		return s.variableOf(r.Value)
	}
	return nil
}

// Idents returns the uses of a variable in the source, but for its declaration.
func (s *Set) Idents(v *types.Var) []*ast.Ident {
	s.indexSource()
	return s.idents[v]
}

// Source returns the source of an instruction.
func (s *Set) Source(instr ssa.Instruction) (pos, end token.Pos) {
	s.indexSource()
	if n := s.nodes[instr.Pos()]; n != nil {
		return n.Pos(), n.End()
	}
	switch instr := instr.(type) {
	case *ssa.UnOp:
		return s.Range(&Access{Leaf: instr})
	case *ssa.Store:
		return s.Range(&Access{Leaf: instr, Write: true})
	}
	pos = near(instr)
	return pos, pos + 1
}

// NameOf is what to call the object of a value.
func (s *Set) NameOf(v ssa.Value) string {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	return s.Pkg.Access.Of(v).String()
}
