package shared

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
)

// A OneSided is an operation on a channel in a field that has no other side: all channels that
// get into the field, and where they get from there, are in sight, and nothing sends on one
// or closes it, or nothing receives from one. Must: that it blocks for ever when it is executed.
type OneSided struct {
	At    ssa.Instruction // a send, a receive, or a select with one case
	Chan  *access.Ref
	Sends bool
	Made  *ssa.MakeChan // the first place where such a channel is made
}

// OneSided returns those of the package, in the order of the source.
func (s *Set) OneSided() (list []OneSided) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	for _, c := range s.chanFields() {
		if c.escapes || c.tested || !c.made() {
			continue
		}
		switch {
		case len(c.sends) == 0 && len(c.closes) == 0:
			list = s.oneSided(list, c, c.receives, false)
		case len(c.receives) == 0 && c.room == 0:
			list = s.oneSided(list, c, c.sends, true)
		}
	}
	slices.SortFunc(list, func(a, b OneSided) int { return cmp.Compare(a.At.Pos(), b.At.Pos()) })
	return list
}

func (s *Set) oneSided(list []OneSided, c *chanField, all []chanOp, sends bool) []OneSided {
	for _, o := range all {
		var ch ssa.Value
		switch at := o.at.(type) {
		case *ssa.Send:
			ch = at.Chan
		case *ssa.UnOp:
			ch = at.X
		case *ssa.Select:
			if !at.Blocking || len(at.States) > 1 {
				continue
			}
			ch = at.States[0].Chan
		}
		// A parameter can be a channel of another field as well.
		if only := s.chanOut(ch); only == c {
			list = append(list, OneSided{At: o.at, Chan: s.Pkg.Access.Of(ch), Sends: sends, Made: c.sites[0]})
		}
	}
	return list
}
