package shared

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A chanOp is a send, a receive or a close of a channel that is kept in a field.
type chanOp struct {
	at  ssa.Instruction
	arm int // of a select, -1 for one that stands alone
}

func (o chanOp) fn() *ssa.Function { return o.at.Parent() }

// A chanField is what the package does, tests aside, with the channels that are kept in one
// or more unexported fields, whichever objects the fields are of. Fields belong together when
// a channel gets from one into the other: as an argument of a constructor, it may be.
type chanField struct {
	fields                  []*types.Var    // none of one that its function keeps to itself
	sites                   []*ssa.MakeChan // where one is made
	room                    int64           // the largest capacity that is given to one; if it is not known, 1
	sends, receives, closes []chanOp
	// escapes says that other channels are put there as well, or that these are handed to
	// what is not followed.
	escapes bool
	tested  bool // tests operate on one

	into *chanField // what this has become a part of
}

func (c *chanField) made() bool { return len(c.sites) > 0 }

// maxPassed bounds how many calls deep a function is followed.
const maxPassed = 3

// A chanIndex finds the channels of fields. Two names that a store joins are one from then on,
// as in Steensgaard's points-to analysis ("Points-to analysis in almost linear time", POPL 1996).
type chanIndex struct {
	s     *Set
	named map[any]*chanField // by the field, or the access.Ref of another name
}

// chanFields returns what is known of the fields of the package that hold channels, in the
// order of the source.
func (s *Set) chanFields() (list []*chanField) {
	for _, c := range s.channels().named {
		if c.into == nil && len(c.fields) > 0 {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *chanField) int { return cmp.Compare(a.fields[0].Pos(), b.fields[0].Pos()) })
	return list
}

// chanOf returns what is known of the channels of a field, nil if that is nothing.
func (s *Set) chanOf(f *types.Var) *chanField { return s.channels().find(f) }

// chanOut returns what is known of the channel, if it can be out of a field, and not out of
// several that have nothing to do with each other; else nil.
func (s *Set) chanOut(v ssa.Value) *chanField {
	x := s.channels()
	var only *chanField
	for _, key := range x.keys(v) {
		c := x.find(key)
		if c == nil || len(c.fields) == 0 || c == only {
			continue
		}
		if only != nil {
			return nil
		}
		only = c
	}
	return only
}

func (s *Set) channels() *chanIndex {
	if s.chans != nil {
		return s.chans
	}
	x := &chanIndex{s: s, named: make(map[any]*chanField)}
	s.chans = x
	for _, fn := range s.Pkg.Funcs {
		x.stores(fn)
		if !s.inTest(fn) {
			x.flow(fn)
		}
	}
	for _, fn := range s.Pkg.Funcs {
		x.operations(fn)
	}
	for _, c := range x.named {
		slices.SortFunc(c.fields, func(a, b *types.Var) int { return cmp.Compare(a.Pos(), b.Pos()) })
	}
	return x
}

// ownChan reports whether only this package can get at the field, and it is a channel.
func (s *Set) ownChan(f *types.Var) bool {
	return f != nil && !f.Exported() && f.Pkg() == s.Pass.Pkg && isChan(f.Type())
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// keys are the names in the index of what a channel can be: of a parameter, those of the
// arguments; of what a call yields, those of what the function returns.
func (x *chanIndex) keys(v ssa.Value) []any {
	var list []any
	x.names(v, 0, func(key any) {
		if !slices.Contains(list, key) {
			list = append(list, key)
		}
	})
	return list
}

func (x *chanIndex) names(v ssa.Value, depth int, yield func(any)) {
	r := x.s.Pkg.Access.Of(v)
	if r.Kind == access.Field && x.s.ownChan(r.Field) {
		yield(r.Field)
		return
	}
	if r.Base != nil || depth > maxPassed {
		yield(r)
		return
	}
	switch from := r.Value.(type) {
	case *ssa.ChangeType: // to one direction
		x.names(from.X, depth, yield)
	case *ssa.Parameter:
		yield(r)
		i := slices.Index(from.Parent().Params, from)
		for _, site := range x.s.Pkg.Sites(from.Parent()) {
			if args := operands(site); i < len(args) {
				x.names(args[i], depth+1, yield)
			}
		}
	case *ssa.Phi:
		for _, e := range from.Edges {
			if k, ok := e.(*ssa.Const); !ok || !k.IsNil() {
				x.names(e, depth+1, yield)
			}
		}
	case *ssa.Call:
		x.results(from, 0, depth, yield)
	case *ssa.Extract:
		if call, ok := from.Tuple.(*ssa.Call); ok {
			x.results(call, from.Index, depth, yield)
		} else {
			yield(r)
		}
	default:
		yield(r)
	}
}

// results are the names of what a call yields.
func (x *chanIndex) results(call *ssa.Call, index, depth int, yield func(any)) {
	yield(x.s.Pkg.Access.Of(call))
	fns, _ := x.s.Pkg.Callees(call)
	for _, callee := range fns {
		for _, b := range callee.Blocks {
			if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && index < len(ret.Results) {
				x.names(ret.Results[index], depth+1, yield)
			}
		}
	}
}

// ofRef returns what is known of a name of [access.Table], nil if that is nothing.
func (x *chanIndex) ofRef(r *access.Ref) *chanField {
	if r.Kind == access.Field && x.s.ownChan(r.Field) {
		return x.find(r.Field)
	}
	return x.find(r)
}

// find returns what is known of a name, nil if that is nothing.
func (x *chanIndex) find(key any) *chanField {
	c := x.named[key]
	for c != nil && c.into != nil {
		c = c.into
	}
	return c
}

// at returns what is known of a name.
func (x *chanIndex) at(key any) *chanField {
	c := x.find(key)
	if c == nil {
		c = new(chanField)
		switch key := key.(type) {
		case *types.Var:
			c.fields = []*types.Var{key}
		case *access.Ref:
			if made, ok := key.Value.(*ssa.MakeChan); ok && key.Kind == access.Alloc && !x.s.inTest(made.Parent()) {
				c.makes(made)
			}
		}
		x.named[key] = c
	}
	return c
}

func (c *chanField) makes(site *ssa.MakeChan) {
	c.sites = append(c.sites, site)
	size, ok := site.Size.(*ssa.Const)
	if ok {
		c.room = max(c.room, size.Int64())
	} else {
		c.room = max(c.room, 1)
	}
}

// join makes one of two names.
func (x *chanIndex) join(a, b any) {
	c, d := x.at(a), x.at(b)
	if c == d {
		return
	}
	d.into = c
	c.fields = append(c.fields, d.fields...)
	c.sites = append(c.sites, d.sites...)
	c.room = max(c.room, d.room)
	c.escapes = c.escapes || d.escapes
	c.tested = c.tested || d.tested
}

// escape notes that the value, if it is a channel, gets where it is not followed.
func (x *chanIndex) escape(v ssa.Value) {
	if v != nil && isChan(v.Type()) {
		for _, key := range x.keys(v) {
			x.at(key).escapes = true
		}
	}
}

// stores notes what the function stores in fields, a test too.
func (x *chanIndex) stores(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			fa, ok := st.Addr.(*ssa.FieldAddr)
			if !ok {
				continue
			}
			f := access.FieldOf(fa.X.Type(), fa.Field)
			if !x.s.ownChan(f) {
				continue
			}
			if k, ok := st.Val.(*ssa.Const); ok && k.IsNil() {
				continue
			}
			for _, key := range x.keys(st.Val) {
				x.join(f, key)
			}
			if x.foreign(st.Val, 0) {
				x.at(f).escapes = true
			}
		}
	}
}

// foreign reports whether a channel can be one that the package has not made, and has from
// elsewhere: from who calls a function that others can call, from a call, a map, a slice, a
// channel.
func (x *chanIndex) foreign(v ssa.Value, depth int) bool {
	if c, ok := v.(*ssa.ChangeType); ok {
		return x.foreign(c.X, depth)
	}
	r := x.s.Pkg.Access.Of(v)
	switch r.Kind {
	case access.Alloc:
		if c, ok := r.Value.(*ssa.ChangeType); ok {
			return x.foreign(c.X, depth)
		}
		_, made := r.Value.(*ssa.MakeChan)
		return !made
	case access.Field:
		return !x.s.ownChan(r.Field)
	case access.Param:
		p, ok := r.Value.(*ssa.Parameter)
		if !ok || depth >= maxPassed || x.s.givenOut(p.Parent()) {
			return true
		}
		i := slices.Index(p.Parent().Params, p)
		sites := x.s.Pkg.Sites(p.Parent())
		return len(sites) == 0 || slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
			args := operands(site)
			return i >= len(args) || x.foreign(args[i], depth+1)
		})
	}
	return true
}

// operands are the arguments of a call, with the receiver of an interface first.
func operands(call ssa.CallInstruction) []ssa.Value {
	common := call.Common()
	if common.IsInvoke() {
		return append([]ssa.Value{common.Value}, common.Args...)
	}
	return common.Args
}

// givenOut reports whether code that is not seen can call the function: it is exported, is used
// as a value, or is a method of what is converted to an interface that others know.
func (s *Set) givenOut(fn *ssa.Function) bool {
	if s.Pkg.UsedAsValue(fn) {
		return true
	}
	if fn.Parent() != nil || !s.exported(fn) {
		return false
	}
	if !s.private(fn) {
		return true
	}
	return s.shown(types.Unalias(deref(fn.Signature.Recv().Type())).(*types.Named).Obj(), fn.Name())
}

// shown reports whether a value of the type is converted to an interface that has the method,
// and that is exported, or of another package.
func (s *Set) shown(t *types.TypeName, method string) bool {
	if s.converted == nil {
		s.converted = make(map[*types.TypeName][]types.Type)
		for _, fn := range s.Pkg.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					mi, ok := instr.(*ssa.MakeInterface)
					if !ok {
						continue
					}
					if n, ok := types.Unalias(deref(mi.X.Type())).(*types.Named); ok && !slices.Contains(s.converted[n.Obj()], mi.Type()) {
						s.converted[n.Obj()] = append(s.converted[n.Obj()], mi.Type())
					}
				}
			}
		}
	}
	return slices.ContainsFunc(s.converted[t], func(iface types.Type) bool {
		if n, ok := types.Unalias(iface).(*types.Named); ok && n.Obj().Pkg() == s.Pass.Pkg && !n.Obj().Exported() {
			return false
		}
		obj, _, _ := types.LookupFieldOrMethod(iface, false, t.Pkg(), method)
		return obj != nil
	})
}

// offered reports whether other packages get at the channel of a field: it is exported, or
// returned by what they can call, as by Done.
func (s *Set) offered(f *types.Var) bool {
	if f == nil || !isChan(f.Type()) {
		return false
	}
	if f.Exported() {
		return true
	}
	if s.given == nil {
		s.given = make(map[*types.Var]bool)
		for _, fn := range s.Pkg.Funcs {
			if !s.givenOut(fn) {
				continue
			}
			for _, b := range fn.Blocks {
				if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
					for _, v := range ret.Results {
						if isChan(v.Type()) {
							s.given[s.Pkg.Access.Of(v).Class().Var] = true
						}
					}
				}
			}
		}
	}
	return s.given[f]
}

// offersContext reports whether a method of the same type, which others can call, returns a
// context.
func (s *Set) offersContext(fn *ssa.Function) bool {
	recv := fn.Signature.Recv()
	if recv == nil {
		return false
	}
	return slices.ContainsFunc(s.Pkg.Funcs, func(m *ssa.Function) bool {
		r := m.Signature.Recv()
		return r != nil && types.Identical(deref(r.Type()), deref(recv.Type())) && s.exported(m) &&
			m.Signature.Results().Len() == 1 && ops.IsContext(m.Signature.Results().At(0).Type())
	})
}

// flow joins the names that the function gives to channels.
func (x *chanIndex) flow(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp, *ssa.ChangeType, *ssa.Phi, *ssa.BinOp, *ssa.DebugRef:
			case *ssa.Send:
				x.escape(instr.X)
			case *ssa.Select:
				for _, st := range instr.States {
					x.escape(st.Send)
				}
			case *ssa.FieldAddr:
				x.addressed(instr)
			case *ssa.Store:
				if fa, ok := instr.Addr.(*ssa.FieldAddr); ok && x.s.ownChan(access.FieldOf(fa.X.Type(), fa.Field)) {
					continue // see stores
				}
				if a := x.s.Pkg.Access.Cell(instr.Addr); a == nil || x.s.Pkg.Access.StoredOnce(a) == nil {
					x.escape(instr.Val)
				}
			case *ssa.Return:
				if fn.Parent() != nil || x.s.givenOut(fn) {
					for _, v := range instr.Results {
						x.escape(v)
					}
				}
			case ssa.CallInstruction:
				x.call(instr)
			default:
				for _, v := range instr.Operands(nil) {
					x.escape(*v)
				}
			}
		}
	}
}

// call notes the arguments of a call that is not followed.
func (x *chanIndex) call(call ssa.CallInstruction) {
	if _, ok := call.Common().Value.(*ssa.Builtin); ok {
		return
	}
	args := operands(call)
	if !slices.ContainsFunc(args, func(v ssa.Value) bool { return isChan(v.Type()) }) {
		return
	}
	fns, complete := x.s.Pkg.Callees(call)
	followed := complete && len(fns) > 0
	for _, callee := range fns {
		followed = followed && slices.Contains(x.s.Pkg.Sites(callee), call) && len(callee.Params) == len(args)
	}
	if !followed {
		for _, v := range args {
			x.escape(v)
		}
	}
}

// addressed notes the field whose address is more than loaded from or stored to.
func (x *chanIndex) addressed(fa *ssa.FieldAddr) {
	f := access.FieldOf(fa.X.Type(), fa.Field)
	if !x.s.ownChan(f) {
		return
	}
	for _, r := range *fa.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if r.Val == fa {
				x.at(f).escapes = true
			}
		default:
			x.at(f).escapes = true
		}
	}
}

// operations notes the sends, receives and closes of the function; of a test, that there are some.
func (x *chanIndex) operations(fn *ssa.Function) {
	test := x.s.inTest(fn)
	note := func(ch ssa.Value, list func(*chanField) *[]chanOp, op chanOp) {
		seen := make(map[*chanField]bool)
		for _, key := range x.keys(ch) {
			if c := x.at(key); test {
				c.tested = true
			} else if !seen[c] {
				seen[c] = true
				*list(c) = append(*list(c), op)
			}
		}
	}
	sends := func(c *chanField) *[]chanOp { return &c.sends }
	receives := func(c *chanField) *[]chanOp { return &c.receives }
	closes := func(c *chanField) *[]chanOp { return &c.closes }
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send:
				note(instr.Chan, sends, chanOp{instr, -1})
			case *ssa.Select:
				for i, st := range instr.States {
					if st.Dir == types.SendOnly {
						note(st.Chan, sends, chanOp{instr, i})
					} else {
						note(st.Chan, receives, chanOp{instr, i})
					}
				}
			case *ssa.UnOp:
				if isChan(instr.X.Type()) {
					note(instr.X, receives, chanOp{instr, -1})
				}
			case ssa.CallInstruction:
				if bi, ok := instr.Common().Value.(*ssa.Builtin); ok && bi.Name() == "close" {
					note(instr.Common().Args[0], closes, chanOp{instr, -1})
				}
			}
		}
	}
}
