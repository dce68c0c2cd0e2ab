package oncemisuse

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// replaceable reports whether the Once is behind a pointer in a field, where another can be put.
func replaceable(once *access.Ref) bool {
	for r := once; r.Kind == access.Field; r = r.Base {
		if _, ok := r.Field.Type().Underlying().(*types.Pointer); ok {
			return true
		}
	}
	return once.Kind == access.Result
}

// retried reports a call, in a loop that waits between its turns and leaves when
// there is no error, of a function whose error is that of a Do: after a failure all
// further turns get the same error. The Once must be the same in each turn.
func (c *checker) retried(d *do) {
	fn := d.call.Parent()
	if fn.Parent() != nil || !c.keepsError(d) || replaceable(d.once) {
		return
	}
	for _, s := range c.pkg.Sites(fn) {
		call, ok := s.(*ssa.Call)
		node := c.nodes[s.Pos()]
		if !ok || node == nil || !c.waitsBetween(call) || !decides(call) {
			continue
		}
		once := c.inCaller(fn, call, d.once)
		if once == nil || definedInLoop(once, call.Block()) {
			continue
		}
		c.report.Report(diag.Finding{
			Pos: node.Pos(), End: node.End(), Category: noRetry,
			Message: fmt.Sprintf("%s gives the same error in each turn: %s.Do on %s does nothing once it has failed; use a mutex and a flag",
				short(name(node)), d.once, c.place(node.Pos(), d.call)),
			Related: []analysis.RelatedInformation{{Pos: d.node.Pos(), End: d.node.End(), Message: "tries once"}},
		})
	}
}

// keepsError reports whether the function of Do stores an error that the function
// around it returns, in what outlives both.
func (c *checker) keepsError(d *do) bool {
	for _, fn := range d.fns {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok || !isError(st.Val.Type()) || c.pkg.Access.Cell(st.Addr) != nil {
					continue
				}
				for _, b := range d.call.Parent().Blocks {
					ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
					if !ok {
						continue
					}
					for _, r := range ret.Results {
						if isError(r.Type()) && c.pkg.Access.Of(r) == c.pkg.Access.Of(st.Addr) {
							return true
						}
					}
				}
			}
		}
	}
	return false
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// waitsBetween reports whether the call is in a loop that sleeps.
func (c *checker) waitsBetween(call *ssa.Call) bool {
	for _, b := range call.Parent().Blocks {
		if !skeleton.Reaches(b, call.Block()) || !skeleton.Reaches(call.Block(), b) {
			continue
		}
		for _, instr := range b.Instrs {
			if other, ok := instr.(*ssa.Call); ok {
				switch op, _ := c.pkg.Op(&other.Call); op.Kind {
				case ops.Sleep, ops.After:
					return true
				}
			}
		}
	}
	return false
}

// decides reports whether the error of the call is compared with nil.
func decides(call *ssa.Call) bool {
	values := []ssa.Value{call}
	for _, r := range *call.Referrers() {
		if x, ok := r.(*ssa.Extract); ok {
			values = append(values, x)
		}
	}
	for _, v := range values {
		if !isError(v.Type()) || v.Referrers() == nil {
			continue
		}
		for _, r := range *v.Referrers() {
			if bin, ok := r.(*ssa.BinOp); ok && (bin.Op == token.EQL || bin.Op == token.NEQ) {
				return true
			}
		}
	}
	return false
}

// inCaller returns the name that the Once has where the function is called.
func (c *checker) inCaller(fn *ssa.Function, call *ssa.Call, once *access.Ref) *access.Ref {
	root := once.Root()
	if root.Kind == access.Global {
		return once
	}
	for i, p := range fn.Params {
		if root.Value == ssa.Value(p) && i < len(call.Call.Args) {
			return c.rebase(once, root, c.pkg.Access.Of(call.Call.Args[i]))
		}
	}
	return nil
}

// definedInLoop reports whether the object is another one in each turn.
func definedInLoop(ref *access.Ref, in *ssa.BasicBlock) bool {
	for r := ref; r != nil; r = r.Base {
		instr, ok := r.Value.(ssa.Instruction)
		if ok && instr.Parent() == in.Parent() && skeleton.Reaches(in, instr.Block()) && skeleton.Reaches(instr.Block(), in) {
			return true
		}
	}
	return false
}

// short keeps an expression from filling the message.
func short(expr string) string {
	const most = 24
	if r := []rune(expr); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return expr
}
