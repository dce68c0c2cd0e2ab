package machine

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// addsUp reports whether instr is executed as often as a sum says that the program has
// computed, while others, on the way to node i, take turns by numbers that were chosen: the
// sum can be that of these, which are small.
func (s *system) addsUp(i int, instr ssa.Instruction) bool {
	summed := false
	for b := instr.Block(); b != nil && !summed; b = b.Idom() {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !skeleton.Reaches(b, b) || b != instr.Block() && !skeleton.Reaches(instr.Block(), b) {
			continue
		}
		if cmp, ok := br.Cond.(*ssa.BinOp); ok {
			summed = s.sum(cmp.X, 0) || s.sum(cmp.Y, 0)
		}
	}
	if !summed {
		return false
	}
	for _, e := range s.path(i) {
		for _, c := range e.choices.list() {
			if c.counts() {
				return true
			}
		}
	}
	return false
}

// sum reports whether a number is added up in a loop, of more than ones.
func (s *system) sum(v ssa.Value, depth int) bool {
	if depth > 3 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Phi:
		for _, e := range v.Edges {
			add, ok := e.(*ssa.BinOp)
			if !ok || add.Op != token.ADD || add.X != v && add.Y != v {
				continue
			}
			_, x := add.X.(*ssa.Const)
			_, y := add.Y.(*ssa.Const)
			if !x && !y {
				return true
			}
		}
	case *ssa.Parameter:
		for _, site := range s.ps.pkg.Sites(v.Parent()) {
			args := site.Common().Args
			for j, p := range v.Parent().Params {
				if p == v && !site.Common().IsInvoke() && j < len(args) && s.sum(args[j], depth+1) {
					return true
				}
			}
		}
	}
	return false
}
