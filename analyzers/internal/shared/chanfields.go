package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
)

// A chanOp is a send, a receive or a close of a channel that is kept in a field.
type chanOp struct {
	at  ssa.Instruction
	arm int // of a select, -1 for one that stands alone
}

func (o chanOp) fn() *ssa.Function { return o.at.Parent() }

// A chanField is what the package does, tests aside, with the channels that are kept in an
// unexported field, whichever object the field is of.
type chanField struct {
	field                   *types.Var    // nil of one that its function keeps to itself
	site                    *ssa.MakeChan // of such a one
	room                    int64         // the largest capacity that is given to one; if it is not known, 1
	made                    bool
	sends, receives, closes []chanOp
	// escapes says that other channels are put there as well, or that these are handed to
	// what is not followed.
	escapes bool
}

// maxPassed bounds how many calls deep a channel that is handed to a function is followed.
const maxPassed = 3

// chanFields returns the fields of the package that hold channels.
func (s *Set) chanFields() map[*types.Var]*chanField {
	if s.chans != nil {
		return s.chans
	}
	s.chans = make(map[*types.Var]*chanField)
	kept := make(map[ssa.Value]*types.Var) // where a channel that is made is put
	stores := func(yield func(*ssa.Store, *types.Var)) {
		for _, fn := range s.Pkg.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					st, ok := instr.(*ssa.Store)
					if !ok {
						continue
					}
					if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
						if f := access.FieldOf(fa.X.Type(), fa.Field); s.ownChan(f) {
							yield(st, f)
						}
					}
				}
			}
		}
	}
	stores(func(st *ssa.Store, f *types.Var) {
		c := s.chanOf(f)
		switch made := madeChan(s.Pkg.Access.Of(st.Val).Value, st.Val).(type) {
		case *ssa.MakeChan:
			kept[made] = f
			size, ok := made.Size.(*ssa.Const)
			c.made = true
			if ok {
				c.room = max(c.room, size.Int64())
			} else {
				c.room = max(c.room, 1)
			}
		default:
			if k, ok := st.Val.(*ssa.Const); !ok || !k.IsNil() {
				c.escapes = true
			}
		}
	})
	for _, fn := range s.Pkg.Funcs {
		if !s.inTest(fn) {
			s.chanOps(fn, kept)
		}
	}
	return s.chans
}

// madeChan is the make of a channel, seen through its conversion to one direction.
func madeChan(values ...ssa.Value) ssa.Value {
	for _, v := range values {
		if c, ok := v.(*ssa.ChangeType); ok {
			v = c.X
		}
		if m, ok := v.(*ssa.MakeChan); ok {
			return m
		}
	}
	return nil
}

// ownChan reports whether only this package can get at the field, and it is a channel.
func (s *Set) ownChan(f *types.Var) bool {
	if f == nil || f.Exported() || f.Pkg() != s.Pass.Pkg {
		return false
	}
	_, ok := f.Type().Underlying().(*types.Chan)
	return ok
}

func (s *Set) chanOf(f *types.Var) *chanField {
	c := s.chans[f]
	if c == nil {
		c = &chanField{field: f}
		s.chans[f] = c
	}
	return c
}

// chanOps notes what the function does with such channels.
func (s *Set) chanOps(fn *ssa.Function, kept map[ssa.Value]*types.Var) {
	fields := func(v ssa.Value) []*types.Var { return s.fieldsOfChan(v, kept, 0) }
	escapes := func(v ssa.Value) {
		if v == nil {
			return
		}
		if _, ok := v.Type().Underlying().(*types.Chan); ok {
			for _, f := range fields(v) {
				s.chanOf(f).escapes = true
			}
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send:
				for _, f := range fields(instr.Chan) {
					c := s.chanOf(f)
					c.sends = append(c.sends, chanOp{instr, -1})
				}
				escapes(instr.X)
				continue
			case *ssa.Select:
				for i, st := range instr.States {
					for _, f := range fields(st.Chan) {
						c := s.chanOf(f)
						if st.Dir == types.SendOnly {
							c.sends = append(c.sends, chanOp{instr, i})
						} else {
							c.receives = append(c.receives, chanOp{instr, i})
						}
					}
					escapes(st.Send)
				}
				continue
			case *ssa.UnOp:
				if _, ok := instr.X.Type().Underlying().(*types.Chan); ok {
					for _, f := range fields(instr.X) {
						c := s.chanOf(f)
						c.receives = append(c.receives, chanOp{instr, -1})
					}
				}
				continue
			case *ssa.FieldAddr:
				s.addressedChan(instr)
				continue
			case *ssa.Store:
				if fa, ok := instr.Addr.(*ssa.FieldAddr); ok && s.ownChan(access.FieldOf(fa.X.Type(), fa.Field)) {
					continue // chanFields has seen to it
				}
				if a := s.Pkg.Access.Cell(instr.Addr); a != nil && s.Pkg.Access.StoredOnce(a) != nil {
					continue
				}
				escapes(instr.Val)
				continue
			case *ssa.ChangeType, *ssa.BinOp, *ssa.DebugRef:
				continue
			case ssa.CallInstruction:
				common := instr.Common()
				if bi, ok := common.Value.(*ssa.Builtin); ok {
					if bi.Name() == "close" {
						for _, f := range fields(common.Args[0]) {
							c := s.chanOf(f)
							c.closes = append(c.closes, chanOp{instr, -1})
						}
					}
					continue
				}
				if callee := common.StaticCallee(); callee != nil && callee.Blocks != nil && slices.Contains(s.Pkg.Sites(callee), instr) && !s.Pkg.UsedAsValue(callee) {
					continue // its parameters are followed from there
				}
			}
			for _, v := range instr.Operands(nil) {
				escapes(*v)
			}
		}
	}
}

// addressedChan notes the field whose address is more than loaded from or stored to.
func (s *Set) addressedChan(fa *ssa.FieldAddr) {
	f := access.FieldOf(fa.X.Type(), fa.Field)
	if !s.ownChan(f) {
		return
	}
	for _, r := range *fa.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if r.Val == fa {
				s.chanOf(f).escapes = true
			}
		default:
			s.chanOf(f).escapes = true
		}
	}
}

// fieldsOfChan returns the fields that the channel can be out of.
func (s *Set) fieldsOfChan(v ssa.Value, kept map[ssa.Value]*types.Var, depth int) []*types.Var {
	r := s.Pkg.Access.Of(v)
	switch r.Kind {
	case access.Field:
		if s.ownChan(r.Field) {
			return []*types.Var{r.Field}
		}
	case access.Alloc:
		if f := kept[madeChan(r.Value)]; f != nil {
			return []*types.Var{f}
		}
	case access.Param:
		p, ok := r.Value.(*ssa.Parameter)
		if !ok || depth >= maxPassed {
			return nil
		}
		i := slices.Index(p.Parent().Params, p)
		var list []*types.Var
		for _, site := range s.Pkg.Sites(p.Parent()) {
			args := site.Common().Args
			if site.Common().IsInvoke() || i >= len(args) {
				continue
			}
			for _, f := range s.fieldsOfChan(args[i], kept, depth+1) {
				if !slices.Contains(list, f) {
					list = append(list, f)
				}
			}
		}
		return list
	}
	return nil
}
