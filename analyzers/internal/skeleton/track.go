package skeleton

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
)

// track finds the values of the function that its branches and results depend
// on, and where each is live.
func (ex *explorer) track() *tracked {
	t := &tracked{
		slots:   make(map[ssa.Value]int),
		mem:     make(map[*access.Ref]int),
		defines: make(map[ssa.Instruction][]int),
	}
	fn := ex.fn
	stores := make(map[*access.Ref][]ssa.Value)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if st, ok := instr.(*ssa.Store); ok && scalar(st.Val.Type()) {
				r := ex.p.Access.Of(st.Addr)
				stores[r] = append(stores[r], st.Val)
			}
		}
	}
	var want func(v ssa.Value)
	wantMem := func(r *access.Ref) {
		if _, ok := t.mem[r]; ok {
			return
		}
		t.mem[r] = t.n
		t.isMem = append(t.isMem, r)
		t.pinned = append(t.pinned, ex.pinnedMem(r))
		t.shared = append(t.shared, r.Root().Kind != access.Alloc || r.Base != nil)
		t.n++
		for _, v := range stores[r] {
			want(v)
		}
	}
	want = func(v ssa.Value) {
		switch v := v.(type) {
		case nil, *ssa.Const, *ssa.Function, *ssa.Builtin:
			return
		case *ssa.ChangeInterface:
			want(v.X)
			return
		case *ssa.ChangeType:
			want(v.X)
			return
		case *ssa.BinOp:
			switch v.Op {
			case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
				want(v.X)
				want(v.Y)
				return
			}
		case *ssa.UnOp:
			if v.Op == token.NOT {
				want(v.X)
				return
			}
		}
		if _, ok := t.slots[v]; ok {
			return
		}
		t.slots[v] = t.n
		t.isMem = append(t.isMem, nil)
		_, isParam := v.(*ssa.Parameter)
		t.pinned = append(t.pinned, isParam && isBool(v.Type()))
		t.shared = append(t.shared, false)
		t.n++
		switch v := v.(type) {
		case *ssa.Phi:
			for _, e := range v.Edges {
				want(e)
			}
		case *ssa.UnOp:
			if v.Op == token.MUL {
				wantMem(ex.p.Access.Of(v.X))
			}
		case *ssa.Call:
			if arg := lengthOf(v); arg != nil {
				want(arg)
			}
		}
	}
	for _, b := range fn.Blocks {
		switch last := b.Instrs[len(b.Instrs)-1].(type) {
		case *ssa.If:
			want(last.Cond)
		case *ssa.Return:
			for _, v := range last.Results {
				if scalar(v.Type()) {
					want(v)
				}
			}
		}
	}
	// Flags that are only set here matter to callers.
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if st, ok := instr.(*ssa.Store); ok && isBool(st.Val.Type()) {
				if r := ex.p.Access.Of(st.Addr); ex.pinnedMem(r) {
					wantMem(r)
				}
			}
		}
	}
	for _, calls := range ex.sortedBound() {
		for _, bc := range calls {
			if bc.sum == nil {
				continue
			}
			for _, e := range bc.sum.Exits {
				for _, g := range e.When {
					if g.Param == 0 {
						wantMem(g.Ref)
					} else if v := bc.argOf(g); v != nil {
						want(v)
					}
				}
				for _, g := range e.Post {
					wantMem(g.Ref)
				}
			}
			for _, a := range bc.sum.Acquires {
				for _, g := range a.When {
					if g.Param == 0 {
						wantMem(g.Ref)
					} else if v := bc.argOf(g); v != nil {
						want(v)
					}
				}
			}
		}
	}
	for v, i := range t.slots {
		if x, ok := v.(*ssa.Extract); ok {
			if def, ok := x.Tuple.(ssa.Instruction); ok {
				t.defines[def] = append(t.defines[def], i)
			}
		} else if def, ok := v.(ssa.Instruction); ok {
			t.defines[def] = append(t.defines[def], i)
		}
	}
	ex.liveness(t)
	return t
}

// scalar reports whether comparisons of values of the type with constants tell
// anything.
func scalar(typ types.Type) bool {
	switch u := typ.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsBoolean|types.IsInteger|types.IsString) != 0
	case *types.Pointer, *types.Interface, *types.Signature, *types.Chan, *types.Map, *types.Slice:
		return true
	}
	return false
}

func isBool(typ types.Type) bool {
	b, ok := typ.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// lengthOf returns the operand of a call of len.
func lengthOf(call *ssa.Call) ssa.Value {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
		return call.Call.Args[0]
	}
	return nil
}

// pinnedMem reports whether what is known of the variable matters to callers:
// it is a flag, or a variable captured from the function around, that outlives
// this function.
func (ex *explorer) pinnedMem(r *access.Ref) bool {
	root := r.Root()
	switch root.Kind {
	case access.Param, access.Global, access.Free:
	case access.Alloc:
		if root.Value.Parent() == ex.fn {
			return false
		}
		if r == root {
			return true
		}
	default:
		return false
	}
	typ := refType(r)
	return typ != nil && isBool(typ)
}

// refType is the type of the variable that a Ref names, nil when unknown.
func refType(r *access.Ref) types.Type {
	switch r.Kind {
	case access.Field:
		return r.Field.Type()
	case access.Global, access.Alloc:
		if p, ok := r.Value.Type().Underlying().(*types.Pointer); ok {
			return p.Elem()
		}
	}
	return nil
}

// liveness computes, for each block, the slots whose value on entry is used.
func (ex *explorer) liveness(t *tracked) {
	words := (t.n + 63) / 64
	blocks := ex.fn.Blocks
	use := make([][]uint64, len(blocks))
	def := make([][]uint64, len(blocks))
	out := make([][]uint64, len(blocks)) // used by phis of successors
	phis := make([][]uint64, len(blocks))
	t.live = make([][]uint64, len(blocks))
	set := func(s []uint64, i int) { s[i/64] |= 1 << (i % 64) }
	has := func(s []uint64, i int) bool { return s[i/64]&(1<<(i%64)) != 0 }
	for i := range blocks {
		use[i], def[i], out[i] = make([]uint64, words), make([]uint64, words), make([]uint64, words)
		phis[i], t.live[i] = make([]uint64, words), make([]uint64, words)
	}
	var leaves func(v ssa.Value, f func(int))
	leaves = func(v ssa.Value, f func(int)) {
		switch v := v.(type) {
		case *ssa.ChangeInterface:
			leaves(v.X, f)
			return
		case *ssa.ChangeType:
			leaves(v.X, f)
			return
		case *ssa.BinOp:
			if _, own := t.slots[v]; !own {
				leaves(v.X, f)
				leaves(v.Y, f)
				return
			}
		case *ssa.UnOp:
			if v.Op == token.NOT {
				leaves(v.X, f)
				return
			}
		}
		if i, ok := t.slots[v]; ok {
			f(i)
		}
	}
	for bi, b := range blocks {
		uses := func(i int) {
			if !has(def[bi], i) {
				set(use[bi], i)
			}
		}
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Phi:
				if i, ok := t.slots[instr]; ok {
					set(phis[bi], i)
				}
				continue
			case *ssa.UnOp:
				if instr.Op == token.MUL {
					if _, ok := t.slots[instr]; ok {
						uses(t.mem[ex.p.Access.Of(instr.X)])
					}
				}
			case *ssa.Store:
				if i, ok := t.mem[ex.p.Access.Of(instr.Addr)]; ok {
					leaves(instr.Val, uses)
					set(def[bi], i)
				}
			case *ssa.If:
				leaves(instr.Cond, uses)
			case *ssa.Return:
				for _, v := range instr.Results {
					leaves(v, uses)
				}
			case ssa.CallInstruction:
				for _, v := range instr.Common().Args {
					leaves(v, uses)
				}
				for _, bc := range ex.bound[instr] {
					for _, r := range bc.flags() {
						if i, ok := t.mem[r]; ok {
							uses(i)
						}
					}
				}
			case *ssa.RunDefers:
				for _, d := range ex.deferred {
					for _, bc := range ex.bound[d] {
						for _, r := range bc.flags() {
							if i, ok := t.mem[r]; ok {
								uses(i)
							}
						}
					}
				}
			}
			for _, i := range t.defines[instr] {
				set(def[bi], i)
			}
		}
		for _, succ := range b.Succs {
			for _, instr := range succ.Instrs {
				phi, ok := instr.(*ssa.Phi)
				if !ok {
					break
				}
				if _, ok := t.slots[phi]; !ok {
					continue
				}
				for k, pred := range succ.Preds {
					if pred == b {
						leaves(phi.Edges[k], func(i int) { set(out[bi], i) })
					}
				}
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for bi := len(blocks) - 1; bi >= 0; bi-- {
			for w := range words {
				v := out[bi][w]
				for _, succ := range blocks[bi].Succs {
					v |= t.live[succ.Index][w] &^ phis[succ.Index][w]
				}
				v = v&^def[bi][w] | use[bi][w]
				if v != t.live[bi][w] {
					t.live[bi][w] = v
					changed = true
				}
			}
		}
	}
}
