package shared

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A LeftClosed is a close of a channel that is found by its key in a map, and stays in the map,
// while another function sends on what is in there. May: that it does so afterwards. Must: that
// the function which closes, what it calls and who calls it take nothing out of the map, and
// leave no mark on what they have closed.
type LeftClosed struct {
	Close *ssa.Call
	Map   *types.Var
	Send  ssa.Instruction
}

// LeftClosed returns those of the package.
func (s *Set) LeftClosed() (list []LeftClosed) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	s.findContexts()
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) || s.Pkg.Recovers(fn) {
			continue
		}
		for call := range closesIn(fn) {
			k, at := s.keptIn(call.Call.Args[0], 0)
			if _, found := at.(*ssa.Lookup); !found || k.in == nil || skeleton.Follows(call, call) || s.takesFrom(k.in, fn) || marks(call) {
				continue
			}
			if send := s.sendsTo(k, fn); send != nil {
				list = append(list, LeftClosed{Close: call, Map: k.in, Send: send})
			}
		}
	}
	return list
}

// takesFrom reports whether the function, one that it calls or one that calls it takes
// anything out of the map, or puts another thing in.
func (s *Set) takesFrom(in *types.Var, fn *ssa.Function) bool {
	near := append([]*ssa.Function{fn}, s.callees(fn)...)
	for _, site := range s.Pkg.Sites(fn) {
		near = append(near, skeleton.Outermost(site.Parent()))
		near = append(near, s.callees(site.Parent())...)
	}
	for _, f := range near {
		for _, f := range skeleton.Family(skeleton.Outermost(f)) {
			for _, b := range f.Blocks {
				for _, instr := range b.Instrs {
					if s.changesMap(instr, in) {
						return true
					}
				}
			}
		}
	}
	return false
}

// changesMap reports whether the instruction takes something out of the map, sets an entry
// of it, or puts another map in its place.
func (s *Set) changesMap(instr ssa.Instruction, in *types.Var) bool {
	of := func(m ssa.Value) bool { return s.Pkg.Access.Of(m).Class().Var == in }
	switch instr := instr.(type) {
	case *ssa.MapUpdate:
		return of(instr.Map)
	case *ssa.Store:
		return of(instr.Addr)
	case *ssa.Call:
		if bi, ok := instr.Call.Value.(*ssa.Builtin); ok {
			return (bi.Name() == "delete" || bi.Name() == "clear") && of(instr.Call.Args[0])
		}
		for _, arg := range instr.Call.Args { // maps.DeleteFunc and its like
			if _, isMap := arg.Type().Underlying().(*types.Map); isMap && of(arg) {
				return true
			}
		}
	}
	return false
}

// marks reports whether the function sets a field of an object whose channel it closes: others
// can ask for that.
func marks(call *ssa.Call) bool {
	load, ok := call.Call.Args[0].(*ssa.UnOp)
	if !ok {
		return false
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	for _, r := range *fa.X.Referrers() {
		switch r := r.(type) {
		case *ssa.FieldAddr:
			for _, use := range *r.Referrers() {
				switch use.(type) {
				case *ssa.Store, ssa.CallInstruction: // of an atomic or the like
					return true
				}
			}
		case ssa.CallInstruction:
			return true
		}
	}
	return false
}

// sendsTo returns a send, of another function that can run after it, on what is kept there.
func (s *Set) sendsTo(k shelf, not *ssa.Function) ssa.Instruction {
	for _, fn := range s.Pkg.Funcs {
		if c := s.contexts[fn]; fn == not || s.inTest(fn) || c == nil || !c.api && len(c.by) == 0 || s.Pkg.Recovers(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				for _, ch := range sentOn(instr) {
					if to, _ := s.keptIn(ch, 0); to == k {
						return instr
					}
				}
			}
		}
	}
	return nil
}

// sentOn are the channels that the instruction sends on.
func sentOn(instr ssa.Instruction) (list []ssa.Value) {
	switch instr := instr.(type) {
	case *ssa.Send:
		return []ssa.Value{instr.Chan}
	case *ssa.Select:
		for _, st := range instr.States {
			if st.Dir == types.SendOnly {
				list = append(list, st.Chan)
			}
		}
	}
	return list
}
