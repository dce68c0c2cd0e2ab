package shared

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// localChans returns what the package does with each channel that one of its functions makes
// and that gets no further than the functions of the package which it is handed to: it is in
// no field, slice or map, is returned by nobody and sent to nobody.
func (s *Set) localChans() []*chanField {
	if s.locals == nil {
		s.locals = s.findLocalChans()
	}
	return s.locals
}

func (s *Set) findLocalChans() []*chanField {
	list := make([]*chanField, 0)
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) || s.Pkg.InTestFile(fn) && !s.Pkg.OnlyTests() {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				made, ok := instr.(*ssa.MakeChan)
				if !ok {
					continue
				}
				size, ok := made.Size.(*ssa.Const)
				if !ok {
					continue
				}
				f := &flow{s: s, c: &chanField{sites: []*ssa.MakeChan{made}, room: size.Int64()}, seen: make(map[ssa.Value]bool)}
				f.follow(made)
				if !f.c.escapes {
					list = append(list, f.c)
				}
			}
		}
	}
	return list
}

// A flow follows a channel from where it is made.
type flow struct {
	s    *Set
	c    *chanField
	seen map[ssa.Value]bool
}

// maxFlow bounds the values that are looked at for one channel.
const maxFlow = 200

// follow notes what is done with a value that is the channel, or the variable that it is in.
func (f *flow) follow(v ssa.Value) {
	if f.seen[v] || f.c.escapes {
		return
	}
	f.seen[v] = true
	refs := v.Referrers()
	if refs == nil || len(f.seen) > maxFlow {
		f.c.escapes = true
		return
	}
	for _, r := range *refs {
		f.use(v, r)
	}
}

func (f *flow) use(v ssa.Value, instr ssa.Instruction) {
	_, variable := v.Type().Underlying().(*types.Pointer)
	switch r := instr.(type) {
	case *ssa.DebugRef:
	case *ssa.ChangeType:
		f.follow(r)
	case *ssa.Store:
		if r.Addr == v {
			return // of the channel itself, which is all that is stored there
		}
		cell := f.s.Pkg.Access.Cell(r.Addr)
		if cell == nil || f.s.Pkg.Access.StoredOnce(cell) == nil {
			f.c.escapes = true
			return
		}
		f.follow(cell)
	case *ssa.MakeClosure:
		fn := r.Fn.(*ssa.Function)
		for i, b := range r.Bindings {
			if b == v {
				f.follow(fn.FreeVars[i])
			}
		}
	case *ssa.UnOp:
		if variable {
			f.follow(r)
		} else {
			f.c.receives = append(f.c.receives, chanOp{r, -1})
		}
	case *ssa.Send:
		if r.X == v {
			f.c.escapes = true
		} else {
			f.c.sends = append(f.c.sends, chanOp{r, -1})
		}
	case *ssa.Select:
		for i, st := range r.States {
			switch {
			case st.Send == v:
				f.c.escapes = true
			case st.Chan != v:
			case st.Dir == types.SendOnly:
				f.c.sends = append(f.c.sends, chanOp{r, i})
			default:
				f.c.receives = append(f.c.receives, chanOp{r, i})
			}
		}
	case ssa.CallInstruction:
		f.call(v, r)
	default:
		f.c.escapes = true
	}
}

// call notes what becomes of the channel as an argument.
func (f *flow) call(v ssa.Value, call ssa.CallInstruction) {
	common := call.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "close":
			f.c.closes = append(f.c.closes, chanOp{call, -1})
		case "len", "cap":
		default:
			f.c.escapes = true
		}
		return
	}
	fns, complete := f.s.Pkg.Callees(call)
	if !complete || len(fns) == 0 || common.IsInvoke() {
		f.c.escapes = true
		return
	}
	for _, fn := range fns {
		fn = skeleton.Origin(fn)
		for i, arg := range common.Args {
			if arg != v {
				continue
			}
			if i >= len(fn.Params) {
				f.c.escapes = true
				return
			}
			f.follow(fn.Params[i])
		}
	}
}
