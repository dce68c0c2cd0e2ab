package shared

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A LateSend is a send on a channel that was taken out of a map or slice under its lock,
// past the unlock, while another function takes such channels out for good and closes
// them, under the same lock: the one that is sent on can be closed meanwhile.
type LateSend struct {
	Send  ssa.Instruction // the send or select
	Func  *ssa.Function
	Take  ssa.Instruction
	Close ssa.Instruction
	By    *ssa.Function // what closes
	Lock  string
}

// A shelf is where channels are kept: a map or slice in a field of this package, and
// the field of its elements that is the channel, if the elements are not.
type shelf struct{ in, part *types.Var }

// LateSends returns those of the package.
func (s *Set) LateSends() (list []LateSend) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	closes := make(map[shelf][]closing)
	for _, fn := range s.Pkg.Funcs {
		if !s.inTest(fn) {
			s.closings(fn, closes)
		}
	}
	if len(closes) == 0 {
		return nil
	}
	s.findContexts()
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) || saysLocked(fn) || s.Pkg.Recovers(fn) || s.removes(fn, nil, 0) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Send:
					list = s.lateSend(list, fn, instr, instr.Chan, closes)
				case *ssa.Select:
					for _, st := range instr.States {
						if st.Dir == types.SendOnly {
							list = s.lateSend(list, fn, instr, st.Chan, closes)
						}
					}
				}
			}
		}
	}
	return list
}

// A closing is a close under locks, by a function that has not waited for anything.
type closing struct {
	at    *ssa.Call
	locks []access.Class
}

func (s *Set) closings(fn *ssa.Function, closes map[shelf][]closing) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if bi, ok := call.Call.Value.(*ssa.Builtin); !ok || bi.Name() != "close" {
				continue
			}
			k, _ := s.keptIn(call.Call.Args[0], 0)
			if k.in == nil {
				k = s.removed(fn, call.Call.Args[0])
			}
			if k.in == nil || s.waitsBefore(fn, call) || s.callerWaits(fn) {
				continue
			}
			if locks := s.exclusive(fn, call); len(locks) > 0 {
				closes[k] = append(closes[k], closing{call, locks})
			}
		}
	}
}

// callerWaits reports whether a function of the package, but for tests, has waited for
// something before it calls fn.
func (s *Set) callerWaits(fn *ssa.Function) bool {
	return slices.ContainsFunc(s.Pkg.Sites(fn), func(site ssa.CallInstruction) bool {
		return !s.inTest(site.Parent()) && s.waitsBefore(site.Parent(), site)
	})
}

// exclusive are the locks that fn holds for itself at the instruction.
func (s *Set) exclusive(fn *ssa.Function, at ssa.Instruction) (list []access.Class) {
	held, _ := s.heldAt(fn, at)
	for _, h := range held {
		if c := h.Ref.Class(); h.Mode == skeleton.Exclusive && !c.IsZero() {
			list = append(list, c)
		}
	}
	return list
}

// removed is where the channel, or the object that it is in, was kept that the function
// is given and deletes.
func (s *Set) removed(fn *ssa.Function, ch ssa.Value) (k shelf) {
	whole := ch
	if load, ok := ch.(*ssa.UnOp); ok && load.Op == token.MUL {
		if fa, ok := load.X.(*ssa.FieldAddr); ok {
			whole, k.part = fa.X, access.FieldOf(fa.X.Type(), fa.Field)
		}
	}
	if _, ok := whole.(*ssa.Parameter); !ok {
		return shelf{}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if bi, ok := call.Call.Value.(*ssa.Builtin); ok && bi.Name() == "delete" {
					if k.in = ownField(call.Call.Args[0]); k.in != nil {
						return k
					}
				}
			}
		}
	}
	return shelf{}
}

func (s *Set) lateSend(list []LateSend, fn *ssa.Function, at ssa.Instruction, ch ssa.Value, closes map[shelf][]closing) []LateSend {
	k, take := s.keptIn(ch, 0)
	if k.in == nil || len(closes[k]) == 0 {
		return list
	}
	now, known := s.heldAt(fn, before(at))
	by := take.Parent() // fn, or what it calls to take it out
	then, _ := s.heldAt(by, take)
	holds := func(held []skeleton.Held, c access.Class) bool {
		return slices.ContainsFunc(held, func(h skeleton.Held) bool { return h.Ref.Class() == c })
	}
	if !known || slices.ContainsFunc(list, func(l LateSend) bool { return l.Func == fn }) {
		return list
	}
	for _, c := range closes[k] {
		if c.at.Parent() == fn || s.sameGoroutine(fn, c.at.Parent()) || s.alsoLocks(c.at.Parent(), now) || s.notes(fn, c.locks) || by != fn && s.notes(by, c.locks) || slices.ContainsFunc(c.locks, func(l access.Class) bool { return holds(now, l) }) {
			continue
		}
		i := slices.IndexFunc(then, func(h skeleton.Held) bool { return slices.Contains(c.locks, h.Ref.Class()) })
		if i >= 0 {
			return append(list, LateSend{Send: at, Func: fn, Take: take, Close: c.at, By: c.at.Parent(), Lock: skeleton.FieldName(then[i].Ref)})
		}
	}
	return list
}

// alsoLocks reports whether the function takes a lock of the class of one that is held:
// it may have told the other side so.
func (s *Set) alsoLocks(fn *ssa.Function, held []skeleton.Held) bool {
	fl := s.Pkg.Locks().Of(fn)
	return fl != nil && slices.ContainsFunc(fl.Events, func(ev *skeleton.Event) bool {
		return ev.Kind == skeleton.LockEvent && slices.ContainsFunc(held, func(h skeleton.Held) bool { return h.Ref.Class() == ev.Ref.Class() })
	})
}

// notes reports whether the function writes something under one of the locks, or counts
// itself: to say, it may be, that it is about to send.
func (s *Set) notes(fn *ssa.Function, locks []access.Class) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if _, ok := instr.Addr.(*ssa.FieldAddr); !ok {
					continue
				}
			case *ssa.MapUpdate:
			case *ssa.Call:
				if op, _ := s.Pkg.Op(&instr.Call); op.Kind != ops.WgAdd && op.Kind != ops.AtomicUpdate && op.Kind != ops.AtomicStore {
					continue
				}
			default:
				continue
			}
			held, _ := s.heldAt(fn, instr)
			if slices.ContainsFunc(held, func(h skeleton.Held) bool { return slices.Contains(locks, h.Ref.Class()) }) {
				return true
			}
		}
	}
	return false
}

// before is the instruction at which it is known what is held: of a select, the last load
// before it.
func before(at ssa.Instruction) ssa.Instruction {
	if _, ok := at.(*ssa.Select); !ok {
		return at
	}
	instrs := at.Block().Instrs
	for i := slices.Index(instrs, at) - 1; i >= 0; i-- {
		switch instrs[i].(type) {
		case *ssa.UnOp, *ssa.Lookup:
			return instrs[i]
		case ssa.CallInstruction:
			return at
		}
	}
	return at
}

// ownField is the field that a map or slice is loaded from, of this package and not
// exported; nil of others.
func ownField(v ssa.Value) *types.Var {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	if f := access.FieldOf(fa.X.Type(), fa.Field); f != nil && !f.Exported() {
		return f
	}
	return nil
}

// keptIn finds where the value was kept, and what took it out: an element, a key, or a
// field of one, also by way of a slice of the function's own.
func (s *Set) keptIn(v ssa.Value, depth int) (shelf, ssa.Instruction) {
	if depth > 6 {
		return shelf{}, nil
	}
	switch v := v.(type) {
	case *ssa.Lookup:
		return shelf{in: ownField(v.X)}, v
	case *ssa.Extract:
		switch tuple := v.Tuple.(type) {
		case *ssa.Lookup:
			if v.Index == 0 {
				return shelf{in: ownField(tuple.X)}, tuple
			}
		case *ssa.Next:
			if rng, ok := tuple.Iter.(*ssa.Range); ok && v.Index > 0 {
				return shelf{in: ownField(rng.X)}, tuple
			}
		case *ssa.Call:
			return s.allKeptIn(s.returnedBy(tuple, v.Index), depth)
		}
	case *ssa.Call:
		return s.allKeptIn(s.returnedBy(v, 0), depth)
	case *ssa.ChangeType:
		return s.keptIn(v.X, depth+1)
	case *ssa.UnOp:
		if v.Op != token.MUL {
			break
		}
		switch addr := v.X.(type) {
		case *ssa.IndexAddr:
			if f := ownField(addr.X); f != nil {
				return shelf{in: f}, v
			}
			return s.allKeptIn(s.elements(addr.X, make(map[ssa.Value]bool)), depth)
		case *ssa.FieldAddr:
			k, take := s.keptIn(addr.X, depth+1)
			if k.part != nil {
				return shelf{}, nil
			}
			k.part = access.FieldOf(addr.X.Type(), addr.Field)
			return k, take
		}
	case *ssa.Phi:
		return s.allKeptIn(v.Edges, depth)
	}
	return shelf{}, nil
}

// allKeptIn is where all the values were kept.
func (s *Set) allKeptIn(values []ssa.Value, depth int) (all shelf, take ssa.Instruction) {
	for i, v := range values {
		k, at := s.keptIn(v, depth+1)
		if k.in == nil || i > 0 && k != all {
			return shelf{}, nil
		}
		all, take = k, at
	}
	return all, take
}

// returnedBy lists what the called function of the package returns, but for nil, in its terms; nil
// where that is not known.
func (s *Set) returnedBy(call *ssa.Call, index int) (list []ssa.Value) {
	callee := call.Call.StaticCallee()
	if callee == nil || skeleton.Origin(callee).Pkg != call.Parent().Pkg {
		return nil
	}
	for _, b := range skeleton.Origin(callee).Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || index >= len(ret.Results) {
			continue
		}
		for _, v := range results(ret.Results[index]) {
			if c, ok := v.(*ssa.Const); !ok || !c.IsNil() {
				list = append(list, v)
			}
		}
	}
	return list
}

// elements are the values that are appended to a slice of the function's own, or of one that it
// calls for it; nil when it is not known what else is in it.
func (s *Set) elements(v ssa.Value, seen map[ssa.Value]bool) (list []ssa.Value) {
	if seen[v] {
		return nil
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Phi:
		for _, e := range v.Edges {
			list = append(list, s.elements(e, seen)...)
		}
	case *ssa.Call:
		bi, ok := v.Call.Value.(*ssa.Builtin)
		if !ok && v.Call.Signature().Results().Len() == 1 {
			if inner := s.returnedBy(v, 0); len(inner) > 0 {
				for _, r := range inner {
					list = append(list, s.elements(r, seen)...)
				}
				return list
			}
		}
		if !ok || bi.Name() != "append" || len(v.Call.Args) != 2 {
			return []ssa.Value{v}
		}
		list = s.elements(v.Call.Args[0], seen)
		sl, ok := v.Call.Args[1].(*ssa.Slice)
		if !ok {
			return []ssa.Value{v}
		}
		arr, ok := sl.X.(*ssa.Alloc)
		if !ok {
			return []ssa.Value{v}
		}
		for _, ref := range *arr.Referrers() {
			ia, ok := ref.(*ssa.IndexAddr)
			if !ok {
				continue
			}
			for _, ref := range *ia.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == ia {
					list = append(list, st.Val)
				}
			}
		}
	case *ssa.Slice:
		if _, ok := v.X.(*ssa.Alloc); !ok { // a new one, of make, is empty
			return s.elements(v.X, seen)
		}
	case *ssa.MakeSlice, *ssa.Const:
	default:
		return []ssa.Value{v}
	}
	return list
}
