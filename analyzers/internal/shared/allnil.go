package shared

import (
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// An AllNil is a select, without a default, that a function comes to when it has switched off
// the last of the cases by setting its channel to nil, and asks for nothing in between.
type AllNil struct {
	Select *ssa.Select
	Names  []string // of the channels
}

// AllNil returns those of the package, in the order of the functions.
func (s *Set) AllNil() (list []AllNil) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.Pkg.Built() {
		return nil
	}
	for _, fn := range s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				sel, ok := instr.(*ssa.Select)
				if !ok || !sel.Blocking || len(sel.States) == 0 {
					continue
				}
				if a := (&nilWalk{sel: sel, seen: make(map[string]bool)}).find(); a != nil {
					list = append(list, *a)
				}
			}
		}
	}
	return list
}

// maxNilStates bounds the states of a walk.
const maxNilStates = 2000

// A nilWalk goes through a function by all ways, with what is known to be nil.
type nilWalk struct {
	sel   *ssa.Select
	vars  []*ssa.Phi // the channels that can be nil, by the blocks in which they are so
	seen  map[string]bool
	found bool
}

// find goes all ways to the select of the walk.
func (w *nilWalk) find() *AllNil {
	a := &AllNil{Select: w.sel}
	for _, st := range w.sel.States {
		phi, ok := st.Chan.(*ssa.Phi)
		if !ok || phi.Comment == "" {
			return nil
		}
		w.note(phi)
		a.Names = append(a.Names, phi.Comment)
	}
	w.walk(w.sel.Parent().Blocks[0], make([]bool, len(w.vars)), false)
	if !w.found {
		return nil
	}
	return a
}

// note takes up a variable and those that it can have its value from.
func (w *nilWalk) note(phi *ssa.Phi) {
	if slices.Contains(w.vars, phi) {
		return
	}
	w.vars = append(w.vars, phi)
	for _, e := range phi.Edges {
		if p, ok := e.(*ssa.Phi); ok {
			w.note(p)
		}
	}
}

// isNil reports whether a value is nil, where is says which variables are.
func (w *nilWalk) isNil(v ssa.Value, is []bool) bool {
	if c, ok := v.(*ssa.Const); ok {
		return c.IsNil()
	}
	phi, ok := v.(*ssa.Phi)
	i := slices.Index(w.vars, phi)
	return ok && i >= 0 && is[i]
}

// walk executes a block; now says that since the last one became nil nothing was asked.
func (w *nilWalk) walk(b *ssa.BasicBlock, is []bool, now bool) {
	key := fmt.Sprint(b.Index, is, now)
	if w.found || w.seen[key] || len(w.seen) > maxNilStates {
		return
	}
	w.seen[key] = true
	for _, instr := range b.Instrs {
		switch instr := instr.(type) {
		case *ssa.Select:
			if instr == w.sel && w.allNil(is) {
				w.found = now
				return
			}
		case *ssa.If:
			w.branch(b, instr, is, now)
			return
		}
	}
	for _, next := range b.Succs {
		w.enter(b, next, is, now)
	}
}

func (w *nilWalk) allNil(is []bool) bool {
	return !slices.ContainsFunc(w.sel.States, func(st *ssa.SelectState) bool { return !w.isNil(st.Chan, is) })
}

// branch goes on behind a condition, by the ways that are possible.
func (w *nilWalk) branch(b *ssa.BasicBlock, br *ssa.If, is []bool, now bool) {
	if sel, i := skeleton.SelectCase(br.Cond); sel == w.sel {
		if !w.isNil(sel.States[i].Chan, is) {
			w.enter(b, b.Succs[0], is, now)
		}
		w.enter(b, b.Succs[1], is, now)
		return
	}
	if cmp, ok := br.Cond.(*ssa.BinOp); ok && (cmp.Op == token.EQL || cmp.Op == token.NEQ) && isZero(cmp.Y) && w.known(cmp.X) {
		way := 1
		if w.isNil(cmp.X, is) == (cmp.Op == token.EQL) {
			way = 0
		}
		w.enter(b, b.Succs[way], is, now)
		return
	}
	for _, next := range b.Succs {
		w.enter(b, next, is, false)
	}
}

func (w *nilWalk) known(v ssa.Value) bool {
	phi, ok := v.(*ssa.Phi)
	return ok && slices.Contains(w.vars, phi)
}

// enter goes from one block to the next, where the variables get their values.
func (w *nilWalk) enter(from, to *ssa.BasicBlock, is []bool, now bool) {
	edge := slices.Index(to.Preds, from)
	then := slices.Clone(is)
	for i, phi := range w.vars {
		if phi.Block() != to {
			continue
		}
		then[i] = w.isNil(phi.Edges[edge], is)
		if _, constant := phi.Edges[edge].(*ssa.Const); constant && then[i] {
			now = true
		}
	}
	w.walk(to, then, now)
}
