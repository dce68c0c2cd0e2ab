package oncemisuse

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

const maxDepth = 8

func kind(pass *analysis.Pass, call *ast.CallExpr) ops.Kind {
	fn, _ := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	return ops.Of(fn).Kind
}

func name(call *ast.CallExpr) string {
	fun := ast.Unparen(call.Fun)
	switch f := fun.(type) {
	case *ast.IndexExpr:
		fun = f.X
	case *ast.IndexListExpr:
		fun = f.X
	}
	return types.ExprString(fun)
}

// A goal is the Once that is looked for, in the terms of a function: itself, as
// long as it is reached from what the calls pass on. Of a singleflight.Group, the key is
// looked for as well.
type goal struct {
	fn   *ssa.Function
	once *access.Ref
	key  *access.Ref // nil of a Once, and of a constant key
	text string      // a constant key
}

// keyed adds the key of a group to a goal.
func (c *checker) keyed(g goal, key ssa.Value) goal {
	if k, ok := key.(*ssa.Const); ok {
		g.text = k.String()
	} else if key != nil {
		g.key = c.ref(key)
	}
	return g
}

// ref is the object or number that a value is, also out of a variable that is set once.
func (c *checker) ref(v ssa.Value) *access.Ref {
	for range 4 {
		load, ok := v.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			break
		}
		cell := c.pkg.Access.Cell(load.X)
		if cell == nil || c.pkg.Access.StoredOnce(cell) == nil {
			break
		}
		v = c.pkg.Access.StoredOnce(cell)
	}
	return c.pkg.Access.Of(v)
}

// is reports whether the Do is what the goal looks for.
func (c *checker) is(d *do, g *goal) bool {
	k := c.keyed(goal{}, d.key)
	return d.once == g.once && k.key == g.key && k.text == g.text
}

// recursive reports a Do whose function comes back to it on some path. Calls
// that are sure to be of a function of this package are followed, with the
// object that holds the Once.
func (c *checker) recursive(d *do) bool {
	for _, fn := range d.fns {
		once := d.once
		if d.recv != nil {
			once = c.inCallee(fn, []ssa.Value{d.recv}, once)
		}
		if once == nil {
			continue
		}
		g := c.keyed(goal{fn: fn, once: once}, d.key)
		if g.key != nil && d.recv != nil {
			continue
		}
		at, path := c.reach(g, make(map[goal]bool), 0)
		if at == nil {
			continue
		}
		how := ""
		if len(path) > 0 {
			how = " through " + path[0].Name()
		}
		if d.key != nil {
			how += " for the same key"
		}
		text := fmt.Sprintf("%s.Do blocks forever: its function comes back to Do%s on %s, which waits for it to return", d.once, how, c.place(d.node.Pos(), at.call))
		if at == d {
			text = fmt.Sprintf("%s.Do blocks forever: its function comes back to this Do%s and waits for itself", d.once, how)
		}
		f := diag.Finding{Pos: d.node.Pos(), End: d.node.End(), Category: recursion, Message: text}
		if at != d {
			f.Related = []analysis.RelatedInformation{{Pos: at.node.Pos(), End: at.node.End(), Message: "Do of the same object"}}
		}
		c.report.Report(f)
		return true
	}
	return false
}

// forgets reports whether the function calls singleflight.Group.Forget, or one does that it calls.
func forgets(fn *ssa.Function, depth int) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if f := skeleton.Static(call.Common()); f != nil && f.Name() == "Forget" && f.Pkg() != nil && strings.HasSuffix(f.Pkg().Path(), "singleflight") {
				return true
			}
			if callee := call.Common().StaticCallee(); depth > 0 && callee != nil && callee.Pkg == fn.Pkg && forgets(callee, depth-1) {
				return true
			}
		}
	}
	return false
}

// reach looks for a Do of the goal in its function and in what that calls.
func (c *checker) reach(g goal, seen map[goal]bool, depth int) (*do, []*ssa.Function) {
	if seen[g] || depth > maxDepth || g.fn.Blocks == nil {
		return nil, nil
	}
	seen[g] = true
	if (g.key != nil || g.text != "") && forgets(g.fn, 2) {
		return nil, nil // what comes then is a new call
	}
	for _, d := range slices.Concat(c.dos[g.fn], c.shared[g.fn]) {
		if c.is(d, &g) {
			return d, nil
		}
	}
	for _, b := range g.fn.Blocks {
		for _, instr := range b.Instrs {
			var common *ssa.CallCommon
			switch instr := instr.(type) {
			case *ssa.Call:
				common = &instr.Call
			case *ssa.Defer:
				common = &instr.Call
			default:
				continue
			}
			op, _ := c.pkg.Op(common)
			value := common.Value
			args := common.Args
			switch op.Kind {
			case ops.None:
			case ops.OnceDo, ops.RunsNow, ops.FlightDo: // it runs its argument now
				value, args = skeleton.FuncArg(common, op), nil
			default:
				continue
			}
			if value == nil || common.IsInvoke() {
				continue
			}
			if mc, ok := value.(*ssa.MakeClosure); ok && mc.Fn.(*ssa.Function).Object() != nil {
				args = mc.Bindings // a bound method
			}
			fns, complete := c.pkg.Functions(value)
			if !complete || len(fns) != 1 {
				continue
			}
			fn := c.unbound(fns[0])
			once := c.inCallee(fn, args, g.once)
			if once == nil {
				continue
			}
			next := goal{fn: fn, once: once, text: g.text}
			if g.key != nil {
				if next.key = c.inCallee(fn, args, g.key); next.key == nil {
					continue
				}
			}
			if d, path := c.reach(next, seen, depth+1); d != nil {
				if fn.Parent() == nil {
					path = append([]*ssa.Function{fn}, path...)
				}
				return d, path
			}
		}
	}
	return nil, nil
}

// unbound returns the method behind a method value.
func (c *checker) unbound(fn *ssa.Function) *ssa.Function {
	if obj := skeleton.Declared(fn); obj != nil && fn.Synthetic != "" {
		if f := c.pkg.SSA.Prog.FuncValue(obj.Origin()); f != nil {
			return f
		}
	}
	return fn
}

// inCallee returns the name that the object of ref has in a function: the same
// for package variables and what a closure shares with the function around it, by
// a parameter for what is reached from the argument.
func (c *checker) inCallee(fn *ssa.Function, args []ssa.Value, ref *access.Ref) *access.Ref {
	for r := ref; r != nil; r = r.Base {
		if r.Kind == access.Elem && !r.Constant() {
			return nil // in another call the index can be another one
		}
	}
	root := ref.Root()
	if root.Kind == access.Global {
		return ref
	}
	if v := root.Value; v != nil && fn.Parent() != nil {
		for outer := fn.Parent(); outer != nil; outer = outer.Parent() {
			if v.Parent() == outer {
				return ref
			}
		}
	}
	for i, arg := range args {
		if i >= len(fn.Params) {
			break
		}
		of := c.ref(arg)
		if !of.Contains(ref) || root.Kind == access.Result {
			continue
		}
		return c.rebase(ref, of, c.pkg.Access.Of(fn.Params[i]))
	}
	return nil
}

// rebase replaces the part of ref that is from.
func (c *checker) rebase(ref, from, to *access.Ref) *access.Ref {
	if ref == from {
		return to
	}
	if ref.Kind != access.Field {
		return nil
	}
	base := c.rebase(ref.Base, from, to)
	if base == nil {
		return nil
	}
	return c.pkg.Access.Field(base, ref.Field)
}

// resets reports a function of Do that stores a new Once where it is.
func (c *checker) resets(d *do) bool {
	for _, fn := range d.fns {
		once := d.once
		if d.recv != nil {
			once = c.inCallee(fn, []ssa.Value{d.recv}, once)
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok || once == nil || !ops.IsOnce(st.Addr.Type()) || c.pkg.Access.Of(st.Addr) != once {
					continue
				}
				if _, pointer := st.Val.Type().(*types.Pointer); pointer {
					continue // another Once; this one stays as it is
				}
				c.report.Report(diag.Finding{
					Pos: d.node.Pos(), End: d.node.End(), Category: reset,
					Message: fmt.Sprintf("%s.Do panics when its function resets %s on %s: it unlocks the new Once; use a mutex and a flag", d.once, d.once, c.place(d.node.Pos(), st)),
					Related: []analysis.RelatedInformation{{Pos: st.Pos(), End: st.Pos() + 1, Message: "the Once is replaced while Do has it locked"}},
				})
				return true
			}
		}
	}
	return false
}
