package pipe

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/source"
)

func (f *finder) encodes(n ast.Node, depth int) bool {
	return source.Any(n, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return false
		}
		fn := f.Callee(call)
		if decl, ok := f.Decl(fn); ok {
			return depth < maxDepth && f.encodes(decl.Node(), depth+1)
		}
		return ofFormat(fn)
	})
}

func (f *finder) standard(cur inspector.Cursor, call *ast.CallExpr, fn *types.Func, i, depth int) use {
	u := use{at: call, kind: used, call: call}
	pkg := fn.Pkg().Path()
	switch {
	case strings.HasPrefix(pkg, "net/") || pkg == "os/exec":
		u.kind = gone // a body, which is closed
		return u
	case f.reading && f.drains(call, fn, i):
		u.kind = gone
		return u
	case pkg == "io" && strings.HasPrefix(fn.Name(), "Copy"):
		u.fails = f.Fails(call) && (f.reading || len(call.Args) < 2 || i == 1 || !f.neverFails(call.Args[1]))
		return u
	}
	u.fails = f.Fails(call) && f.decodes(fn)
	results := fn.Signature().Results()
	if results.Len() == 0 || !wraps(results.At(0).Type()) {
		return u
	}
	top := f.top(cur)
	switch n := top.Parent().Node().(type) {
	case *ast.AssignStmt:
		if len(n.Rhs) != 1 || !f.isDefined(n.Lhs[0]) {
			u.kind = gone
			return u
		}
		u.made = f.Var(n.Lhs[0])
	default:
		if depth > maxDepth || results.Len() > 1 {
			u.kind = gone
			return u
		}
		through := f.use(top, depth+1)
		if through.closes {
			through.kind, through.closes = used, false
		}
		return through
	}
	return u
}

func (f *finder) isDefined(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && f.Pass.TypesInfo.Defs[id] != nil
}

func wraps(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Pointer:
		return true
	case *types.Interface:
		return !source.IsError(t)
	}
	return false
}

func (f *finder) decodes(fn *types.Func) bool {
	return !f.encoded && ofFormat(fn) && slices.ContainsFunc([]string{"Decode", "Next", "NewReader", "Token", "Read"}, func(prefix string) bool {
		return strings.HasPrefix(fn.Name(), prefix)
	})
}

func ofFormat(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	switch first, _, _ := strings.Cut(fn.Pkg().Path(), "/"); first {
	case "encoding", "archive", "compress", "image":
		return true
	}
	return false
}

func (f *finder) drains(call *ast.CallExpr, fn *types.Func, i int) bool {
	switch fn.FullName() {
	case "io.ReadAll", "io/ioutil.ReadAll", "(*bytes.Buffer).ReadFrom":
		return true
	case "io.Copy", "io.CopyBuffer":
		return i == 1 && f.takesAll(call.Args[0])
	}
	return false
}

func (f *finder) takesAll(e ast.Expr) bool {
	if v := f.Var(e); v != nil && v.Pkg() != nil && v.Pkg().Path() == "io" && v.Name() == "Discard" {
		return true
	}
	switch types.TypeString(f.Pass.TypesInfo.TypeOf(e), nil) {
	case "*bytes.Buffer", "*strings.Builder", "hash.Hash", "hash.Hash32", "hash.Hash64":
		return true
	}
	return false
}

func (f *finder) neverFails(e ast.Expr) bool {
	switch types.TypeString(f.Pass.TypesInfo.TypeOf(e), nil) {
	case "*bytes.Buffer", "*bytes.Reader", "*strings.Reader":
		return true
	}
	return false
}

func (f *finder) readsAll(u use) bool {
	if u.call == nil || u.closes {
		return false
	}
	fn := f.Callee(u.call)
	return fn != nil && slices.ContainsFunc([]int{0, 1}, func(i int) bool { return i < len(u.call.Args) && f.drains(u.call, fn, i) })
}
