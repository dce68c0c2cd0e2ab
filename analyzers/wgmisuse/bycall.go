package wgmisuse

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// maxCalls bounds how many calls are followed to a Done.
const maxCalls = 3

// twiceByCall finds a goroutine that has deferred Done and calls a function that calls
// Done on the same group, where each go statement that starts it adds one.
func (c *counting) twiceByCall(fn *ssa.Function, list []operation) {
	for _, d := range list {
		if d.kind != ops.WgDone || !skeleton.IsDefer(d.at) || skeleton.Loops(d.at) {
			continue
		}
		call, done := c.donesBehind(fn, d)
		if done == nil || !c.countedOnce(fn, d.ref, list) {
			continue
		}
		pos, end := c.s.Source(call)
		first, firstEnd, _ := machine.Source(c.s.Pass.Files, d.at)
		again, againEnd, _ := machine.Source(c.s.Pass.Files, done)
		if c.told[pos] || c.told[first] {
			return
		}
		c.told[pos] = true
		name := c.s.Pkg.CallName(call)
		if name == "" {
			name = "this call"
		}
		c.report.Report(diag.Finding{
			Pos: pos, End: end, Category: "negative",
			Message: fmt.Sprintf("%s.Done is called by %s and once more by the defer on %s, and one was added: the counter goes below zero, which panics",
				d.ref, name, c.s.PlaceOf(pos, first)),
			Related: []analysis.RelatedInformation{
				{Pos: again, End: againEnd, Message: "called here"},
				{Pos: first, End: firstEnd, Message: "called again when the function returns"},
			},
		})
		return
	}
}

// donesBehind returns a call behind the deferred Done that calls Done as well, and where.
func (c *counting) donesBehind(fn *ssa.Function, d operation) (*ssa.Call, ssa.CallInstruction) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !skeleton.Dominates(d.at, call) || !skeleton.MayReturn(call) {
				continue
			}
			for _, o := range c.donesIn(call, 0) {
				if o.ref == d.ref {
					return call, o.at
				}
			}
		}
	}
	return nil, nil
}

// doneUnderGo finds a function that Go runs, and counts, and which calls one that calls Done on
// the same group, where nothing in the package adds to it.
func (c *counting) doneUnderGo(list []operation) {
	for _, o := range list {
		if o.kind != ops.WgGo || c.addsTo(o.ref) {
			continue
		}
		op, _ := c.s.Pkg.Op(o.at.Common())
		fns, complete := c.s.Pkg.Functions(skeleton.FuncArg(o.at.Common(), op))
		if !complete || len(fns) != 1 || len(fns[0].Blocks) == 0 {
			continue
		}
		for _, instr := range fns[0].Blocks[0].Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			for _, d := range c.donesIn(call, 0) {
				if d.ref.Class() != o.ref.Class() || o.ref.Class().IsZero() || d.at.Block() != d.at.Parent().Blocks[0] {
					continue
				}
				pos, end, _ := machine.Source(c.s.Pass.Files, d.at)
				start, startEnd := c.s.Spawn(o.at)
				if c.told[pos] {
					continue
				}
				c.told[pos] = true
				c.report.Report(diag.Finding{
					Pos: pos, End: end, Category: "negative",
					Message: fmt.Sprintf("%s.Done panics: the Go of %s, which leads here, counts by itself, and nothing is added; leave the Done out", d.ref, c.s.PlaceOf(pos, start)),
					Related: []analysis.RelatedInformation{{Pos: start, End: startEnd, Message: "counts and calls Done"}},
				})
			}
		}
	}
}

// addsTo reports whether the package adds to such a group, or hands one to a function.
func (c *counting) addsTo(group *access.Ref) bool {
	same := func(v ssa.Value) bool { return v != nil && c.s.Pkg.Access.Of(v).Class() == group.Class() }
	for _, fn := range c.s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				op, x := c.s.Pkg.Op(call.Common())
				if op.Kind == ops.WgAdd && same(x) || op.Kind == ops.None && slices.ContainsFunc(call.Common().Args, same) {
					return true
				}
			}
		}
	}
	return false
}

// donesIn returns the Dones of what is called, with the groups as the caller names them.
func (c *counting) donesIn(call *ssa.Call, depth int) (list []operation) {
	fns, complete := c.s.Pkg.Callees(call)
	if !complete || len(fns) != 1 || depth >= maxCalls {
		return nil
	}
	fn := fns[0]
	var own []operation
	for _, o := range c.operations(fn) {
		if _, spawn := o.at.(*ssa.Go); o.kind == ops.WgDone && !spawn && skeleton.MayReturn(o.at) {
			own = append(own, o)
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if next, ok := instr.(*ssa.Call); ok {
				own = append(own, c.donesIn(next, depth+1)...)
			}
		}
	}
	for _, o := range own {
		if o.ref = c.inCaller(o.ref, fn, call.Call.Args); o.ref != nil {
			list = append(list, o)
		}
	}
	return list
}
