package skeleton

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Reaches reports whether a path of at least one edge leads from one block to the
// other, or, of the same block, back to it.
func Reaches(from, to *ssa.BasicBlock) bool {
	seen := make([]bool, len(from.Parent().Blocks))
	var first [16]*ssa.BasicBlock // of most, all
	work := append(first[:0], from)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for _, next := range b.Succs {
			if next == to {
				return true
			}
			if !seen[next.Index] {
				seen[next.Index] = true
				work = append(work, next)
			}
		}
	}
	return false
}

// Follows reports whether b can be executed after a, on some path.
func Follows(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() && slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b) {
		return true
	}
	return Reaches(a.Block(), b.Block())
}

// Dominates reports whether every way to b comes through a before, which is another
// instruction of the same function.
func Dominates(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() {
		return slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b)
	}
	return a.Block().Dominates(b.Block())
}

// NaturalLoop returns the blocks of the loop with that head, nil if it is none.
func NaturalLoop(head *ssa.BasicBlock) map[*ssa.BasicBlock]bool {
	var work []*ssa.BasicBlock
	for _, p := range head.Preds {
		if head.Dominates(p) {
			work = append(work, p)
		}
	}
	if len(work) == 0 {
		return nil
	}
	loop := map[*ssa.BasicBlock]bool{head: true}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if !loop[b] {
			loop[b] = true
			work = append(work, b.Preds...)
		}
	}
	return loop
}

// Loops reports whether the instruction can be executed again in one call of its
// function.
func Loops(at ssa.Instruction) bool { return Reaches(at.Block(), at.Block()) }

// IsDefer reports whether the instruction is a defer statement.
func IsDefer(instr ssa.Instruction) bool {
	_, ok := instr.(*ssa.Defer)
	return ok
}

// MayReturn reports whether the function can return after the instruction: it does not
// end the process or panic on every way.
func MayReturn(at ssa.Instruction) bool {
	for _, b := range at.Parent().Blocks {
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && b != at.Parent().Recover && (b == at.Block() || Reaches(at.Block(), b)) {
			return true
		}
	}
	return false
}

// Outermost is the declared function in which the function, a literal, is written;
// the function itself if it is none.
func Outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}
