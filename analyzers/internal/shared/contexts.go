package shared

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A context is what is known of the callers of a function.
type context struct {
	// held are the locks that all callers hold.
	held map[*types.Var]skeleton.Mode
	// some are the locks that one of the callers holds.
	some map[*types.Var]bool
	// top says that no caller has been looked at yet.
	top bool
	// quiet says that the callers are not known, or that the function says of
	// itself that they hold a lock.
	quiet bool
	// api says that other packages can call it, at any time; by are the
	// functions that are started as goroutines and lead to it.
	api bool
	by  map[*ssa.Function]bool
	// around says that it is a literal that is called under some lock, or that one of those that
	// call it can hold a lock which has no name there.
	around bool
}

// findContexts finds, for each function, which locks its callers hold, and
// from where it is reached.
func (s *Set) findContexts() {
	p := s.Pkg
	if s.contexts != nil {
		return
	}
	s.contexts = make(map[*ssa.Function]*context)
	s.handed = make(map[*ssa.Function][]handing)
	var work []*ssa.Function
	for _, fn := range p.Funcs {
		spawned := slices.ContainsFunc(s.startsOf(fn), func(start ssa.CallInstruction) bool {
			return s.Pkg.InTestFile(fn) || s.Pkg.OnlyTests() || !s.Pkg.InTestFile(start.Parent()) // else a test plays the caller
		})
		c := &context{top: true, by: make(map[*ssa.Function]bool), some: make(map[*types.Var]bool)}
		c.quiet = saysLocked(fn) && !(spawned && fn.Parent() != nil) // what is said of a function is not said of what it starts
		s.contexts[fn] = c
		if spawned {
			c.by[fn] = true
		}
		_, declared := fn.Object().(*types.Func)
		c.api = s.exported(fn) || s.iterates(fn)
		if p.UsedAsValue(fn) && !spawned && !c.api || !declared && !spawned && !c.api && !s.handles(fn) && !s.local(fn) && len(s.handings(fn)) == 0 {
			c.quiet = true // whoever has the value runs it
		}
		if len(p.Sites(fn)) == 0 && len(s.handings(fn)) == 0 || spawned {
			c.top = false
		}
		work = append(work, fn)
	}
	callees := make(map[*ssa.Function][]*ssa.Function) // whose contexts take something from the function's
	for _, fn := range work {
		for _, site := range p.Sites(fn) {
			callees[site.Parent()] = append(callees[site.Parent()], fn)
		}
		for _, h := range s.handings(fn) {
			callees[h.call.Parent()] = append(callees[h.call.Parent()], fn)
		}
	}
	due := make(map[*ssa.Function]bool)
	for _, fn := range work {
		due[fn] = true
	}
	for changed := true; changed; {
		changed = false
		for _, fn := range work {
			if !due[fn] {
				continue
			}
			delete(due, fn)
			if s.meet(fn) {
				changed = true
				for _, f := range callees[fn] {
					due[f] = true
				}
			}
		}
		for _, fn := range work { // those that only call each other
			if c := s.contexts[fn]; !changed && c.top {
				c.top, changed, due[fn] = false, true, true
				for _, f := range callees[fn] {
					due[f] = true
				}
			}
		}
	}
}

// receiver returns what a call of the method is on, nil for a function.
func receiver(fn *ssa.Function, site ssa.CallInstruction) ssa.Value {
	common := site.Common()
	switch {
	case fn.Signature.Recv() == nil:
		return nil
	case common.IsInvoke():
		return common.Value
	case common.StaticCallee() != nil && skeleton.Origin(common.StaticCallee()) != fn: // wg.Go(x.run)
		for _, arg := range common.Args {
			if mc, ok := arg.(*ssa.MakeClosure); ok && len(mc.Bindings) == 1 && mc.Fn.(*ssa.Function).Object() == fn.Object() {
				return mc.Bindings[0]
			}
		}
		return nil
	case len(common.Args) > 0:
		return common.Args[0]
	}
	return nil
}

// exported reports whether other packages can call the function.
func (s *Set) exported(fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	return ok && obj.Exported() && s.Pass.Pkg.Name() != "main" && !(s.Pkg.InTestFile(fn) && s.calledInTurn(fn))
}

// calledInTurn reports whether tests call the function, and only they, and not in literals:
// they know what is over by then.
func (s *Set) calledInTurn(fn *ssa.Function) bool {
	sites := s.Pkg.Sites(fn)
	return len(sites) > 0 && !slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
		_, plain := site.(*ssa.Call)
		return !plain || site.Parent().Parent() != nil || !s.inTest(site.Parent())
	})
}

// local reports whether a literal is called by the function around it only.
func (s *Set) local(fn *ssa.Function) bool {
	for _, site := range s.Pkg.Sites(fn) {
		if skeleton.Outermost(site.Parent()) != skeleton.Outermost(fn) {
			return false
		}
		if load, ok := site.Common().Value.(*ssa.UnOp); ok {
			if _, field := load.X.(*ssa.FieldAddr); field {
				return false
			}
		}
	}
	return len(s.Pkg.Sites(fn)) > 0
}

// A handing is a call that is given a literal, of a function of the package that does
// nothing with it but call it; inner are these calls.
type handing struct {
	call  *ssa.Call
	inner []*ssa.Call
}

// handings returns the calls that a literal is given to, if that is all that becomes of
// it: what holds a lock around the inner calls holds it for the literal.
func (s *Set) handings(fn *ssa.Function) []handing {
	list, ok := s.handed[fn]
	if ok {
		return list
	}
	s.handed[fn] = nil
	for _, mc := range s.Pkg.Closures(fn) {
		for _, r := range *mc.Referrers() {
			call, ok := r.(*ssa.Call)
			if !ok || call.Call.StaticCallee() == nil {
				return nil
			}
			callee := skeleton.Origin(call.Call.StaticCallee())
			i := slices.Index(call.Call.Args, ssa.Value(mc))
			if callee.Pkg != fn.Pkg || i < 0 || i >= len(callee.Params) || slices.Contains(call.Call.Args[i+1:], ssa.Value(mc)) {
				return nil
			}
			h := handing{call: call}
			for _, use := range *callee.Params[i].Referrers() {
				c, ok := use.(*ssa.Call)
				if !ok || c.Call.Value != callee.Params[i] {
					return nil
				}
				h.inner = append(h.inner, c)
			}
			list = append(list, h)
		}
	}
	s.handed[fn] = list
	return list
}

// heldInside returns the locks that are held where the literal is called, of those that
// the function holds that calls it, and whether there are any, with a name or without.
func (s *Set) heldInside(h *handing) (held map[*types.Var]skeleton.Mode, some, known bool) {
	known = len(h.inner) > 0
	for _, c := range h.inner {
		at, ok := s.Pkg.Locks().Of(c.Parent()).HeldAt(c)
		known, some = known && ok, some || len(at) > 0
		here := classes(at)
		if held == nil {
			held = here
			continue
		}
		maps.DeleteFunc(held, func(l *types.Var, m skeleton.Mode) bool { n, ok := here[l]; return !ok || n > m })
	}
	return held, some, known
}

// starts returns the functions that a call starts as goroutines, or hands to
// code that runs them in one.
func (s *Set) starts(call ssa.CallInstruction) []*ssa.Function {
	if _, ok := call.(*ssa.Go); ok {
		fns, _ := s.Pkg.Callees(call)
		return fns
	}
	op, _ := s.Pkg.Op(call.Common())
	var f ssa.Value
	switch {
	case op.Kind.Spawns(), op.Kind == ops.RunsLater:
		f = skeleton.FuncArg(call.Common(), op)
	case op.Kind == ops.None:
		f, _, _, _ = s.wrapped(call)
	}
	if f == nil {
		return nil
	}
	fns, _ := s.Pkg.Functions(f)
	fns = slices.Clone(fns)
	for i, fn := range fns {
		if obj, ok := fn.Object().(*types.Func); ok && fn.Synthetic != "" { // a method value
			if m := s.Pkg.SSA.Prog.FuncValue(obj); m != nil && m.Blocks != nil {
				fns[i] = m
			}
		}
	}
	return fns
}

// iterates reports whether the function is an iterator that a function of the package's interface
// returns: who ranges over it does so when that function is over, and its locks are released.
func (s *Set) iterates(fn *ssa.Function) bool {
	outer := fn.Parent()
	if outer == nil || outer.Parent() != nil || !s.exported(outer) || !isIterator(fn.Signature) {
		return false
	}
	for _, b := range outer.Blocks {
		for _, instr := range b.Instrs {
			mc, ok := instr.(*ssa.MakeClosure)
			if !ok || mc.Fn != fn {
				continue
			}
			return onlyReturned(mc, 0)
		}
	}
	return false
}

// onlyReturned reports whether nothing is done with the value but to return it.
func onlyReturned(v ssa.Value, depth int) bool {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Return, *ssa.DebugRef:
		case *ssa.ChangeType:
			if depth > 4 || !onlyReturned(r, depth+1) {
				return false
			}
		case *ssa.UnOp:
			if depth > 4 || r.Op != token.MUL || !onlyReturned(r, depth+1) {
				return false
			}
		case *ssa.Store: // to a result, in a function that defers calls
			if depth > 4 || r.Addr != v && !onlyReturned(r.Addr, depth+1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// isIterator reports whether the type is one that a range statement takes: func(yield func(...) bool).
func isIterator(sig *types.Signature) bool {
	if sig.Params().Len() != 1 || sig.Results().Len() != 0 {
		return false
	}
	yield, ok := sig.Params().At(0).Type().Underlying().(*types.Signature)
	return ok && yield.Results().Len() == 1 && types.Identical(yield.Results().At(0).Type(), types.Typ[types.Bool]) && yield.Params().Len() <= 2
}

// meet takes what the callers of fn have in common; it reports a change.
func (s *Set) meet(fn *ssa.Function) bool {
	c := s.contexts[fn]
	changed := false
	var held map[*types.Var]skeleton.Mode
	first, pending, quiet := true, false, false
	sites := s.Pkg.Sites(fn)
	inside := make(map[ssa.CallInstruction]*handing)
	for i, h := range s.handings(fn) {
		sites = append(sites[:len(sites):len(sites)], h.call)
		inside[h.call] = &s.handed[fn][i]
	}
	for _, site := range sites {
		caller := s.contexts[site.Parent()]
		if caller == nil || s.inTest(site.Parent()) && !s.Pkg.OnlyTests() {
			continue
		}
		if _, spawn := site.(*ssa.Go); spawn {
			held, first = nil, false
			continue
		}
		for g := range caller.by {
			if !c.by[g] {
				c.by[g], changed = true, true
			}
		}
		if recv := receiver(fn, site); recv != nil {
			if r := s.Pkg.Access.Of(recv); s.owns(site.Parent(), r) || s.foreign(site.Parent(), r) && !caller.by[site.Parent()] {
				continue // the object is nobody else's yet
			}
		}
		if caller.api && !c.api {
			c.api, changed = true, true
		}
		if caller.top {
			pending = true
			continue
		}
		at, known := s.Pkg.Locks().Of(site.Parent()).HeldAt(site)
		c.around = c.around || known && s.lockedUnnamed(site.Parent(), site)
		here := classes(at)
		for _, l := range s.lentBefore(site) {
			if _, ok := here[l]; !ok {
				here[l] = skeleton.Exclusive
			}
		}
		more := []map[*types.Var]skeleton.Mode{caller.held}
		if h := inside[site]; h != nil {
			in, some, ok := s.heldInside(h)
			more, known = append(more, in), known && ok
			c.around = c.around || some
		}
		for _, held := range more {
			for l, m := range held {
				if have, ok := here[l]; !ok || m < have {
					here[l] = m
				}
			}
		}
		for l := range here {
			if !c.some[l] {
				c.some[l], changed = true, true
			}
		}
		for l := range caller.some {
			if !c.some[l] {
				c.some[l], changed = true, true
			}
		}
		if !known || caller.quiet {
			if !c.quiet && !c.api && (caller.quiet || !known) && len(s.Pkg.Sites(fn)) == 1 {
				c.quiet, changed = true, true
			}
			quiet = true
			continue
		}
		if first {
			held, first = here, false
			continue
		}
		for l, m := range held {
			n, ok := here[l]
			if !ok {
				delete(held, l)
			} else if n > m {
				held[l] = n
			}
		}
	}
	if first {
		if c.top && !pending {
			c.top, changed = false, true
			c.quiet = c.quiet || quiet && !s.exported(fn) // whatever those hold
		}
		return changed
	}
	if c.top || len(held) != len(c.held) && len(c.held) > len(held) {
		c.top = false
		c.held = held
		return true
	}
	return changed
}

// concurrent reports whether the use can run while another goroutine uses the
// object: other packages or goroutines lead to it, and it is not in the part
// of the function that comes before it starts goroutines, or after it has
// waited for them.
func (s *Set) concurrent(u *use) bool {
	if !s.sharedBy(u) {
		return false
	}
	for _, op := range s.ops(u.fn) {
		if op.joins() && op.medium != byObject && op.at.Block().Dominates(u.At.Block()) && after(op.at, u.At) && !s.oneByOne(u, &op) {
			return false
		}
	}
	return true
}

// oneByOne reports whether the operation is the receive by which a goroutine takes one thing after
// the other: who sends those does not wait for what becomes of them.
func (s *Set) oneByOne(u *use, op *syncOp) bool {
	return op.medium == byChannel && s.contexts[u.fn].by[u.fn] && after(u.At, op.at)
}

// sharedBy is concurrent, without regard to what is waited for.
func (s *Set) sharedBy(u *use) bool {
	c := s.contexts[u.fn]
	if !c.api && len(c.by) == 0 && !s.ofRequests()[u.fn] {
		return false
	}
	for _, b := range u.fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if ok && len(s.starts(call)) > 0 && !c.by[u.fn] && after(u.At, instr) && !after(instr, u.At) {
				return false
			}
		}
	}
	return true
}

func (s *Set) inTest(fn *ssa.Function) bool {
	return s.Pkg.InTest(fn)
}

// A saying is how comments say that the callers see to the locks, or that there is nothing
// to lock out: an expression for lower-case text, and words of which such text has one. To
// look for those costs a fraction of the expression.
type saying struct {
	words []string
	how   *regexp.Regexp
}

var sayings = []saying{
	{[]string{"lock", "mutex", "mu"}, regexp.MustCompile(`\b\w*(lock|mutex|mu)\b.{0,30}\b(held|hold|holding|acquired|locked)\b` +
		`|\b(hold|holds|held|holding|acquire|acquired|acquires|under|without|take|takes|took)\b.{0,25}\b\w*(lock|locked|locks|mutex|mu)\b` +
		`|\bwith (the |a )?lock\b|\bcallers?\b.{0,20}\block|\b(already|not|no|must be|should be|need not)\b.{0,12}\block(s|ed|ing)?\b|\block.?free\b`)},
	{[]string{"thread", "goroutine", "concurren", "multi", "parallel"}, regexp.MustCompile(
		`\b(not|only|never|isn't|unsafe)\b.{0,40}\b(thread|goroutine|concurren|multi.?thread|parallel)|\bsingle.?threaded`)},
	{[]string{"called", "run", "invoked", "used"}, regexp.MustCompile(
		`\b(must|should|may|can) (only )?(be|not be) (called|run|invoked|used) (only )?(from|within|in|inside|by|on|after|before|until|once)\b`)},
	{[]string{"before s"}, regexp.MustCompile(`\bbefore (serving|start)`)},
}

// ownGoroutine is how comments say that a function runs beside others: "should be run in a
// goroutine" is no rule of who calls it when.
var ownGoroutine = regexp.MustCompile(`\b(in|within|from) (a|any|another|(its|their|an) own|a (separate|new|dedicated|background)|multiple|several|different) goroutines?\b`)

// saysLocks reports whether a comment says so.
func saysLocks(comment string) bool {
	text := strings.ToLower(strings.ReplaceAll(comment, "\n", " "))
	if strings.Contains(text, "goroutine") {
		text = ownGoroutine.ReplaceAllString(text, "")
	}
	return slices.ContainsFunc(sayings, func(s saying) bool {
		return slices.ContainsFunc(s.words, func(w string) bool { return strings.Contains(text, w) }) && s.how.MatchString(text)
	})
}

// saysLocked reports whether the name or the comment of a function says that
// its callers see to the locks.
func saysLocked(fn *ssa.Function) bool {
	fn = skeleton.Outermost(fn)
	name := fn.Name()
	if strings.Contains(name, "Locked") || strings.HasSuffix(name, "NoLock") || strings.HasPrefix(strings.ToLower(name), "unsafe") {
		return true
	}
	decl, ok := fn.Syntax().(*ast.FuncDecl)
	if !ok || decl.Doc == nil {
		return false
	}
	return saysLocks(decl.Doc.Text())
}

// setter returns the one function that writes the variable, nil when there are
// several: what it sets, when it is asked to, need not change again.
func (s *Set) setter(uses []*use) *ssa.Function {
	var only *ssa.Function
	for _, u := range uses {
		if !u.Write || u.owned || u.quiet {
			continue
		}
		if only != nil && only != skeleton.Outermost(u.fn) {
			return nil
		}
		only = skeleton.Outermost(u.fn)
	}
	return only
}

// follows reports whether the instruction comes after a call that leads to the
// setter, in its function or in one that calls it.
func (s *Set) follows(fn *ssa.Function, at ssa.Instruction, setter *ssa.Function, depth int) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !after(call, at) || after(at, call) {
				continue
			}
			fns, _ := s.Pkg.Callees(call)
			for _, f := range fns {
				if s.leads(f, setter, 0) {
					return true
				}
			}
		}
	}
	if depth > 2 {
		return false
	}
	for _, site := range s.Pkg.Sites(fn) {
		if s.follows(site.Parent(), site, setter, depth+1) {
			return true
		}
	}
	return false
}

// leads reports whether a call of fn leads to the setter.
func (s *Set) leads(fn, setter *ssa.Function, depth int) bool {
	if fn == setter {
		return true
	}
	if depth > 2 {
		return false
	}
	for _, f := range s.callees(fn) {
		if s.leads(f, setter, depth+1) {
			return true
		}
	}
	return false
}

// callees returns the functions of the package that fn calls.
func (s *Set) callees(fn *ssa.Function) []*ssa.Function {
	if list, ok := s.called[fn]; ok {
		return list
	}
	var list []*ssa.Function
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				fns, _ := s.Pkg.Callees(call)
				for _, f := range fns {
					if !slices.Contains(list, f) {
						list = append(list, f)
					}
				}
			}
		}
	}
	s.called[fn] = list
	return list
}
