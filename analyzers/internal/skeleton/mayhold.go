package skeleton

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// mayHeld is which locks some path can hold at a point of a function. unseen says
// that it can be any.
type mayHeld struct {
	refs   []*access.Ref
	unseen bool
}

// join adds what another path can hold; it reports a change.
func (m *mayHeld) join(o *mayHeld) bool {
	changed := o.unseen && !m.unseen
	m.unseen = m.unseen || o.unseen
	for _, r := range o.refs {
		if !slices.Contains(m.refs, r) {
			m.refs, changed = append(m.refs, r), true
		}
	}
	return changed
}

// bareIn returns the instructions of a function at which it holds no lock, whichever
// path has led there. That takes no states, so it is known of functions, too, that are
// too large to explore.
func (ls *lockState) bareIn(fn *ssa.Function) map[ssa.Instruction]bool {
	entry := make(map[*ssa.BasicBlock]*mayHeld)
	entry[fn.Blocks[0]] = &mayHeld{}
	if fn.Recover != nil {
		entry[fn.Recover] = &mayHeld{unseen: true}
	}
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		now := mayHeld{refs: slices.Clone(entry[b].refs), unseen: entry[b].unseen}
		for _, instr := range b.Instrs {
			ls.mayTake(&now, instr)
		}
		for _, to := range b.Succs {
			if entry[to] == nil {
				entry[to] = &mayHeld{}
			} else if !entry[to].join(&now) {
				continue
			}
			entry[to].join(&now)
			work = append(work, to)
		}
	}
	bare := make(map[ssa.Instruction]bool)
	for b, at := range entry {
		now := mayHeld{refs: slices.Clone(at.refs), unseen: at.unseen}
		for _, instr := range b.Instrs {
			if _, deferred := instr.(*ssa.Defer); !deferred && !now.unseen && len(now.refs) == 0 {
				bare[instr] = true
			}
			ls.mayTake(&now, instr)
		}
	}
	return bare
}

// mayTake changes what can be held by what the instruction does to locks.
func (ls *lockState) mayTake(now *mayHeld, instr ssa.Instruction) {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return
	}
	op, x := ls.p.Op(&call.Call)
	switch op.Kind {
	case ops.Lock, ops.RLock, ops.TryLock, ops.TryRLock:
		if x == nil {
			now.unseen = true
			return
		}
		r, _ := side(ls.p.Access.Of(x), lockMode(op.Kind))
		now.join(&mayHeld{refs: []*access.Ref{r}})
	case ops.Unlock, ops.RUnlock:
		if x != nil {
			r, _ := side(ls.p.Access.Of(x), lockMode(op.Kind))
			now.refs = slices.DeleteFunc(now.refs, func(o *access.Ref) bool { return o == r })
		}
	case ops.None:
		now.unseen = now.unseen || ls.mayLeave(call)
	}
}

// mayLeave reports whether the call can return with a lock that it has taken.
func (ls *lockState) mayLeave(call *ssa.Call) bool {
	leaves := func(sum *Summary) bool {
		return sum.Unknown || slices.ContainsFunc(sum.Exits, func(e Exit) bool {
			return slices.ContainsFunc(e.Effects, func(f Effect) bool { return !f.Release })
		})
	}
	if sum := ls.imported.summary(Static(&call.Call), call); sum != nil && leaves(sum) {
		return true
	}
	targets, _ := ls.p.callTargets(call)
	for _, t := range targets {
		if !ls.relevant[t.fn] {
			continue
		}
		fl := ls.explore(t.fn)
		if fl == nil || fl.Cut || len(fl.Kept) > 0 || len(fl.Handed) > 0 || leaves(fl.Summary) {
			return true
		}
	}
	return false
}
