package condmisuse

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// An occasion is what a wakeup is given for that no lock guards: a context has ended,
// or a time has come.
type occasion uint8

const (
	none occasion = iota
	contextDone
	timeUp
)

func (o occasion) String() string {
	if o == contextDone {
		return "context"
	}
	return "time"
}

// oneshot reports a wakeup that is given once, without the lock, when a context ends or
// a timer fires, which the loop around Wait looks at. Nothing changes under the lock
// then: the wakeup can fall between the look and the Wait, and no other follows.
func (c *checker) oneshot(class access.Class, cd *cond) {
	if slices.ContainsFunc(cd.signals, c.recurs) {
		return
	}
	told := make(map[*ssa.Function]bool)
	for _, s := range cd.signals {
		fn := s.call.Parent()
		if _, ok := s.call.(*ssa.Call); ok && !told[fn] && !skeleton.Loops(s.call) && c.entersBare(fn, cd.lock) {
			told[fn] = c.missed(cd, s.node, s.ref, s.op, c.occasionOf(s.call))
		}
	}
	for _, b := range c.handedBack(class) {
		c.missed(cd, c.statement(b.at.Pos()), c.pkg.Access.Of(b.cond), b.op, b.on)
	}
}

// missed reports a wakeup that one of the Waits can miss.
func (c *checker) missed(cd *cond, at ast.Node, ref *access.Ref, op ops.Kind, on occasion) bool {
	verb := "Signal"
	if op == ops.CondBroadcast {
		verb = "Broadcast"
	}
	for _, w := range cd.waits {
		if on == none || !c.looksAt(w, on) {
			continue
		}
		c.report.Report(diag.Finding{
			Pos: at.Pos(), End: at.End(), Category: unlockedWakeup,
			Message: fmt.Sprintf("%s.%s without the lock may fall between the look at the %s and Wait on %s, which then sleeps on; hold the lock",
				short(ref.String()), verb, on, c.place(at, w.node)),
			Related: []analysis.RelatedInformation{{Pos: w.node.Pos(), End: w.node.End(), Message: "Wait after the look, and no other wakeup is sure to come"}},
		})
		return true
	}
	return false
}

// A callback is a method of a Cond that is handed to AfterFunc: context.AfterFunc(ctx,
// cond.Broadcast).
type callback struct {
	at   *ssa.Call
	cond ssa.Value
	op   ops.Kind
	on   occasion
}

func (c *checker) handedBack(class access.Class) (list []callback) {
	for _, fn := range c.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || runs(c.opOf(call)) == none {
					continue
				}
				mc, ok := skeleton.FuncArg(&call.Call, c.opOf(call)).(*ssa.MakeClosure)
				if !ok || len(mc.Bindings) != 1 || classOf(c.pkg.Access.Of(mc.Bindings[0])) != class {
					continue
				}
				method, _ := mc.Fn.(*ssa.Function).Object().(*types.Func)
				if kind := ops.Of(method).Kind; kind == ops.CondSignal || kind == ops.CondBroadcast {
					list = append(list, callback{call, mc.Bindings[0], kind, runs(c.opOf(call))})
				}
			}
		}
	}
	return list
}

func (c *checker) opOf(call *ssa.Call) ops.Op {
	op, _ := c.pkg.Op(&call.Call)
	return op
}

// runs is the occasion on which an operation runs its argument.
func runs(op ops.Op) occasion {
	switch op.Kind {
	case ops.CtxAfterFunc:
		return contextDone
	case ops.AfterFunc:
		return timeUp
	}
	return none
}

// recurs reports whether a wakeup is given again and again by a clock, which makes up
// for one that is missed.
func (c *checker) recurs(s *site) bool {
	for _, head := range s.call.Parent().Blocks {
		loop := skeleton.NaturalLoop(head)
		if !loop[s.call.Block()] {
			continue
		}
		for b := range loop {
			for _, instr := range b.Instrs {
				if c.waitsForTime(instr) {
					return true
				}
			}
		}
	}
	return false
}

func (c *checker) waitsForTime(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		return instr.Op == token.ARROW && c.channel(instr.X) == timeUp
	case *ssa.Select:
		return slices.ContainsFunc(instr.States, func(st *ssa.SelectState) bool { return c.channel(st.Chan) == timeUp })
	case *ssa.Call:
		op, _ := c.pkg.Op(&instr.Call)
		return op.Kind == ops.Sleep
	}
	return false
}

// occasionOf is what has happened whenever the instruction is executed.
func (c *checker) occasionOf(at ssa.Instruction) occasion {
	fn := at.Parent()
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if recv, ok := instr.(*ssa.UnOp); ok && recv.Op == token.ARROW && skeleton.Dominates(recv, at) {
				if on := c.channel(recv.X); on != none {
					return on
				}
			}
		}
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || len(b.Succs[0].Preds) != 1 || !b.Succs[0].Dominates(at.Block()) {
			continue
		}
		if st := arm(br.Cond); st != nil && st.Dir == types.RecvOnly {
			if on := c.channel(st.Chan); on != none {
				return on
			}
		}
	}
	return c.calledBack(fn)
}

// calledBack is the occasion on which the function, a literal, is run.
func (c *checker) calledBack(fn *ssa.Function) occasion {
	made := c.pkg.Closures(fn)
	if len(made) != 1 || len(*made[0].Referrers()) != 1 {
		return none
	}
	call, ok := (*made[0].Referrers())[0].(*ssa.Call)
	if !ok {
		return none
	}
	return runs(c.opOf(call))
}

// arm is the case of a select that a condition asks for.
func arm(cond ssa.Value) *ssa.SelectState {
	eq, ok := cond.(*ssa.BinOp)
	if !ok || eq.Op != token.EQL {
		return nil
	}
	ex, ok := eq.X.(*ssa.Extract)
	if !ok || ex.Index != 0 {
		return nil
	}
	sel, ok := ex.Tuple.(*ssa.Select)
	k, isConst := eq.Y.(*ssa.Const)
	if !ok || !isConst || k.Value == nil {
		return nil
	}
	if n, exact := constant.Int64Val(k.Value); exact && 0 <= n && int(n) < len(sel.States) {
		return sel.States[n]
	}
	return nil
}

// channel tells whether a receive from the channel means that a context or a timer is up.
func (c *checker) channel(ch ssa.Value) occasion {
	ref := c.pkg.Access.Of(ch)
	if isChanOfTime(ch.Type()) {
		return timeUp
	}
	if call, ok := ref.Value.(*ssa.Call); ok && ref.Kind == access.Result {
		if op, _ := c.pkg.Op(&call.Call); op.Kind == ops.CtxDone {
			return contextDone
		}
	}
	return none
}

// isChanOfTime reports whether it is the channel of a timer, by its elements.
func isChanOfTime(t types.Type) bool {
	ch, ok := t.Underlying().(*types.Chan)
	return ok && ch.Dir() == types.RecvOnly && named(ch.Elem(), "Time")
}

// named reports whether the type is one of those of package time.
func named(t types.Type, names ...string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time" && slices.Contains(names, n.Obj().Name())
}

// entersBare reports whether the function holds no lock and takes none, and is run by
// somebody who has none for it.
func (c *checker) entersBare(fn *ssa.Function, lock access.Class) bool {
	if c.locked(fn) {
		return false
	}
	if made := c.pkg.Closures(fn); len(made) == 1 && len(*made[0].Referrers()) == 1 {
		// The lock of who starts it is given up by the Wait.
		switch r := (*made[0].Referrers())[0].(type) {
		case *ssa.Go:
			return r.Call.Value == made[0]
		case *ssa.Call:
			return c.calledBack(fn) != none
		}
	}
	return c.enteredBare(fn, lock, 0)
}

// looksAt reports whether the loop around a Wait looks at a context, or at the clock.
func (c *checker) looksAt(w *wait, on occasion) bool {
	for b := range loopAround(w) {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op == token.ARROW && on == contextDone && c.channel(instr.X) == on {
					return true
				}
			case *ssa.Select:
				if !instr.Blocking && slices.ContainsFunc(instr.States, func(st *ssa.SelectState) bool { return c.channel(st.Chan) == on }) {
					return true
				}
			case *ssa.Call:
				op, _ := c.pkg.Op(&instr.Call)
				if on == contextDone && op.Kind == ops.CtxErr || on == timeUp && named(instr.Type(), "Time", "Duration") {
					return true
				}
			}
		}
	}
	return false
}
