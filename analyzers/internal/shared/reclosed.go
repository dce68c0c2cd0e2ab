package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Reclosed is a close of the channel of what a loop receives, while the same loop closes
// the channels of what it keeps in a map, too, and takes them out there. May: that what is
// received has been taken out before. Must: that nothing asks, between the receive and the
// close, whether it is still there.
type Reclosed struct {
	Close *ssa.Call
	Chan  *access.Ref
	Told  ssa.Instruction // the receive or select
	Taken ssa.Instruction // leads to the close of what is kept
}

// Reclosed returns those of the package.
func (s *Set) Reclosed() (list []Reclosed) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) || s.Pkg.Recovers(fn) {
			continue
		}
		for call := range closesIn(fn) {
			list = append(list, s.reclosed(call)...)
		}
	}
	return list
}

func (s *Set) reclosed(call *ssa.Call) (list []Reclosed) {
	object := call.Call.Args[0]
	ch := s.Pkg.Access.Of(object)
	if load, ok := object.(*ssa.UnOp); ok {
		if fa, ok := load.X.(*ssa.FieldAddr); ok {
			if ch.Kind != access.Field || s.renewedField(ch.Field) {
				return nil
			}
			object = fa.X
		}
	}
	if !takesOut(call.Parent(), object) {
		return nil
	}
	var told, kept []takenFrom
	s.takenFrom(takenFrom{at: call, v: object}, 0, &told, &kept)
	for _, t := range told {
		for _, k := range kept {
			k = s.climb(k, told)
			if k.at != t.at && k.at.Parent() == t.at.Parent() && skeleton.Reaches(k.at.Block(), t.from.Block()) {
				return append(list, Reclosed{Close: call, Chan: ch, Told: t.from, Taken: k.at})
			}
		}
	}
	return nil
}

// takesOut reports whether the function deletes the entry of the object in a map.
func takesOut(fn *ssa.Function, object ssa.Value) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if bi, ok := call.Call.Value.(*ssa.Builtin); ok && bi.Name() == "delete" && call.Call.Args[1] == object {
					return true
				}
			}
		}
	}
	return false
}

// takenFrom is where the object of a close comes from: at leads to the close, in the function
// that has received the object, or found it in a map.
type takenFrom struct {
	at    ssa.Instruction
	v     ssa.Value
	from  ssa.Instruction
	asked bool // something on the way asks about the object, or the map
}

// takenFrom climbs to those who hand the object to the function that closes.
func (s *Set) takenFrom(t takenFrom, depth int, told, kept *[]takenFrom) {
	fn := t.at.Parent()
	t.asked = t.asked || asksAbout(t.at)
	switch v := t.v.(type) {
	case *ssa.Parameter:
		i := slices.Index(fn.Params, v)
		if depth >= maxPassed || s.Pkg.UsedAsValue(fn) {
			return
		}
		for _, site := range s.Pkg.Sites(fn) {
			if call, ok := site.(*ssa.Call); ok && !call.Call.IsInvoke() && i < len(call.Call.Args) {
				s.takenFrom(takenFrom{at: call, v: call.Call.Args[i], asked: t.asked}, depth+1, told, kept)
			}
		}
	case *ssa.UnOp:
		if _, ok := v.X.Type().Underlying().(*types.Chan); ok && !t.asked {
			t.from = v
			*told = append(*told, t)
		}
	case *ssa.Extract:
		switch from := v.Tuple.(type) {
		case *ssa.Select:
			if !t.asked {
				t.from = from
				*told = append(*told, t)
			}
		case *ssa.Next:
			t.from = from
			*kept = append(*kept, t)
		}
	}
}

// climb goes from the function that has found the object to the one that is told, if that
// calls it.
func (s *Set) climb(k takenFrom, told []takenFrom) takenFrom {
	for _, t := range told {
		if k.at.Parent() == t.at.Parent() {
			return k
		}
		for _, site := range s.Pkg.Sites(k.at.Parent()) {
			if site.Parent() == t.at.Parent() {
				k.at = site
				return k
			}
		}
	}
	return k
}

// asksAbout reports whether anything but what is received, and turns of loops, decides about
// the instruction.
func asksAbout(at ssa.Instruction) bool {
	for br := range conditions(at) {
		if sel, _ := armOf(br.Cond); sel != nil {
			continue
		}
		if ex, ok := br.Cond.(*ssa.Extract); ok {
			switch ex.Tuple.(type) {
			case *ssa.Next, *ssa.Select:
				continue
			}
		}
		return true
	}
	return false
}
