package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A spawn is a place where goroutines are started.
type spawn struct {
	at       ssa.CallInstruction
	body     thread
	list     []Access
	parallel bool
	requests bool // a handler, which is run for each request
	// inherited says that at is a call of a function that has started it, by stmt.
	inherited bool
	stmt      ssa.CallInstruction
	succeeds  bool // the call returns no error when it has
	how       wait // whether the call waits for it
	several   bool // the call starts it more than once
	run       run  // the body, with what its parameters are bound to
}

func (s *Set) findConflicts() {
	defer s.dropTwice()
	served := s.served()
	for _, fn := range s.Pkg.Funcs {
		spawns := append(slices.Clone(s.spawnsOf(fn)), s.inherited(fn, 0)...)
		if len(spawns) > 0 {
			s.conflictsOf(fn, spawns)
		}
		if obj, ok := fn.Object().(*types.Func); ok && (ops.IsHandler(obj) && !s.perCall(fn, obj.Name()) || served[fn]) && !s.Pkg.InTestFile(fn) && len(fn.Params) > 0 {
			sp := &spawn{requests: true, body: thread{fn: fn, ops: s.ops(fn)}}
			for _, a := range s.list(fn) {
				// What the request brings is its own.
				if root := a.Ref.Root(); !a.Unsure && (root.Kind == access.Global || root.Value == fn.Params[0]) {
					sp.list = append(sp.list, a)
				}
			}
			if len(fn.Params) < 3 && !served[fn] {
				// A transport is often made for one request and asked for what
				// it has noted of that; but what a request finds there is of
				// another one.
				sp.list = slices.DeleteFunc(sp.list, func(a Access) bool { return !a.Map && !a.Spare && !used(sp.list, a.Ref) })
			}
			s.conflictsOf(fn, []*spawn{sp})
		}
		if s.handles(fn) {
			s.conflictsOf(fn, []*spawn{s.handled(fn)})
		}
	}
}

// perCall reports whether the objects of an unexported type that handles requests are known, and
// each one is for one call: what calls the method has just made it, and none is converted to an interface that has the method, or only as
// the transport of a client that its function keeps to itself.
func (s *Set) perCall(fn *ssa.Function, method string) bool {
	t, ok := types.Unalias(deref(fn.Signature.Recv().Type())).(*types.Named)
	if !ok || t.Obj().Exported() || s.Pkg.UsedAsValue(fn) || s.bound[fn.Object()] {
		return false
	}
	known := false
	for _, site := range s.Pkg.Sites(fn) {
		if !s.justMade(receiver(fn, site), site.Parent()) {
			return false
		}
		known = true
	}
	for _, f := range s.Pkg.Funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				mi, ok := instr.(*ssa.MakeInterface)
				if !ok {
					continue
				}
				if n, ok := types.Unalias(deref(mi.X.Type())).(*types.Named); !ok || n.Obj() != t.Obj() {
					continue
				}
				if obj, _, _ := types.LookupFieldOrMethod(mi.Type(), false, t.Obj().Pkg(), method); obj == nil {
					continue
				}
				if !s.ofOwnClient(mi) && !(ofRequest(f) && s.justMade(mi.X, f)) {
					return false
				}
				known = true
			}
		}
	}
	return known
}

// justMade reports whether the object is made by the function, by one that it calls for that, or
// is out of a pool.
func (s *Set) justMade(v ssa.Value, fn *ssa.Function) bool {
	switch v := v.(type) {
	case *ssa.Alloc:
		return v.Parent() == fn
	case *ssa.TypeAssert:
		call, ok := v.X.(*ssa.Call)
		if !ok {
			return false
		}
		op, _ := s.Pkg.Op(&call.Call)
		return op.Kind == ops.PoolGet
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		if callee == nil || len(callee.Blocks) == 0 {
			return false
		}
		for _, b := range callee.Blocks {
			if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
				if made, ok := ret.Results[0].(*ssa.Alloc); !ok || made.Parent() != callee {
					return false
				}
			}
		}
		return true
	}
	return false
}

// ofRequest reports whether the function, or one around it, is given a request.
func ofRequest(fn *ssa.Function) bool {
	for f := fn; f != nil; f = f.Parent() {
		for v := range f.Signature.Params().Variables() {
			if ops.IsRequest(v.Type()) {
				return true
			}
		}
	}
	return false
}

// ofOwnClient reports whether a new object becomes the transport of a new http.Client of which
// nothing is done but to call methods, and not in a loop or another function.
func (s *Set) ofOwnClient(mi *ssa.MakeInterface) bool {
	if _, fresh := mi.X.(*ssa.Alloc); !fresh || loops(mi.Block()) {
		return false
	}
	for _, r := range *mi.Referrers() {
		st, ok := r.(*ssa.Store)
		if !ok {
			return false
		}
		fa, ok := st.Addr.(*ssa.FieldAddr)
		if !ok {
			return false
		}
		client, ok := fa.X.(*ssa.Alloc)
		if !ok || client.Parent() != mi.Parent() {
			return false
		}
		for _, use := range *client.Referrers() {
			switch use := use.(type) {
			case *ssa.FieldAddr, *ssa.DebugRef:
			case *ssa.Call:
				if use.Call.StaticCallee() == nil || slices.Index(use.Call.Args, ssa.Value(client)) != 0 || loops(use.Block()) {
					return false
				}
			default:
				return false
			}
		}
	}
	return true
}

// handles reports whether the function is a literal, or a declared function, that is handed
// on to handle requests, and that is not made anew for each.
func (s *Set) handles(fn *ssa.Function) bool {
	served := func(sig *types.Signature) bool { return ops.IsHandlerFunc(sig) || ops.IsRouteFunc(sig) }
	called := func(site ssa.CallInstruction) bool {
		wraps := site.Common().StaticCallee() == nil && served(site.Parent().Signature) // as middleware does
		return !wraps && !s.Pkg.InTestFile(site.Parent())
	}
	if !served(fn.Signature) || s.Pkg.InTestFile(fn) || slices.ContainsFunc(s.Pkg.Sites(fn), called) || !s.handedOn(fn) {
		return false
	}
	for f := fn.Parent(); f != nil; f = f.Parent() {
		if served(f.Signature) || servesItself(f) {
			return false
		}
	}
	return !ofRequest(fn.Parent())
}

// servesItself reports whether the function has a request served itself: then it runs for each one.
func servesItself(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if m := skeleton.Static(&call.Call); m != nil && m.Name() == "ServeHTTP" {
					return true
				}
			}
		}
	}
	return false
}

// handedOn reports whether the function is a value somewhere: a literal, a method value, or
// named other than to call it.
func (s *Set) handedOn(fn *ssa.Function) bool {
	if len(s.Pkg.Closures(fn)) > 0 || s.Pkg.UsedAsValue(fn) {
		return true
	}
	return fn.Signature.Recv() != nil && s.bound[fn.Object()]
}

// handled makes the spawn of a function that handles requests. What it only writes is
// left out: that can be the one request that somebody waits for.
func (s *Set) handled(fn *ssa.Function) *spawn {
	sp := &spawn{requests: true, body: thread{fn: fn, ops: s.ops(fn)}}
	for _, a := range s.list(fn) {
		root := a.Ref.Root()
		own := root.Kind != access.Global && (root.Value == nil || root.Value.Parent() == fn && (fn.Signature.Recv() == nil || root.Value != fn.Params[0]))
		if !a.Unsure && !own {
			sp.list = append(sp.list, a)
		}
	}
	sp.list = slices.DeleteFunc(sp.list, func(a Access) bool { return !a.Map && !a.Spare && !used(sp.list, a.Ref) })
	return sp
}

// served returns the methods that serve requests of other processes.
func (s *Set) served() map[*ssa.Function]bool {
	found := make(map[*ssa.Function]bool)
	for _, fn := range s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok || s.Pkg.InTestFile(fn) {
					continue
				}
				i, iface, ok := ops.Serves(skeleton.Static(call.Common()))
				args := skeleton.Args(call.Common())
				if !ok || i >= len(args) {
					continue
				}
				t := plainValue(args[i]).Type()
				set := s.Pkg.SSA.Prog.MethodSets.MethodSet(t)
				for m := range set.Methods() {
					obj := m.Obj().(*types.Func)
					sig := obj.Signature()
					if !obj.Exported() || iface != nil && !declares(iface, obj.Name()) || iface == nil && (sig.Params().Len() != 2 || sig.Results().Len() != 1) {
						continue
					}
					if f := s.Pkg.SSA.Prog.FuncValue(obj); f != nil && f.Blocks != nil && f.Pkg == s.Pkg.SSA {
						found[f] = true
					}
				}
			}
		}
	}
	return found
}

func declares(iface *types.Interface, name string) bool {
	for m := range iface.Methods() {
		if m.Name() == name {
			return true
		}
	}
	return false
}

// used reports whether one of the accesses reads what the name means.
func used(list []Access, r *access.Ref) bool {
	return slices.ContainsFunc(list, func(a Access) bool { return a.Ref == r && !a.Write })
}

// spawned returns what the call starts, nil when it starts nothing in sight.
func (s *Set) spawned(call ssa.CallInstruction) *spawn {
	common := call.Common()
	r := run{args: common.Args}
	op, x := s.Pkg.Op(common)
	sp := &spawn{at: call}
	var fns []*ssa.Function
	complete := false
	if _, ok := call.(*ssa.Go); ok && op.Kind == ops.None {
		fns, complete = s.Pkg.Callees(call)
		if common.IsInvoke() {
			r.args = append([]ssa.Value{common.Value}, r.args...)
		}
	} else if op.Kind.Spawns() || op.Kind == ops.TestRun {
		if f := skeleton.FuncArg(common, op); f != nil {
			fns, complete = s.Pkg.Functions(f)
			r.any = true
		}
		sp.parallel = op.Kind == ops.TestRun
	} else if op.Many && !s.Pkg.InTestFile(call.Parent()) {
		fns, complete = s.Pkg.Functions(skeleton.FuncArg(common, op))
		r.any = true
		sp.requests = true
	}
	var around []syncOp
	if op.Kind == ops.None && len(fns) == 0 {
		var f ssa.Value
		if f, around, sp.how, sp.several = s.wrapped(call); f != nil {
			fns, complete = s.Pkg.Functions(f)
			r.any = true
		}
	}
	if !complete || len(fns) != 1 || fns[0].Blocks == nil {
		return nil
	}
	sp.body.ops = around
	r.fn = fns[0]
	sp.body.fn, sp.run = r.fn, r
	var parallel ssa.Instruction
	if sp.parallel {
		if parallel = s.callsParallel(r.fn); parallel == nil {
			return nil
		}
	}
	for _, a := range s.list(r.fn) {
		if parallel != nil && !s.reaches(&thread{fn: r.fn, start: parallel}, a.At, a.Deferred, nil, nil) {
			continue // before, or of a subtest that is not
		}
		if a.Ref = s.translate(r, a.Ref); a.Ref == nil || a.Unsure {
			continue
		}
		a.Held = s.translateHeld(r, append(slices.Clone(a.Held), s.lent(r.fn)...))
		sp.list = append(sp.list, a)
	}
	for _, o := range s.ops(r.fn) {
		if o, ok := s.translateOp(r, o); ok {
			sp.body.ops = append(sp.body.ops, o)
		}
	}
	switch op.Kind {
	case ops.WgGo, ops.GroupGo, ops.GroupTryGo:
		sp.body.ops = append(sp.body.ops, syncOp{medium: byGroup, ref: s.Pkg.Access.Of(x), typ: deref(x.Type()), at: call, arm: -1, release: true, deferred: true})
	case ops.FlightDoChan:
		if v, ok := call.(ssa.Value); ok {
			sp.body.ops = append(sp.body.ops, syncOp{medium: byChannel, ref: s.Pkg.Access.Of(v), typ: v.Type(), at: call, arm: -1, release: true, deferred: true})
		}
	case ops.AfterFunc, ops.CtxAfterFunc:
		sp.body.ops = append(sp.body.ops, syncOp{medium: byTimer, at: call, arm: -1, release: true, deferred: true})
	}
	return sp
}

// lent are the locks that the function releases for who has called or started it, however
// it ends: it has them from the beginning.
func (s *Set) lent(fn *ssa.Function) (list []skeleton.Held) {
	fl := s.Pkg.Locks().Of(fn)
	if fl == nil || fl.Cut || fl.Summary == nil {
		return nil
	}
	for i, e := range fl.Summary.Exits {
		var here []skeleton.Held
		for _, f := range e.Effects {
			if f.Release && f.Ref != nil {
				here = append(here, skeleton.Held{Ref: f.Ref, Mode: f.Mode})
			}
		}
		if i == 0 {
			list = here
			continue
		}
		list = slices.DeleteFunc(list, func(h skeleton.Held) bool {
			return !slices.ContainsFunc(here, func(o skeleton.Held) bool { return o.Ref == h.Ref })
		})
	}
	return list
}

// callsParallel returns the call by which a subtest runs beside others, on some paths it may
// be.
func (s *Set) callsParallel(fn *ssa.Function) ssa.Instruction {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if op, _ := s.Pkg.Op(&call.Call); op.Kind == ops.TestParallel {
					return call
				}
			}
		}
	}
	return nil
}
