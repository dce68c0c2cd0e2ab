package wgmisuse

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/shared"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// What is seen here is seen within a function, and of a goroutine's function at the
// go statements that start it: must, not may. A call that is not understood ends it.

// counting looks at one package.
type counting struct {
	s      *shared.Set
	report *diag.Reporter
	told   map[token.Pos]bool
}

// counts reports what goes wrong where things are counted.
func counts(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool) {
	c := &counting{pass.ResultOf[shared.Analyzer].(*shared.Set), report, told}
	c.s.Pkg.Mu.Lock()
	defer c.s.Pkg.Mu.Unlock()
	if !c.s.Pkg.Built() {
		return
	}
	for _, fn := range c.s.Pkg.Funcs {
		list := c.operations(fn)
		if len(list) == 0 {
			continue
		}
		c.twice(fn, list)
		c.twiceByCall(fn, list)
		c.doneUnderGo(list)
		c.early(fn, list)
		if !c.s.Pkg.InTest(fn) {
			c.serial(list)
		}
	}
}

// An operation is one on a WaitGroup.
type operation struct {
	kind ops.Kind
	ref  *access.Ref
	at   ssa.CallInstruction
	n    int64 // of an Add of a constant
}

func (c *counting) operations(fn *ssa.Function) (list []operation) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			op, x := c.s.Pkg.Op(call.Common())
			switch op.Kind {
			case ops.WgAdd, ops.WgDone, ops.WgWait, ops.WgGo:
			default:
				continue
			}
			if x == nil {
				continue
			}
			o := operation{kind: op.Kind, ref: c.s.Pkg.Access.Of(x), at: call}
			if args := skeleton.Args(call.Common()); op.Kind == ops.WgAdd && len(args) == 1 {
				if k, ok := args[0].(*ssa.Const); ok && k.Value != nil {
					o.n, _ = constant.Int64Val(k.Value)
				}
			}
			list = append(list, o)
		}
	}
	return list
}

// twice finds a goroutine that calls Done, having deferred it as well, where each go
// statement that starts it adds one.
func (c *counting) twice(fn *ssa.Function, list []operation) {
	for _, d := range list {
		if d.kind != ops.WgDone || !skeleton.IsDefer(d.at) {
			continue
		}
		for _, o := range list {
			_, call := o.at.(*ssa.Call)
			if o.kind != ops.WgDone || !call || o.ref != d.ref || !skeleton.Dominates(d.at, o.at) || skeleton.Loops(d.at) || !skeleton.MayReturn(o.at) || !c.countedOnce(fn, d.ref, list) {
				continue
			}
			pos, end := c.s.Source(o.at)
			first, firstEnd, _ := machine.Source(c.s.Pass.Files, d.at)
			if c.told[pos] || c.told[first] {
				return
			}
			c.told[pos] = true
			c.report.Report(diag.Finding{
				Pos: pos, End: end, Category: "negative",
				Message: fmt.Sprintf("%s.Done is called here and once more by the defer on %s, and one was added: the counter goes below zero, which panics",
					o.ref, c.s.PlaceOf(pos, first)),
				Related: []analysis.RelatedInformation{{Pos: first, End: firstEnd, Message: "called again when the function returns"}},
			})
			return
		}
	}
}

// countedOnce reports whether the function is run by go statements only, each with an
// Add of one right before it.
func (c *counting) countedOnce(fn *ssa.Function, ref *access.Ref, list []operation) bool {
	if slices.ContainsFunc(list, func(o operation) bool { return o.kind == ops.WgAdd || o.kind == ops.WgGo }) || c.s.Pkg.UsedAsValue(fn) {
		return false
	}
	sites := c.s.Pkg.Sites(fn)
	for _, site := range sites {
		g, ok := site.(*ssa.Go)
		if !ok {
			return false
		}
		group := c.inCaller(ref, fn, g.Call.Args)
		if group == nil || !c.addsOne(g, group) {
			return false
		}
	}
	return len(sites) > 0
}

// inCaller returns the group as the caller of the function names it, nil when it does not.
func (c *counting) inCaller(ref *access.Ref, fn *ssa.Function, args []ssa.Value) *access.Ref {
	return c.s.Pkg.Access.Subst(ref, func(root *access.Ref) *access.Ref {
		pm, ok := root.Value.(*ssa.Parameter)
		if !ok || pm.Parent() != fn {
			return root
		}
		if i := slices.Index(fn.Params, pm); i < len(args) {
			return c.s.Pkg.Access.Of(args[i])
		}
		return nil
	})
}

// addsOne reports whether an Add of one comes right before the go statement, and the
// package adds to such groups in no other way.
func (c *counting) addsOne(g *ssa.Go, group *access.Ref) bool {
	n := 0
	for _, o := range c.operations(g.Parent()) {
		if o.kind == ops.WgAdd && o.ref == group && o.at.Block() == g.Block() && skeleton.Dominates(o.at, g) {
			if n++; o.n != 1 {
				return false
			}
		}
	}
	adds := 0
	for _, fn := range c.s.Pkg.Funcs {
		for _, o := range c.operations(fn) {
			if (o.kind == ops.WgAdd || o.kind == ops.WgGo) && (group.Class().IsZero() || o.ref.Class() == group.Class()) {
				adds++
			}
		}
	}
	return n == 1 && adds == 1
}

// early finds a function that adds one, starts a goroutine that has nothing to do
// with the group, and calls Done itself, with nothing else in between: what is
// counted is the go statement.
func (c *counting) early(fn *ssa.Function, list []operation) {
	if len(list) != 2 || list[0].kind != ops.WgAdd || list[1].kind != ops.WgDone || list[0].ref != list[1].ref || list[0].n != 1 || !skeleton.Dominates(list[0].at, list[1].at) {
		return
	}
	add, done := list[0], list[1]
	var started *ssa.Go
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Go:
				if started != nil || !skeleton.Dominates(add.at, instr) || !skeleton.IsDefer(done.at) && !skeleton.Dominates(instr, done.at) {
					return
				}
				started = instr
			case ssa.CallInstruction:
				if instr != add.at && instr != done.at {
					return
				}
			case *ssa.Send, *ssa.Select, *ssa.If, *ssa.MapUpdate:
				return
			case *ssa.Store:
				if skeleton.Dominates(add.at, instr) {
					return // that is what is counted
				}
			case *ssa.UnOp:
				if instr.Op == token.ARROW {
					return
				}
			}
		}
	}
	if started == nil || c.touches(started) {
		return
	}
	pos, end := c.s.Source(done.at)
	at, atEnd := c.s.Spawn(started)
	if c.told[pos] {
		return
	}
	c.told[pos] = true
	c.report.Report(diag.Finding{
		Pos: pos, End: end, Category: "early-done",
		Message: fmt.Sprintf("%s.Done is called when %s has started the goroutine on %s, and not at its end, so Wait does not wait for it; call it there",
			add.ref, skeleton.FuncName(fn), c.s.PlaceOf(pos, at)),
		Related: []analysis.RelatedInformation{{Pos: at, End: atEnd, Message: "goes on behind the Done"}},
	})
}

// touches reports whether the goroutine can do anything with the group: it is given
// the group, or runs what operates on one, or what is not in sight.
func (c *counting) touches(g *ssa.Go) bool {
	if slices.ContainsFunc(g.Call.Args, givenGroup) {
		return true
	}
	if mc, ok := g.Call.Value.(*ssa.MakeClosure); ok && slices.ContainsFunc(mc.Bindings, givenGroup) {
		return true
	}
	fns, complete := c.s.Pkg.Callees(g)
	return !complete || len(fns) != 1 || c.operates(fns[0], make(map[*ssa.Function]bool))
}

// operates reports whether the function can come to an operation on a group.
func (c *counting) operates(fn *ssa.Function, seen map[*ssa.Function]bool) bool {
	if seen[fn] {
		return false
	}
	seen[fn] = true
	if len(c.operations(fn)) > 0 {
		return true
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || call.Common().IsInvoke() {
				continue
			}
			fns, complete := c.s.Pkg.Callees(call)
			if !complete || slices.ContainsFunc(fns, func(f *ssa.Function) bool { return c.operates(f, seen) }) {
				return true
			}
		}
	}
	return false
}

// isolates reports whether what is started recovers from panics: it may be a goroutine of its own for that.
func (c *counting) isolates(start ssa.CallInstruction) bool {
	op, _ := c.s.Pkg.Op(start.Common())
	var fns []*ssa.Function
	if _, ok := start.(*ssa.Go); ok {
		fns, _ = c.s.Pkg.Callees(start)
	} else if f := skeleton.FuncArg(start.Common(), op); f != nil {
		fns, _ = c.s.Pkg.Functions(f)
	}
	return slices.ContainsFunc(fns, c.s.Pkg.Recovers)
}

// serial finds a loop that starts one goroutine in each turn and waits for it right
// away.
func (c *counting) serial(list []operation) {
	for _, w := range list {
		if _, call := w.at.(*ssa.Call); w.kind != ops.WgWait || !call || !skeleton.Loops(w.at) {
			continue
		}
		start := c.startedBefore(w)
		if start == nil || !c.alone(start, w.ref) || c.isolates(start) {
			continue
		}
		pos, end := c.s.Source(w.at)
		at, atEnd := c.s.Spawn(start)
		if c.told[pos] {
			continue
		}
		c.told[pos] = true
		c.report.Report(diag.Finding{
			Pos: pos, End: end, Category: "serial",
			Message: fmt.Sprintf("%s.Wait in each turn of the loop waits for the one goroutine that was started on %s: they run one after the other; wait behind the loop",
				w.ref, c.s.PlaceOf(pos, at)),
			Related: []analysis.RelatedInformation{{Pos: at, End: atEnd, Message: "one in each turn"}},
		})
	}
}

// alone reports whether the goroutine does nothing that it needs to be one for: it does
// not start others that are counted as well, and does not tie itself to its thread.
func (c *counting) alone(start ssa.CallInstruction, group *access.Ref) bool {
	var fns []*ssa.Function
	complete := false
	if _, ok := start.(*ssa.Go); ok {
		fns, complete = c.s.Pkg.Callees(start)
	} else {
		op, _ := c.s.Pkg.Op(start.Common())
		fns, complete = c.s.Pkg.Functions(skeleton.FuncArg(start.Common(), op))
	}
	if !complete || len(fns) != 1 || len(fns[0].Blocks) == 0 {
		return false
	}
	for _, b := range fns[0].Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			switch op, x := c.s.Pkg.Op(call.Common()); {
			case op.Kind == ops.Goexit:
				return false
			case (op.Kind == ops.WgAdd || op.Kind == ops.WgGo) && x != nil && c.s.Pkg.Access.Of(x).Class() == group.Class():
				return false
			}
			if f := call.Common().StaticCallee(); f != nil && f.Pkg != nil && f.Pkg.Pkg.Path() == "runtime" {
				return false
			}
			if slices.ContainsFunc(call.Common().Args, givenGroup) {
				return false
			}
		}
	}
	return true
}

// givenGroup reports whether the value is a pointer to a group.
func givenGroup(v ssa.Value) bool {
	ptr, ok := v.Type().Underlying().(*types.Pointer)
	if !ok || !ops.IsWaitGroup(ptr.Elem()) {
		return false
	}
	_, method := v.(*ssa.FreeVar)
	return !method
}

// startedBefore returns the go statement, or the Go of the group, right before the
// Wait; nil when there are several in the turn, or something is done in between.
func (c *counting) startedBefore(w operation) (start ssa.CallInstruction) {
	added := int64(0)
	instrs := w.at.Block().Instrs
	for i := slices.Index(instrs, ssa.Instruction(w.at)) - 1; i >= 0; i-- {
		call, ok := instrs[i].(ssa.CallInstruction)
		if !ok {
			switch instr := instrs[i].(type) {
			case *ssa.Send, *ssa.Select, *ssa.Store:
				if start == nil {
					return nil
				}
			case *ssa.UnOp:
				if instr.Op == token.ARROW && start == nil {
					return nil
				}
			}
			continue
		}
		op, x := c.s.Pkg.Op(call.Common())
		own := x != nil && c.s.Pkg.Access.Of(x) == w.ref
		_, isGo := call.(*ssa.Go)
		switch {
		case isGo || op.Kind == ops.WgGo && own:
			if start != nil {
				return nil
			}
			start = call
			if op.Kind == ops.WgGo {
				added++
			}
		case op.Kind == ops.WgAdd && own:
			n, ok := skeleton.Args(call.Common())[0].(*ssa.Const)
			if !ok || n.Value == nil {
				return nil
			}
			added += n.Int64()
		case start == nil:
			return nil // done while the goroutine runs
		}
	}
	if added != 1 {
		return nil
	}
	return start
}
