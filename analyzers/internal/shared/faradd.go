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
				if wait := s.farWait(fn, call); wait != nil {
					_, x := s.Pkg.Op(&call.Call)
					list = append(list, LateAdd{Go: start, Add: call, Wait: wait, Name: s.Pkg.Access.Of(x).String()})
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
func (s *Set) farWait(fn *ssa.Function, add *ssa.Call) ssa.Instruction {
	op, x := s.Pkg.Op(&add.Call)
	if op.Kind != ops.WgAdd || x == nil {
		return nil
	}
	ref := s.Pkg.Access.Of(x)
	class := ref.Class()
	if ref.Kind != access.Field || ref.Root().Value != ssa.Value(fn.Params[0]) || !s.onlyAdd(class, add) || !s.countsItself(fn, ref) {
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
				if op, x := s.Pkg.Op(&d.Call); op.Kind == ops.WgDone && s.Pkg.Access.Of(x) == group {
					return true
				}
			}
		}
	}
	return false
}
