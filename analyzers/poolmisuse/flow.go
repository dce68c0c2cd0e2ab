package poolmisuse

import (
	"fmt"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// walk visits the instructions after from, on all paths that the branches which
// lead to from allow. visit tells whether the path ends there.
func walk(from ssa.Instruction, visit func(ssa.Instruction) (end bool)) {
	known := decided(from.Block())
	seen := make(map[*ssa.BasicBlock]bool)
	var block func(b *ssa.BasicBlock, i int)
	block = func(b *ssa.BasicBlock, i int) {
		for _, instr := range b.Instrs[i:] {
			if visit(instr) {
				return
			}
		}
		for j, s := range b.Succs {
			if branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
				if yes, ok := known[equality(branch.Cond)]; ok && yes != (j == 0 != negated(branch.Cond)) {
					continue
				}
			}
			if !seen[s] {
				seen[s] = true
				block(s, 0)
			}
		}
	}
	for i, instr := range from.Block().Instrs {
		if instr == from {
			block(from.Block(), i+1)
			return
		}
	}
}

// A condition is a value, or the equality of two: of x == nil and x != nil one
// tells the other.
type condition struct{ x, y ssa.Value }

func equality(v ssa.Value) condition {
	if b, ok := v.(*ssa.BinOp); ok && (b.Op == token.EQL || b.Op == token.NEQ) {
		if c, ok := b.Y.(*ssa.Const); ok && c.IsNil() {
			return condition{x: b.X} // each nil is a constant of its own
		}
	}
	return condition{v, v}
}

// negated reports whether a condition is that of an inequality.
func negated(v ssa.Value) bool {
	b, ok := v.(*ssa.BinOp)
	return ok && b.Op == token.NEQ && equality(v).y == nil
}

// decided returns the conditions whose value is known in the block, and stays so: those that
// a loop around it finds anew are left out.
func decided(b *ssa.BasicBlock) map[condition]bool {
	known := make(map[condition]bool)
	for d := b.Idom(); d != nil; d = d.Idom() {
		branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || skeleton.Reaches(b, d) {
			continue
		}
		for i, s := range d.Succs {
			if len(s.Preds) == 1 && s.Dominates(b) {
				known[equality(branch.Cond)] = i == 0 != negated(branch.Cond)
			}
		}
	}
	return known
}

// twice reports a second Put of the value.
func (c *checker) twice(p *put, puts []*put, i int) bool {
	for j, other := range puts {
		if other.root != p.root || i == j && p.deferred {
			continue
		}
		meets := false
		if p.deferred && !other.deferred && p.late {
			// It reads the variable when the function ends.
			walk(other.instr, func(instr ssa.Instruction) bool {
				_, ends := instr.(*ssa.RunDefers)
				meets = meets || ends
				return ends || c.kills(instr, p.root)
			})
			meets = meets && skeleton.Follows(p.instr, other.instr)
		} else {
			meets = c.comesTo(p, other)
		}
		if !meets || p.deferred && other.deferred && j < i {
			continue
		}
		// The one that comes later in time is the wrong one.
		first, second := p, other
		if p.deferred && !other.deferred {
			first, second = other, p
		}
		pos, end, _ := c.span(second.instr)
		firstPos, firstEnd, _ := c.span(first.instr)
		text := fmt.Sprintf("%s is put again after the Put on %s: two goroutines get it and race; put it once", p.name, c.place(pos, first.instr))
		if i == j {
			text = fmt.Sprintf("%s is put again in the next turn of the loop: two goroutines get it and race; get it in the loop", p.name)
		}
		if second.deferred {
			text = fmt.Sprintf("the deferred Put puts %s again after the Put on %s: two goroutines get it and race; put it once", p.name, c.place(pos, first.instr))
		}
		c.report.Report(diag.Finding{
			Pos: pos, End: end, Category: doublePut, Message: text,
			Related: []analysis.RelatedInformation{{Pos: firstPos, End: firstEnd, Message: "put here first"}},
		})
		return true
	}
	return false
}

// comesTo reports whether a path leads from one Put to the other with the same
// value.
func (c *checker) comesTo(p, other *put) bool {
	meets := false
	walk(p.instr, func(instr ssa.Instruction) bool {
		if instr == ssa.Instruction(other.instr) {
			meets = true
		}
		return meets || c.kills(instr, p.root)
	})
	return meets
}

// after reports the first use on a path from the Put.
func (c *checker) after(p *put) {
	var use ssa.Instruction
	walk(p.instr, func(instr ssa.Instruction) bool {
		if use != nil || c.kills(instr, p.root) {
			return true
		}
		if call, ok := instr.(ssa.CallInstruction); ok && c.puts(call) != nil {
			return false // twice says so
		}
		if c.used(instr, p.root) && !c.emptied(p) {
			if _, _, ok := c.span(instr); ok {
				use = instr
				return true
			}
		}
		return false
	})
	if use != nil {
		c.reportUse(p, use)
	}
}

func (c *checker) reportUse(p *put, use ssa.Instruction) {
	if c.tried(p.instr.Parent()) {
		return
	}
	pos, end, _ := c.span(use)
	putPos, putEnd, _ := c.span(p.instr)
	what, remedy := "use of "+p.name, "put it last"
	if _, ok := use.(*ssa.Return); ok {
		what, remedy = "return of memory of "+p.name, "return a copy"
	}
	when := "after Put on"
	if p.deferred {
		when = "which is put by the defer on"
	}
	c.report.Report(diag.Finding{
		Pos: pos, End: end, Category: useAfterPut,
		Message: fmt.Sprintf("%s, %s %s, races with the goroutine that gets it next; %s", what, when, c.place(pos, p.instr), remedy),
		Related: []analysis.RelatedInformation{{Pos: putPos, End: putEnd, Message: "put here"}},
	})
}

// tried reports a test that recovers: what happens is what it is about.
func (c *checker) tried(fn *ssa.Function) bool {
	if !c.pkg.InTest(fn) {
		return false
	}
	for _, lit := range fn.AnonFuncs {
		for _, b := range lit.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok {
					if bi, ok := call.Call.Value.(*ssa.Builtin); ok && bi.Name() == "recover" {
						return true
					}
				}
			}
		}
	}
	return false
}

// returned reports a return of what a deferred call puts.
func (c *checker) returned(p *put) {
	done := false
	walk(p.instr, func(instr ssa.Instruction) bool {
		ret, ok := instr.(*ssa.Return)
		if !ok || done {
			return done || c.kills(instr, p.root)
		}
		if done = c.returns(ret, p.root) && !c.emptied(p); done {
			c.reportUse(p, ret)
		}
		return true
	})
}

// shared reports a value that is handed to a goroutine or sent, and put without
// anything between that could wait for the other side.
func (c *checker) shared(p *put) {
	for _, b := range p.instr.Parent().Blocks {
		for _, instr := range b.Instrs {
			var what string
			switch x := instr.(type) {
			case *ssa.Send:
				if c.part(x.X, p.root) {
					what = "whoever receives it"
				}
			case ssa.CallInstruction:
				if c.starts(x) && c.handed(x.Common(), p.root) {
					what = "the goroutine started"
				}
			}
			// On the way that leads there from elsewhere, a condition can know it.
			if what == "" || c.emptied(p) || !p.deferred && !instr.Block().Dominates(p.instr.Block()) || !c.leadsTo(instr, p) {
				continue
			}
			pos, end, _ := c.span(p.instr)
			fromPos, fromEnd, _ := c.span(instr)
			c.report.Report(diag.Finding{
				Pos: pos, End: end, Category: putWhileShared,
				Message: fmt.Sprintf("%s of %s races with %s on %s, which still uses it; put it there, or wait first", p.op, p.name, what, c.place(pos, instr)),
				Related: []analysis.RelatedInformation{{Pos: fromPos, End: fromEnd, Message: "shared here"}},
			})
			return
		}
	}
}

// starts reports whether the call starts a goroutine: a go statement, or WaitGroup.Go and its like.
func (c *checker) starts(call ssa.CallInstruction) bool {
	if _, ok := call.(*ssa.Go); ok {
		return true
	}
	_, deferred := call.(*ssa.Defer)
	op, _ := c.pkg.Op(call.Common())
	return !deferred && op.Kind.Spawns()
}

// handed reports whether the goroutine has the value as an argument or captures it.
func (c *checker) handed(call *ssa.CallCommon, root ssa.Value) bool {
	values := append(call.Args[:len(call.Args):len(call.Args)], call.Value)
	for _, v := range values {
		if mc, ok := v.(*ssa.MakeClosure); ok {
			values = append(values, mc.Bindings...)
		}
	}
	for _, v := range values {
		if c.part(v, root) {
			return true
		}
	}
	return false
}

// leadsTo reports whether a path from the instruction comes to the Put without
// a call or receive, which might wait.
func (c *checker) leadsTo(from ssa.Instruction, p *put) bool {
	found := false
	walk(from, func(instr ssa.Instruction) bool {
		switch x := instr.(type) {
		case *ssa.RunDefers:
			found = found || p.deferred && p.instr.Block().Dominates(from.Block()) && !c.waitsBefore(p)
			return true
		case ssa.CallInstruction:
			if x == p.instr {
				found = found || !p.deferred
				return true
			}
			_, deferred := x.(*ssa.Defer)
			_, builtin := x.Common().Value.(*ssa.Builtin)
			if deferred || builtin || c.starts(x) {
				return false
			}
			switch op, _ := c.pkg.Op(x.Common()); op.Kind {
			case ops.Unlock, ops.RUnlock, ops.WgAdd:
				return false
			}
			return !c.views(x)
		case *ssa.UnOp:
			return x.Op == token.ARROW
		case *ssa.Select, *ssa.Send:
			return true
		}
		return c.kills(instr, p.root)
	})
	return found
}

// views reports whether the call only hands out a part of its argument, as Buffer.Bytes does.
func (c *checker) views(call ssa.CallInstruction) bool {
	return ops.Of(skeleton.Static(call.Common())).View
}

// waitsBefore reports whether a call that is deferred after the Put, and so runs before it,
// might wait for the goroutine.
func (c *checker) waitsBefore(p *put) bool {
	for _, b := range p.instr.Parent().Blocks {
		for _, instr := range b.Instrs {
			d, ok := instr.(*ssa.Defer)
			if !ok || ssa.Instruction(d) == p.instr || !skeleton.Follows(p.instr, d) {
				continue
			}
			switch op, _ := c.pkg.Op(d.Common()); op.Kind {
			case ops.Unlock, ops.RUnlock, ops.WgDone:
			default:
				return true
			}
		}
	}
	return false
}
