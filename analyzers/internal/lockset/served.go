package lockset

import (
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds waits, under a lock, for the handlers of an HTTP server of which one
// takes this lock: Shutdown waits for a handler that is at its Lock, and this for it.

// A handler is a function that a server runs for requests.
type handler struct {
	fn   *ssa.Function
	recv *access.Ref // what its first parameter is bound to, if it is
	// owner is the object in which the server is, as it is called where the handler is
	// handed in; nil when it is in none.
	owner *access.Ref
	at    ssa.Instruction
}

// A serving is where servers and multiplexers are given their handlers.
type serving struct {
	handlers []*ssa.Store          // to the field Handler of a server
	kept     []*ssa.Store          // of a server
	routes   []ssa.CallInstruction // of a multiplexer
}

// shut decides about one operation, or call that leads to one.
func (b *blocker) shut(fl *skeleton.FuncLocks, ev *skeleton.Event) bool {
	call, ok := ev.Instr.(*ssa.Call)
	if !ok || len(ev.Releases) > 0 {
		return false
	}
	server, by := b.shutBy(call)
	if server == nil {
		return false
	}
	for _, h := range ev.States[0] {
		if h.Stale || h.Ref.Class().IsZero() || h.Ref.Class().Elem || b.s.fresh(fl.Fn, h.Ref) || !heldInAll(ev.States, h) || h.Ref.Base != nil && h.Ref.Base != server.Base {
			continue
		}
		for _, hd := range b.handlersOf(server) {
			for _, n := range b.needs(hd.fn, nil, h) {
				if !b.takesOwn(n, hd, h) {
					continue
				}
				found := Blocked{
					Event: ev, Lock: h, What: server, Op: Shutdown, Counter: hd.at, Body: hd.fn, Needs: n.at, Join: true, Limited: !b.endless(by),
				}
				if by != call {
					found.Via = by
				}
				b.s.Blocked = append(b.s.Blocked, found)
				return true
			}
		}
	}
	return false
}

// shutBy returns the server whose handlers the call waits for, and the operation, which
// is the call or is in the function that is called.
func (b *blocker) shutBy(call *ssa.Call) (server *access.Ref, by *ssa.Call) {
	if waitsForHandlers(call) {
		return b.s.Pkg.Access.Of(call.Call.Args[0]), call
	}
	callees, complete := b.s.Pkg.Callees(call)
	if !complete || len(callees) != 1 {
		return nil, nil
	}
	for _, blk := range callees[0].Blocks {
		for _, instr := range blk.Instrs {
			if inner, ok := instr.(*ssa.Call); ok && waitsForHandlers(inner) {
				return b.s.inCaller(call, callees[0], b.s.Pkg.Access.Of(inner.Call.Args[0])), inner
			}
		}
	}
	return nil, nil
}

func waitsForHandlers(call *ssa.Call) bool {
	fn := skeleton.Static(&call.Call)
	return fn != nil && !call.Call.IsInvoke() && len(call.Call.Args) == 2 && ops.WaitsForHandlers(fn)
}

// endless reports whether the context of a Shutdown never ends.
func (b *blocker) endless(call *ssa.Call) bool {
	ctx, ok := call.Call.Args[1].(*ssa.Call)
	if !ok {
		return false
	}
	op, _ := b.s.Pkg.Op(&ctx.Call)
	return op.Kind == ops.CtxRoot
}

// takesOwn reports whether the lock that the handler takes is the one that is held: there
// is but one, or it is in the object with the server, there as here.
func (b *blocker) takesOwn(n need, hd handler, h skeleton.Held) bool {
	if h.Ref.Base == nil {
		return true
	}
	ref := b.inHandler(n.ref, hd)
	return ref != nil && ref.Base != nil && ref.Base == hd.owner
}

// inHandler rewrites a name of the handler's function in terms of where it is handed in.
func (b *blocker) inHandler(ref *access.Ref, hd handler) *access.Ref {
	if ref == nil || hd.recv == nil {
		return ref
	}
	return b.s.Pkg.Access.Subst(ref, func(root *access.Ref) *access.Ref {
		if len(hd.fn.Params) > 0 && root.Value == ssa.Value(hd.fn.Params[0]) {
			return hd.recv
		}
		return root
	})
}

// handlersOf returns what the package gives the server to run.
func (b *blocker) handlersOf(server *access.Ref) (list []handler) {
	if b.served == nil {
		b.served = b.findServing()
	}
	of := b.s.Pkg.Access.Of
	for _, st := range b.served.handlers {
		made := of(st.Addr).Base
		if made == nil {
			continue
		}
		if same(made, server) {
			list = append(list, b.handlersBehind(st.Val, made.Base, st, 0)...)
		}
		for _, keep := range b.served.kept {
			if to := of(keep.Addr); of(keep.Val) == made && same(to, server) {
				list = append(list, b.handlersBehind(st.Val, to.Base, st, 0)...)
			}
		}
	}
	return list
}

// same reports whether one name is, here or in another function, that of the other.
func same(a, b *access.Ref) bool {
	return a == b || !a.Class().IsZero() && !a.Class().Elem && a.Class() == b.Class()
}

// handlersBehind returns the functions that a handler runs.
func (b *blocker) handlersBehind(v ssa.Value, owner *access.Ref, at ssa.Instruction, depth int) []handler {
	if depth > 3 {
		return nil
	}
	if mi, ok := v.(*ssa.MakeInterface); ok {
		v = mi.X
	}
	if fn, recv := b.s.Pkg.Behind(v); fn != nil { // http.HandlerFunc(f)
		hd := handler{fn: fn, owner: owner, at: at}
		if recv != nil {
			hd.recv = b.s.Pkg.Access.Of(recv)
		}
		return append([]handler{hd}, b.routesIn(hd, depth)...)
	}
	if ops.IsServeMux(v.Type()) {
		return b.routesOf(b.s.Pkg.Access.Of(v), owner, depth)
	}
	fn := b.s.Pkg.SSA.Prog.LookupMethod(v.Type(), nil, "ServeHTTP")
	if fn == nil {
		return nil
	}
	hd := handler{fn: skeleton.Origin(fn), recv: b.s.Pkg.Access.Of(v), owner: owner, at: at}
	return append([]handler{hd}, b.routesIn(hd, depth)...)
}

// routesIn returns the handlers of the multiplexers that a handler hands its request to.
func (b *blocker) routesIn(hd handler, depth int) (list []handler) {
	for _, blk := range hd.fn.Blocks {
		for _, instr := range blk.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || call.Call.IsInvoke() || len(call.Call.Args) != 3 || !ops.IsServeMux(call.Call.Args[0].Type()) {
				continue
			}
			if mux := b.inHandler(b.s.Pkg.Access.Of(call.Call.Args[0]), hd); mux != nil {
				list = append(list, b.routesOf(mux, hd.owner, depth+1)...)
			}
		}
	}
	return list
}

// routesOf returns the handlers of a multiplexer.
func (b *blocker) routesOf(mux, owner *access.Ref, depth int) (list []handler) {
	for _, route := range b.served.routes {
		args := route.Common().Args
		to := b.s.Pkg.Access.Of(args[0])
		there := owner
		if to != mux {
			if owner == nil || mux.Base != owner || !same(to, mux) {
				continue
			}
			there = to.Base
		}
		list = append(list, b.handlersBehind(args[len(args)-1], there, route, depth+1)...)
	}
	return list
}

// findServing looks through the package.
func (b *blocker) findServing() *serving {
	sv := new(serving)
	for _, fn := range b.s.Pkg.Funcs {
		for _, blk := range fn.Blocks {
			for _, instr := range blk.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					fa, ok := instr.Addr.(*ssa.FieldAddr)
					if ok && ops.IsServer(fa.X.Type()) && access.FieldOf(fa.X.Type(), fa.Field).Name() == "Handler" {
						sv.handlers = append(sv.handlers, instr)
					} else if ops.IsServer(instr.Val.Type()) {
						sv.kept = append(sv.kept, instr)
					}
				case ssa.CallInstruction:
					callee := skeleton.Static(instr.Common())
					if callee != nil && !instr.Common().IsInvoke() && len(instr.Common().Args) == 3 && ops.IsRoute(callee) {
						sv.routes = append(sv.routes, instr)
					}
				}
			}
		}
	}
	return sv
}
