package condmisuse

import (
	"fmt"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// changes reports where what a waiter looks at is changed, and the Cond
// signalled, without a lock: no path has one at either, and no function that
// calls does. A lock that is taken between the two is a barrier and will do.
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
	for _, s := range cd.signals {
		fn := s.call.Parent()
		if _, ok := s.call.(*ssa.Call); !ok || c.locked(fn) || c.held(fn, s.call) || !c.enteredBare(fn, cd.lock, 0) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				ref, pos := c.changed(instr)
				if ref == nil || !before(instr, s.call) {
					continue
				}
				w := looked[ref.Class()]
				if w == nil {
					continue
				}
				verb := "Signal"
				if s.op == ops.CondBroadcast {
					verb = "Broadcast"
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
		if op, x := c.pkg.Op(&v.Call); op.Kind == ops.AtomicLoad && x != nil {
			if class := c.pkg.Access.Of(x).Class(); !class.IsZero() {
				list = append(list, class)
			}
		}
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
