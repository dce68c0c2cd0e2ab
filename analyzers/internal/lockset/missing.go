package lockset

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Way is how a path leaves a lock locked.
type Way uint8

// The ways.
const (
	ByReturn Way = iota // a return
	ByLoop              // the next turn of a loop
	ByPanic             // a panic that is recovered
	ByNobody            // nothing in the package ever releases it
	ByDefer             // a deferred call takes it, and drops its key
	ByDrop              // a call takes it, and drops its key
	ByTurn              // the next turn of a loop, which takes that of another object
	ByHook              // a panic of a function that it is given, which is recovered
)

// A Missing is a lock that stays locked on some path though the function
// releases it on others, or has a key to it: what a call returned that took it.
type Missing struct {
	Fn   *ssa.Function
	Lock skeleton.Held
	Way  Way
	// At is the return, the panic, or the Lock of the next turn.
	At ssa.Instruction
	// Branch is the continue statement, if that is how the turn ends.
	Branch ast.Stmt
	// Always says that every path to At holds the lock.
	Always bool
	// By is what takes the lock, of a ByLoop one that is a call.
	By string
	// Elsewhere says, of ByNobody, that other functions do release the lock
	// when they have taken it.
	Elsewhere bool
}

// missing decides which of the locks that a function leaves locked are left so
// by mistake. A function that returns with a lock held can mean to. It does not when
//
//   - some path in it releases the lock again: then it is not only a helper
//     that locks for its caller; and
//   - the paths that keep the lock are not told apart from the others by what
//     they return, with the lock kept on success (tryEnter() bool); and
//   - no caller in the package releases what the call left locked.
func (s *Set) missing(fl *skeleton.FuncLocks) {
	type holding struct {
		at    ssa.Instruction
		ref   *access.Ref
		keyed bool
	}
	var order []holding
	held := make(map[holding][]int) // exits
	locks := make(map[holding]skeleton.Held)
	for i, x := range fl.Exits {
		for _, h := range x.Held {
			k := holding{h.At, h.Ref, h.Result > 0}
			if h.Stale || fl.Handed[h.Ref] || skeleton.IsDefer(h.At) && h.Result == 0 || s.fresh(fl.Fn, h.Ref) || overwritten(fl, h, x.Instr) {
				continue
			}
			if _, ok := held[k]; !ok {
				order = append(order, k)
				locks[k] = h
			}
			held[k] = append(held[k], i)
		}
	}
	turns := s.turns(fl)
	for _, k := range order {
		if k.keyed && len(direct(fl, k.at)) == 0 {
			if m, ok := s.dropped(fl, locks[k]); m.Way != ByReturn {
				if ok {
					s.Missing = append(s.Missing, m)
				}
				continue
			}
		} else if len(direct(fl, k.at)) == 0 {
			s.never(fl, locks[k], len(held[k]))
			continue
		}
		releasable := s.releasable(k.ref)
		if k.keyed {
			releasable = s.others(locks[k])
		}
		if s.callersRelease(fl, k.ref, 0) || releasable && (s.helper(fl, k.ref, held[k]) || flagged(fl, k.ref)) {
			continue
		}
		for _, at := range s.returns(fl, held[k]) {
			m := Missing{Fn: fl.Fn, Lock: locks[k], At: at.Instr, Always: s.always(fl, at.Instr, k.ref)}
			if slices.Contains(turns, k.at) && !m.Always {
				continue // the turn that leaves it locked goes on to leave the loop
			}
			if at.Panic {
				m.Way = ByPanic
			}
			s.Missing = append(s.Missing, m)
		}
	}
	s.unwound(fl)
	s.abandoned(fl)
	s.hooked(fl)
}

// unwound finds the locks that the function releases on other ways, and that a panic
// leaves locked from which a function that calls it recovers.
func (s *Set) unwound(fl *skeleton.FuncLocks) {
	for _, x := range fl.Unwinds {
		for _, h := range x.Held {
			if h.Stale || h.Result > 0 || fl.Handed[h.Ref] || skeleton.IsDefer(h.At) || s.fresh(fl.Fn, h.Ref) || overwritten(fl, h, x.Instr) || len(direct(fl, h.At)) == 0 {
				continue
			}
			told := func(m Missing) bool { return m.Fn == fl.Fn && m.At == x.Instr && m.Lock.Ref == h.Ref }
			if slices.ContainsFunc(s.Missing, told) || s.callersRelease(fl, h.Ref, 0) || !s.recovered(fl.Fn, h.Ref, 0) {
				continue
			}
			s.Missing = append(s.Missing, Missing{Fn: fl.Fn, Lock: h, Way: ByPanic, At: x.Instr, Always: s.always(fl, x.Instr, h.Ref)})
		}
	}
}

// recovered reports whether a function of the package that calls fn recovers from
// its panics, and others can have the lock then: it is not of an object that a function
// on the way has made for itself.
func (s *Set) recovered(fn *ssa.Function, lock *access.Ref, depth int) bool {
	if depth > 2 {
		return false
	}
	for _, site := range s.Pkg.Sites(fn) {
		call, ok := site.(*ssa.Call)
		if !ok || s.Pkg.InTest(call.Parent()) {
			continue
		}
		here := s.inCaller(call, fn, lock)
		if here != nil && s.fresh(call.Parent(), here) {
			continue
		}
		for _, b := range call.Parent().Blocks {
			for _, instr := range b.Instrs {
				if d, ok := instr.(*ssa.Defer); ok && skeleton.Dominates(d, call) && s.Pkg.CallsRecover(d) && s.goesOn(d) {
					return true
				}
			}
		}
		if s.recovered(call.Parent(), here, depth+1) {
			return true
		}
	}
	return false
}

// goesOn reports whether the deferred function, which recovers, only lets things go on:
// it does not panic again, end the process, or release a lock.
func (s *Set) goesOn(d *ssa.Defer) bool {
	fns, _ := s.Pkg.Callees(d)
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Panic:
					return false
				case ssa.CallInstruction:
					switch op, _ := s.Pkg.Op(instr.Common()); op.Kind {
					case ops.Exit, ops.Panic, ops.Goexit, ops.Unlock, ops.RUnlock:
						return false
					}
				}
			}
		}
	}
	return true
}

// direct lists what releases the lock that an instruction takes, but for calls of
// its key.
func direct(fl *skeleton.FuncLocks, at ssa.Instruction) (list []ssa.Instruction) {
	for _, r := range fl.Released[at] {
		if !slices.Contains(fl.Keyed[at], r) {
			list = append(list, r)
		}
	}
	return list
}

// dropped looks at a lock whose key the function does not even have. The way is
// ByReturn when it has it, and ok says that it is a mistake: nobody else releases
// the lock.
func (s *Set) dropped(fl *skeleton.FuncLocks, h skeleton.Held) (m Missing, ok bool) {
	m = Missing{Fn: fl.Fn, Lock: h, At: h.At, Always: true}
	if skeleton.IsDefer(h.At) {
		m.Way = ByDefer
		return m, !s.callersRelease(fl, h.Ref, 0)
	}
	if k := h.Key(); k != nil && len(*k.Referrers()) > 0 {
		return m, false
	}
	m.Way = ByDrop
	return m, !s.others(h) && !s.Pkg.InTest(fl.Fn) && fl.Fn.Name() != "main" && !s.callersRelease(fl, h.Ref, 0)
}

// others reports whether code that is not in sight can release the lock without
// its key.
func (s *Set) others(h skeleton.Held) bool {
	r := h.Ref
	if h.Nameless {
		return false
	}
	if s.private(r) {
		return s.unkeyed[r.Class()]
	}
	return r.Kind != access.Field || r.Field.Exported() || r.Field.Pkg() == s.Pass.Pkg || s.Pkg.ReleasedAbroad(r.Field)
}

// fresh reports whether the lock is in an object that the function has made:
// while nobody else knows it, nobody misses the unlock.
func (s *Set) fresh(fn *ssa.Function, r *access.Ref) bool {
	if r.Base == nil {
		return false // a lock variable
	}
	switch v := r.Root().Value.(type) {
	case *ssa.Alloc:
		return v.Parent() == fn
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		return callee != nil && s.makes(skeleton.Origin(callee))
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			callee := call.Call.StaticCallee()
			return callee != nil && s.makes(skeleton.Origin(callee))
		}
	}
	return false
}

// makes reports whether the first result of the function is an object that it
// makes.
func (s *Set) makes(fn *ssa.Function) bool {
	found := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		switch v := ret.Results[0].(type) {
		case *ssa.Const:
		case *ssa.Alloc:
			found = true
		default:
			_ = v
			return false
		}
	}
	return found
}

// returns lists, once each, the exits to name.
func (s *Set) returns(fl *skeleton.FuncLocks, exits []int) []skeleton.ExitState {
	var list []skeleton.ExitState
	for _, i := range exits {
		x := fl.Exits[i]
		if !slices.ContainsFunc(list, func(y skeleton.ExitState) bool { return y.Instr == x.Instr }) {
			list = append(list, x)
		}
	}
	return list
}

// always reports whether the lock is held whenever the exit is reached.
func (s *Set) always(fl *skeleton.FuncLocks, at ssa.Instruction, ref *access.Ref) bool {
	for _, x := range fl.Exits {
		if x.Instr == at && !holds(x, ref) {
			return false
		}
	}
	return true
}

func holds(x skeleton.ExitState, ref *access.Ref) bool {
	return slices.ContainsFunc(x.Held, func(h skeleton.Held) bool { return h.Ref == ref })
}

// outcome is what a return tells its caller.
type outcome int8

const (
	unknown outcome = iota
	success
	failure
	silent // nothing that could tell
)

func outcomeOf(fn *ssa.Function, x skeleton.ExitState) outcome {
	res := fn.Signature.Results()
	errorType := types.Universe.Lookup("error").Type()
	if n := res.Len(); n > 0 && len(x.Results) == n && types.Identical(res.At(n-1).Type(), errorType) {
		return nilness(x.Results[n-1], success, failure)
	}
	told := silent
	for i := range res.Len() {
		if i >= len(x.Results) {
			break
		}
		g := x.Results[i]
		switch u := res.At(i).Type().Underlying().(type) {
		case *types.Basic:
			if u.Info()&types.IsBoolean == 0 {
				continue
			}
			switch g.Value {
			case "true":
				return success
			case "false":
				return failure
			}
			told = unknown
		case *types.Pointer, *types.Interface, *types.Signature:
			if o := nilness(g, failure, success); o != unknown {
				return o
			}
			told = unknown
		}
	}
	return told
}

func nilness(g skeleton.Guard, isNil, notNil outcome) outcome {
	switch {
	case g.Value == "nil" && !g.Not:
		return isNil
	case g.Value == "nil":
		return notNil
	}
	return unknown
}

// helper reports whether the function means to return with the lock: always,
// or when it succeeds. What callers in sight do is told by callersRelease; this
// is about what the function looks like to those that are not.
func (s *Set) helper(fl *skeleton.FuncLocks, ref *access.Ref, held []int) bool {
	kept, free := make(map[outcome]bool), make(map[outcome]bool)
	for i, x := range fl.Exits {
		if x.Panic {
			continue
		}
		if slices.Contains(held, i) || holds(x, ref) {
			kept[outcomeOf(fl.Fn, x)] = true
		} else {
			free[outcomeOf(fl.Fn, x)] = true
		}
	}
	switch {
	case len(kept) == 0:
		return false // only a panic keeps it
	case s.closed(fl.Fn):
		return false // the callers decide
	case len(free) == 0:
		return len(kept) > 1 || !kept[failure]
	case kept[failure] || kept[silent]:
		return false
	}
	// What is kept is success or unknown.
	if free[success] {
		return !kept[success] && !kept[unknown]
	}
	return true
}

// flagged reports whether the function notes in a variable that it keeps the
// lock: all ways to return that keep it leave a flag with a value that the
// others do not.
func flagged(fl *skeleton.FuncLocks, ref *access.Ref) bool {
	keeps := func(e skeleton.Exit) bool {
		return slices.ContainsFunc(e.Effects, func(f skeleton.Effect) bool { return f.Ref == ref && !f.Release })
	}
	var flags []skeleton.Guard
	first := true
	for _, e := range fl.Summary.Exits {
		if !keeps(e) {
			continue
		}
		var set []skeleton.Guard
		for _, g := range e.Post {
			if g.Value != "" && (first || slices.Contains(flags, g)) {
				set = append(set, g)
			}
		}
		flags, first = set, false
	}
	for _, e := range fl.Summary.Exits {
		if !keeps(e) {
			flags = slices.DeleteFunc(flags, func(g skeleton.Guard) bool { return slices.Contains(e.Post, g) })
		}
	}
	return len(flags) > 0
}

// releasable reports whether code that is not in sight can release the lock:
// it can name it, or call a function of the package that releases it.
func (s *Set) releasable(r *access.Ref) bool {
	return !s.private(r) || s.releasers[r.Class()]
}

// findReleasers notes the locks that some function releases for its callers,
// or hands on.
func (s *Set) findReleasers() {
	s.releasers, s.unkeyed = make(map[access.Class]bool), make(map[access.Class]bool)
	for c, u := range s.classes {
		if u.loose {
			s.releasers[c] = true
		}
		if u.spread {
			s.unkeyed[c] = true
		}
	}
	for _, fl := range s.Locks.Funcs {
		for _, set := range []map[*access.Ref]bool{fl.Handed, fl.Unsure} {
			for r := range set {
				s.releasers[r.Class()], s.unkeyed[r.Class()] = true, true
			}
		}
		for r := range fl.Kept {
			s.releasers[r.Class()] = true
		}
		if fl.Fn.Object() == nil && s.onlyCalled(fl.Fn) {
			continue // part of the function around it
		}
		for _, ev := range fl.Events { // of a copy of what is handed around, say
			if ev.Kind == skeleton.UnlockEvent && ev.NotHeld {
				s.releasers[ev.Ref.Class()] = true
			}
		}
		released := func(r *access.Ref) {
			s.releasers[r.Class()] = true
			if !s.isKey(fl.Fn) {
				s.unkeyed[r.Class()] = true
			}
		}
		for _, r := range fl.Summary.Releases {
			released(r)
		}
		for _, e := range fl.Summary.Exits {
			for _, f := range e.Effects {
				if f.Release {
					released(f.Ref)
				}
			}
		}
	}
}

// isKey reports whether the function is a literal that is a key wherever it is made.
func (s *Set) isKey(fn *ssa.Function) bool {
	if fn.Object() != nil || len(s.Pkg.Closures(fn)) == 0 {
		return false
	}
	for _, mc := range s.Pkg.Closures(fn) {
		if !s.Locks.Of(mc.Parent()).MakesKey(mc) {
			return false
		}
	}
	return true
}

// closed reports whether all that calls the function is in sight.
func (s *Set) closed(fn *ssa.Function) bool {
	if len(s.Pkg.Sites(fn)) == 0 || s.Pkg.UsedAsValue(fn) {
		return false
	}
	if fn.Object() != nil {
		return !fn.Object().Exported()
	}
	return len(s.Pkg.Closures(fn)) <= 1 && s.onlyCalled(fn)
}

// onlyCalled reports whether a function literal is called where it is made, by
// a call, go or defer statement.
func (s *Set) onlyCalled(fn *ssa.Function) bool {
	for _, mc := range s.Pkg.Closures(fn) {
		for _, ref := range *mc.Referrers() {
			call, ok := ref.(ssa.CallInstruction)
			if !ok || slices.Contains(call.Common().Args, ssa.Value(mc)) {
				return false
			}
		}
	}
	return true
}

// callersRelease reports whether some caller in the package releases what the
// call leaves locked, or hands it on to callers of its own that can.
func (s *Set) callersRelease(fl *skeleton.FuncLocks, ref *access.Ref, depth int) bool {
	if fl.Summary.Unknown || depth > 12 {
		return true
	}
	for _, site := range s.Pkg.Sites(fl.Fn) {
		caller := s.Locks.Of(site.Parent())
		if caller == nil {
			continue
		}
		if caller.Cut || len(direct(caller, site)) > 0 || releasesResult(caller, site, ref) || handsOn(caller, ref) {
			return true
		}
		if slices.ContainsFunc(caller.Exits, func(x skeleton.ExitState) bool {
			return slices.ContainsFunc(x.Held, func(h skeleton.Held) bool { return h.At == site && h.Result == 0 })
		}) && (!s.closed(caller.Fn) && s.releasable(ref) || s.callersRelease(caller, ref, depth+1)) {
			return true
		}
	}
	return false
}

// handsOn reports whether the function leaves it to others to release such a lock.
func handsOn(fl *skeleton.FuncLocks, ref *access.Ref) bool {
	for r := range fl.Handed {
		if r.Class() == ref.Class() && !r.Class().IsZero() {
			return true
		}
	}
	return false
}

// releasesResult reports whether the caller releases such a lock of what the call has
// returned.
func releasesResult(caller *skeleton.FuncLocks, site ssa.CallInstruction, ref *access.Ref) bool {
	return slices.ContainsFunc(caller.Events, func(ev *skeleton.Event) bool {
		if ev.Kind != skeleton.UnlockEvent || ev.Ref.Class() != ref.Class() {
			return false
		}
		v := ev.Ref.Root().Value
		if ex, ok := v.(*ssa.Extract); ok {
			v = ex.Tuple
		}
		return v != nil && v == site.Value()
	})
}

// never reports a lock that the function takes and releases on no path, though
// nobody else can release it either.
func (s *Set) never(fl *skeleton.FuncLocks, h skeleton.Held, exits int) {
	u := s.classes[h.Ref.Class()]
	if u == nil || u.loose || !s.private(h.Ref) || exits == 0 {
		return
	}
	if call, ok := h.At.(ssa.CallInstruction); !ok || call.Common().IsInvoke() {
		return
	}
	m := Missing{Fn: fl.Fn, Lock: h, Way: ByNobody, At: h.At, Always: true}
	if u.unlock {
		// Others lock and unlock it. Tests and main may end with it.
		if s.releasers[h.Ref.Class()] || s.Pkg.InTest(fl.Fn) || fl.Fn.Name() == "main" ||
			!isLockCall(s, h.At) || retires(fl.Fn, h.At) || s.callersRelease(fl, h.Ref, 0) {
			return
		}
		m.Elsewhere = true
	}
	s.Missing = append(s.Missing, m)
}

// retires reports whether the function takes something out of a map before the
// Lock. If that is what the lock is in, nobody will ask for it again.
func retires(fn *ssa.Function, lock ssa.Instruction) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && skeleton.Dominates(call, lock) {
				if bi, ok := call.Call.Value.(*ssa.Builtin); ok && bi.Name() == "delete" {
					return true
				}
			}
		}
	}
	return false
}

// isLockCall reports whether the instruction is the Lock itself.
func isLockCall(s *Set, at ssa.Instruction) bool {
	call, ok := at.(ssa.CallInstruction)
	if !ok {
		return false
	}
	op, _ := s.Pkg.Op(call.Common())
	return op.Kind == ops.Lock || op.Kind == ops.RLock
}

// private reports whether only this package can name the lock.
func (s *Set) private(r *access.Ref) bool {
	c := r.Class()
	if c.IsZero() || c.Elem {
		return false
	}
	for x := r; x != nil; x = x.Base {
		switch x.Kind {
		case access.Field:
			if x.Field.Pkg() == s.Pass.Pkg && !x.Field.Exported() {
				return true
			}
		case access.Global:
			if v, ok := x.Value.(*ssa.Global).Object().(*types.Var); ok && !v.Exported() && v.Pkg() == s.Pass.Pkg {
				return true
			}
		case access.Alloc:
			return x == r
		}
	}
	return false
}

// turns finds the locks that a loop takes again while it holds them: its body
// ends on some path without the unlock.
func (s *Set) turns(fl *skeleton.FuncLocks) (locks []ssa.Instruction) {
	for _, ev := range fl.Events {
		if ev.Kind == skeleton.CallEvent && !ev.Deferred {
			if h, ok := s.turnsKeyed(fl, ev); ok {
				locks = append(locks, ev.Instr)
				s.Missing = append(s.Missing, Missing{Fn: fl.Fn, Lock: h, Way: ByLoop, At: ev.Instr, Branch: s.turnEnd(fl, ev.Instr), By: ev.Name})
			}
			continue
		}
		if ev.Kind != skeleton.LockEvent || ev.Try || ev.Deferred || ev.Opaque {
			continue
		}
		for _, st := range ev.States {
			i := slices.IndexFunc(st, func(h skeleton.Held) bool {
				return h.Ref == ev.Ref && !h.Stale && h.At == ev.Instr && conflict(h.Mode, ev.Mode)
			})
			if i < 0 || len(fl.Released[ev.Instr]) == 0 || fl.Handed[ev.Ref] {
				continue
			}
			if onlyDeferred(fl.Released[ev.Instr]) {
				s.Mismatches = append(s.Mismatches, Mismatch{InLoop, ev, fl.Released[ev.Instr][0]})
				break
			}
			locks = append(locks, ev.Instr)
			s.Missing = append(s.Missing, Missing{Fn: fl.Fn, Lock: st[i], Way: ByLoop, At: ev.Instr, Branch: s.turnEnd(fl, ev.Instr)})
			break
		}
	}
	return locks
}

// turnsKeyed looks for the lock that a call of a loop takes with its key in hand,
// and that a turn before has left locked.
func (s *Set) turnsKeyed(fl *skeleton.FuncLocks, ev *skeleton.Event) (skeleton.Held, bool) {
	if list := fl.Released[ev.Instr]; len(list) == 0 || onlyDeferred(list) {
		return skeleton.Held{}, false
	}
	for _, a := range ev.Acquires {
		for _, st := range ev.States {
			for _, h := range st {
				if h.Ref == a.Ref && !h.Stale && h.Result > 0 && h.At == ev.Instr && conflict(h.Mode, a.Mode) && !fl.Handed[h.Ref] {
					return h, true
				}
			}
		}
	}
	return skeleton.Held{}, false
}

func onlyDeferred(list []ssa.Instruction) bool {
	return !slices.ContainsFunc(list, func(i ssa.Instruction) bool { return !skeleton.IsDefer(i) })
}

// turnEnd is the continue statement on a way from the lock back to it that
// passes no unlock.
func (s *Set) turnEnd(fl *skeleton.FuncLocks, lock ssa.Instruction) ast.Stmt {
	releases := fl.Released[lock]
	syn := fl.Fn.Syntax()
	if syn == nil {
		return nil
	}
	// The last position on each such way, and which branch was taken there.
	type end struct {
		pos    token.Pos
		branch int // of an if; -1 for none
	}
	seen := make(map[*ssa.BasicBlock]bool)
	var ends []end
	var walk func(b *ssa.BasicBlock, from int, last token.Pos)
	walk = func(b *ssa.BasicBlock, from int, last token.Pos) {
		for _, instr := range b.Instrs[from:] {
			if slices.Contains(releases, instr) {
				return
			}
			if p := instr.Pos(); p.IsValid() {
				last = p
			}
		}
		for k, succ := range b.Succs {
			if succ.Dominates(lock.Block()) && succ.Dominates(b) {
				if len(b.Succs) == 1 {
					k = -1
				}
				ends = append(ends, end{last, k})
				continue
			}
			if !seen[succ] {
				seen[succ] = true
				walk(succ, 0, last)
			}
		}
	}
	walk(lock.Block(), slices.Index(lock.Block().Instrs, lock)+1, lock.Pos())
	within := func(n ast.Node, p token.Pos) bool { return n != nil && n.Pos() <= p && p < n.End() }
	var found ast.Stmt
	ast.Inspect(syn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			for _, e := range ends {
				if !within(n.Cond, e.pos) {
					continue
				}
				if c := continues(n.Body.List); c != nil && e.branch == 0 {
					found = c
				}
				if b, ok := n.Else.(*ast.BlockStmt); ok && e.branch == 1 && continues(b.List) != nil {
					found = continues(b.List)
				}
			}
		case *ast.BlockStmt:
			for _, e := range ends {
				if c := continues(n.List); c != nil && e.branch < 0 && within(n, e.pos) {
					found = c
				}
			}
		case *ast.CaseClause:
			for _, e := range ends {
				if c := continues(n.Body); c != nil && within(n, e.pos) {
					found = c
				}
			}
		case *ast.CommClause:
			for _, e := range ends {
				if c := continues(n.Body); c != nil && within(n, e.pos) {
					found = c
				}
			}
		}
		return true
	})
	return found
}

// continues returns the continue statement that ends a list of statements.
func continues(list []ast.Stmt) ast.Stmt {
	if len(list) == 0 {
		return nil
	}
	if b, ok := list[len(list)-1].(*ast.BranchStmt); ok && b.Tok == token.CONTINUE {
		return b
	}
	return nil
}

func conflict(held, want skeleton.Mode) bool {
	return held == skeleton.Exclusive || want == skeleton.Exclusive
}
