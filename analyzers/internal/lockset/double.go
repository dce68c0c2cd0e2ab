package lockset

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Double is a lock that is taken by the goroutine that holds it.
type Double struct {
	Event *skeleton.Event
	Ref   *access.Ref
	Mode  skeleton.Mode // in which it is taken again
	Held  skeleton.Mode // in which it is held
	// At is what took it first; nil when it is what runs a callback, which
	// has it at By.
	At ssa.Instruction
	By string
	// Chain leads to the second Lock through calls.
	Chain []skeleton.Step
	// SecondAt is where the called function does it or calls on.
	SecondAt token.Pos
	// Impl is the implementation of an interface method that does it, one of many.
	Impl *ssa.Function
	// Loop says that the second Lock is the first one in the next turn.
	Loop bool
	// Always says that it is held on all paths.
	Always bool
}

// double finds the locks that are taken while they are held. Shared twice is
// told apart: it blocks only once a writer waits, so there must be one.
func (s *Set) double(fl *skeleton.FuncLocks) {
	for _, ev := range fl.Events {
		switch ev.Kind {
		case skeleton.LockEvent:
			if ev.Try || ev.Opaque {
				continue
			}
			if d, ok := s.held(ev, ev.Ref, ev.Mode); ok {
				d.Loop = d.At == ev.Instr
				if d.Loop && len(fl.Released[ev.Instr]) > 0 {
					continue // a missing unlock
				}
				s.Double = append(s.Double, d)
			}
		case skeleton.CallEvent:
			if ev.Registered == nil {
				s.doubleCall(ev)
			}
		}
	}
	for _, ev := range fl.Events {
		if ev.Registered != nil {
			s.doubleCall(ev) // where nothing better is known
		}
	}
	for _, ev := range fl.Events {
		if call, ok := ev.Instr.(*ssa.Call); ok && ev.Kind == skeleton.HeldCall && call.Call.IsInvoke() {
			s.doubleImpl(ev, call)
		}
	}
}

// doubleImpl looks at the call of an interface method that is given the object whose lock
// is held: an implementation in the package may take this.
func (s *Set) doubleImpl(ev *skeleton.Event, call *ssa.Call) {
	at := func(d Double) bool { return d.Event.Instr == ev.Instr }
	if asked(call) || slices.ContainsFunc(s.Double, at) {
		return
	}
	for _, impl := range ev.Callees {
		fl := s.Locks.Of(impl)
		if fl == nil || s.Pkg.InTestFile(impl) || !s.passed(call, impl) {
			continue
		}
		for _, a := range fl.Summary.Acquires {
			pm, ok := a.Ref.Root().Value.(*ssa.Parameter)
			if !ok || pm == impl.Params[0] || len(a.When) > 0 || a.Registered {
				continue
			}
			ref := s.inCaller(call, impl, a.Ref)
			if ref == nil {
				continue
			}
			if d, ok := s.held(ev, ref, a.Mode); ok && d.Always {
				d.Impl, d.Chain, d.SecondAt = impl, a.Chain, a.At
				s.Double = append(s.Double, d)
				return
			}
		}
		for _, c := range fl.Summary.Calls {
			if c.Method != nil && s.callsBackImpl(ev, call, impl, &c) {
				return
			}
		}
	}
}

// passed reports whether the value whose method is called can be of the implementation's type:
// it is not when it is a parameter, and all that call the function pass others.
func (s *Set) passed(call *ssa.Call, impl *ssa.Function) bool {
	p, ok := call.Call.Value.(*ssa.Parameter)
	if !ok {
		return true
	}
	fn := p.Parent()
	if obj := fn.Object(); obj == nil || obj.Exported() || s.Pkg.UsedAsValue(fn) {
		return true
	}
	i := slices.Index(fn.Params, p)
	sites := s.Pkg.Sites(fn)
	return len(sites) == 0 || slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
		args := site.Common().Args
		if site.Common().IsInvoke() || i >= len(args) {
			return true
		}
		mi, ok := args[i].(*ssa.MakeInterface)
		if !ok {
			return true
		}
		recv := impl.Signature.Recv().Type()
		return types.Identical(mi.X.Type(), recv) || types.Identical(mi.X.Type(), types.NewPointer(recv))
	})
}

// callsBackImpl looks at what an implementation calls of an interface value that it is given:
// the object whose lock is held, it may be.
func (s *Set) callsBackImpl(ev *skeleton.Event, call *ssa.Call, impl *ssa.Function, c *skeleton.ParamCall) bool {
	i := c.Param - 1 // without the receiver
	if i < 0 || i >= len(call.Call.Args) {
		return false
	}
	fn, recv := s.Pkg.MethodOf(call.Call.Args[i], c.Method)
	if fn == nil {
		return false
	}
	fl := s.Locks.Of(fn)
	if fl == nil {
		return false
	}
	for _, a := range fl.Summary.Acquires {
		if a.Ref.Root().Value != fn.Params[0] || len(a.When) > 0 || a.Registered {
			continue
		}
		ref := s.Pkg.Access.Subst(a.Ref, func(*access.Ref) *access.Ref { return s.Pkg.Access.Of(recv) })
		if d, ok := s.held(ev, ref, a.Mode); ref != nil && ok && d.Always {
			d.Impl, d.SecondAt = impl, a.At
			d.Chain = append([]skeleton.Step{{Name: skeleton.FuncName(fn), Pos: c.At}}, a.Chain...)
			s.Double = append(s.Double, d)
			return true
		}
	}
	return false
}

// asked reports whether a condition that leads to the call asks the value which of the
// implementations it is.
func asked(call *ssa.Call) bool {
	var asks func(v ssa.Value, depth int) bool
	asks = func(v ssa.Value, depth int) bool {
		switch v := v.(type) {
		case *ssa.TypeAssert:
			return v.X == call.Call.Value
		case *ssa.Call:
			return v.Call.IsInvoke() && v.Call.Value == call.Call.Value && !types.Identical(v.Type(), types.Universe.Lookup("error").Type())
		case *ssa.UnOp:
			return v.Op == token.NOT && asks(v.X, depth)
		case *ssa.BinOp:
			return depth < 4 && (asks(v.X, depth+1) || asks(v.Y, depth+1))
		case *ssa.Extract:
			return asks(v.Tuple, depth)
		case *ssa.Phi:
			return depth < 4 && slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return asks(e, depth+1) })
		}
		return false
	}
	for _, b := range call.Parent().Blocks {
		if cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok && b.Dominates(call.Block()) && b != call.Block() && asks(cond.Cond, 0) {
			return true
		}
	}
	return false
}

func (s *Set) doubleCall(ev *skeleton.Event) {
	for _, a := range ev.Acquires {
		d, ok := s.held(ev, a.Ref, a.Mode)
		if !ok {
			for _, by := range ev.ByHeld {
				if by.Ref == a.Ref && s.blocks(by.Mode, a.Mode, a.Ref) {
					d, ok = Double{Event: ev, Ref: a.Ref, Mode: a.Mode, Held: by.Mode, By: ev.ByPos, Always: true}, true
					break
				}
			}
		}
		if ok && d.At != nil && (!d.Always || d.At == ev.Instr) && s.leftByTurn(d.At) {
			continue // the missing unlock is reported
		}
		if ok && d.At != nil && s.leftByDrop(d.At) {
			continue // so is the key that was dropped
		}
		if ok && ev.Registered != nil && slices.ContainsFunc(s.Double, func(e Double) bool { return e.Event.Instr == ev.Instr }) {
			return // one of what is registered is enough
		}
		if ok {
			d.Chain, d.SecondAt = a.Chain, a.At
			s.Double = append(s.Double, d)
			return // one for each call
		}
	}
}

// leftByTurn reports whether a missing unlock is reported for the lock.
func (s *Set) leftByTurn(at ssa.Instruction) bool {
	return slices.ContainsFunc(s.Missing, func(m Missing) bool { return m.Lock.At == at && m.Way == ByLoop })
}

// leftByDrop reports whether a dropped key is reported for the lock.
func (s *Set) leftByDrop(at ssa.Instruction) bool {
	return slices.ContainsFunc(s.Missing, func(m Missing) bool { return m.Lock.At == at && m.Way == ByDrop })
}

// held looks for the lock among those held at the event.
func (s *Set) held(ev *skeleton.Event, ref *access.Ref, mode skeleton.Mode) (d Double, found bool) {
	n := 0
	for _, st := range ev.States {
		i := slices.IndexFunc(st, func(h skeleton.Held) bool {
			return h.Ref == ref && !h.Stale && h.At != nil && s.blocks(h.Mode, mode, ref)
		})
		if i < 0 {
			continue
		}
		n++
		if !found {
			d = Double{Event: ev, Ref: ref, Mode: mode, Held: st[i].Mode, At: st[i].At}
			found = true
		}
	}
	d.Always = n == len(ev.States)
	if found && (s.unlockedElsewhere(ev.Fn, ref) || d.Held == skeleton.Shared && mode == skeleton.Shared && !s.writerElsewhere(ev.Fn, ref)) {
		return Double{}, false
	}
	return d, found
}

// unlockedElsewhere reports whether the lock is a variable that another function unlocks
// without having it: who waits for it is let go by that.
func (s *Set) unlockedElsewhere(fn *ssa.Function, ref *access.Ref) bool {
	return s.elsewhere(fn, ref, func(ev *skeleton.Event) bool {
		return ev.Kind == skeleton.UnlockEvent && !ev.Matched && !ev.Deferred
	})
}

// writerElsewhere reports whether a lock that is a variable is taken for writing where that
// can be at the same time: otherwise those who read in turn wait for nobody.
func (s *Set) writerElsewhere(fn *ssa.Function, ref *access.Ref) bool {
	if s.Pkg.InTest(fn) && !startsAny(fn) {
		return false // a test that starts nobody knows that there is no writer
	}
	a, ok := ref.Root().Value.(*ssa.Alloc)
	if !ok {
		return true
	}
	if a.Parent() != fn && slices.ContainsFunc(s.Pkg.Closures(fn), func(mc *ssa.MakeClosure) bool { return skeleton.Loops(mc) }) {
		return true // fn runs several times
	}
	u := s.classes[ref.Class()]
	return u != nil && u.loose && u.spread || s.elsewhere(fn, ref, func(ev *skeleton.Event) bool {
		return ev.Kind == skeleton.LockEvent && ev.Mode == skeleton.Exclusive || ev.Kind == skeleton.CallEvent && slices.ContainsFunc(ev.Acquires, func(a skeleton.Acquire) bool {
			return a.Mode == skeleton.Exclusive && a.Ref.Class() == ref.Class()
		})
	})
}

// startsAny reports whether the function, or a literal in it, has a go statement.
func startsAny(fn *ssa.Function) bool {
	return slices.ContainsFunc(skeleton.Family(skeleton.Outermost(fn)), func(f *ssa.Function) bool {
		return slices.ContainsFunc(f.Blocks, func(b *ssa.BasicBlock) bool {
			return slices.ContainsFunc(b.Instrs, func(i ssa.Instruction) bool { _, ok := i.(*ssa.Go); return ok })
		})
	})
}

// elsewhere reports whether a function with another one's variable, a lock, does what is asked
// for with it: the function that declares it, or a literal in that.
func (s *Set) elsewhere(fn *ssa.Function, ref *access.Ref, does func(*skeleton.Event) bool) bool {
	a, ok := ref.Root().Value.(*ssa.Alloc)
	if !ok || ref.Class().IsZero() {
		return false
	}
	for _, f := range skeleton.Family(skeleton.Outermost(a.Parent())) {
		fl := s.Locks.Of(f)
		if f == fn || fl == nil {
			continue
		}
		for _, ev := range fl.Events {
			if (ev.Ref == nil || ev.Ref.Class() == ref.Class()) && does(ev) {
				return true
			}
		}
	}
	return false
}

// blocks reports whether taking a lock in one mode while holding it in the
// other blocks for ever.
func (s *Set) blocks(held, want skeleton.Mode, ref *access.Ref) bool {
	if conflict(held, want) {
		return true
	}
	u := s.classes[ref.Class()]
	return u != nil && u.lock && !ref.Class().IsZero()
}
