package shared

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// FarAdds returns the Adds by which a function that only ever runs as a goroutine of its
// own counts itself, in a group that another method of the object waits for: whoever
// starts it cannot know that it has come to its Add.
func (s *Set) FarAdds() (list []LateAdd) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) || s.Pkg.InTestFile(fn) || fn.Signature.Recv() == nil {
			continue
		}
		start := s.onlyStarted(fn)
		if start == nil {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				group, add := s.countedBy(call, ops.WgAdd)
				if group == nil {
					continue
				}
				if wait := s.farWait(fn, call, group, add); wait != nil {
					list = append(list, LateAdd{Go: start, Add: call, Wait: wait, Name: group.String()})
				}
			}
		}
	}
	return list
}

// onlyStarted is a go statement that starts the function, if nothing runs it otherwise.
func (s *Set) onlyStarted(fn *ssa.Function) (start ssa.CallInstruction) {
	if s.Pkg.UsedAsValue(fn) || s.bound[fn.Object()] {
		return nil
	}
	for _, site := range s.Pkg.Sites(fn) {
		if s.inTest(site.Parent()) {
			continue
		}
		if _, spawn := site.(*ssa.Go); !spawn {
			return nil
		}
		if start == nil || start.Parent() == fn {
			start = site
		}
	}
	return start
}

// farWait is the Wait, in another function, for the group that the call adds to, if it is
// a field of the receiver that nothing else adds to, and fn says by nothing else that it
// has come so far.
// leaf is the Add itself, where add is a call that leads to it.
func (s *Set) farWait(fn *ssa.Function, add *ssa.Call, ref *access.Ref, leaf *ssa.Call) ssa.Instruction {
	class := ref.Class()
	if ref.Kind != access.Field || ref.Root().Value != ssa.Value(fn.Params[0]) || !s.onlyAdd(class, leaf) || !s.countsItself(fn, ref) {
		return nil
	}
	said := s.releasesAfter(&thread{fn: fn, ops: s.ops(fn)}, &Access{At: add, Leaf: add})
	said = slices.DeleteFunc(said, func(o syncOp) bool { // an element can be anybody's
		return o.ref == nil || o.ref == ref || o.medium != byChannel && o.medium != byGroup || o.ref.Class().IsZero() || o.ref.Class().Elem
	})
	var wait ssa.Instruction
	for _, other := range s.Pkg.Funcs {
		if skeleton.Outermost(other) == fn || s.inTest(other) {
			continue
		}
		for _, o := range s.ops(other) {
			if !o.acquire || o.ref == nil {
				continue
			}
			if slices.ContainsFunc(said, func(r syncOp) bool {
				return r.ref.Class() == o.ref.Class() && (!r.receive || s.startsIn(fn, other)) // others send it what it is to work on
			}) {
				return nil
			}
			if call, ok := o.at.(*ssa.Call); ok && o.medium == byGroup && o.ref.Class() == class && s.lockedBefore(fn, add, other, call) {
				return nil
			}
			if call, ok := o.at.(*ssa.Call); ok && wait == nil && o.medium == byGroup && o.ref.Class() == class && s.waitsGroup(call) {
				wait = call
			}
		}
	}
	return wait
}

// countedBy returns the group that the call adds to, or is done in, and the call that does it: the
// call itself, or the only one in a function that does nothing else, as enter of a tracker.
func (s *Set) countedBy(call ssa.CallInstruction, kind ops.Kind) (group *access.Ref, at *ssa.Call) {
	op, x := s.Pkg.Op(call.Common())
	at, _ = call.(*ssa.Call)
	if op.Kind == kind && x != nil {
		return s.Pkg.Access.Of(x), at
	}
	if op.Kind != ops.None || call.Common().IsInvoke() {
		return nil, nil
	}
	fns, complete := s.Pkg.Callees(call)
	if !complete || len(fns) != 1 || len(fns[0].Blocks) != 1 {
		return nil, nil
	}
	r := run{fn: fns[0], args: call.Common().Args}
	for _, instr := range fns[0].Blocks[0].Instrs {
		inner, ok := instr.(*ssa.Call)
		if !ok {
			continue
		}
		op, x := s.Pkg.Op(&inner.Call)
		if op.Kind != kind || x == nil || at != nil && at != call {
			return nil, nil
		}
		group, at = s.translate(r, s.Pkg.Access.Of(x)), inner
	}
	return group, at
}

// lockedBefore reports whether who waits takes a lock first that is held at the Add: what it
// changes there can tell those that come later that they must not add any more.
func (s *Set) lockedBefore(fn *ssa.Function, add ssa.Instruction, other *ssa.Function, wait ssa.Instruction) bool {
	held, _ := s.heldAt(fn, add)
	at := classes(held)
	return slices.ContainsFunc(s.ops(other), func(o syncOp) bool {
		if o.medium != byLock || !o.acquire || o.ref == nil || !after(o.at, wait) {
			return false
		}
		_, same := at[o.ref.Class().Var]
		return same && o.ref.Class().Var != nil
	})
}

// startsIn reports whether the other function starts fn.
func (s *Set) startsIn(fn, other *ssa.Function) bool {
	return slices.ContainsFunc(s.Pkg.Sites(fn), func(site ssa.CallInstruction) bool { return site.Parent() == other })
}

// waitsGroup reports whether the call is the Wait of a group.
func (s *Set) waitsGroup(call *ssa.Call) bool {
	op, _ := s.Pkg.Op(&call.Call)
	return op.Kind == ops.WgWait
}

// countsItself reports whether the function has deferred the Done of the group.
func (s *Set) countsItself(fn *ssa.Function, group *access.Ref) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok {
				if ref, _ := s.countedBy(d, ops.WgDone); ref == group {
					return true
				}
			}
		}
	}
	return false
}
