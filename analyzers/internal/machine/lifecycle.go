package machine

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"time"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

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

// runTypes explores the types of a package that have a constructor and goroutines:
// their methods called one after the other, and with all at the same time, as callers may.
// What is known already is not told again.
func runTypes(pkg *skeleton.Package, known []*Verdict, all bool) *Result {
	return explorePackage(pkg, func(res *Result, ps *programs) { res.runTypes(ps, known, all) })
}

func (res *Result) runTypes(ps *programs, known []*Verdict, all bool) {
	uses := ps.fieldFacts().uses
	seen := make(map[ssa.Instruction]bool)
	for _, v := range known {
		seen[v.Stuck[0].Instr] = true
	}
	cut := make(map[*ssa.Function]int) // scripts of a constructor that could not be run to the end
	for _, sc := range scripts(ps) {
		if sc.Protocol > UseThenStop && !all {
			break // those come last
		}
		if res.Stats.Work > packageWork || cut[sc.Calls[0].Func] > maxCuts {
			res.Stats.Cut++
			continue
		}
		begin := time.Now()
		s := newSystem(ps, sc.Calls[0].Func, sc, uses, scriptStates)
		s.work = scriptWork
		found := s.verdicts()
		res.Stats.add(s.stats, s.root, time.Since(begin))
		cut[s.root] += s.stats.Cut
		if w := skeleton.Debug("machine"); w != nil {
			fmt.Fprintf(w, "%s: %s: %d states, %d cut, %d found\n", sc.Type.Name(), sc, s.stats.States, s.stats.Cut, len(found))
		}
		for _, v := range found {
			if w := skeleton.Debug("verdicts"); w != nil {
				fmt.Fprintf(w, "%s: %s: told: %t\n", sc.Type.Name(), sc, s.tells(v))
				v.dump(w, ps.pkg.Pass)
			}
			if !seen[v.Stuck[0].Instr] && s.tells(v) {
				seen[v.Stuck[0].Instr] = true
				res.Verdicts = append(res.Verdicts, v)
			}
		}
	}
}

// maxAskWork bounds the instructions of the scripts of [Result.asks] in a package.
const maxAskWork = packageWork / 4

// asks runs the types that have a goroutine, each with one method, and notes what needs no
// promise of the type, unlike what [TypesOf] finds. The method waits for an answer on a
// channel of its own and gives up: the goroutine is left with the answer, nobody else can
// ever receive it, and it serves nobody any more. Or the method closes the channel that
// the goroutine sends on.
func (res *Result) asks(ps *programs) {
	known := make(map[*ssa.Function]bool)
	closes := func(fn *ssa.Function) bool {
		yes, ok := known[fn]
		if !ok {
			yes = closesField(ps, fn)
			known[fn] = yes
		}
		return yes
	}
	if !slices.ContainsFunc(ps.pkg.Funcs, givesUp) && !slices.ContainsFunc(ps.pkg.Funcs, closes) {
		return
	}
	uses := ps.fieldFacts().uses
	work := 0
	for _, sc := range scripts(ps) {
		ask := sc.Calls[len(sc.Calls)-1].Func
		if sc.Protocol != InOrder || !givesUp(ask) && !closes(ask) || work > maxAskWork {
			continue
		}
		begin := time.Now()
		s := newSystem(ps, sc.Calls[0].Func, sc, uses, scriptStates)
		s.work = scriptWork
		found := s.verdicts()
		res.Stats.add(s.stats, s.root, time.Since(begin))
		work += s.stats.Work
		for _, v := range found {
			x := v.Stuck[0]
			told := slices.ContainsFunc(res.Verdicts, func(w *Verdict) bool { return w.Stuck[0].Instr == x.Instr })
			if v.Kind == SendClosed && v.Grade != Guess && v.Complete && !told && !x.Root {
				res.Verdicts = append(res.Verdicts, v)
			}
			if v.Kind != Leak || v.Grade != Abandoned || !v.Complete || x.Op != Send || told {
				continue
			}
			if site := madeIn(ask, x); site != nil && x.Func != ask {
				v.Heals = s.room(site, x.Instr)
				res.Verdicts = append(res.Verdicts, v)
			}
		}
	}
}

// givesUp reports whether a method makes a channel without room, and receives from it in
// a select with another case.
func givesUp(fn *ssa.Function) bool {
	if fn.Signature.Recv() == nil || fn.Parent() != nil {
		return false
	}
	makes, leaves := false, false
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.MakeChan:
				size, ok := instr.Size.(*ssa.Const)
				makes = makes || ok && size.Int64() == 0
			case *ssa.Select:
				receives := 0
				for _, c := range instr.States {
					if c.Dir == types.RecvOnly {
						receives++
					}
				}
				leaves = leaves || receives > 1 || receives == 1 && !instr.Blocking
			}
		}
	}
	return makes && leaves
}

// closesField reports whether a method closes a channel in a field on which others send.
func closesField(ps *programs, fn *ssa.Function) bool {
	if fn.Signature.Recv() == nil || fn.Parent() != nil {
		return false
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			bi, ok := call.Common().Value.(*ssa.Builtin)
			if !ok || bi.Name() != "close" || !inField(ps, call.Common().Args[0]) {
				continue
			}
			if class := ps.pkg.Access.Of(call.Common().Args[0]).Class(); slices.ContainsFunc(ps.pkg.Funcs, func(g *ssa.Function) bool { return g != fn && sendsOn(ps, g, class) }) {
				return true
			}
		}
	}
	return false
}

func sendsOn(ps *programs, fn *ssa.Function, class access.Class) bool {
	is := func(ch ssa.Value) bool { return ps.pkg.Access.Of(ch).Class() == class }
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send:
				if is(instr.Chan) {
					return true
				}
			case *ssa.Select:
				if slices.ContainsFunc(instr.States, func(c *ssa.SelectState) bool { return c.Send != nil && is(c.Chan) }) {
					return true
				}
			}
		}
	}
	return false
}

// madeIn returns where fn makes the channel that a goroutine is stuck at, or nil.
func madeIn(fn *ssa.Function, x Stuck) *ssa.MakeChan {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if site, ok := instr.(*ssa.MakeChan); ok && site.Pos() == x.Made {
				return site
			}
		}
	}
	return nil
}

// room reports whether nobody hangs at the instruction when the channel has room for one.
func (s *system) room(site *ssa.MakeChan, instr ssa.Instruction) bool {
	h := s.twin()
	h.widened, h.work = site, scriptWork
	whole := h.explore()
	s.stats.States += len(h.nodes)
	s.stats.Work += h.stats.Work
	if !whole {
		return false
	}
	for _, list := range h.stuckAt() {
		if slices.ContainsFunc(list, func(x stuck) bool { return x.pend.instr == instr }) {
			return false
		}
	}
	return true
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
	case s.script.Protocol == Alone:
		return made == calls && v.Kind == Leak && !slices.ContainsFunc(v.Stuck, func(x Stuck) bool { return !s.leftBy(x) })
	case s.script.Protocol <= UseThenStop && !s.script.Stops && (v.Kind == Leak || v.Kind == Deadlock && !slices.ContainsFunc(v.Stuck, Stuck.calls)):
		return false // nobody has asked the goroutine to end
	case made < calls:
		return false // an earlier call goes wrong: a shorter script tells
	}
	return !slices.ContainsFunc(v.Stuck, s.servedOutside)
}

// leftBy reports whether a goroutine that a script leaves behind hangs at a send, is one of those
// that each call of the script's method starts, and sends to nobody but that method: what a
// call leaves behind, a later one can take over only by leaving one of its own.
func (s *system) leftBy(x Stuck) bool {
	send, ok := x.Instr.(*ssa.Send)
	if !ok {
		return false
	}
	m := s.script.Calls[len(s.script.Calls)-1].Func
	site := s.gids[x.Goroutine].site
	if site == nil || site.Parent() != m || skeleton.Reaches(send.Block(), send.Block()) {
		return false
	}
	for br := range skeleton.Conditions(site) {
		if !comparesError(br) && !skeleton.Reaches(br.Block(), br.Block()) {
			return false
		}
	}
	f := s.ps.pkg.Access.Of(send.Chan).Class().Var
	if f == nil || !f.IsField() {
		return false
	}
	return !slices.ContainsFunc(s.uses[f.Origin()], func(u use) bool {
		return u.receives && skeleton.Outermost(u.fn) != m || u.sends && !s.seen[u.fn]
	})
}

// calls reports whether it is the caller of a script who hangs, and not who runs a method
// for him.
func (x Stuck) calls() bool { return x.Goroutine == 0 }

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

// unseen tells how functions that the script does not run use a field.
func (s *system) unseen(f *types.Var) use {
	var all use
	for _, u := range s.uses[f.Origin()] {
		// Whoever waits for the end, as Wait does, waits for somebody to stop it.
		if !s.seen[u.fn] || u.ends && !s.script.Stops {
			all.sends = all.sends || u.sends
			all.receives = all.receives || u.receives
			all.ends = all.ends || u.ends
		} else if u.receives && s.calledElsewhere(u.fn) && !slices.ContainsFunc(s.script.Calls, func(c ScriptCall) bool { return c.Func == u.fn }) {
			all.receives = true // as who unlocks takes the token back
		}
	}
	if f.Exported() {
		all.sends, all.receives, all.ends = true, true, true
	}
	return all
}

// expose notes, when v is stored at addr, what code outside the script can do to
// it.
func (s *system) expose(st *state, addr, v val) {
	f := s.fieldAt(addr)
	if f == nil || s.script.Protocol == FailedMake { // nobody else gets the value
		return
	}
	u := s.unseen(f)
	if !u.sends && !u.receives {
		return
	}
	switch v.k {
	case channel:
		o := st.object(v.n)
		// Who stops a type need not use it any more.
		used := u.ends || !s.script.Stops || s.script.Protocol > UseThenStop
		o.fed = o.fed || u.sends && used
		o.drained = o.drained || u.receives && used
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
		if s.script.Protocol == FailedMake && self.k != ptr && s.failed(st, result) {
			return false
		}
		if self.k != ptr || s.open(st, self.n) {
			return false
		}
		g.self = self
		g.todo = s.script.Calls[1:]
	}
	if s.script.Protocol == FailedMake {
		st.over = true // it has not failed
		return true
	}
	if s.failed(st, result) && s.script.Protocol <= UseThenStop {
		return false
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
		if !c.Go {
			st.trace = st.trace.add(event{gid: g.id, what: "calls", index: len(s.script.Calls) - len(g.todo) - 1})
			s.begin(st, g, p, nil, []val{g.self})
			return true
		}
		who := s.newGoroutine(st, s.gid(gidKey{parent: g.id, occ: int32(len(g.todo)) + 1}, c.Func))
		who.self = g.self
		st.trace = st.trace.add(event{gid: g.id, what: "starts", other: who.id})
		s.begin(st, who, p, nil, []val{g.self})
	}
	return false
}

// failed reports whether the last of the results is an error: then the caller has nothing
// to go on with.
func (s *system) failed(st *state, result val) bool {
	err := result
	if result.k == tuple {
		vals := s.tuples[result.n]
		err = vals[len(vals)-1]
	}
	switch err.k {
	case solid:
		return true
	case opaque:
		none, known := st.fact(s.expr(expr{op: token.EQL, a: err, b: val{k: null}}))
		return known && none == 0
	}
	return false
}

// madeBy finds the value that the constructor returns among its results.
func (s *system) madeBy(result val) val {
	is := func(v val) bool {
		if v.k != ptr || v.p != 0 {
			return false
		}
		typ := s.objs[v.n].typ
		return typ != nil && named(typ) == s.script.Type
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

// filledOutside reports whether a choice is how many entries a map has, in a field that nothing
// fills but what the script does not run, or that takes out what it has filled in: whatever else
// that does, goes with an entry.
func (s *system) filledOutside(instr ssa.Instruction) bool {
	if s.script == nil {
		return false
	}
	load, ok := counted(instr).(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	f := s.ps.pkg.Access.Of(load.X).Class().Var
	if _, isMap := load.Type().Underlying().(*types.Map); !isMap || f == nil || !f.IsField() {
		return false
	}
	outside, inside, taken := false, false, false
	for _, fn := range s.ps.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.MapUpdate:
					if s.ps.pkg.Access.Of(instr.Map).Class().Var == f {
						inside, outside = inside || s.seen[fn], outside || !s.seen[fn]
					}
				case *ssa.Call:
					if b, ok := instr.Call.Value.(*ssa.Builtin); ok && b.Name() == "delete" {
						taken = taken || s.seen[fn] && s.ps.pkg.Access.Of(instr.Call.Args[0]).Class().Var == f
					}
				}
			}
		}
	}
	return outside && !inside || taken
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

// asksError reports whether a decision is which error there was.
func (s *system) asksError(instr ssa.Instruction) bool {
	br, ok := instr.(*ssa.If)
	if !ok {
		return false
	}
	call, ok := br.Cond.(*ssa.Call)
	return ok && len(call.Call.Args) == 2 && isError(call.Call.Args[0].Type()) && call.Call.StaticCallee() != nil &&
		call.Call.StaticCallee().Pkg != nil && call.Call.StaticCallee().Pkg.Pkg.Path() == "errors"
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
