package shared

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// maxInherit bounds the calls between a function and the go statement of a
// goroutine that it has started.
const maxInherit = 2

// spawnsOf returns what the function starts itself.
func (s *Set) spawnsOf(fn *ssa.Function) []*spawn {
	if list, ok := s.spawns[fn]; ok {
		return list
	}
	var list []*spawn
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if sp := s.spawned(call); sp != nil {
					list = append(list, sp)
				}
			}
		}
	}
	s.spawns[fn] = list
	return list
}

// inherited returns the goroutines that functions which fn calls have started, and
// that go on when these return, in the terms of fn: what fn does next runs beside
// them.
func (s *Set) inherited(fn *ssa.Function, depth int) []*spawn {
	if depth > maxInherit || s.inTest(fn) && !s.Pkg.OnlyTests() {
		return nil // a test knows how what it starts is set up
	}
	key := atDepth{fn, depth}
	if list, ok := s.inherits[key]; ok {
		return list
	}
	s.inherits[key] = nil // of a ring of calls
	var list []*spawn
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if op, _ := s.Pkg.Op(&call.Call); op.Kind != ops.None {
				continue
			}
			runs := s.runs(call)
			if len(runs) != 1 || runs[0].fn == fn {
				continue
			}
			r := runs[0]
			for _, sp := range slices.Concat(s.inherited(r.fn, depth+1), s.spawnsOf(r.fn)) {
				if sp.parallel || sp.requests || sp.how == always {
					continue
				}
				if t := s.outside(call, r, sp); t != nil {
					list = append(list, t)
				}
			}
		}
	}
	s.inherits[key] = list
	return list
}

type atDepth struct {
	fn    *ssa.Function
	depth int
}

// waitsIn reports whether the function can wait for the goroutine that it starts.
func (s *Set) waitsIn(fn *ssa.Function, sp *spawn) bool {
	return s.waitsFor(fn, sp, sp.signals())
}

// signals are the operations of the goroutine that another one can wait for.
func (sp *spawn) signals() (list []syncOp) {
	for _, op := range sp.body.ops {
		if op.release {
			list = append(list, op)
		}
	}
	return list
}

// waitsFor reports whether the function can wait for one of the signals after it has
// started the goroutine.
func (s *Set) waitsFor(fn *ssa.Function, sp *spawn, signals []syncOp) bool {
	for _, op := range s.ops(fn) {
		if op.waits() && op.at != sp.at && (op.deferred || after(sp.at, op.at)) && s.matches(&op, signals) {
			return true
		}
	}
	return false
}

// keeps reports whether the operation is on a channel that the function has made for
// itself and the literals in it: nobody else can send on it or receive from it.
func (s *Set) keeps(fn *ssa.Function, op *syncOp) bool {
	if op.medium != byChannel || op.ref == nil {
		return false
	}
	made := op.ref.Root().Value
	if made == nil || op.ref.Base != nil || made.Parent() != fn {
		return false
	}
	switch made.(type) {
	case *ssa.MakeChan, *ssa.Alloc:
		return s.onlyUsed(made, 0)
	}
	return false
}

// onlyUsed reports whether nothing is done with a channel, or a variable that holds it,
// but to send, receive and close.
func (s *Set) onlyUsed(v ssa.Value, depth int) bool {
	if depth > 4 || v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.Select:
		case *ssa.Send:
			if ref.X == v {
				return false
			}
		case *ssa.UnOp:
			if ref.Op == token.MUL && !s.onlyUsed(ref, depth+1) {
				return false
			}
		case *ssa.Store:
			a, ok := ref.Addr.(*ssa.Alloc)
			if !ok || ref.Val == v && (depth > 0 || !variable(a) || !s.onlyUsed(a, depth+1)) {
				return false
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v && !s.onlyUsed(ref.Fn.(*ssa.Function).FreeVars[i], depth+1) {
					return false
				}
			}
		case *ssa.Call:
			if _, ok := ref.Call.Value.(*ssa.Builtin); !ok {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// startedBy is a goroutine and the function that it is started by, or inherited by.
type startedBy struct {
	fn *ssa.Function
	sp *spawn
}

// left is what is known of an access of a goroutine when the function that has started it
// returns: ordered, that the function can wait for what comes after it; later, that what
// the goroutine waits for before it can be what the caller does then.
type left struct{ ordered, later bool }

// leftBy tells it of each access of the goroutine.
func (s *Set) leftBy(fn *ssa.Function, sp *spawn) []left {
	key := startedBy{fn, sp}
	list, known := s.outsides[key]
	if known {
		return list
	}
	waits := &thread{fn: sp.body.fn, ops: slices.DeleteFunc(slices.Clone(sp.body.ops), func(op syncOp) bool { return op.medium == byLock || s.keeps(fn, &op) })}
	for i := range sp.list {
		a := &sp.list[i]
		l := left{ordered: s.waitsFor(fn, sp, s.releasesAfter(&sp.body, a))}
		l.later = !l.ordered && s.passes(waits, a, []syncOp{{medium: byAll}})
		list = append(list, l)
	}
	s.outsides[key] = list
	return list
}

// outside gives a goroutine in the terms of the caller of the function that has
// started it, nil when it does nothing there that has a name.
func (s *Set) outside(call *ssa.Call, r run, sp *spawn) *spawn {
	t := &spawn{at: call, stmt: sp.statement(), inherited: true, succeeds: succeeds(r.fn, sp), body: thread{fn: sp.body.fn}}
	known := s.leftBy(r.fn, sp)
accesses:
	for i, a := range sp.list {
		if known[i].ordered {
			continue
		}
		a.Later = a.Later || known[i].later
		if a.Ref = s.out(call, r, a.Ref); a.Ref == nil {
			continue
		}
		held := make([]skeleton.Held, 0, len(a.Held))
		for _, h := range a.Held {
			if h.Ref = s.out(call, r, h.Ref); h.Ref == nil {
				continue accesses
			}
			held = append(held, h)
		}
		a.Held = held
		t.list = append(t.list, a)
	}
	if len(t.list) == 0 {
		return nil
	}
	for _, op := range sp.body.ops {
		if s.keeps(r.fn, &op) {
			continue
		}
		if op.ref != nil {
			op.ref = s.out(call, r, op.ref)
		}
		t.body.ops = append(t.body.ops, op)
	}
	return t
}

// succeeds reports whether the function returns a nil error whenever it has started
// the goroutine.
func succeeds(fn *ssa.Function, sp *spawn) bool {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || !after(sp.at, ret) {
			continue
		}
		if len(ret.Results) == 0 || !isZero(ret.Results[len(ret.Results)-1]) {
			return false
		}
	}
	return true
}

// out rewrites a name of the called function in the caller's terms: also of an
// object that it makes and returns.
func (s *Set) out(call *ssa.Call, r run, ref *access.Ref) *access.Ref {
	root := ref.Root()
	if root.Value == nil || root.Value.Parent() != r.fn || root.Kind == access.Param {
		return s.translate(r, ref)
	}
	result := s.resultOf(call, r.fn, root)
	if result == nil {
		return nil
	}
	return s.Pkg.Access.Subst(ref, func(*access.Ref) *access.Ref { return s.Pkg.Access.Of(result) })
}

// resultOf returns what the call yields when the function returns the object in
// each case, or nothing.
func (s *Set) resultOf(call *ssa.Call, fn *ssa.Function, object *access.Ref) ssa.Value {
	index := -1
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for i, v := range ret.Results {
			if s.Pkg.Access.Of(v) == object {
				if index >= 0 && index != i {
					return nil
				}
				index = i
			}
		}
	}
	if index < 0 {
		return nil
	}
	if fn.Signature.Results().Len() == 1 {
		return call
	}
	for _, ref := range *call.Referrers() {
		if ex, ok := ref.(*ssa.Extract); ok && ex.Index == index {
			return ex
		}
	}
	return nil
}

// statement is what starts the goroutine in the source.
func (sp *spawn) statement() ssa.CallInstruction {
	if sp.stmt != nil {
		return sp.stmt
	}
	return sp.at
}
