package source

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
)

// A fact is the value of a condition on a path.
type fact struct {
	key   string
	value bool
	vars  []*types.Var
}

// around returns what the if statements around a node say.
func (p *Package) around(n ast.Node) []fact {
	cur, ok := p.Root.FindNode(n)
	if !ok {
		return nil
	}
	var facts []fact
	for up := range cur.Enclosing((*ast.IfStmt)(nil), (*ast.FuncLit)(nil)) {
		s, ok := up.Node().(*ast.IfStmt)
		if !ok {
			break
		}
		then := Within(n, s.Body)
		if !then && (s.Else == nil || !Within(n, s.Else)) {
			continue
		}
		var more []fact
		if more, ok = p.learn(nil, s.Cond, then); !ok {
			continue
		}
		// What is assigned on the way to the node is not known any more.
		ast.Inspect(s, func(m ast.Node) bool {
			if st, ok := m.(ast.Stmt); ok && st.Pos() > s.Cond.End() && st.End() <= n.Pos() {
				more = p.forget(more, st)
				return false
			}
			return true
		})
		facts = append(facts, more...)
	}
	return append(facts, p.flags(cur)...)
}

// flags returns the values of boolean variables that are declared with true or
// false before the node in its function, and assigned only behind it.
func (p *Package) flags(cur inspector.Cursor) []fact {
	fn, ok := Func(cur)
	if !ok {
		return nil
	}
	at := cur.Node()
	var facts []fact
	for s := range fn.Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
		if in, _ := Func(s); in != fn || s.Node().End() > at.Pos() {
			continue
		}
		switch n := s.Node().(type) {
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE && len(n.Lhs) == 1 && p.firstSet(p.Var(n.Lhs[0]), n, at, cur) {
				facts = p.assign(facts, n)
			}
		case *ast.ValueSpec:
			if len(n.Names) == 1 && len(n.Values) == 0 && p.firstSet(p.Var(n.Names[0]), n, at, cur) {
				facts, _ = p.learn(facts, n.Names[0], false)
			}
		}
	}
	return facts
}

// firstSet reports whether the boolean variable that def declares has that
// value at the node: nothing sets it in between, also not in a turn of a loop
// around the node.
func (p *Package) firstSet(v *types.Var, def, at ast.Node, cur inspector.Cursor) bool {
	if v == nil {
		return false
	}
	if b, ok := v.Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsBoolean == 0 {
		return false
	}
	var loops []ast.Node
	for up := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		if n := up.Node(); !Within(def, n) {
			loops = append(loops, n)
		}
	}
	for _, use := range p.Uses(v) {
		switch up := use.Parent().Node().(type) {
		case *ast.AssignStmt, *ast.UnaryExpr:
			if up == def {
				continue
			}
			if u, ok := up.(*ast.UnaryExpr); ok && u.Op != token.AND || !ok && !p.Assigns(up, v) {
				continue
			}
			if up.Pos() < at.End() && !exclusive(up, cur) || slices.ContainsFunc(loops, func(l ast.Node) bool { return Within(up, l) }) {
				return false
			}
		}
	}
	return true
}

// exclusive reports whether the statement is in another case of a switch or
// select that the node is in a case of.
func exclusive(s ast.Node, cur inspector.Cursor) bool {
	for up := range cur.Enclosing((*ast.CommClause)(nil), (*ast.CaseClause)(nil)) {
		if Within(s, up.Parent().Node()) && !Within(s, up.Node()) {
			return true
		}
	}
	return false
}

// learn adds the value of a condition to what is known, and reports whether it
// agrees with that.
func (p *Package) learn(facts []fact, cond ast.Expr, value bool) ([]fact, bool) {
	if tv, ok := p.Pass.TypesInfo.Types[cond]; ok && tv.Value != nil {
		return facts, constant.BoolVal(tv.Value) == value
	}
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return p.learn(facts, e.X, !value)
		}
	case *ast.BinaryExpr:
		if e.Op == token.LAND || e.Op == token.LOR {
			return p.learnBoth(facts, e, value)
		}
	}
	key, vars, flip := p.spellCondition(cond)
	if key == "" {
		return facts, true
	}
	value = value != flip
	for _, f := range facts {
		if f.key == key {
			return facts, f.value == value
		}
	}
	return append(slices.Clip(facts), fact{key, value, vars}), true
}

// learnBoth is learn for x && y, and for x || y.
func (p *Package) learnBoth(facts []fact, e *ast.BinaryExpr, value bool) ([]fact, bool) {
	all := e.Op == token.LAND // the value that asks for both operands
	if value == all {
		facts, ok := p.learn(facts, e.X, value)
		if !ok {
			return facts, false
		}
		return p.learn(facts, e.Y, value)
	}
	withX, x := p.learn(facts, e.X, value)
	withY, y := p.learn(facts, e.Y, value)
	switch {
	case x && y:
		return facts, true
	case x:
		return withX, true
	case y:
		return withY, true
	}
	return facts, false
}

// spellCondition writes a condition that has one value as long as its variables
// have; the key is empty for others.
func (p *Package) spellCondition(cond ast.Expr) (key string, vars []*types.Var, flip bool) {
	cond = ast.Unparen(cond)
	for {
		not, ok := cond.(*ast.UnaryExpr)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, flip = ast.Unparen(not.X), !flip
	}
	pure := true
	ast.Inspect(cond, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if v, ok := p.Pass.TypesInfo.ObjectOf(n).(*types.Var); ok {
				vars = append(vars, v.Origin())
			}
		case *ast.UnaryExpr:
			pure = pure && n.Op != token.ARROW
		case nil, *ast.BasicLit, *ast.SelectorExpr, *ast.BinaryExpr, *ast.ParenExpr, *ast.StarExpr:
		case *ast.CallExpr:
			name := p.Builtin(n)
			pure = pure && (name == "len" || name == "cap")
		default:
			pure = false
		}
		return pure
	})
	if !pure || len(vars) == 0 {
		return "", nil, false
	}
	// Variables of one name are told apart.
	var id strings.Builder
	for _, v := range vars {
		fmt.Fprintf(&id, " %d", v.Pos())
	}
	if b, ok := cond.(*ast.BinaryExpr); ok {
		op := b.Op
		switch op {
		case token.NEQ:
			op, flip = token.EQL, !flip
		case token.GEQ:
			op, flip = token.LSS, !flip
		case token.GTR:
			op, flip = token.LEQ, !flip
		}
		return types.ExprString(b.X) + op.String() + types.ExprString(b.Y) + id.String(), vars, flip
	}
	return types.ExprString(cond) + id.String(), vars, flip
}

// forget drops what is known of variables that the node assigns.
func (p *Package) forget(facts []fact, n ast.Node) []fact {
	if len(facts) == 0 {
		return facts
	}
	var assigned []*types.Var
	note := func(e ast.Expr) {
		if v := p.Var(e); v != nil {
			assigned = append(assigned, v)
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				note(e)
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.ValueSpec:
			for _, id := range n.Names {
				note(id)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n.X)
			}
		}
		return true
	})
	return without(facts, assigned)
}

// assign notes that a variable is set to true or false.
func (p *Package) assign(facts []fact, n ast.Node) []fact {
	s, ok := n.(*ast.AssignStmt)
	if !ok || len(s.Lhs) != 1 || len(s.Rhs) != 1 {
		return facts
	}
	value := p.Pass.TypesInfo.Types[s.Rhs[0]].Value
	if value == nil || value.Kind() != constant.Bool {
		return facts
	}
	facts, _ = p.learn(facts, s.Lhs[0], constant.BoolVal(value))
	return facts
}

func without(facts []fact, assigned []*types.Var) []fact {
	if len(assigned) == 0 {
		return facts
	}
	var kept []fact
	for _, f := range facts {
		if !slices.ContainsFunc(f.vars, func(v *types.Var) bool { return slices.Contains(assigned, v) }) {
			kept = append(kept, f)
		}
	}
	return kept
}

func spell(facts []fact) string {
	sorted := slices.SortedFunc(slices.Values(facts), func(a, b fact) int { return cmp.Compare(a.key, b.key) })
	var b strings.Builder
	for _, f := range sorted {
		b.WriteString(f.key)
		if f.value {
			b.WriteByte('+')
		} else {
			b.WriteByte('-')
		}
		b.WriteByte(';')
	}
	return b.String()
}
