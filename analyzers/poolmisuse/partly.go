package poolmisuse

import (
	"fmt"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A partly is a function that puts its argument on the ways on which it fails: it puts
// it, and returns an error that is not nil.
type partly struct {
	param, result int
	put           *ssa.Call
}

// byCallee reports a Put of what a function that is called has put already when it
// returns an error, where nothing but this error leads to the Put.
func (c *checker) byCallee(p *put) bool {
	if p.deferred {
		return false
	}
	for _, b := range p.instr.Parent().Blocks {
		if !b.Dominates(p.instr.Block()) {
			continue
		}
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !skeleton.Dominates(call, p.instr) {
				continue
			}
			first := c.putsOnError(call.Call.StaticCallee())
			if first == nil || first.param >= len(call.Call.Args) || c.root(call.Call.Args[first.param]) != p.root ||
				!onlyFor(errorOf(call, first.result), call, p.instr) || !c.comesTo(&put{instr: call, root: p.root}, p) {
				continue
			}
			pos, end, _ := c.span(p.instr)
			firstPos, firstEnd, _ := c.span(first.put)
			c.report.Report(diag.Finding{
				Pos: pos, End: end, Category: doublePut,
				Message: fmt.Sprintf("%s is put again: %s has put it on %s when it returns an error; two goroutines get it and race; put it once",
					p.name, short(call.Call.StaticCallee().Name()), c.place(pos, first.put)),
				Related: []analysis.RelatedInformation{{Pos: firstPos, End: firstEnd, Message: "put here first"}},
			})
			return true
		}
	}
	return false
}

// putsOnError returns where and how the function puts a parameter before it returns an
// error, nil if it does not.
func (c *checker) putsOnError(fn *ssa.Function) *partly {
	if fn == nil {
		return nil
	}
	fn = skeleton.Origin(fn)
	if fn.Blocks == nil || fn.Pkg != c.pkg.SSA || c.putParam(fn) != 0 {
		return nil
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || skeleton.Loops(call) {
				continue
			}
			v := c.puts(call)
			if v == nil {
				continue
			}
			root := c.root(v)
			for i, p := range fn.Params {
				if root != ssa.Value(p) {
					continue
				}
				if result := c.failsAfter(call); result >= 0 {
					return &partly{i, result, call}
				}
			}
		}
	}
	return nil
}

// failsAfter returns which result is an error that is not nil at a return behind the call,
// or -1.
func (c *checker) failsAfter(call *ssa.Call) int {
	for _, b := range call.Parent().Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || !skeleton.Dominates(call, ret) {
			continue
		}
		for i := range ret.Results {
			if c.fails(skeleton.Returned(ret, i), b) {
				return i
			}
		}
	}
	return -1
}

// fails reports whether the value is an error that is not nil in the block.
func (c *checker) fails(v ssa.Value, b *ssa.BasicBlock) bool {
	if !isError(v.Type()) {
		return false
	}
	if call, ok := v.(*ssa.Call); ok {
		if op, _ := c.pkg.Op(&call.Call); op.NonNil {
			return true
		}
	}
	isNil, known := decided(b)[condition{x: v}]
	return known && !isNil
}

// onlyFor reports whether the branches between the call and the Put ask for nothing but
// the call's error, which is not nil at the Put.
func onlyFor(err ssa.Value, call *ssa.Call, at ssa.Instruction) bool {
	if err == nil {
		return false
	}
	asked := false
	for b := at.Block(); b != call.Block(); b = b.Idom() {
		d := b.Idom()
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if equality(br.Cond) != (condition{x: err}) {
			return false
		}
		asked = true
	}
	isNil, known := decided(at.Block())[condition{x: err}]
	return asked && known && !isNil
}

// errorOf is the result of the call.
func errorOf(call *ssa.Call, result int) ssa.Value {
	if isError(call.Type()) {
		return call
	}
	for _, r := range *call.Referrers() {
		if ex, ok := r.(*ssa.Extract); ok && ex.Index == result {
			return ex
		}
	}
	return nil
}
