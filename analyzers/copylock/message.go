package copylock

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"unicode/utf8"
)

// limit is the longest expression that a message repeats.
const limit = 40

// short is an expression as the user wrote it, cut where it is too long to be
// read in a message.
func short(e ast.Expr) string { return clip(types.ExprString(e)) }

func clip(s string) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	r := []rune(s)
	return string(r[:limit-3]) + "..."
}

// message words a finding: what copies which lock, what breaks, what to do.
func (c *copying) message(l *lock, qualify types.Qualifier) string {
	name := c.lockName(l, qualify)
	if t := types.TypeString(l.typ, qualify); t != name && !l.marker {
		name += " (" + t + ")"
	}
	dst := ""
	if c.dst != nil {
		dst = " into " + short(c.dst)
	}
	when := c.where
	switch c.category {
	case "by-receiver", "by-parameter":
		when = " at each call"
	}
	s := fmt.Sprintf("%s copies %s%s%s: %s; %s", c.op, name, dst, when, l.consequence(), c.remedy)
	if utf8.RuneCountInString(s) > 160 {
		s = fmt.Sprintf("%s copies %s%s: %s", c.op, name, when, l.consequence())
	}
	if utf8.RuneCountInString(s) > 160 {
		s = fmt.Sprintf("%s copies a %s%s: %s", c.op, types.TypeString(l.typ, qualify), when, l.consequence())
	}
	return s
}

// lockName names the lock that is copied: the value and the way into it.
func (c *copying) lockName(l *lock, qualify types.Qualifier) string {
	name := c.name
	path := l.path
	if c.src != nil {
		name = operand(c.src, c.elems || path != "")
		if c.elems {
			path = "[" + cmp.Or(c.index, "i") + "]" + path
		}
	}
	if utf8.RuneCountInString(name) > limit || utf8.RuneCountInString(name+path) > limit*3/2 {
		// Too long to read; the type says it as well.
		name, path = types.TypeString(c.typ, qualify), l.path
	}
	if utf8.RuneCountInString(name+path) > limit*3/2 {
		return types.TypeString(l.typ, qualify)
	}
	return name + path
}

// operand is x as it stands before a selector or index.
func operand(x ast.Expr, selected bool) string {
	x = ast.Unparen(x)
	if !selected {
		return types.ExprString(x)
	}
	switch y := x.(type) {
	case *ast.StarExpr:
		// p.f, not (*p).f; and not f().g, which is another call
		switch z := ast.Unparen(y.X).(type) {
		case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr, *ast.CallExpr, *ast.TypeAssertExpr:
			return types.ExprString(z)
		}
		return "(" + types.ExprString(x) + ")"
	case *ast.UnaryExpr:
		return "(" + types.ExprString(x) + ")"
	}
	return types.ExprString(x)
}

// methodName names a method by its type and its name.
func methodName(recv ast.Expr, name string) string {
	if s, ok := ast.Unparen(recv).(*ast.StarExpr); ok {
		recv = s.X
	}
	switch x := ast.Unparen(recv).(type) {
	case *ast.IndexExpr:
		recv = x.X
	case *ast.IndexListExpr:
		recv = x.X
	}
	return clip(types.ExprString(recv) + "." + name)
}
