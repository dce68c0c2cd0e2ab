// Package pipe finds goroutines at one end of an io.Pipe that are left there by the
// function that has the other: a Write waits for a Read or a Close of the reader, a Read
// for a Write or a Close of the writer, and a pipe has no room and no deadline.
package pipe

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// A Left is a goroutine that is left at its end of a pipe.
type Left struct {
	At     ast.Node   // what writes or reads in the goroutine, a call
	Go     ast.Node   // what starts it
	End    *types.Var // its end of the pipe
	Open   *types.Var // the other end, which is not closed
	Return ast.Node   // where it is left open
	In     string     // the function that returns
}

// Writers returns the goroutines of the package that are left at a write.
func Writers(pass *analysis.Pass) []Left { return find(pass, true) }

// Readers returns the goroutines of the package that are left at a read.
func Readers(pass *analysis.Pass) []Left { return find(pass, false) }

// A finder looks at the pipes of one package, for what happens to one kind of end.
type finder struct {
	*source.Package
	reading bool // the function has the reader, the goroutine the writer
	// start is what starts the goroutine of the pipe that is looked at.
	start ast.Node
	// encoded says that what the goroutine writes comes from an encoder, and so is
	// what a decoder expects.
	encoded bool
	// aliases are the other names of the ends of the pipe.
	aliases []*types.Var
}

func find(pass *analysis.Pass, reading bool) (found []Left) {
	f := &finder{Package: pass.ResultOf[source.Analyzer].(*source.Package), reading: reading}
	if !f.Imports("io") {
		return nil
	}
	for cur := range f.Root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		if fn := f.Callee(call); fn == nil || fn.FullName() != "io.Pipe" || f.IsTest(call) {
			continue
		}
		def, ok := cur.Parent().Node().(*ast.AssignStmt)
		if !ok || def.Tok != token.DEFINE || len(def.Lhs) != 2 {
			continue
		}
		own, far := f.Var(def.Lhs[0]), f.Var(def.Lhs[1])
		if !reading {
			own, far = far, own
		}
		if own == nil || far == nil {
			continue
		}
		if in, ok := source.Func(cur); ok {
			if left, ok := f.pipe(in, own, far); ok {
				found = append(found, left)
			}
		}
	}
	return found
}

// pipe looks at one pipe, made in a function that has an end of its own.
func (f *finder) pipe(in inspector.Cursor, own, far *types.Var) (Left, bool) {
	g := f.Graph(in.Node())
	name, ends := nameOf(in.Node())
	f.aliases = nil
	there, ok := f.otherEnd(in, far, 0)
	if g == nil || ends || !ok || there.at == nil {
		return Left{}, false
	}
	f.encoded = f.encodes(there.start, 0)
	uses, ok := f.uses(in, own, 0)
	if !ok {
		return Left{}, false
	}
	uses = append(uses, there.closes...)
	for _, u := range uses {
		if u.at.Pos() < there.start.Pos() && u.kind == gone || source.Within(u.at, there.start) {
			return Left{}, false
		}
	}
	f.start = there.start
	ret := f.abandoned(g, there.start, uses)
	if ret == nil {
		return Left{}, false
	}
	return Left{At: there.at, Go: there.start, End: far, Open: own, Return: ret, In: name}, true
}

// encodes reports whether an encoder of the standard library is at work in the goroutine.

// nameOf returns the name of a function, and whether the process ends with it.
func nameOf(fn ast.Node) (name string, ends bool) {
	d, ok := fn.(*ast.FuncDecl)
	if !ok {
		return "the function literal", false
	}
	return d.Name.Name, d.Recv == nil && d.Name.Name == "main"
}

// abandoned returns a return that is reached from the node with the end neither closed

// nor handed on, and not in use yet, or after a use of it that has failed.

// failed returns a return behind a use that has failed; start is nil for the entry.

// afterError returns a return that is reached when the call gives an error, other than

// the one that says that all has been read.

// waits reports whether the node may wait for the goroutine, which is not left then.

// inStart reports whether the goroutine has the channel.

// keeps reports whether the node gives the error to another, which it goes by then: it

// wraps it.

// fine reports whether the condition says that there was no error, or that it is the one

// at the end.

// An end is that of the goroutine.
type end struct {
	at, start ast.Node
	closes    []use // where the function closes it itself
}

// otherEnd looks at what happens to the end that the goroutine has: nobody else may

// have it, but for closing it.
func (f *finder) otherEnd(in inspector.Cursor, v *types.Var, depth int) (e end, ok bool) {
	for _, cur := range f.Uses(v) {
		if f.defines(cur) {
			continue
		}
		call, start := f.started(cur, in)
		if start == nil {
			u := f.use(f.top(cur), 0)
			switch fn, _ := source.Func(cur); {
			case u.kind == gone && u.closes && fn == in:
				e.closes = append(e.closes, u)
				continue
			case u.made == nil || fn != in || depth > 2:
				return e, false
			}
			d, ok := f.otherEnd(in, u.made, depth+1)
			if !ok || d.start != nil && e.start != nil && d.start != e.start {
				return e, false
			}
			e.closes = append(e.closes, d.closes...)
			if e.at == nil {
				e.at, e.start = d.at, d.start
			}
			continue
		}
		if e.start != nil && e.start != start {
			return e, false
		}
		e.start = start
		if u := f.use(f.top(cur), 0); e.at == nil && !u.closes && call != nil {
			if !f.reading && u.kind == gone {
				return e, false // whether it is read, and for how long, is not known
			}
			if u.made != nil {
				call = f.through(u.made)
			}
			if call != nil {
				e.at = call
			}
		}
	}
	return e, true
}

// through returns the first call of what goes through an end.
func (f *finder) through(made *types.Var) *ast.CallExpr {
	for _, cur := range f.Uses(made) {
		if !f.defines(cur) {
			return f.use(f.top(cur), 0).call
		}
	}
	return nil
}

// started returns the go statement of the function that runs what is at the cursor, or

// the call that starts a goroutine; and the call around the cursor in it.
func (f *finder) started(cur, in inspector.Cursor) (call *ast.CallExpr, start ast.Node) {
	for up := range cur.Enclosing((*ast.CallExpr)(nil), (*ast.GoStmt)(nil), (*ast.FuncLit)(nil)) {
		if up == in {
			return nil, nil
		}
		fn, _ := source.Func(up.Parent())
		switch n := up.Node().(type) {
		case *ast.GoStmt:
			if fn == in {
				return call, n
			}
		case *ast.CallExpr:
			switch f.Kind(n) {
			case ops.WgGo, ops.GroupGo:
				if fn == in {
					return call, n
				}
			}
			if call == nil {
				call = n
			}
		}
	}
	return nil, nil
}
