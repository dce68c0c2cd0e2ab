package shared

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Gap is a check and an act that depends on it, with room for another
// goroutine in between.
type Gap struct {
	Kind       GapKind
	Check, Act ssa.Instruction
	Name       string // of what is checked
	Lock       string // that is held at the act
	// Computed says that what is stored is computed from what was loaded.
	Computed bool
	// Tells says that the function returns whether it was the one that stored.
	Tells bool
	// Limit says that the check is of a count against a limit, and the act counts.
	Limit bool
	// Second says that there is a second check, under the lock.
	Second bool
	// Effect is what else is done; nil where the stored value is what counts.
	Effect ssa.Instruction
}

// A GapKind tells what the check is.
type GapKind uint8

// The kinds.
const (
	SyncMap   GapKind = iota // Load, then Store
	Unlocked                 // a read without the lock, then a write under it
	LetGo                    // a read under a lock that is let go, then a write under it
	ChanCount                // len of a channel, then an operation that can block
	Closing                  // a select finds the channel not closed, then a close
	Outside                  // a read before the Once.Do that writes
)

// Gaps returns the checks that can be out of date when they are acted upon.
func (s *Set) Gaps() []Gap {
	s.gapsOnce.Do(func() {
		s.Pkg.Mu.Lock()
		defer s.Pkg.Mu.Unlock()
		if s.prepare() {
			s.findGaps()
		}
	})
	return s.gaps
}

func (s *Set) findGaps() {
	s.findContexts()
	for _, fn := range s.Pkg.Funcs {
		c := s.contexts[fn]
		if s.inTest(fn) || c.quiet || len(c.held) > 0 || !c.api && len(c.by) == 0 {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Call:
					s.mapGap(fn, instr)
					s.closeGap(fn, instr)
					s.onceGap(fn, instr)
					s.stepGap(fn, instr)
				case *ssa.Store:
					if r, _ := s.location(instr.Addr); r != nil {
						s.lockGap(fn, instr, r, nil, instr.Val)
						s.updateGap(fn, instr, r, nil, instr.Val)
					}
				case *ssa.MapUpdate:
					if r := s.Pkg.Access.Of(instr.Map); s.sharable(r) {
						s.lockGap(fn, instr, r, instr.Key, instr.Value)
						s.updateGap(fn, instr, r, instr.Key, instr.Value)
					}
				case *ssa.Send:
					s.countGap(fn, instr, instr.Chan, true)
				case *ssa.UnOp:
					if instr.Op == token.ARROW {
						s.countGap(fn, instr, instr.X, false)
					}
				}
			}
		}
	}
}

// unlocked reports whether nothing is held at the instruction.
func (s *Set) unlocked(fn *ssa.Function, at ssa.Instruction) bool {
	held, known := s.heldAt(fn, at)
	return known && len(held) == 0
}

// mapGap looks at a Store of a sync.Map.
func (s *Set) mapGap(fn *ssa.Function, store *ssa.Call) {
	op, m := s.Pkg.Op(&store.Call)
	args := skeleton.Args(&store.Call)
	if op.Kind != ops.MapStore || len(args) != 2 || !s.unlocked(fn, store) || !s.concurrent(&use{fn: fn, Access: Access{At: store}}) {
		return
	}
	r := s.Pkg.Access.Of(m)
	if root := r.Root(); root.Kind == access.Alloc && root.Value.Parent() == fn {
		return
	}
	for br, truth := range conditions(store) {
		load, missing := s.mapLoad(br.Cond, truth)
		if load == nil || s.Pkg.Access.Of(load.Call.Args[0]) != r || !s.sameValue(load.Call.Args[1], args[0]) {
			continue
		}
		tells := tellsWhich(other(br, truth), store)
		if missing && (hasIdentity(args[1]) || tells) && !panics(other(br, truth)) {
			s.gaps = append(s.gaps, Gap{Kind: SyncMap, Check: load, Act: store, Name: r.String(), Tells: tells})
		}
		return
	}
	if load := s.from(args[1], 0); load != nil {
		if op, x := s.Pkg.Op(&load.Call); op.Kind == ops.MapLoad && s.Pkg.Access.Of(x) == r && s.sameValue(load.Call.Args[1], args[0]) {
			s.gaps = append(s.gaps, Gap{Kind: SyncMap, Check: load, Act: store, Name: r.String(), Computed: true})
		}
	}
}

// onceGap looks at a Once.Do: does the function read before it, to save it the call,
// what the literal writes?
func (s *Set) onceGap(fn *ssa.Function, do *ssa.Call) {
	op, once := s.Pkg.Op(&do.Call)
	if op.Kind != ops.OnceDo || once == nil || !s.unlocked(fn, do) || !s.manyCallers(fn) {
		return
	}
	fns, complete := s.Pkg.Functions(skeleton.FuncArg(&do.Call, op))
	if !complete || len(fns) != 1 {
		return
	}
	for _, w := range s.list(fns[0]) {
		r := w.Ref
		if !w.Write || w.Map || w.Spare || w.Atomic || w.By != nil || r.Kind != access.Field && r.Kind != access.Global || r.Base != nil && (s.owns(fn, r.Base) || s.foreign(fn, r.Base)) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				load, ok := instr.(*ssa.UnOp)
				if !ok || load.Op != token.MUL || s.Pkg.Access.Of(load.X) != r || !after(load, do) || after(do, load) || !s.unlocked(fn, load) || s.excused(load) {
					continue
				}
				s.gaps = append(s.gaps, Gap{Kind: Outside, Check: load, Act: w.Leaf, Name: r.String(), Lock: s.Pkg.Access.Of(once).String()})
				return
			}
		}
	}
}

// closeGap looks at a close in the default case of a select that receives from the
// channel: two callers can both find it open.
func (s *Set) closeGap(fn *ssa.Function, call *ssa.Call) {
	b, ok := call.Call.Value.(*ssa.Builtin)
	if fn.Signature.Recv() != nil && fn.Name() == "Close" {
		return // most often the owner's alone, who calls it again at most
	}
	if slices.Contains(strings.Split(s.Pass.Pkg.Path(), "/"), "internal") {
		return // only this project calls it, who knows from where
	}
	if !ok || b.Name() != "close" || !s.unlocked(fn, call) || !s.manyCallers(fn) || s.excused(call) {
		return
	}
	r := s.Pkg.Access.Of(call.Call.Args[0])
	if r.Kind != access.Field && r.Kind != access.Global || !s.sharable(r) || r.Base != nil && (s.owns(fn, r.Base) || s.foreign(fn, r.Base)) {
		return
	}
	if root := r.Root(); root.Kind != access.Param && root.Kind != access.Global {
		return // who else has what was looked up is not known
	}
	for br, truth := range conditions(call) {
		if asks := s.asksClosed(br.Cond, r); asks != nil && !truth && s.unlocked(fn, asks) {
			s.gaps = append(s.gaps, Gap{Kind: Closing, Check: asks, Act: call, Name: r.String()})
			return
		}
		sel, arm := armOf(br.Cond)
		if sel == nil || truth || sel.Blocking || arm >= len(sel.States) {
			continue
		}
		st := sel.States[arm]
		if len(sel.States) > 1 && s.Pkg.Access.Of(st.Chan) != r {
			continue // one of the other cases
		}
		if st.Dir == types.RecvOnly && s.Pkg.Access.Of(st.Chan) == r && s.unlocked(fn, sel) {
			s.gaps = append(s.gaps, Gap{Kind: Closing, Check: sel, Act: call, Name: r.String()})
		}
		return
	}
}

// asksClosed returns the call that a condition is, of a function that only tells if the channel can be
// received from at once.
func (s *Set) asksClosed(cond ssa.Value, r *access.Ref) ssa.Instruction {
	call, ok := cond.(*ssa.Call)
	if !ok || call.Call.IsInvoke() {
		return nil
	}
	runs := s.runs(call)
	if len(runs) != 1 || runs[0].any {
		return nil
	}
	callee := runs[0]
	var sel *ssa.Select
	for _, b := range callee.fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Select:
				if sel != nil || instr.Blocking || len(instr.States) != 1 || instr.States[0].Dir != types.RecvOnly || s.translate(callee, s.Pkg.Access.Of(instr.States[0].Chan)) != r {
					return nil
				}
				sel = instr
			case ssa.CallInstruction, *ssa.Store:
				return nil
			}
		}
	}
	if sel == nil {
		return nil
	}
	for _, b := range callee.fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) != 1 {
			continue
		}
		// True is returned where something came, and only there.
		for br, truth := range conditions(ret) {
			if at, _ := armOf(br.Cond); at == sel {
				if c, ok := ret.Results[0].(*ssa.Const); !ok || c.Value == nil || c.Value.Kind() != constant.Bool || constant.BoolVal(c.Value) != truth {
					return nil
				}
			}
		}
	}
	return call
}

// other is the block that a branch leads to when it goes the other way.
func other(br *ssa.If, truth bool) *ssa.BasicBlock {
	if truth {
		return br.Block().Succs[1]
	}
	return br.Block().Succs[0]
}

// tellsWhich reports whether a function returns one of true and false where it finds
// something, and the other one where it has stored it: only one caller is to be told that.
func tellsWhich(found *ssa.BasicBlock, store ssa.Instruction) bool {
	ret, ok := found.Instrs[len(found.Instrs)-1].(*ssa.Return)
	if !ok {
		return false
	}
	for i, v := range ret.Results {
		c, ok := v.(*ssa.Const)
		if !ok || c.Value == nil || c.Value.Kind() != constant.Bool {
			continue
		}
		stored := false
		for _, b := range store.Parent().Blocks {
			r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || !store.Block().Dominates(b) {
				continue
			}
			o, ok := r.Results[i].(*ssa.Const)
			if !ok || o.Value == nil || constant.BoolVal(o.Value) == constant.BoolVal(c.Value) {
				return false
			}
			stored = true
		}
		return stored
	}
	return false
}

// panics reports whether the block ends in a panic: then there must be no second
// one.
func panics(b *ssa.BasicBlock) bool {
	_, dies := b.Instrs[len(b.Instrs)-1].(*ssa.Panic)
	return dies
}

// mapLoad returns the Load of a sync.Map whose ok a condition asks for, and
// whether the branch is the one for a missing key.
func (s *Set) mapLoad(cond ssa.Value, truth bool) (load *ssa.Call, missing bool) {
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		cond, truth = not.X, !truth
	}
	ex, ok := cond.(*ssa.Extract)
	if !ok || ex.Index != 1 {
		return nil, false
	}
	call, ok := ex.Tuple.(*ssa.Call)
	if !ok {
		return nil, false
	}
	if op, _ := s.Pkg.Op(&call.Call); op.Kind != ops.MapLoad || len(call.Call.Args) < 2 {
		return nil, false
	}
	return call, !truth
}

// from returns the call whose first result a computed value comes from.
func (s *Set) from(v ssa.Value, depth int) *ssa.Call {
	if depth > 6 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return s.from(v.X, depth+1)
	case *ssa.BinOp:
		if c := s.from(v.X, depth+1); c != nil {
			return c
		}
		return s.from(v.Y, depth+1)
	case *ssa.Phi: // what was loaded, or nothing yet
		for _, e := range v.Edges {
			if c := s.from(e, depth+1); c != nil && depth > 1 {
				return c
			}
		}
	case *ssa.TypeAssert:
		if depth > 1 { // computed, not copied
			return s.from(v.X, depth+1)
		}
	case *ssa.Extract:
		if v.Index == 0 && depth > 1 {
			switch t := v.Tuple.(type) {
			case *ssa.Call:
				return t
			case *ssa.TypeAssert:
				return s.from(t.X, depth+1)
			}
		}
	}
	return nil
}

// sameValue reports whether two values are the same, also when they are loaded
// from one variable twice.
func (s *Set) sameValue(a, b ssa.Value) bool {
	a, b = plainValue(a), plainValue(b)
	if a == b {
		return true
	}
	if ca, ok := a.(*ssa.Const); ok {
		cb, ok := b.(*ssa.Const)
		return ok && ca.Value != nil && cb.Value != nil && ca.Value.ExactString() == cb.Value.ExactString()
	}
	la, ok1 := a.(*ssa.UnOp)
	lb, ok2 := b.(*ssa.UnOp)
	return ok1 && ok2 && la.Op == token.MUL && lb.Op == token.MUL && s.Pkg.Access.Of(la.X) == s.Pkg.Access.Of(lb.X)
}

func plainValue(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		default:
			return v
		}
	}
}

// hasIdentity reports whether it matters which of two equal values one has: a
// channel or map, or a pointer to what holds a lock, an atomic, or one of these.
func hasIdentity(v ssa.Value) bool {
	t := plainValue(v).Type()
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Map:
		return true
	case *types.Pointer:
		return hasState(u.Elem(), 0)
	}
	return false
}

func hasState(t types.Type, depth int) bool {
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Map:
		return true
	case *types.Struct:
		if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && ops.Concerns(n.Obj().Pkg()) {
			return true
		}
		for f := range u.Fields() {
			if depth < 2 && hasState(f.Type(), depth+1) {
				return true
			}
		}
	}
	return false
}
