package condmisuse

import (
	"fmt"
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

// changes reports where what a waiter looks at is changed, and the Cond
// signalled, without a lock: no path has one at either, and no function that
// calls does, or this one takes the Cond's itself before and has let it go. A lock
// that is taken between the two is a barrier and will do.
func (c *checker) changes(cd *cond) {
	looked := make(map[access.Class]*wait)
	for _, w := range cd.waits {
		for _, class := range c.looks(w) {
			if looked[class] == nil {
				looked[class] = w
			}
		}
	}
	if len(looked) == 0 {
		return
	}
	lock := cd.lock
	if lock.IsZero() {
		lock = c.heldBy(cd.waits)
	}
	for _, s := range cd.signals {
		fn := s.call.Parent()
		if _, ok := s.call.(*ssa.Call); !ok {
			continue
		}
		if c.entersByHelper(fn) {
			continue
		}
		never := (!c.locked(fn) && !c.held(fn, s.call) || c.locksOther(fn, lock)) && c.enteredBare(fn, lock, 0)
		if !never && c.held(fn, s.call) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				ref, pos := c.changed(instr)
				if ref == nil || !before(instr, s.call) {
					continue
				}
				w := looked[ref.Class()]
				if w == nil || !never && !c.pastUnlock(fn, instr, s.call, lock, ref) {
					continue
				}
				verb := "Signal"
				if s.op == ops.CondBroadcast {
					verb = "Broadcast"
				}
				if !never {
					c.late(s, w, ref, pos, verb)
					return
				}
				c.report.Report(diag.Finding{
					Pos: s.node.Pos(), End: s.node.End(), Category: unlockedChange,
					Message: fmt.Sprintf("%s.%s may be missed by Wait on %s, which then blocks forever: %s is changed without the lock; hold it",
						short(s.ref.String()), verb, c.place(s.node, w.node), short(ref.String())),
					Related: []analysis.RelatedInformation{
						{Pos: pos, End: pos + 1, Message: ref.String() + " is changed here"},
						{Pos: w.node.Pos(), End: w.node.End(), Message: "Wait between the look at it and the wakeup"},
					},
				})
				return
			}
		}
	}
}

// entersByHelper reports whether the function calls one of the package that takes a lock by the
// interface that it is to the Cond, and returns with it.
func (c *checker) entersByHelper(fn *ssa.Function) bool {
	takes := func(f *ssa.Function) bool {
		taken := false
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok || !call.Common().IsInvoke() {
					continue
				}
				switch op, _ := c.pkg.Op(call.Common()); op.Kind {
				case ops.Lock:
					taken = true
				case ops.Unlock:
					return false
				}
			}
		}
		return taken
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if fns, _ := c.pkg.Callees(call); slices.ContainsFunc(fns, takes) {
					return true
				}
			}
		}
	}
	return false
}

// heldBy returns the lock that is held at all the Waits, if it is the only one.
func (c *checker) heldBy(waits []*wait) (lock access.Class) {
	for _, w := range waits {
		held, known := c.locks.Of(w.call.Parent()).HeldAt(w.call)
		if !known || len(held) != 1 {
			return access.Class{}
		}
		if class := held[0].Ref.Class(); lock.IsZero() {
			lock = class
		} else if class != lock {
			return access.Class{}
		}
	}
	return lock
}

// locksOther reports whether fn takes locks, and all are known to be others than
// that of the Cond, which keeps no waiter out.
func (c *checker) locksOther(fn *ssa.Function, lock access.Class) bool {
	fl := c.locks.Of(fn)
	if fl == nil || fl.Cut || lock.Var == nil {
		return false
	}
	for _, ev := range fl.Events {
		switch ev.Kind {
		case skeleton.CallEvent:
			return false
		case skeleton.LockEvent:
			if class := ev.Ref.Class(); class.Var == nil || class == lock {
				return false
			}
		}
	}
	return true
}

// changed returns the variable that the instruction writes.
func (c *checker) changed(instr ssa.Instruction) (*access.Ref, token.Pos) {
	switch instr := instr.(type) {
	case *ssa.Store:
		return c.pkg.Access.Of(instr.Addr), instr.Pos()
	case *ssa.Call:
		op, x := c.pkg.Op(&instr.Call)
		switch op.Kind {
		case ops.AtomicStore, ops.AtomicUpdate:
			if x != nil {
				return c.pkg.Access.Of(x), instr.Pos()
			}
		}
	}
	return nil, token.NoPos
}

// looks returns the classes of what the branches around a Wait look at: those
// in the blocks from which the Wait is reached and that it leads back to.
func (c *checker) looks(w *wait) []access.Class {
	var list []access.Class
	fn := w.call.Parent()
	for _, b := range fn.Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !skeleton.Reaches(b, w.call.Block()) || !skeleton.Reaches(w.call.Block(), b) {
			continue
		}
		list = c.loads(branch.Cond, list, 0)
	}
	return list
}

func (c *checker) loads(v ssa.Value, list []access.Class, depth int) []access.Class {
	if depth > 6 {
		return list
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.MUL {
			if class := c.pkg.Access.Of(v.X).Class(); !class.IsZero() {
				list = append(list, class)
			}
			return list
		}
		return c.loads(v.X, list, depth+1)
	case *ssa.BinOp:
		return c.loads(v.Y, c.loads(v.X, list, depth+1), depth+1)
	case *ssa.Call:
		if bi, ok := v.Call.Value.(*ssa.Builtin); ok && (bi.Name() == "len" || bi.Name() == "cap") {
			return c.loads(v.Call.Args[0], list, depth+1)
		}
		op, x := c.pkg.Op(&v.Call)
		if op.Kind == ops.AtomicLoad && x != nil {
			if class := c.pkg.Access.Of(x).Class(); !class.IsZero() {
				list = append(list, class)
			}
		}
		if fn := v.Call.StaticCallee(); op.Kind == ops.None && fn != nil && fn.Pkg == v.Parent().Pkg {
			return c.returns(fn, list, depth+1)
		}
		if v.Call.StaticCallee() == nil && op.Kind == ops.None {
			// What decides is a function that is handed in: by the numbers it is given.
			for _, a := range v.Call.Args {
				if _, plain := a.Type().Underlying().(*types.Basic); plain {
					list = c.loads(a, list, depth+1)
				}
			}
		}
	case *ssa.Phi:
		for _, e := range v.Edges {
			list = c.loads(e, list, depth+1)
		}
	}
	return list
}

// returns adds what the result of a function of one look is: IsClosed.
func (c *checker) returns(fn *ssa.Function, list []access.Class, depth int) []access.Class {
	const small = 6 // blocks
	if len(fn.Blocks) > small || fn.Signature.Results().Len() != 1 {
		return list
	}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) != 1 {
			continue
		}
		if load, ok := ret.Results[0].(*ssa.UnOp); ok {
			if result, ok := load.X.(*ssa.Alloc); ok { // which deferred calls can change
				for _, r := range *result.Referrers() {
					if st, ok := r.(*ssa.Store); ok {
						list = c.loads(st.Val, list, depth)
					}
				}
				continue
			}
		}
		list = c.loads(ret.Results[0], list, depth)
	}
	return list
}

// before reports whether a is executed before b on some path.
func before(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return skeleton.Reaches(a.Block(), b.Block())
	}
	for _, instr := range a.Block().Instrs {
		switch instr {
		case a:
			return true
		case b:
			return false
		}
	}
	return false
}

// short keeps an expression from filling the message.
func short(expr string) string {
	const most = 20
	if r := []rune(expr); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return expr
}
