package shared

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
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
	// kept, if not nil, are the maps in fields that the channel is put into: it is followed there, and to
	// who calls a function that returns it.
	kept map[*types.Var]bool
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
		if cell != nil && f.kept != nil && r.Addr == cell {
			f.follow(cell) // with what else is in it
			return
		}
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
	case *ssa.MapUpdate:
		f.keep(v, r)
	case *ssa.Return:
		f.returned(v, r)
	case *ssa.Extract:
		if f.kept == nil || !isChan(r.Type()) {
			f.c.escapes = true
		} else {
			f.follow(r)
		}
	case *ssa.BinOp, *ssa.Phi:
		f.c.escapes = f.c.escapes || f.kept == nil
		if phi, ok := r.(*ssa.Phi); ok && !f.c.escapes {
			f.follow(phi)
		}
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

// keep follows a channel into a map in a field of the package, and out of it again: whatever is done
// with an element of the map, it may be done with this one.
func (f *flow) keep(v ssa.Value, put *ssa.MapUpdate) {
	r := f.s.Pkg.Access.Of(put.Map)
	if f.kept == nil || put.Value != v || r.Kind != access.Field || r.Field.Exported() || r.Field.Pkg() != f.s.Pass.Pkg {
		f.c.escapes = true
		return
	}
	if f.kept[r.Field] {
		return
	}
	f.kept[r.Field] = true
	for _, fn := range f.s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.FieldAddr:
					if access.FieldOf(instr.X.Type(), instr.Field) == r.Field {
						f.field(instr)
					}
				case *ssa.Field:
					if access.FieldOf(instr.X.Type(), instr.Field) == r.Field {
						f.c.escapes = true
					}
				}
			}
		}
	}
}

// field follows what is done with the map of a field.
func (f *flow) field(fa *ssa.FieldAddr) {
	for _, ref := range *fa.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			for _, use := range *ref.Referrers() {
				f.element(ref, use)
			}
		case *ssa.Store:
			_, made := ref.Val.(*ssa.MakeMap)
			if k, ok := ref.Val.(*ssa.Const); ref.Addr != fa || !made && !(ok && k.IsNil()) {
				f.c.escapes = true
			}
		default:
			f.c.escapes = true
		}
	}
}

// element follows what is taken out of a map.
func (f *flow) element(m *ssa.UnOp, use ssa.Instruction) {
	switch use := use.(type) {
	case *ssa.DebugRef:
	case *ssa.BinOp: // with nil
	case *ssa.Lookup:
		f.out(use, use.CommaOk, 0)
	case *ssa.Range:
		for _, r := range *use.Referrers() {
			if next, ok := r.(*ssa.Next); ok {
				f.out(next, true, 2)
			}
		}
	case *ssa.MapUpdate:
		if _, made := madeOf(use.Value).(*ssa.MakeChan); !made || use.Map != m {
			f.c.escapes = f.c.escapes || lastMade(f.s, use.Value) == nil
		}
	case ssa.CallInstruction:
		if bi, ok := use.Common().Value.(*ssa.Builtin); !ok || bi.Name() != "delete" && bi.Name() != "len" && bi.Name() != "clear" {
			f.c.escapes = true
		}
	default:
		f.c.escapes = true
	}
}

// lastMade is where a channel in a variable is made, nil if that is not one place.
func lastMade(s *Set, v ssa.Value) *ssa.MakeChan {
	r := s.Pkg.Access.Of(v)
	made, _ := r.Value.(*ssa.MakeChan)
	if r.Kind != access.Alloc {
		return nil
	}
	return made
}

// out follows an element that is taken out, or one part of a tuple.
func (f *flow) out(v ssa.Value, tuple bool, index int) {
	if !tuple {
		f.follow(v)
		return
	}
	for _, r := range *v.Referrers() {
		if x, ok := r.(*ssa.Extract); ok && x.Index == index {
			f.follow(x)
		}
	}
}

// returned follows a channel to those that call the function which returns it, also in a variable
// for its result.
func (f *flow) returned(v ssa.Value, ret *ssa.Return) {
	fn := ret.Parent()
	sites := f.s.Pkg.Sites(fn)
	if f.kept == nil || f.s.givenOut(fn) || len(sites) == 0 {
		f.c.escapes = true
		return
	}
	for _, site := range sites {
		call, ok := site.(*ssa.Call)
		if !ok {
			f.c.escapes = true
			return
		}
		for i, res := range ret.Results {
			if res == v {
				f.out(call, len(ret.Results) > 1, i)
			}
		}
	}
}
