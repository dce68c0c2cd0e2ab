package machine

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Protocol says how the calls of a script follow each other.
type Protocol uint8

// The protocols.
const (
	InOrder     Protocol = iota // constructor, start, one method
	FailedMake                  // a constructor that returns an error
	Alone                       // constructor, one method that starts goroutines and waits for them
	UseThenStop                 // constructor, start, one method, a stopping method
	AfterStop                   // constructor, start, a stopping method, one method
	Twice                       // the same stopping method twice
	Concurrent                  // constructor, start, a stopping method while another one runs
)

// A Script is the root of a type system: the calls that make a value of a type
// and use it, as a caller would.
type Script struct {
	Type     *types.TypeName
	Protocol Protocol
	Calls    []ScriptCall
	// Stops says that the last call tells the type's goroutines to end.
	Stops bool
}

// A ScriptCall is one call of a script. The first is the constructor; the others
// are methods of what it returns.
type ScriptCall struct {
	Func *ssa.Function
	Go   bool // in a goroutine of its own
}

func (s *Script) String() string {
	var b strings.Builder
	for i, c := range s.Calls {
		if i > 0 {
			b.WriteString("; ")
		}
		if c.Go {
			b.WriteString("go ")
		}
		b.WriteString(c.Func.Name())
	}
	return b.String()
}

// scripts lists the type systems of a package.
func scripts(ps *programs) []*Script {
	var out []*Script
	makers := make(map[*types.TypeName][]*ssa.Function)
	methods := make(map[*types.TypeName][]*ssa.Function)
	var order []*types.TypeName
	roomy := roomyFields(ps)
	for _, fn := range ps.pkg.Funcs {
		if fn.Parent() != nil || fn.Synthetic != "" || ps.pkg.InTest(fn) {
			continue
		}
		if recv := fn.Signature.Recv(); recv != nil {
			if p, ok := recv.Type().(*types.Pointer); ok {
				methods[named(p)] = append(methods[named(p)], fn)
			}
			continue
		}
		if t := makes(fn); t != nil && t.Pkg() == ps.pkg.Pass.Pkg {
			if makers[t] == nil {
				order = append(order, t)
			}
			makers[t] = append(makers[t], fn)
		}
	}
	for _, t := range order {
		for _, mk := range makers[t] {
			// Who only runs what another constructor makes, calls the methods that he needs.
			rest := methods[t]
			if callsOne(ps, mk, makers[t]) {
				rest = slices.DeleteFunc(slices.Clone(rest), func(m *ssa.Function) bool { return runsIn(ps, m, mk) })
			}
			out = append(out, scriptsOf(ps, t, mk, rest, roomy)...)
		}
	}
	// Those with fewer calls first, and the certain before the contentious.
	slices.SortStableFunc(out, func(a, b *Script) int {
		if a.Protocol != b.Protocol {
			return int(a.Protocol) - int(b.Protocol)
		}
		return len(a.Calls) - len(b.Calls)
	})
	return out
}

// callsOne reports whether a function calls one of the others.
func callsOne(ps *programs, fn *ssa.Function, others []*ssa.Function) bool {
	return slices.ContainsFunc(others, func(f *ssa.Function) bool {
		return f != fn && slices.ContainsFunc(ps.pkg.Sites(f), func(site ssa.CallInstruction) bool { return site.Parent() == fn })
	})
}

// runsIn reports whether a literal of the function calls the method.
func runsIn(ps *programs, m, fn *ssa.Function) bool {
	return slices.ContainsFunc(ps.pkg.Sites(m), func(site ssa.CallInstruction) bool {
		return site.Parent() != fn && skeleton.Outermost(site.Parent()) == fn
	})
}

// named is the declared type that t is or points to, or nil.
func named(t types.Type) *types.TypeName {
	if n, ok := types.Unalias(deref(t)).(*types.Named); ok {
		return n.Origin().Obj()
	}
	return nil
}

// makes is the type that a function returns a pointer to, or nil. Whether the value
// is a new one, the run tells.
func makes(fn *ssa.Function) *types.TypeName {
	for _, b := range fn.Blocks {
		if len(b.Instrs) == 0 {
			continue
		}
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for _, r := range ret.Results {
			if mi, ok := r.(*ssa.MakeInterface); ok {
				r = mi.X
			}
			if _, ok := r.Type().(*types.Pointer); !ok {
				continue
			}
			if _, isStruct := deref(r.Type()).Underlying().(*types.Struct); isStruct && named(r.Type()) != nil {
				return named(r.Type())
			}
		}
	}
	return nil
}

// scriptsOf lists the scripts of a type with one of its constructors.
func scriptsOf(ps *programs, t *types.TypeName, mk *ssa.Function, all []*ssa.Function, roomy map[*types.Var]bool) []*Script {
	var starters, servers, stoppers, others []*ssa.Function
	for _, m := range all {
		if !m.Object().Exported() && !calledByOthers(ps, m, t) || !ps.isActive(m) && !closes(m) {
			continue
		}
		switch {
		case serves(m):
			servers = append(servers, m)
			continue
		case (stopper(ps, m, roomy) || closes(m)) && !startsSomething(ps, m): // else it starts anew
			if len(stoppers) < maxStoppers {
				stoppers = append(stoppers, m)
			}
		case startsSomething(ps, m):
			starters = append(starters, m)
		}
		if len(others) < maxMethods {
			others = append(others, m)
		}
	}
	// How its goroutines come about: in the constructor, in a method that starts
	// them, in a method that the user runs in a goroutine.
	var before [][]ScriptCall
	for _, m := range starters {
		before = append(before, []ScriptCall{{Func: m}})
	}
	if len(starters) == 0 {
		for _, m := range servers {
			before = append(before, []ScriptCall{{Func: m, Go: true}})
		}
	}
	if startsSomething(ps, mk) {
		before = [][]ScriptCall{nil}
	}
	var out []*Script
	if !startsSomething(ps, mk) {
		for _, m := range slices.Concat(starters, servers) {
			if startsSomething(ps, m) {
				out = append(out, &Script{Type: t, Protocol: Alone, Calls: []ScriptCall{{Func: mk}, {Func: m}}})
			}
		}
	}
	if len(before) > 2 {
		return out // which of them belong together is not known
	}
	if results := mk.Signature.Results(); results.Len() > 1 && types.Identical(results.At(results.Len()-1).Type(), types.Universe.Lookup("error").Type()) && startsSomething(ps, mk) {
		out = append(out, &Script{Type: t, Protocol: FailedMake, Calls: []ScriptCall{{Func: mk}}})
	}
	for _, b := range before {
		add := func(p Protocol, calls ...ScriptCall) {
			last := calls[len(calls)-1].Func
			calls = slices.Concat([]ScriptCall{{Func: mk}}, b, calls)
			out = append(out, &Script{Type: t, Protocol: p, Calls: calls, Stops: slices.Contains(stoppers, last)})
		}
		for _, m := range others {
			if slices.ContainsFunc(b, func(c ScriptCall) bool { return c.Func == m }) {
				continue
			}
			add(InOrder, ScriptCall{Func: m})
			for _, stop := range stoppers {
				if m == stop {
					if !t.Exported() || !m.Object().Exported() {
						continue // all its callers are in sight, and call it once
					}
					add(Twice, ScriptCall{Func: stop}, ScriptCall{Func: stop})
					continue
				}
				if !slices.Contains(stoppers, m) {
					add(UseThenStop, ScriptCall{Func: m}, ScriptCall{Func: stop})
				}
				add(AfterStop, ScriptCall{Func: stop}, ScriptCall{Func: m})
				add(Concurrent, ScriptCall{Func: stop, Go: true}, ScriptCall{Func: m})
			}
		}
	}
	return out
}

// calledByOthers reports whether a function that is no method of t calls m, and makes no t
// itself.
func calledByOthers(ps *programs, m *ssa.Function, t *types.TypeName) bool {
	return slices.ContainsFunc(ps.pkg.Sites(m), func(site ssa.CallInstruction) bool {
		if _, ok := site.(*ssa.Call); !ok {
			return false
		}
		sig := skeleton.Outermost(site.Parent()).Signature
		for v := range sig.Results().Variables() {
			if named(v.Type()) == t {
				return false
			}
		}
		return sig.Recv() == nil || named(sig.Recv().Type()) != t
	})
}

// closes reports whether a method is by its name what ends a value's life, as that of an
// io.Closer: after it, nobody is left who could end what the type has started.
func closes(m *ssa.Function) bool {
	switch m.Name() {
	case "Close", "Stop", "Shutdown":
		return len(m.Params) == 1
	}
	return false
}

// stopper reports whether a method tells goroutines to end: it closes a channel
// in a field, calls a function in a field that cancels, or waits to hand over a value
// that says nothing.
func stopper(ps *programs, m *ssa.Function, roomy map[*types.Var]bool) bool {
	found := false
	renewed := renewedFields(ps, m)
	within(ps, m, 2, func(instr ssa.Instruction) {
		switch instr := instr.(type) {
		case *ssa.Send:
			found = found || saysNothing(instr.X.Type()) && inField(ps, instr.Chan) && !roomy[ps.pkg.Access.Of(instr.Chan).Class().Var]
		case ssa.CallInstruction:
			common := instr.Common()
			if bi, ok := common.Value.(*ssa.Builtin); ok {
				// Of many in a map, it may be one that only answers.
				if bi.Name() == "close" && inField(ps, common.Args[0]) {
					ch := ps.pkg.Access.Of(common.Args[0])
					found = found || ch.Kind == access.Field && !renewed[ch.Field]
				}
				return
			}
			found = found || ops.IsCancel(common.Value.Type()) && inField(ps, common.Value)
		}
	})
	return found
}

// renewedFields are the fields for which a method makes another channel: who closes the one
// before wakes those that wait, and ends nothing.
func renewedFields(ps *programs, m *ssa.Function) map[*types.Var]bool {
	fields := make(map[*types.Var]bool)
	within(ps, m, 2, func(instr ssa.Instruction) {
		if st, ok := instr.(*ssa.Store); ok {
			if _, ok := st.Val.(*ssa.MakeChan); ok && inField(ps, st.Addr) {
				fields[ps.pkg.Access.Of(st.Addr).Class().Var] = true
			}
		}
	})
	return fields
}

func saysNothing(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return u.NumFields() == 0
	case *types.Basic:
		return u.Kind() == types.Bool
	}
	return false
}

func inField(ps *programs, v ssa.Value) bool {
	f := ps.pkg.Access.Of(v).Class().Var
	return f != nil && f.IsField()
}

// startsSomething reports whether a function starts goroutines that matter.
func startsSomething(ps *programs, fn *ssa.Function) bool {
	found := false
	within(ps, fn, 2, func(instr ssa.Instruction) {
		switch instr := instr.(type) {
		case *ssa.Go:
			found = true
		case *ssa.Call:
			switch op, _ := ps.pkg.Op(instr.Common()); op.Kind {
			case ops.WgGo, ops.GroupGo, ops.GroupTryGo:
				found = true
			}
			if _, r, ok := ps.pkg.Runner(instr); ok && r.Starts {
				found = true
			}
		}
	})
	return found
}

// ofAnother reports whether a method calls f, one of its own type, on another object than its own:
// as what ends a tree ends its children.
func ofAnother(ps *programs, fn, f *ssa.Function, call *ssa.CallCommon) bool {
	own, its := fn.Signature.Recv(), f.Signature.Recv()
	if own == nil || its == nil || named(own.Type()) != named(its.Type()) || call.IsInvoke() || len(call.Args) == 0 {
		return false
	}
	return ps.pkg.Access.Of(call.Args[0]) != ps.pkg.Access.Of(fn.Params[0])
}

// within visits the instructions of a function and of what it calls in this
// package, but for methods of its own type on another object, and in its literals.
func within(ps *programs, fn *ssa.Function, depth int, visit func(ssa.Instruction)) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			visit(instr)
			if depth == 0 {
				continue
			}
			switch instr := instr.(type) {
			case *ssa.MakeClosure:
				within(ps, instr.Fn.(*ssa.Function), depth-1, visit)
			case *ssa.Call, *ssa.Defer:
				fns, _ := ps.pkg.Callees(instr.(ssa.CallInstruction))
				for _, f := range fns {
					if f.Parent() == nil && !ofAnother(ps, fn, f, instr.(ssa.CallInstruction).Common()) {
						within(ps, f, depth-1, visit)
					}
				}
			}
		}
	}
}

// serves reports whether a method is a loop around blocking channel operations,
// to be run in a goroutine.
func serves(m *ssa.Function) bool {
	for _, b := range m.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Select:
				if instr.Blocking && skeleton.Reaches(b, b) {
					return true
				}
			case *ssa.UnOp:
				if instr.Op == token.ARROW && skeleton.Reaches(b, b) {
					return true
				}
			}
		}
	}
	return false
}

// roomyFields lists the fields that are set to channels with a capacity.
func roomyFields(ps *programs) map[*types.Var]bool {
	roomy := make(map[*types.Var]bool)
	for _, fn := range ps.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				v := st.Val
				if ct, ok := v.(*ssa.ChangeType); ok {
					v = ct.X
				}
				mk, ok := v.(*ssa.MakeChan)
				if !ok {
					continue
				}
				if c, ok := mk.Size.(*ssa.Const); ok && c.Value != nil && constant.Sign(c.Value) == 0 {
					continue
				}
				if f := ps.pkg.Access.Of(st.Addr).Class().Var; f != nil {
					roomy[f] = true
				}
			}
		}
	}
	return roomy
}
