package shared

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// options returns what a call of a function that it has been given can run: the functions of
// the package that are of its named type, which is a type of the package too, and which are
// made to be given an object as this call does. An Option of the package is what its users
// have, whichever of them that is.
func (s *Set) options(call ssa.CallInstruction) (list []run) {
	common := call.Common()
	if _, plain := call.(*ssa.Call); !plain || common.IsInvoke() || common.StaticCallee() != nil || len(common.Args) == 0 {
		return nil
	}
	n, ok := types.Unalias(common.Value.Type()).(*types.Named)
	if !ok || n.Obj().Pkg() != s.Pass.Pkg || structOf(common.Args[0].Type()) == nil {
		return nil
	}
	if fns, complete := s.Pkg.Callees(call); complete && len(fns) > 0 {
		return nil
	}
	for _, fn := range s.optionsOf(n.Obj()) {
		list = append(list, run{fn: fn, args: common.Args})
	}
	return list
}

// optionsOf returns the literals that functions of the package return as values of the type.
func (s *Set) optionsOf(name *types.TypeName) []*ssa.Function {
	if s.optional == nil {
		s.optional = make(map[*types.TypeName][]*ssa.Function)
		for _, fn := range s.Pkg.Funcs {
			if s.inTest(fn) || !s.exported(fn) {
				continue
			}
			for _, b := range fn.Blocks {
				ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
				if !ok || len(ret.Results) == 0 {
					continue
				}
				n, ok := types.Unalias(ret.Results[0].Type()).(*types.Named)
				if !ok {
					continue
				}
				switch v := plainValue(ret.Results[0]).(type) {
				case *ssa.Function:
					s.optional[n.Obj()] = append(s.optional[n.Obj()], v)
				case *ssa.MakeClosure:
					s.optional[n.Obj()] = append(s.optional[n.Obj()], v.Fn.(*ssa.Function))
				}
			}
		}
	}
	return s.optional[name]
}
