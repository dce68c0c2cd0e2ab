package shared

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// findTorn finds a store of what was computed from a load of the same variable,
// or under a condition on one, where nothing keeps other writers out.
func (s *Set) findTorn() {
	type atomicOp struct {
		fn   *ssa.Function
		call *ssa.Call
		ref  *access.Ref
		kind ops.Kind
	}
	var stores []atomicOp
	writers := make(map[access.Class][]*ssa.Function)
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				op, x := s.Pkg.Op(&call.Call)
				if x == nil || op.Kind != ops.AtomicStore && op.Kind != ops.AtomicUpdate {
					continue
				}
				r := s.Pkg.Access.Of(x)
				writers[r.Class()] = append(writers[r.Class()], fn)
				if op.Kind == ops.AtomicStore {
					stores = append(stores, atomicOp{fn, call, r, op.Kind})
				}
			}
		}
	}
	if len(stores) == 0 {
		return
	}
	s.findContexts()
	for _, st := range stores {
		args := skeleton.Args(&st.call.Call)
		if len(args) == 0 {
			continue
		}
		held, known := s.Pkg.Locks().Of(st.fn).HeldAt(st.call)
		c := s.contexts[st.fn]
		if !known || len(held) > 0 || len(c.held) > 0 || c.quiet || s.owns(st.fn, st.ref) || !s.written(st.fn, writers[st.ref.Class()]) {
			continue
		}
		if u := (&use{fn: st.fn, Access: Access{At: st.call}}); !s.concurrent(u) {
			continue
		}
		val := args[len(args)-1]
		together := s.comeTogether(st.fn)
		if load := s.computed(val, st.ref, 0); load != nil {
			s.torn = append(s.torn, Torn{Load: load, Store: st.call, Ref: st.ref, Fn: st.fn, Together: together})
			continue
		}
		for br, truth := range conditions(st.call) {
			load, ordered := s.compared(br.Cond, val, st.ref)
			if load == nil || !alone(load, st.call) {
				continue
			}
			effect := effectUnder(br, truth)
			if effect != nil || ordered {
				s.torn = append(s.torn, Torn{Load: load, Store: st.call, Ref: st.ref, Fn: st.fn, Check: true, Effect: effect, Together: together})
				break
			}
		}
	}
}

// comeTogether reports whether several goroutines are known to run the function at the same time.
func (s *Set) comeTogether(fn *ssa.Function) bool {
	if s.ofRequests()[fn] {
		return true
	}
	for g := range s.contexts[fn].by {
		if s.startedOften(g) {
			return true
		}
	}
	return false
}

// alone reports whether the load comes before the store without a wait between.
func alone(load, store *ssa.Call) bool { return load.Block().Dominates(store.Block()) }

// written reports whether several goroutines can be at the writes.
func (s *Set) written(fn *ssa.Function, writers []*ssa.Function) bool {
	if s.contexts[fn].api || s.comeTogether(fn) {
		return true
	}
	for _, w := range writers {
		if w != fn && !s.sameGoroutine(w, fn) && (s.contexts[w].api || len(s.contexts[w].by) > 0) {
			return true
		}
	}
	return false
}

// computed returns the load of ref that the value is computed from.
func (s *Set) computed(v ssa.Value, ref *access.Ref, depth int) *ssa.Call {
	b, ok := v.(*ssa.BinOp)
	if !ok {
		if conv, ok := v.(*ssa.Convert); ok && depth < 3 {
			return s.computed(conv.X, ref, depth+1)
		}
		return nil
	}
	for _, x := range []ssa.Value{b.X, b.Y} {
		if load := s.loadOf(x, ref); load != nil {
			return load
		}
		if depth < 3 {
			if load := s.computed(x, ref, depth+1); load != nil {
				return load
			}
		}
	}
	return nil
}

func (s *Set) loadOf(v ssa.Value, ref *access.Ref) *ssa.Call {
	if conv, ok := v.(*ssa.Convert); ok {
		v = conv.X
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if op, x := s.Pkg.Op(&call.Call); op.Kind == ops.AtomicLoad && x != nil && s.Pkg.Access.Of(x) == ref {
		return call
	}
	return nil
}

// compared returns the load of ref that a condition is on; ordered says that it
// is compared by order with the value that is stored.
func (s *Set) compared(cond, stored ssa.Value, ref *access.Ref) (load *ssa.Call, ordered bool) {
	switch c := cond.(type) {
	case *ssa.UnOp:
		if c.Op == token.NOT {
			return s.loadOf(c.X, ref), false
		}
	case *ssa.BinOp:
		for _, pair := range [2][2]ssa.Value{{c.X, c.Y}, {c.Y, c.X}} {
			if load := s.loadOf(pair[0], ref); load != nil {
				switch c.Op {
				case token.LSS, token.GTR, token.LEQ, token.GEQ:
					return load, pair[1] == stored
				}
				return load, false
			}
		}
	}
	return s.loadOf(cond, ref), false
}

// effectUnder returns a close or a go statement that the branch leads to.
func effectUnder(br *ssa.If, truth bool) ssa.Instruction {
	to := br.Block().Succs[1]
	if truth {
		to = br.Block().Succs[0]
	}
	for _, b := range br.Parent().Blocks {
		if !to.Dominates(b) {
			continue
		}
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Go:
				return instr
			case *ssa.Call:
				if bi, ok := instr.Call.Value.(*ssa.Builtin); ok && bi.Name() == "close" {
					return instr
				}
			}
		}
	}
	return nil
}
