package condmisuse

import (
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// pastUnlock reports whether fn has had the lock, of the same object, and has let it
// go when it makes the change, and takes none between the change and the signal. Who
// calls it cannot have the lock then.
func (c *checker) pastUnlock(fn *ssa.Function, change, signal ssa.Instruction, lock access.Class, ref *access.Ref) bool {
	fl := c.locks.Of(fn)
	if fl == nil || fl.Cut || lock.Var == nil || c.held(fn, change) {
		return false
	}
	if held, known := fl.HeldAt(change); !known || len(held) > 0 {
		return false
	}
	had := false
	for _, ev := range fl.Events {
		switch ev.Kind {
		case skeleton.UnlockEvent:
			if ev.NotHeld || ev.Twice {
				return false // the caller's
			}
		case skeleton.LockEvent, skeleton.CallEvent:
			if skeleton.Follows(change, ev.Instr) && skeleton.Follows(ev.Instr, signal) {
				return false
			}
			had = had || ev.Kind == skeleton.LockEvent && !ev.Deferred && !ev.Retakes &&
				ev.Ref.Class() == lock && ev.Ref.Root() == ref.Root() && skeleton.Dominates(ev.Instr, change)
		}
	}
	return had
}

// late reports a change that follows the unlock: there it is to be moved.
func (c *checker) late(s *site, w *wait, ref *access.Ref, pos token.Pos, verb string) {
	change := c.statement(pos)
	c.report.Report(diag.Finding{
		Pos: change.Pos(), End: change.End(), Category: unlockedChange,
		Message: fmt.Sprintf("%s is changed after the unlock: the %s on %s may be missed by Wait on %s, which then blocks forever; change it before",
			short(ref.String()), verb, c.place(change, s.node), c.place(change, w.node)),
		Related: []analysis.RelatedInformation{
			{Pos: s.node.Pos(), End: s.node.End(), Message: "the wakeup"},
			{Pos: w.node.Pos(), End: w.node.End(), Message: "Wait between the look at it and the wakeup"},
		},
	})
}

// statement returns the innermost statement around a position.
func (c *checker) statement(pos token.Pos) ast.Node {
	var found ast.Node
	for _, file := range c.Files {
		if pos < file.FileStart || file.FileEnd <= pos {
			continue
		}
		found = file
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil || pos < n.Pos() || n.End() <= pos {
				return false
			}
			if s, ok := n.(ast.Stmt); ok {
				found = s
			}
			return true
		})
	}
	return found
}
