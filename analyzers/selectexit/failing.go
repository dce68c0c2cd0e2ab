package selectexit

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// failing looks at a loop that calls something with a context from outside of it and goes
// on when that fails, with no pause and no look at the context: when the context is done,
// the call fails at once, each time. So does one that reads what has come to its end.
func (c *checker) failing(loop *ast.ForStmt, at spot) {
	if at.fn == nil || loop.Post != nil {
		return
	}
	f := &failing{checker: c, loop: loop, fn: at.fn}
	f.scan(loop.Body.List)
}

type failing struct {
	*checker
	loop *ast.ForStmt
	fn   ast.Node
}

// scan goes through what each turn comes to without a way out.
func (f *failing) scan(list []ast.Stmt) {
	for i, s := range list {
		if call, failed := f.attempt(s, list[i+1:], f.isFailure); call != nil {
			f.judge(call, failed)
			f.exhausted(call, failed, true)
			return
		}
		if call, ended := f.attempt(s, list[i+1:], f.isEnd); call != nil {
			f.exhausted(call, ended, false)
			return
		}
		if branch, ok := s.(*ast.IfStmt); ok && f.plain(branch.Cond) && branch.Init == nil && branch.Else == nil {
			f.scan(branch.Body.List)
		}
		if !f.plain(s) {
			return
		}
	}
}

// attempt takes v, err := call(ctx) apart, when if err != nil { continue } is next, or
// another condition on the error that has this in it, first of all.
func (f *failing) attempt(s ast.Stmt, rest []ast.Stmt, failed func(cond, err ast.Expr) bool) (*ast.CallExpr, *ast.IfStmt) {
	assign, ok := s.(*ast.AssignStmt)
	branch, isIf := s.(*ast.IfStmt)
	switch {
	case isIf && branch.Init != nil:
		if assign, ok = branch.Init.(*ast.AssignStmt); !ok {
			return nil, nil
		}
	case ok && len(rest) > 0:
		if branch, isIf = rest[0].(*ast.IfStmt); !isIf || branch.Init != nil {
			return nil, nil
		}
	default:
		return nil, nil
	}
	if len(assign.Rhs) != 1 {
		return nil, nil
	}
	err := assign.Lhs[len(assign.Lhs)-1]
	if !failed(branch.Cond, err) && f.isFailure(branch.Cond, err) && len(branch.Body.List) > 0 {
		if branch, isIf = branch.Body.List[0].(*ast.IfStmt); !isIf || branch.Init != nil {
			return nil, nil
		}
	}
	if branch.Else != nil || !failed(branch.Cond, err) {
		return nil, nil
	}
	call, ok := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
	if !ok || !f.goesOn(branch.Body.List) {
		return nil, nil
	}
	return call, branch
}

// isFailure reports whether the condition is that the error, which the call has just
// given, is not nil.
func (f *failing) isFailure(cond, lhs ast.Expr) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || b.Op != token.NEQ || !f.TypesInfo.Types[b.Y].IsNil() {
		return false
	}
	id, ok := ast.Unparen(b.X).(*ast.Ident)
	err, isId := lhs.(*ast.Ident)
	if !ok || !isId || f.TypesInfo.ObjectOf(id) != f.TypesInfo.ObjectOf(err) {
		return false
	}
	return types.Identical(f.TypesInfo.TypeOf(id), types.Universe.Lookup("error").Type())
}

// isEnd reports whether the condition is that the error, which the call has just given, is
// the one at the end of a stream.
func (f *failing) isEnd(cond, lhs ast.Expr) bool {
	var id, end ast.Expr
	switch e := ast.Unparen(cond).(type) {
	case *ast.BinaryExpr:
		if e.Op == token.EQL {
			id, end = e.X, e.Y
		}
	case *ast.CallExpr:
		if fn, ok := typeutil.Callee(f.TypesInfo, e).(*types.Func); ok && fn.FullName() == "errors.Is" && len(e.Args) == 2 {
			id, end = e.Args[0], e.Args[1]
		}
	}
	if id == nil {
		return false
	}
	v, err, eof := f.chans.variable(id), f.chans.variable(lhs), f.chans.variable(end)
	return v != nil && v == err && eof != nil && eof.Name() == "EOF" && eof.Pkg() != nil && eof.Pkg().Path() == "io"
}

// goesOn reports whether the statements at most write a message, and continue the loop.
func (f *failing) goesOn(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	last, ok := list[len(list)-1].(*ast.BranchStmt)
	return ok && last.Tok == token.CONTINUE && last.Label == nil && f.talksOnly(list)
}

// judge reports the call, if a context that it is given can end and does not change, and
// the loop's condition asks for another one.
func (f *failing) judge(call *ast.CallExpr, failed *ast.IfStmt) {
	for _, arg := range call.Args {
		id, ok := ast.Unparen(arg).(*ast.Ident)
		if !ok || !ops.IsContext(f.TypesInfo.TypeOf(id)) || !f.canEnd(id) || !f.asksForOther(f.loop.Cond, id) {
			continue
		}
		f.report.Report(diag.Finding{
			Pos: call.Pos(), End: call.End(), Category: doneContinues,
			Message: fmt.Sprintf("%s fails at once when %s is done, and the loop goes on (%s) without a look at it: it spins; leave it when %s.Err() != nil",
				short(types.ExprString(call.Fun)), id.Name, f.where(failed, call), id.Name),
			Related: f.related(failed, "goes on here"),
		})
		return
	}
}

// canEnd reports whether the context is a parameter, or one that can be cancelled, and the
// same in each turn.
func (f *failing) canEnd(id *ast.Ident) bool {
	v := f.chans.variable(id)
	if v == nil || v.IsField() || within(defined{v}, f.loop) || !f.chans.stable(id, spot{fn: f.fn, outer: f.fn, loop: f.loop}) {
		return false
	}
	return !slices.ContainsFunc(f.chans.set[v], func(e event) bool { return !f.cancels(f.statement(e.node)) })
}

// statement is the one that sets the variable.
func (f *failing) statement(n ast.Node) ast.Node {
	if file := diag.EnclosingFile(f.Pass, n.Pos()); file != nil {
		path, _ := astutil.PathEnclosingInterval(file, n.Pos(), n.End())
		for _, up := range path {
			if s, ok := up.(ast.Stmt); ok {
				return s
			}
		}
	}
	return n
}

// cancels reports whether the statement makes a context that is cancelled some time.
func (f *failing) cancels(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			switch f.kind(call) {
			case ops.CtxWithCancel, ops.CtxWithTimeout, ops.SignalNotifyContext:
				found = true
			}
		}
		return !found
	})
	return found
}

// asksForOther reports whether the condition of the loop is nothing, or asks for the error
// of a context that has been made of another one.
func (f *failing) asksForOther(cond ast.Expr, id *ast.Ident) bool {
	if cond == nil {
		return true
	}
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || b.Op != token.EQL || !f.TypesInfo.Types[b.Y].IsNil() {
		return false
	}
	call, ok := ast.Unparen(b.X).(*ast.CallExpr)
	if !ok || f.kind(call) != ops.CtxErr {
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	asked, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok || f.TypesInfo.ObjectOf(asked) == f.TypesInfo.ObjectOf(id) {
		return false
	}
	made := f.chans.set[f.chans.variable(asked)]
	if len(made) != 1 {
		return false
	}
	by := f.statement(made[0].node)
	return f.cancels(by) && !f.mentions(by, id)
}

func (f *failing) mentions(n ast.Node, id *ast.Ident) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if other, ok := n.(*ast.Ident); ok && f.TypesInfo.ObjectOf(other) == f.TypesInfo.ObjectOf(id) {
			found = true
		}
		return !found
	})
	return found
}

// plain reports whether the node neither waits, nor leaves the loop, nor looks at a
// context: it makes values, or writes a message.
func (f *failing) plain(node ast.Node) bool {
	plain := true
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.SendStmt, *ast.SelectStmt, *ast.ReturnStmt, *ast.BranchStmt, *ast.ForStmt, *ast.RangeStmt, *ast.GoStmt, *ast.DeferStmt:
			plain = false
		case *ast.UnaryExpr:
			plain = plain && n.Op != token.ARROW
		case *ast.ExprStmt:
			call, ok := ast.Unparen(n.X).(*ast.CallExpr)
			plain = plain && ok && f.isMessage(call)
		case *ast.CallExpr:
			plain = plain && !slices.ContainsFunc(n.Args, func(a ast.Expr) bool { return ops.IsContext(f.TypesInfo.TypeOf(a)) }) && f.atOnce(n, 0)
		}
		return plain
	})
	return plain
}

// maxQuick bounds how deep the functions are looked at that a call leads to.
const maxQuick = 3

// atOnce reports whether the call returns without waiting for anything: it is one of a
// function whose body is seen and does not wait, or of one that only computes. A method
// of an interface, or a function of another module, may wait for work, which ends the spin.
func (f *failing) atOnce(call *ast.CallExpr, depth int) bool {
	if tv := f.TypesInfo.Types[call.Fun]; tv.IsType() || tv.IsBuiltin() || f.isMessage(call) {
		return true
	}
	switch f.kind(call) {
	case ops.AtomicLoad:
		return true
	case ops.None:
	default:
		return false
	}
	fn, _ := typeutil.Callee(f.TypesInfo, call).(*types.Func)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	if computes[fn.Pkg().Path()] {
		return !readsInput.MatchString(fn.Name())
	}
	decl := f.decl(fn)
	if decl == nil || decl.Body == nil || depth >= maxQuick {
		return false
	}
	quick := true
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.SendStmt, *ast.SelectStmt:
			quick = false
		case *ast.UnaryExpr:
			quick = quick && n.Op != token.ARROW
		case *ast.RangeStmt:
			_, ch := f.TypesInfo.TypeOf(n.X).Underlying().(*types.Chan)
			quick = quick && !ch
		case *ast.CallExpr:
			switch f.kind(n) {
			case ops.Lock, ops.Unlock, ops.RLock, ops.RUnlock:
			default:
				quick = quick && f.atOnce(n, depth+1)
			}
		}
		return quick
	})
	return quick
}

// readsInput are the names of their functions that read, as of fmt and encoding/json.
var readsInput = regexp.MustCompile(`^(F?[Ss]can|Read|Decode|Token)`)

// computes are packages of the standard library whose functions wait for nothing.
var computes = map[string]bool{
	"bytes": true, "cmp": true, "encoding/base64": true, "encoding/binary": true, "encoding/hex": true, "encoding/json": true, "errors": true, "fmt": true,
	"maps": true, "math": true, "math/rand": true, "math/rand/v2": true, "net/url": true, "path": true, "path/filepath": true, "reflect": true, "slices": true,
	"sort": true, "strconv": true, "strings": true, "time": true, "unicode": true, "unicode/utf8": true,
}
