package condmisuse

import (
	"fmt"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// unsignalled reports a Wait on a Cond that nobody signals: it is in an unexported
// field, and of what the package does with that field nothing wakes or hands it on.
func (c *checker) unsignalled(class access.Class, cd *cond) {
	f := class.Var
	if len(cd.waits) == 0 || len(cd.signals) > 0 || f == nil || !f.IsField() || f.Exported() || f.Pkg() != c.Pkg || c.handedOn(class) {
		return
	}
	w := cd.waits[0]
	ref, at := c.firstChange(w)
	if at == nil { // what is waited for does not happen, or is not seen
		c.report.Report(diag.Finding{
			Pos: w.node.Pos(), End: w.node.End(), Category: neverSignalled,
			Message: fmt.Sprintf("%s.Wait blocks forever: nothing calls Signal or Broadcast of it; call Broadcast where what it waits for comes", short(w.ref.String())),
		})
		return
	}
	c.report.Report(diag.Finding{
		Pos: w.node.Pos(), End: w.node.End(), Category: neverSignalled,
		Message: fmt.Sprintf("%s.Wait blocks forever: nothing calls Signal or Broadcast of it; call Broadcast after the change of %s on %s",
			short(w.ref.String()), short(ref.String()), c.place(w.node, at)),
		Related: []analysis.RelatedInformation{{Pos: at.Pos(), End: at.Pos() + 1, Message: "changed here, and nobody is told"}},
	})
}

// firstChange is where something that the loop around a Wait looks at is changed by
// another function, other than in an object that this has just made.
func (c *checker) firstChange(w *wait) (*access.Ref, ssa.Instruction) {
	looked := make(map[access.Class]bool)
	for _, class := range c.looks(w) {
		looked[class] = true
	}
	for _, fn := range c.pkg.Funcs {
		if fn == w.call.Parent() {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				ref, pos := c.changed(instr)
				if ref == nil || !pos.IsValid() || !looked[ref.Class()] {
					continue
				}
				if _, fresh := ref.Root().Value.(*ssa.Alloc); !fresh {
					return ref, instr
				}
			}
		}
	}
	return nil, nil
}

// handedOn reports whether a Cond of the class is used otherwise than for its own
// operations, to look at its lock, and to be set.
func (c *checker) handedOn(class access.Class) bool {
	for _, fn := range c.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				v, ok := instr.(ssa.Value)
				if !ok || classOf(c.pkg.Access.Of(v)) != class {
					continue
				}
				for _, r := range *v.Referrers() {
					switch r := r.(type) {
					case *ssa.Store:
						if r.Addr != v && !c.sets(r.Addr, class) {
							return true
						}
					case *ssa.UnOp, *ssa.FieldAddr, *ssa.BinOp, *ssa.DebugRef:
					case ssa.CallInstruction:
						switch op, x := c.pkg.Op(r.Common()); op.Kind {
						case ops.CondWait, ops.CondSignal, ops.CondBroadcast:
							if x != v {
								return true
							}
						default:
							return true
						}
					default:
						return true
					}
				}
			}
		}
	}
	return false
}

// sets reports whether an address is that of the field itself.
func (c *checker) sets(addr ssa.Value, class access.Class) bool {
	return classOf(c.pkg.Access.Of(addr)) == class
}
