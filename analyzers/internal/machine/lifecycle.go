package machine

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Protocol says how the calls of a script follow each other.
type Protocol uint8

// The protocols.
const (
	InOrder    Protocol = iota // constructor, start, one method
	AfterStop                  // constructor, start, a stopping method, one method
	Twice                      // the same stopping method twice
	Concurrent                 // constructor, start, a stopping method while another one runs
)

// A Script is the root of a type system: the calls that make a value of a type
// and use it, as a caller would.
type Script struct {
	Type     *types.TypeName
	Protocol Protocol
	Calls    []ScriptCall
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

// Bounds of type systems: methods of a type that are looked at, those that stop,
// scripts that are too large before a constructor is given up, and states and
// instructions of one script.
const (
	maxMethods   = 10
	maxStoppers  = 3
	maxCuts      = 3
	scriptStates = 400
	scriptWork   = 50_000
)

// Lifecycles runs the types of the package that have a constructor and
// goroutines as systems: their methods called one after the other, and at the
// same time, as callers may. It is work of its own, done when asked for.
func (res *Result) Lifecycles(pkg *skeleton.Package) []*Verdict {
	res.lifecycles.Do(func() {
		res.Panic = skeleton.Safely(func() { res.runTypes(pkg) })
	})
	res.Panic.Raise()
	return res.types
}

func (res *Result) runTypes(pkg *skeleton.Package) {
	if !pkg.Built() {
		return
	}
	pkg.Mu.Lock()
	defer pkg.Mu.Unlock()
	ps := newPrograms(pkg)
	ps.findRoomy()
	uses := fieldUses(ps)
	seen := make(map[ssa.Instruction]bool)
	for _, v := range res.Verdicts {
		seen[v.Stuck[0].Instr] = true
	}
	work := 0
	cut := make(map[*ssa.Function]int) // scripts of a constructor that could not be run to the end
	for _, sc := range scripts(ps) {
		if work > packageWork || cut[sc.Calls[0].Func] > maxCuts {
			res.Stats.Cut++
			continue
		}
		s := newScripted(ps, sc, uses)
		s.limit, s.work = scriptStates, scriptWork
		found := s.verdicts()
		work += s.stats.Work
		cut[sc.Calls[0].Func] += s.stats.Cut
		if w := skeleton.Debug("machine"); w != nil {
			fmt.Fprintf(w, "%s: %s: %d states, %d cut, %d found\n", sc.Type.Name(), sc, s.stats.States, s.stats.Cut, len(found))
		}
		for _, v := range found {
			if w := skeleton.Debug("verdicts"); w != nil {
				fmt.Fprintf(w, "%s: %s: told: %t\n", sc.Type.Name(), sc, s.tells(v))
				v.dump(w, pkg.Pass)
			}
			if !seen[v.Stuck[0].Instr] && s.tells(v) {
				seen[v.Stuck[0].Instr] = true
				res.types = append(res.types, v)
			}
		}
	}
}

// tells reports whether a verdict about a script is one to speak of.
func (s *system) tells(v *Verdict) bool {
	calls, made := 0, 0
	for _, c := range s.script.Calls {
		if !c.Go {
			calls++
		}
	}
	for _, st := range v.Witness {
		if st.What == "calls" {
			made++
		}
	}
	switch {
	case v.Grade == Guess, v.Grade == ScheduleOnly && !v.Complete:
		return false
	case v.Kind == Leak && s.script.Protocol == InOrder && !s.stops():
		return false // nobody has asked the goroutine to end
	case made < calls:
		return false // an earlier call goes wrong: a shorter script tells
	}
	return !slices.ContainsFunc(v.Stuck, s.servedOutside)
}

// stops reports whether the last call of the script is one that stops.
func (s *system) stops() bool {
	return stopper(s.ps, s.script.Calls[len(s.script.Calls)-1].Func)
}

// servedOutside reports whether what a goroutine hangs at is a group, condition
// or semaphore in a field that methods outside the script serve.
func (s *system) servedOutside(x Stuck) bool {
	call, ok := x.Instr.(ssa.CallInstruction)
	if !ok {
		return false
	}
	_, on := s.ps.pkg.Op(call.Common())
	if on == nil {
		return false
	}
	f := s.ps.pkg.Access.Of(on).Class().Var
	if f == nil {
		return false
	}
	u := s.unseen(f)
	return u.sends || u.receives
}

// newScripted returns the system of a script.
func newScripted(ps *programs, sc *Script, uses map[*types.Var][]use) *system {
	s := newSystem(ps, sc.Calls[0].Func, scriptStates)
	s.script, s.uses = sc, uses
	s.seen = make(map[*ssa.Function]bool)
	for _, c := range sc.Calls {
		s.survey(c.Func, s.seen, 0)
	}
	s.settleNumbers()
	return s
}

// A use is how a function uses what lies in a field.
type use struct {
	fn              *ssa.Function
	sends, receives bool
}

// fieldUses lists how the functions of the package use the fields whose values
// goroutines synchronise on or that lead to such: sending (also closing, counting
// down, cancelling), receiving, or both when that is not known.
func fieldUses(ps *programs) map[*types.Var][]use {
	out := make(map[*types.Var][]use)
	for _, fn := range ps.pkg.Funcs {
		found := make(map[*types.Var]use)
		note := func(v ssa.Value, sends, receives bool) {
			if f := ps.pkg.Access.Of(v).Class().Var; f != nil && f.IsField() {
				u := found[f]
				found[f] = use{fn, u.sends || sends, u.receives || receives}
			}
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Send:
					note(instr.Chan, true, false)
				case *ssa.Select:
					for _, c := range instr.States {
						note(c.Chan, c.Dir == types.SendOnly, c.Dir == types.RecvOnly)
					}
				case *ssa.UnOp:
					switch instr.Op {
					case token.ARROW:
						note(instr.X, false, true)
					case token.MUL:
						if ps.interesting(instr.Type()) && !onlyUsed(ps, instr) {
							note(instr.X, true, true)
						}
					}
				case *ssa.Store:
					if _, fresh := ps.pkg.Access.Of(instr.Addr).Root().Value.(*ssa.Alloc); ps.interesting(instr.Val.Type()) && !fresh {
						note(instr.Addr, true, true)
					}
				case ssa.CallInstruction:
					common := instr.Common()
					if bi, ok := common.Value.(*ssa.Builtin); ok {
						if bi.Name() == "close" {
							note(common.Args[0], true, false)
						}
						continue
					}
					op, on := ps.pkg.Op(common)
					if on == nil {
						continue
					}
					switch op.Kind {
					case ops.WgDone, ops.WgAdd, ops.CondSignal, ops.CondBroadcast, ops.SemRelease:
						note(on, true, false)
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

// onlyUsed reports whether a loaded value is only used for operations that are
// noted of themselves, and does not go elsewhere.
func onlyUsed(ps *programs, v ssa.Value) bool {
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
			if !onlyUsed(ps, r) {
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

// unseen tells how functions that the script does not run use a field.
func (s *system) unseen(f *types.Var) use {
	var all use
	for _, u := range s.uses[f.Origin()] {
		if !s.seen[u.fn] {
			all.sends = all.sends || u.sends
			all.receives = all.receives || u.receives
		}
	}
	if f.Exported() {
		all.sends, all.receives = true, true
	}
	return all
}

// expose notes, when v is stored at addr, what code outside the script can do to
// it.
func (s *system) expose(st *state, addr, v val) {
	f := s.fieldAt(addr)
	if f == nil {
		return
	}
	u := s.unseen(f)
	if !u.sends && !u.receives {
		return
	}
	switch v.k {
	case channel:
		o := st.object(v.n)
		o.fed = o.fed || u.sends
		o.drained = o.drained || u.receives
	case ctx: // only its cancel function does anything to it
	case cancel:
		st.object(v.n).fed = true
	case ptr:
		if s.objs[v.n].typ != nil {
			return // its own fields tell
		}
		s.escape(st, v)
	default:
		s.escape(st, v)
	}
}

// fieldAt is the field that an address is of, or nil.
func (s *system) fieldAt(addr val) *types.Var {
	var fields []int32
	for p := addr.p; p > 0; p = s.paths[p].parent {
		if s.paths[p].field < 0 {
			return nil
		}
		fields = append(fields, s.paths[p].field)
	}
	typ := s.objs[addr.n].typ
	var f *types.Var
	for _, i := range slices.Backward(fields) {
		if typ == nil {
			return nil
		}
		u, ok := typ.Underlying().(*types.Struct)
		if !ok || int(i) >= u.NumFields() {
			return nil
		}
		f = u.Field(int(i))
		typ = f.Type()
	}
	return f
}

// nextCall goes on with the next call of the script when goroutine g has ended one with
// a result. It reports false when there is none.
func (s *system) nextCall(st *state, g *goroutine, result val) bool {
	if g.id == 0 && g.self.k == top {
		self := s.madeBy(result)
		if self.k != ptr || s.open(st, self.n) {
			return false
		}
		g.self = self
		g.todo = s.script.Calls[1:]
	}
	s.release(st, result, g.self)
	for len(g.todo) > 0 {
		c := g.todo[0]
		g.todo = g.todo[1:]
		p := s.ps.program(c.Func)
		if p == nil {
			st.cut = true
			return true
		}
		who := g
		if c.Go {
			id := s.gid(gidKey{parent: 0, occ: int32(len(g.todo)) + 1}, c.Func)
			who = &goroutine{id: id, self: g.self}
			if s.grading {
				who.occ = make(map[ssa.Instruction]int)
			}
			st.addGoroutine(who)
			st.trace = st.trace.add(event{gid: g.id, what: "starts", other: id})
		} else {
			st.trace = st.trace.add(event{gid: g.id, what: "calls", index: len(s.script.Calls) - len(g.todo) - 1})
		}
		f := frame{p: p, regs: make([]val, p.n)}
		s.bind(st, who, &f, nil, []val{g.self})
		who.stack = []frame{f}
		if !c.Go {
			return true
		}
	}
	return false
}

// madeBy finds the value that the constructor returns among its results.
func (s *system) madeBy(result val) val {
	is := func(v val) bool {
		if v.k != ptr || v.p != 0 {
			return false
		}
		n, ok := types.Unalias(orNil(s.objs[v.n].typ)).(*types.Named)
		return ok && n.Origin().Obj() == s.script.Type
	}
	if is(result) {
		return result
	}
	if result.k == tuple {
		for _, v := range s.tuples[result.n] {
			if is(v) {
				return v
			}
		}
	}
	return unknown
}

func orNil(t types.Type) types.Type {
	if t == nil {
		return types.Typ[types.Invalid]
	}
	return t
}

// unseenServes reports whether only functions outside the script can serve a
// channel that is neither closed nor ready.
func (s *system) unseenServes(st *state, ch val) bool {
	if s.script == nil || ch.k != channel {
		return false
	}
	o := st.look(ch.n)
	for o != nil && o.isCtx && !o.outside && !o.fed && o.parent.k == ctx {
		o = st.look(o.parent.n)
	}
	return o != nil && (o.fed || o.drained) && !o.escaped && !o.timer && !o.outside
}

// comparesError reports whether a decision is whether there was an error, which
// can come at any time.
func comparesError(instr ssa.Instruction) bool {
	br, ok := instr.(*ssa.If)
	if !ok {
		return false
	}
	cmp, ok := br.Cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	c, ok := cmp.Y.(*ssa.Const)
	return ok && c.Value == nil && isError(cmp.X.Type())
}

// release gives what a method returns to its caller, but for the receiver.
func (s *system) release(st *state, result, self val) {
	if result == self {
		return
	}
	if result.k == tuple {
		for _, v := range s.tuples[result.n] {
			s.release(st, v, self)
		}
		return
	}
	s.escape(st, result)
}

// user reports whether a goroutine is one that calls the root or the methods of a
// script.
func (s *system) user(gid int32) bool {
	return gid == 0 || s.script != nil && s.gids[gid].site == nil
}

// scripts lists the type systems of a package.
func scripts(ps *programs) []*Script {
	var out []*Script
	makers := make(map[*types.TypeName][]*ssa.Function)
	methods := make(map[*types.TypeName][]*ssa.Function)
	var order []*types.TypeName
	for _, fn := range ps.pkg.Funcs {
		if fn.Parent() != nil || fn.Synthetic != "" || strings.HasSuffix(ps.pkg.Pass.Fset.Position(fn.Pos()).Filename, "_test.go") {
			continue
		}
		if recv := fn.Signature.Recv(); recv != nil {
			if p, ok := recv.Type().(*types.Pointer); ok {
				if n, ok := types.Unalias(p.Elem()).(*types.Named); ok {
					methods[n.Obj()] = append(methods[n.Obj()], fn)
				}
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
			out = append(out, scriptsOf(ps, t, mk, methods[t])...)
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
			if n, ok := types.Unalias(deref(r.Type())).(*types.Named); ok {
				if _, isStruct := n.Underlying().(*types.Struct); isStruct {
					return n.Origin().Obj()
				}
			}
		}
	}
	return nil
}

// scriptsOf lists the scripts of a type with one of its constructors.
func scriptsOf(ps *programs, t *types.TypeName, mk *ssa.Function, all []*ssa.Function) []*Script {
	var starters, servers, stoppers, others []*ssa.Function
	for _, m := range all {
		if !m.Object().Exported() && !calledByOthers(ps, m, t) || !ps.isActive(m) {
			continue
		}
		switch {
		case serves(m):
			servers = append(servers, m)
		case stopper(ps, m):
			if len(stoppers) < maxStoppers {
				stoppers = append(stoppers, m)
			}
		case startsSomething(ps, m, 2):
			starters = append(starters, m)
		}
		if len(others) < maxMethods && !serves(m) {
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
	if startsSomething(ps, mk, 2) {
		before = [][]ScriptCall{nil}
	}
	if len(before) > 2 {
		return nil // which of them belong together is not known
	}
	var out []*Script
	for _, b := range before {
		add := func(p Protocol, calls ...ScriptCall) {
			list := append([]ScriptCall{{Func: mk}}, b...)
			out = append(out, &Script{Type: t, Protocol: p, Calls: append(list, calls...)})
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
				add(AfterStop, ScriptCall{Func: stop}, ScriptCall{Func: m})
				add(Concurrent, ScriptCall{Func: stop, Go: true}, ScriptCall{Func: m})
			}
		}
	}
	return out
}

// calledByOthers reports whether a function that is no method of t calls m.
func calledByOthers(ps *programs, m *ssa.Function, t *types.TypeName) bool {
	for _, fn := range ps.pkg.Funcs {
		if recv := skeleton.Outermost(fn).Signature.Recv(); recv != nil {
			if n, ok := types.Unalias(deref(recv.Type())).(*types.Named); ok && n.Obj() == t {
				continue
			}
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok {
					if f := call.Common().StaticCallee(); f != nil && skeleton.Origin(f) == m {
						return true
					}
				}
			}
		}
	}
	return false
}

// stopper reports whether a method tells goroutines to end: it closes a channel
// in a field, calls a function in a field that cancels, or waits to hand over a value
// that says nothing.
func stopper(ps *programs, m *ssa.Function) bool {
	found := false
	within(ps, m, 2, func(instr ssa.Instruction) {
		switch instr := instr.(type) {
		case *ssa.Send:
			found = found || saysNothing(instr.X.Type()) && inField(ps, instr.Chan) && !ps.roomy[ps.pkg.Access.Of(instr.Chan).Class().Var]
		case ssa.CallInstruction:
			common := instr.Common()
			if bi, ok := common.Value.(*ssa.Builtin); ok {
				found = found || bi.Name() == "close" && inField(ps, common.Args[0])
				return
			}
			if n, ok := types.Unalias(common.Value.Type()).(*types.Named); ok && inField(ps, common.Value) {
				found = found || n.Obj().Name() == "CancelFunc" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
			}
		}
	})
	return found
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
func startsSomething(ps *programs, fn *ssa.Function, depth int) bool {
	found := false
	within(ps, fn, depth, func(instr ssa.Instruction) {
		switch instr := instr.(type) {
		case *ssa.Go:
			found = true
		case *ssa.Call:
			switch op, _ := ps.pkg.Op(instr.Common()); op.Kind {
			case ops.WgGo, ops.GroupGo, ops.GroupTryGo:
				found = true
			}
		}
	})
	return found
}

// within visits the instructions of a function and of what it calls in this
// package and in its literals.
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
					if f.Parent() == nil {
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
