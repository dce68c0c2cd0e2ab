package shared

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Restarted is a close, under a mark that lets it through once, of a channel that is made
// once; another method takes the mark back, and the package calls the one after the other.
// Must: with the mark back, the close is executed again.
type Restarted struct {
	Close *ssa.Call
	Chan  *access.Ref
	Mark  *access.Ref
	Back  ssa.Instruction // takes the mark back
	Both  ssa.Instruction // the call of who does, behind one of who closes
}

// Restarted returns those of the package.
func (s *Set) Restarted() (list []Restarted) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) || fn.Parent() != nil || s.Pkg.Recovers(fn) {
			continue
		}
		for call := range closesIn(fn) {
			ch := s.Pkg.Access.Of(call.Call.Args[0])
			if ch.Kind != access.Field || ch.Base.Kind != access.Param || !s.ownChan(ch.Field) || s.renewedField(ch.Field) {
				continue
			}
			if r, ok := s.restarted(fn, call, ch); ok {
				list = append(list, r)
			}
		}
	}
	return list
}

func (s *Set) restarted(fn *ssa.Function, call *ssa.Call, ch *access.Ref) (r Restarted, ok bool) {
	var at look
	var cond ssa.Value
	var truth bool
	for br, way := range conditions(call) {
		l := s.lookAt(br.Cond, 0)
		if cond != nil || l.ref == nil || l.ref.Kind != access.Field || l.ref.Base != ch.Base {
			return r, false // something else decides, too
		}
		at, cond, truth = l, br.Cond, way
	}
	if cond == nil {
		return r, false
	}
	shut := func(m mark) bool {
		goes, known := outcome(cond, at.value, m.value)
		return m.ref == at.ref && known && goes != truth
	}
	if !slices.ContainsFunc(s.marksBeside(fn, call, ch.Base), shut) {
		return r, false
	}
	for _, other := range s.Pkg.Funcs {
		if other == fn || s.inTest(other) || other.Parent() != nil {
			continue
		}
		for _, b := range other.Blocks {
			for _, instr := range b.Instrs {
				m, ok := s.markOf(other, instr)
				if !ok || m.ref.Field != at.ref.Field || s.owns(other, m.ref.Base) {
					continue
				}
				if goes, known := outcome(cond, at.value, m.value); !known || goes != truth {
					continue
				}
				if both := s.calledBehind(fn, other); both != nil {
					return Restarted{Close: call, Chan: ch, Mark: at.ref, Back: instr, Both: both}, true
				}
			}
		}
	}
	return r, false
}

// calledBehind returns a call of the method second on the object that first has been called
// on, in the same function, or nil.
func (s *Set) calledBehind(first, second *ssa.Function) ssa.Instruction {
	for _, a := range s.Pkg.Sites(first) {
		for _, b := range s.Pkg.Sites(second) {
			x, y := receiver(first, a), receiver(second, b)
			if a.Parent() == b.Parent() && x != nil && y != nil && s.Pkg.Access.Of(x) == s.Pkg.Access.Of(y) && after(a, b) && !s.inTest(a.Parent()) && !skeleton.IsDefer(a) {
				return b
			}
		}
	}
	return nil
}
