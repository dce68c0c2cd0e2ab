package machine

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A use is how a function uses what lies in a field.
type use struct {
	fn              *ssa.Function
	sends, receives bool
	// ends says that it does something else than to send a value: to close or to cancel,
	// or what is not known.
	ends bool
	// closes says the same but for what is at most to receive from a channel.
	closes bool
	// lost says that the object is one that cannot be told: from a map, a slice or a call.
	lost bool
}

// fields says what a package does with fields and what lies in them, once somebody asks.
type fields struct {
	uses  map[*types.Var][]use
	taken map[*types.TypeName]bool
	// tally are the fields that only count.
	tally map[*types.Var]bool
	// paired are the groups of which it is known whether only who counts counts down.
	paired map[*types.Var]bool
}

func (ps *programs) fieldFacts() *fields {
	if ps.fields.uses == nil {
		ps.fields.uses, ps.fields.taken = fieldUses(ps), takenTypes(ps)
	}
	return ps.fields
}

// fieldUses lists how the functions of the package use the fields whose values
// goroutines synchronise on or that lead to such: sending (also closing, counting
// down, cancelling), receiving, or both when that is not known.
func fieldUses(ps *programs) map[*types.Var][]use {
	out := make(map[*types.Var][]use)
	for _, fn := range ps.pkg.Funcs {
		found := make(map[*types.Var]use)
		note := func(v ssa.Value, sends, receives, ends, closes bool) {
			r := ps.pkg.Access.Of(v)
			if f := r.Class().Var; f != nil && f.IsField() {
				u := found[f]
				found[f] = use{fn, u.sends || sends, u.receives || receives, u.ends || ends, u.closes || closes, u.lost || !told(r)}
			}
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Send:
					note(instr.Chan, true, false, false, false)
				case *ssa.Select:
					for _, c := range instr.States {
						note(c.Chan, c.Dir == types.SendOnly, c.Dir == types.RecvOnly, false, false)
					}
				case *ssa.UnOp:
					switch instr.Op {
					case token.ARROW:
						note(instr.X, false, true, false, false)
					case token.MUL:
						if ps.interesting(instr.Type()) && !onlyUsed(ps, instr, false) {
							note(instr.X, true, true, true, !onlyUsed(ps, instr, true))
						}
					}
				case *ssa.Store:
					if _, fresh := ps.pkg.Access.Of(instr.Addr).Root().Value.(*ssa.Alloc); ps.interesting(instr.Val.Type()) && !fresh {
						note(instr.Addr, true, true, true, true)
					}
				case ssa.CallInstruction:
					common := instr.Common()
					if bi, ok := common.Value.(*ssa.Builtin); ok {
						if bi.Name() == "close" {
							note(common.Args[0], true, false, true, true)
						}
						continue
					}
					op, on := ps.pkg.Op(common)
					if on == nil {
						continue
					}
					switch op.Kind {
					case ops.WgDone, ops.WgAdd, ops.CondSignal, ops.CondBroadcast, ops.SemRelease:
						note(on, true, false, true, true)
					}
				}
			}
		}
		for f, u := range found {
			out[f] = append(out[f], u)
		}
	}
	return out
}

// told reports whether the name of an object leads from a parameter, or from what the
// function makes, by fields alone.
func told(r *access.Ref) bool {
	for x := r; x != nil; x = x.Base {
		switch x.Kind {
		case access.Elem, access.Value, access.Global:
			return false
		}
	}
	return true
}

// takenTypes returns the types of the objects that the package takes out of where they are
// kept: a field, an element, a package variable, an interface.
func takenTypes(ps *programs) map[*types.TypeName]bool {
	taken := make(map[*types.TypeName]bool)
	for _, fn := range ps.pkg.Funcs {
		if ps.pkg.InTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.UnOp:
					switch instr.X.(type) {
					case *ssa.Alloc, *ssa.FreeVar:
						continue // a local variable
					}
				case *ssa.Extract:
					if _, result := instr.Tuple.(*ssa.Call); result {
						continue
					}
				case *ssa.Lookup, *ssa.TypeAssert, *ssa.Index, *ssa.Field:
				default:
					continue
				}
				if t := named(instr.(ssa.Value).Type()); t != nil {
					taken[t] = true
				}
			}
		}
	}
	return taken
}

// kept reports whether nobody but the system uses what lies in a field of an object of
// the type: the field is one that other packages cannot name, what uses it in this package
// is only called by what the system runs, of objects that can be told, and none of the
// type is taken out of where it has been put.
func (s *system) kept(f *types.Var, typ types.Type) bool {
	if s.script != nil || f.Exported() || f.Pkg() != s.ps.pkg.Pass.Pkg {
		return false
	}
	yes, ok := s.keeps[f]
	if !ok {
		yes = s.unused(f, typ, func(use) bool { return true })
		s.keeps[f] = yes
	}
	return yes
}

// neverClosed reports whether a channel that is not known lies in a field that other packages
// cannot name, and nobody in this one closes what lies there or hands it on as more than a
// channel to receive from.
func (s *system) neverClosed(ch val) bool {
	if ch.k != opaque || s.exprs[ch.n].op != token.ILLEGAL {
		return false
	}
	l := s.exprs[ch.n].leaf
	f := s.fieldAt(val{k: ptr, n: l.obj, p: l.path})
	return f != nil && !f.Exported() && f.Pkg() == s.ps.pkg.Pass.Pkg &&
		!slices.ContainsFunc(s.ps.fieldFacts().uses[f.Origin()], func(u use) bool { return u.closes })
}

// onlyDrained reports whether others, if they use what lies there, only receive from it.
func (s *system) onlyDrained(f *types.Var, typ types.Type) bool {
	if s.script != nil || f.Exported() || f.Pkg() != s.ps.pkg.Pass.Pkg {
		return false
	}
	yes, ok := s.drains[f]
	if !ok {
		yes = s.unused(f, typ, func(u use) bool { return u.sends || u.ends })
		s.drains[f] = yes
	}
	return yes
}

// unused reports whether no use of the field that matters can be one of others.
func (s *system) unused(f *types.Var, typ types.Type, matters func(use) bool) bool {
	facts, t := s.ps.fieldFacts(), named(typ)
	return t != nil && !facts.taken[t] && !slices.ContainsFunc(facts.uses[f.Origin()], func(u use) bool { return matters(u) && (u.lost || s.calledElsewhere(u.fn)) })
}

// calledElsewhere reports whether a function can run that the system does not call.
func (s *system) calledElsewhere(fn *ssa.Function) bool {
	for f := fn; f != nil; f = f.Parent() { // a literal is its function's
		if f == s.root {
			return false
		}
		if !s.seen[f] {
			return true
		}
		if f.Parent() != nil {
			continue
		}
		if s.ps.pkg.UsedAsValue(f) || s.ps.handedOut(f) || slices.ContainsFunc(s.ps.pkg.Sites(f), func(site ssa.CallInstruction) bool {
			return !s.seen[site.Parent()] && !s.ps.pkg.InTest(site.Parent())
		}) {
			return true
		}
		if obj := f.Object(); obj != nil && obj.Exported() {
			t := named(recvOf(f))
			if t == nil || t.Exported() {
				return true
			}
		}
	}
	return false
}

// handedOut reports whether the method of an object is given as a function to what is not
// followed.
func (ps *programs) handedOut(m *ssa.Function) bool {
	if ps.handed == nil {
		ps.handed = make(map[types.Object]bool)
		for _, fn := range ps.pkg.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					if mc, ok := instr.(*ssa.MakeClosure); ok && !ps.followed(mc) {
						if f := mc.Fn.(*ssa.Function); f.Synthetic != "" && f.Object() != nil {
							ps.handed[f.Object()] = true
						}
					}
				}
			}
		}
	}
	return m.Object() != nil && ps.handed[m.Object()]
}

// followed reports whether a function value is only called here, or by what is known to
// call it.
func (ps *programs) followed(mc *ssa.MakeClosure) bool {
	for _, r := range *mc.Referrers() {
		call, ok := r.(ssa.CallInstruction)
		if !ok {
			return false
		}
		common := call.Common()
		if op, _ := ps.pkg.Op(common); op.Kind != ops.None || common.Value == mc {
			continue
		}
		if callee := common.StaticCallee(); callee == nil || callee.Pkg != ps.pkg.SSA || callee.Blocks == nil {
			return false
		}
	}
	return true
}

// recvOf is the type of a method's receiver; of a function, nothing that has a name.
func recvOf(fn *ssa.Function) types.Type {
	if recv := fn.Signature.Recv(); recv != nil {
		return recv.Type()
	}
	return types.Typ[types.Invalid]
}

// onlyUsed reports whether a loaded value is only used for operations that are
// noted of themselves, and does not go elsewhere, but perhaps as a channel that can only be
// received from.
func onlyUsed(ps *programs, v ssa.Value, orReceived bool) bool {
	if ch, ok := v.Type().Underlying().(*types.Chan); ok && orReceived && ch.Dir() == types.RecvOnly {
		return true
	}
	if v.Referrers() == nil {
		return false
	}
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Send:
			if r.X == v {
				return false
			}
		case *ssa.Select:
			if slices.ContainsFunc(r.States, func(c *ssa.SelectState) bool { return c.Send == v }) {
				return false
			}
		case *ssa.UnOp, *ssa.BinOp, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.If, *ssa.DebugRef:
		case *ssa.ChangeType:
			if !onlyUsed(ps, r, orReceived) {
				return false
			}
		case ssa.CallInstruction:
			common := r.Common()
			if bi, ok := common.Value.(*ssa.Builtin); ok {
				switch bi.Name() {
				case "close", "len", "cap":
					continue
				}
				return false
			}
			if common.Value == v {
				return false // a function that is called: a cancel, a stop
			}
			if op, on := ps.pkg.Op(common); op.Kind != ops.None && on == v {
				continue
			}
			// A pointer handed to a function of the package: its uses of the fields
			// behind are noted there.
			if _, isPtr := v.Type().Underlying().(*types.Pointer); isPtr {
				if fns, complete := ps.pkg.Callees(r); complete && len(fns) > 0 {
					continue
				}
			}
			return false
		default:
			return false
		}
	}
	return true
}

// paired reports whether nobody can count a group down but for what he has counted himself:
// the group is in a field that other packages cannot name and that is only used as a group,
// and each Done is in what only runs as a goroutine. Then the group waits for all that the
// system has counted, whatever others do with it.
func (s *system) paired(group val) bool {
	f := s.fieldAt(group)
	if f == nil || s.script != nil || f.Exported() || f.Pkg() != s.ps.pkg.Pass.Pkg {
		return false
	}
	f = f.Origin()
	yes, ok := s.ps.fields.paired[f]
	if !ok {
		if s.ps.fields.paired == nil {
			s.ps.fields.paired = make(map[*types.Var]bool)
		}
		yes = s.ps.pairedGroup(f)
		s.ps.fields.paired[f] = yes
	}
	return yes
}

func (ps *programs) pairedGroup(f *types.Var) bool {
	for _, fn := range ps.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				fa, ok := instr.(*ssa.FieldAddr)
				if !ok || access.FieldOf(fa.X.Type(), fa.Field).Origin() != f {
					continue
				}
				for _, r := range *fa.Referrers() {
					if _, debug := r.(*ssa.DebugRef); debug {
						continue
					}
					call, ok := r.(ssa.CallInstruction)
					if !ok {
						return false
					}
					op, on := ps.pkg.Op(call.Common())
					if on != fa {
						return false
					}
					switch op.Kind {
					case ops.WgAdd:
						if n, ok := call.Common().Args[len(call.Common().Args)-1].(*ssa.Const); ok && n.Int64() < 0 && !ps.started(fn, 0) {
							return false
						}
					case ops.WgDone:
						if !ps.started(fn, 0) {
							return false
						}
					case ops.WgGo, ops.WgWait:
					default:
						return false
					}
				}
			}
		}
	}
	return true
}

// started reports whether the function only runs in a goroutine that the package has
// started for it, or for a function that calls it.
func (ps *programs) started(fn *ssa.Function, depth int) bool {
	if depth > 3 {
		return false
	}
	sites := ps.pkg.Sites(fn)
	if len(sites) == 0 || ps.pkg.UsedAsValue(fn) || ps.handedOut(fn) {
		return false
	}
	for _, site := range sites {
		if _, goes := site.(*ssa.Go); goes {
			continue
		}
		if parent := site.Parent(); parent == fn || !ps.started(parent, depth+1) {
			return false
		}
	}
	return true
}
