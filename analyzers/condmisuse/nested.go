package condmisuse

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// An outer is a lock that is held around a Wait, and that the Wait does not give up.
type outer struct {
	held skeleton.Held
	way  ssa.Instruction // the call or Wait under it, in the function that has taken it
}

// nested reports a Wait in which another lock stays held that everybody needs who wakes
// it: a nested monitor. It must be the same lock, so it is a package variable, or belongs
// to an object that has the Cond, itself or in one that it has for itself.
func (c *checker) nested(class access.Class, cd *cond) {
	if len(cd.signals) == 0 || cd.lock.IsZero() || class.Var == nil || !class.Var.IsField() || class.Var.Exported() || class.Var.Pkg() != c.Pkg || c.handedOn(class) {
		return
	}
	for _, w := range cd.waits {
		if _, ok := w.call.(*ssa.Call); !ok {
			continue
		}
		for _, o := range c.outers(w.call.Parent(), w.call, w.ref, cd.lock, 0) {
			if slices.ContainsFunc(cd.signals, func(s *site) bool { return !c.under(s.call.Parent(), s.call, s.ref, o, 0) }) {
				continue
			}
			c.neverFree(w, cd.signals[0], o)
			break
		}
	}
}

func (c *checker) neverFree(w *wait, s *site, o outer) {
	at, end := o.held.At.Pos(), o.held.At.Pos()+1
	f := diag.Finding{
		Pos: w.node.Pos(), End: w.node.End(), Category: nestedLock,
		Message: fmt.Sprintf("%s.Wait keeps %s locked, taken on %s, and all that wake it need that lock first: blocks forever; unlock it before",
			short(w.ref.String()), short(o.held.Ref.String()), c.place(w.node, o.held.At)),
		Related: []analysis.RelatedInformation{{Pos: at, End: end, Message: "taken here, and not given up by Wait"}},
	}
	if o.way != w.call {
		f.Related = append(f.Related, analysis.RelatedInformation{Pos: o.way.Pos(), End: o.way.Pos() + 1, Message: "waits under it"})
	}
	f.Related = append(f.Related, analysis.RelatedInformation{Pos: s.node.Pos(), End: s.node.End(), Message: "wakes it, with the lock only"})
	c.report.Report(f)
}

// outers returns the locks but its own that are held on some way to the Wait, ref in the
// terms of the function.
func (c *checker) outers(fn *ssa.Function, at ssa.Instruction, ref *access.Ref, own access.Class, depth int) (list []outer) {
	if held, known := c.locks.Of(fn).HeldAt(at); known {
		for _, h := range held {
			if class := h.Ref.Class(); class != own && !class.IsZero() && !h.Stale && !h.Nameless && c.has(ref, h.Ref) {
				list = append(list, outer{h, at})
			}
		}
	}
	if depth >= maxWays {
		return list
	}
	for _, s := range c.pkg.Sites(fn) {
		call, ok := s.(*ssa.Call)
		if !ok || c.pkg.InTest(call.Parent()) {
			continue
		}
		up := c.inCaller(ref, fn, call.Call.Args)
		if up == nil {
			continue
		}
		for _, o := range c.outers(call.Parent(), call, up, own, depth+1) {
			if !c.letsGo(fn, o.held.Ref.Class()) {
				list = append(list, o)
			}
		}
	}
	return list
}

// inCaller returns the Cond as a caller of the function names it.
func (c *checker) inCaller(ref *access.Ref, fn *ssa.Function, args []ssa.Value) *access.Ref {
	return c.pkg.Access.Subst(ref, func(root *access.Ref) *access.Ref {
		if root.Kind == access.Global {
			return root
		}
		pm, ok := root.Value.(*ssa.Parameter)
		if i := slices.Index(fn.Params, pm); ok && i >= 0 && i < len(args) {
			return c.pkg.Access.Of(args[i])
		}
		return nil
	})
}

// letsGo reports whether the function unlocks such a lock, for its caller perhaps.
func (c *checker) letsGo(fn *ssa.Function, class access.Class) bool {
	fl := c.locks.Of(fn)
	if fl == nil {
		return false
	}
	return fl.Cut || slices.ContainsFunc(fl.Events, func(ev *skeleton.Event) bool {
		return ev.Kind == skeleton.UnlockEvent && (ev.Opaque || ev.Ref == nil || ev.Ref.Class() == class) ||
			slices.ContainsFunc(ev.Releases, func(r *access.Ref) bool { return r.Class() == class })
	})
}

// under reports whether all ways to what wakes have the lock, as far as they are in sight.
func (c *checker) under(fn *ssa.Function, at ssa.Instruction, ref *access.Ref, o outer, depth int) bool {
	if held, known := c.locks.Of(fn).HeldAt(at); known && slices.ContainsFunc(held, func(h skeleton.Held) bool {
		return h.Ref.Class() == o.held.Ref.Class() && !h.Stale && c.has(ref, h.Ref) && (h.Mode == skeleton.Exclusive || o.held.Mode == skeleton.Exclusive)
	}) {
		return true
	}
	if obj := skeleton.Declared(fn); obj == nil || obj.Exported() || c.pkg.UsedAsValue(fn) || depth >= maxWays {
		return false
	}
	sites := c.pkg.Sites(fn)
	return len(sites) > 0 && !slices.ContainsFunc(sites, func(s ssa.CallInstruction) bool {
		if _, spawn := s.(*ssa.Go); spawn {
			return true
		}
		up := c.inCaller(ref, fn, s.Common().Args)
		return up == nil || !c.under(s.Parent(), s, up, o, depth+1)
	})
}

// has reports whether the object of the lock has the Cond for itself.
func (c *checker) has(cond, lock *access.Ref) bool {
	if lock.Kind == access.Global {
		return true
	}
	if lock.Kind != access.Field {
		return false
	}
	for r := cond; r.Kind == access.Field; r = r.Base {
		if r.Base == lock.Base {
			return true
		}
		if r.Base.Kind == access.Field && !c.ownPart(r.Base.Field) {
			return false
		}
	}
	return false
}

// ownPart reports whether each object has a part of its own in the field: a value, or a
// pointer that is only set to what has just been made and goes nowhere else.
func (c *checker) ownPart(f *types.Var) bool {
	if _, ok := f.Type().Underlying().(*types.Struct); ok {
		return true
	}
	if _, ok := f.Type().Underlying().(*types.Pointer); !ok || f.Exported() || f.Pkg() != c.Pkg {
		return false
	}
	set := false
	for _, fn := range c.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				addr, ok := instr.(*ssa.FieldAddr)
				if !ok || access.FieldOf(addr.X.Type(), addr.Field) != f {
					continue
				}
				for _, r := range *addr.Referrers() {
					switch r := r.(type) {
					case *ssa.Store:
						if !c.justMade(r.Val) {
							return false
						}
						set = true
					case *ssa.UnOp:
					default:
						return false
					}
				}
			}
		}
	}
	return set
}

// justMade reports whether the value is a new object, made here or by the function that is
// called, that is stored once.
func (c *checker) justMade(v ssa.Value) bool {
	stores := 0
	for _, r := range *v.Referrers() {
		if st, ok := r.(*ssa.Store); ok && st.Val == v {
			stores++
		}
	}
	if stores != 1 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Alloc:
		return true
	case *ssa.Call:
		fns, complete := c.pkg.Callees(v)
		return complete && len(fns) == 1 && c.returnsNew(fns[0])
	}
	return false
}

// returnsNew reports whether all that the function returns is a new object.
func (c *checker) returnsNew(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		if len(ret.Results) != 1 {
			return false
		}
		made, ok := skeleton.Returned(ret, 0).(*ssa.Alloc)
		if !ok || slices.ContainsFunc(*made.Referrers(), func(r ssa.Instruction) bool {
			st, ok := r.(*ssa.Store)
			return ok && st.Val == ssa.Value(made)
		}) {
			return false
		}
	}
	return len(fn.Blocks) > 0
}
