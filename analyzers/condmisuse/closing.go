package condmisuse

import (
	"fmt"
	"go/constant"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// closing reports a Signal for a flag that ends the wait of everybody: it is set for
// good, goroutines that a loop starts wait for it, and who is woken wakes nobody else.
func (c *checker) closing(cd *cond) {
	for _, w := range cd.waits {
		for _, e := range c.exits(w) {
			if e.of != itsFlag || !c.forGood(e) {
				continue
			}
			s, set := c.signalFor(cd, e)
			if s == nil {
				continue
			}
			start := c.manyWait(w.call.Parent(), c.operand(w), 0)
			if start == nil || c.passesOn(cd, w.call.Parent(), 0) {
				if c.toAll(cd, w, s, set) {
					return
				}
				continue
			}
			c.report.Report(diag.Finding{
				Pos: s.node.Pos(), End: s.node.End(), Category: signalKinds,
				Message: fmt.Sprintf("%s.Signal wakes one goroutine, and %s ends Wait on %s for all that %s starts: the others block forever; use Broadcast",
					short(s.ref.String()), short(set.String()), c.place(s.node, w.node), c.place(s.node, start)),
				Related: []analysis.RelatedInformation{
					{Pos: w.node.Pos(), End: w.node.End(), Message: "they wait here"},
					{Pos: start.Pos(), End: start.Pos() + 1, Message: "several of them are started here"},
				},
			})
			return
		}
	}
}

// toAll reports the Signal if the package itself says that several can wait, at the only Wait
// that there is, in an exported method: it wakes all of them elsewhere.
func (c *checker) toAll(cd *cond, w *wait, s *site, set *access.Ref) bool {
	fn := w.call.Parent()
	obj := fn.Object()
	if len(cd.waits) != 1 || obj == nil || !obj.Exported() || slices.ContainsFunc(cd.signals, func(o *site) bool { return o.call.Parent() == fn }) {
		return false
	}
	i := slices.IndexFunc(cd.signals, func(o *site) bool { return o.op == ops.CondBroadcast && !c.pkg.InTestFile(o.call) })
	if i < 0 {
		return false
	}
	all := cd.signals[i].node
	c.report.Report(diag.Finding{
		Pos: s.node.Pos(), End: s.node.End(), Category: signalKinds,
		Message: fmt.Sprintf("%s.Signal wakes one, and %s ends Wait on %s for all, as the Broadcast on %s has it: the others wait on; use Broadcast",
			short(s.ref.String()), short(set.String()), c.place(s.node, w.node), c.place(s.node, all)),
		Related: []analysis.RelatedInformation{
			{Pos: w.node.Pos(), End: w.node.End(), Message: "they wait here"},
			{Pos: all.Pos(), End: all.End(), Message: "all are woken here"},
		},
	})
	return true
}

// operand is the Cond of a Wait.
func (c *checker) operand(w *wait) ssa.Value {
	_, x := c.pkg.Op(w.call.Common())
	return x
}

// forGood reports whether nothing sets the flag to another value than the one that ends
// the wait.
func (c *checker) forGood(e exit) bool {
	for _, fn := range c.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				ref, _ := c.changed(instr)
				if ref == nil || ref.Class() != e.class {
					continue
				}
				if _, ok := c.taken(instr, e); !ok && !falseInNew(instr, ref) {
					return false
				}
			}
		}
	}
	return true
}

// falseInNew reports whether an object that has just been made gets a constant.
func falseInNew(instr ssa.Instruction, ref *access.Ref) bool {
	st, ok := instr.(*ssa.Store)
	if !ok {
		return false
	}
	k, ok := st.Val.(*ssa.Const)
	_, fresh := ref.Root().Value.(*ssa.Alloc)
	return ok && fresh && k.Value != nil && k.Value.Kind() == constant.Bool
}

// signalFor is the Signal that tells of the flag, in the function that sets it, where
// nothing tells all; and what is set.
func (c *checker) signalFor(cd *cond, e exit) (found *site, set *access.Ref) {
	for _, s := range cd.signals {
		fn := s.call.Parent()
		if s.op != ops.CondSignal || skeleton.Loops(s.call) ||
			slices.ContainsFunc(cd.signals, func(o *site) bool { return o != s && o.call.Parent() == fn }) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if ref, ok := c.taken(instr, e); ok && (skeleton.IsDefer(s.call) || before(instr, s.call)) {
					return s, ref
				}
			}
		}
	}
	return nil, nil
}

// passesOn reports whether the function, or one that calls it, wakes others itself.
func (c *checker) passesOn(cd *cond, fn *ssa.Function, depth int) bool {
	if depth > maxWays || slices.ContainsFunc(cd.signals, func(s *site) bool { return s.call.Parent() == fn }) {
		return true
	}
	if parent := fn.Parent(); parent != nil && c.passesOn(cd, parent, depth+1) {
		return true
	}
	return slices.ContainsFunc(c.pkg.Sites(fn), func(s ssa.CallInstruction) bool { return c.passesOn(cd, s.Parent(), depth+1) })
}

// manyWait returns what starts several goroutines, in a loop, that come to the function
// with one and the same object, the value.
func (c *checker) manyWait(fn *ssa.Function, object ssa.Value, depth int) ssa.Instruction {
	if depth > maxWays || !c.oneObject(object) {
		return nil
	}
	root := c.pkg.Access.Of(object).Root().Value
	for _, made := range c.pkg.Closures(fn) {
		if p, ok := root.(*ssa.Parameter); ok && p.Parent() == fn {
			break // each can be given its own
		}
		for _, r := range *made.Referrers() {
			if call, ok := r.(ssa.CallInstruction); ok && c.starts(call) && skeleton.Loops(call) && !c.pkg.InTestFile(call) {
				return call
			}
		}
	}
	if fn.Signature.Recv() == nil || root != ssa.Value(fn.Params[0]) {
		return nil
	}
	for _, s := range c.pkg.Sites(fn) {
		args := s.Common().Args
		if len(args) == 0 || c.pkg.InTestFile(s) {
			continue
		}
		if c.starts(s) {
			if skeleton.Loops(s) && c.oneObject(args[0]) {
				return s
			}
		} else if _, plain := s.(*ssa.Call); plain {
			if start := c.manyWait(s.Parent(), args[0], depth+1); start != nil {
				return start
			}
		}
	}
	return nil
}

// starts reports whether the call starts a goroutine.
func (c *checker) starts(call ssa.CallInstruction) bool {
	if _, ok := call.(*ssa.Go); ok {
		return true
	}
	op, _ := c.pkg.Op(call.Common())
	return op.Kind == ops.WgGo || op.Kind == ops.GroupGo
}

// oneObject reports whether the value is the same object each time: no element, and
// nothing that is made in a loop.
func (c *checker) oneObject(v ssa.Value) bool {
	ref := c.pkg.Access.Of(v)
	for r := ref; r != nil; r = r.Base {
		if r.Kind == access.Elem {
			return false
		}
	}
	switch root := ref.Root(); root.Kind {
	case access.Param, access.Global:
		return true
	case access.Alloc, access.Result:
		made, ok := root.Value.(ssa.Instruction)
		return ok && !skeleton.Loops(made)
	}
	return false
}
