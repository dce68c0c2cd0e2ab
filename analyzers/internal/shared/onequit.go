package shared

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A OneQuit is a single send of a value that ends the goroutine which receives it, before a Wait
// for all of them, where several goroutines are started: the others go on. Must: that the channel
// is in a field and all that happens to it in sight, that nothing closes it or sends on it
// otherwise, and that each of the goroutines is counted. May: that the loop which starts them has
// more than one turn.
type OneQuit struct {
	Send  ssa.Instruction
	Chan  *access.Ref
	Wait  ssa.Instruction
	Start ssa.CallInstruction
}

// OneQuits returns those of the package, in the order of the source.
func (s *Set) OneQuits() (list []OneQuit) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	for _, c := range s.chanFields() {
		if c.escapes || c.tested || !c.made() || len(c.closes) > 0 || len(c.sends) != 1 || len(c.receives) == 0 {
			continue
		}
		send, ok := c.sends[0].at.(*ssa.Send)
		if !ok || s.repeated(send, 0) {
			continue
		}
		var start ssa.CallInstruction
		for _, r := range c.receives {
			if start = s.manyEnd(r); start == nil {
				break
			}
		}
		if start == nil {
			continue
		}
		for _, op := range s.ops(send.Parent()) {
			if op.medium == byGroup && op.acquire && after(send, op.at) && s.ends(c.receives[0].fn(), &op) {
				list = append(list, OneQuit{Send: send, Chan: s.Pkg.Access.Of(send.Chan), Wait: op.at, Start: start})
				break
			}
		}
	}
	return list
}

// repeated reports whether the instruction is executed in a loop, here or in what calls the
// function.
func (s *Set) repeated(at ssa.Instruction, depth int) bool {
	if skeleton.Loops(at) || depth > 3 {
		return true
	}
	fn := at.Parent()
	sites := s.Pkg.Sites(fn)
	if len(sites) == 0 {
		sites = s.startsOf(fn)
	}
	return slices.ContainsFunc(sites, func(c ssa.CallInstruction) bool { return c.Parent() != fn && s.repeated(c, depth+1) })
}

// manyEnd returns what starts the goroutine of a receive in a loop, of one object, if the goroutine
// does nothing more when it has received there.
func (s *Set) manyEnd(r chanOp) ssa.CallInstruction {
	fn := r.fn()
	from := r.at.Block()
	if sel, ok := r.at.(*ssa.Select); ok {
		from = armBlock(sel, r.arm)
	}
	if from == nil || from == r.at.Block() && skeleton.Loops(r.at) {
		return nil
	}
	for b := range reachable(from) {
		if b == r.at.Block() && from != b {
			return nil
		}
	}
	starts := s.startsOf(fn)
	if len(starts) == 0 || len(s.Pkg.Sites(fn)) > len(starts) {
		return nil
	}
	for _, start := range starts {
		if !skeleton.Loops(start) || !s.outlasts(start) {
			return nil
		}
	}
	return starts[0]
}

// outlasts reports whether what the goroutine is given is not made anew for each turn of the
// loop that starts it.
func (s *Set) outlasts(start ssa.CallInstruction) bool {
	given := slices.Clone(start.Common().Args)
	for i := 0; i < len(given); i++ {
		if mc, ok := given[i].(*ssa.MakeClosure); ok {
			given = append(given, mc.Bindings...)
		}
	}
	if mc, ok := start.Common().Value.(*ssa.MakeClosure); ok {
		given = append(given, mc.Bindings...)
	}
	found := false
	for _, v := range given {
		if structOf(v.Type()) == nil {
			continue
		}
		root := s.Pkg.Access.Of(v).Root()
		if root.Kind != access.Param {
			return false
		}
		found = true
	}
	return found
}
