package oncemisuse

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// The result that is to last need not come with the error from one call: a method
// stores it and returns the error. It must be seen to be used then, by who runs the
// Do or by who calls that, since the error of ending something is for the first only.

// usedAfter returns the name of what the call stores for good and the caller returns,
// or, when that returns nothing but the error, what the functions that call it use then.
func (c *checker) usedAfter(call *ssa.Call, caller *ssa.Function) string {
	made := make(map[*types.Var]bool)
	if !c.stores(call, made, make(map[*ssa.Function]bool)) || len(made) == 0 {
		return ""
	}
	for _, b := range caller.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for _, v := range ret.Results {
			if ref := c.pkg.Access.Of(v); c.lasts(ref, caller) && made[variable(ref)] {
				return ref.String()
			}
		}
	}
	if caller.Signature.Results().Len() > 1 {
		return ""
	}
	for _, site := range c.pkg.Sites(caller) {
		if kept := c.readBehind(site, made); kept != "" {
			return kept
		}
	}
	return ""
}

// stores collects the fields and package variables that the call gives a value which is
// no constant. It is false when one of them is an error: that is kept then, and when the
// function is not known.
func (c *checker) stores(call ssa.CallInstruction, made map[*types.Var]bool, seen map[*ssa.Function]bool) bool {
	fns, complete := c.pkg.Callees(call)
	if !complete || len(seen) > maxDepth {
		return false
	}
	for _, fn := range fns {
		if seen[fn] {
			continue
		}
		seen[fn] = true
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					ref := c.pkg.Access.Of(instr.Addr)
					if !c.lasts(ref, fn) {
						continue
					}
					v := variable(ref)
					if v != nil && isError(v.Type()) {
						return false
					}
					if _, ok := instr.Val.(*ssa.Const); !ok && v != nil {
						made[v] = true
					}
				case *ssa.Call:
					if callee := instr.Call.StaticCallee(); callee != nil && callee.Pkg == fn.Pkg && !c.stores(instr, made, seen) {
						return false
					}
				}
			}
		}
	}
	return true
}

// lasts reports whether the object is a package variable, or a field of what the
// function was given.
func (c *checker) lasts(ref *access.Ref, fn *ssa.Function) bool {
	root := ref.Root()
	return root.Kind == access.Global || ref.Kind == access.Field && root.Kind == access.Param && root.Value.Parent() == fn
}

// variable returns the field or package variable that the Ref ends with.
func variable(ref *access.Ref) *types.Var {
	switch ref.Kind {
	case access.Field:
		return ref.Field
	case access.Global:
		if g, ok := ref.Value.(*ssa.Global); ok {
			v, _ := g.Object().(*types.Var)
			return v
		}
	}
	return nil
}

// readBehind returns the name of one of the variables that is read after the call.
func (c *checker) readBehind(site ssa.CallInstruction, made map[*types.Var]bool) string {
	for _, b := range site.Parent().Blocks {
		for _, instr := range b.Instrs {
			load, ok := instr.(*ssa.UnOp)
			if !ok || !skeleton.Follows(site, load) {
				continue
			}
			if ref := c.pkg.Access.Of(load.X); c.lasts(ref, site.Parent()) && made[variable(ref)] {
				return ref.String()
			}
		}
	}
	return ""
}
