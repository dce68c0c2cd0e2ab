package shared

import (
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// owns reports whether the object at base has not been shared yet: the
// function, or all its callers, made it.
func (s *Set) owns(fn *ssa.Function, base *access.Ref) bool { return s.ownsIn(fn, base, 0) }

func (s *Set) ownsIn(fn *ssa.Function, base *access.Ref, depth int) bool {
	root := base.Root()
	switch v := root.Value.(type) {
	case *ssa.Alloc:
		return v.Parent() == fn
	case *ssa.Call:
		if callee := v.Call.StaticCallee(); callee != nil && v.Parent() == fn {
			return s.makes(skeleton.Origin(callee), depth)
		}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok && v.Index == 0 && v.Parent() == fn {
			if callee := call.Call.StaticCallee(); callee != nil {
				return s.makes(skeleton.Origin(callee), depth)
			}
		}
	case *ssa.Parameter:
		sites := s.Pkg.Sites(fn)
		if depth > 3 || v.Parent() != fn || len(sites) == 0 || s.Pkg.UsedAsValue(fn) || s.exported(fn) {
			return false
		}
		for i, p := range fn.Params {
			if p != v {
				continue
			}
			// What tests do with their object says nothing of the others.
			seen := false
			for _, site := range sites {
				args := site.Common().Args
				if site.Common().IsInvoke() || i >= len(args) {
					return false
				}
				if s.inTest(site.Parent()) {
					continue
				}
				if _, spawn := site.(*ssa.Go); spawn || !s.ownsIn(site.Parent(), s.Pkg.Access.Of(args[i]), depth+1) {
					return false
				}
				seen = true
			}
			return seen
		}
	}
	return false
}

// makes reports whether what fn returns first is made by it.
func (s *Set) makes(fn *ssa.Function, depth int) bool {
	if len(fn.Blocks) == 0 || depth > 3 {
		return false
	}
	found := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		for _, v := range results(ret.Results[0]) {
			r := s.Pkg.Access.Of(v)
			if c, ok := r.Value.(*ssa.Const); ok && c.IsNil() {
				continue
			}
			found = true
			if r.Base != nil || !s.ownsIn(fn, r, depth+1) {
				return false
			}
		}
	}
	return found
}

// foreign reports whether it is not known if the object is shared: it is one of
// the function around a literal, which may run before or after that shares it,
// or an argument of a function that other packages call with an object of theirs.
func (s *Set) foreign(fn *ssa.Function, base *access.Ref) bool {
	root := base.Root()
	switch v := root.Value.(type) {
	case *ssa.Alloc:
		return v.Parent() != fn
	case *ssa.Parameter:
		return v.Parent() == fn && s.exported(fn) && (fn.Signature.Recv() == nil || v != fn.Params[0])
	}
	return false
}
