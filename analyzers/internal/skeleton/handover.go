package skeleton

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// spawn applies a go statement: what the goroutine releases is its own.
func (ex *explorer) spawn(s *state, g *ssa.Go) {
	op, x := ex.p.Op(g.Common())
	if (op.Kind == ops.Unlock || op.Kind == ops.RUnlock) && x != nil {
		ex.handOver(s, ex.p.Access.Of(x))
		return
	}
	for _, bc := range ex.bound[g] {
		if bc.sum != nil {
			for _, r := range bc.sum.Releases {
				ex.handOver(s, r)
			}
		}
	}
	for _, arg := range g.Call.Args {
		if isLockPointer(arg.Type()) {
			ex.handOver(s, ex.p.Access.Of(arg))
		}
	}
}

// lentLocks returns the locks that the function gives to calls which return a
// function: that one can let them go. Of those that are known to return with the
// lock, the key tells.
func (ex *explorer) lentLocks() []*access.Ref {
	var lent []*access.Ref
	for _, b := range ex.fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			returns := false
			for v := range call.Call.Signature().Results().Variables() {
				_, f := v.Type().Underlying().(*types.Signature)
				returns = returns || f
			}
			for _, arg := range call.Call.Args {
				if returns && isLockPointer(arg.Type()) {
					if mi, ok := arg.(*ssa.MakeInterface); ok {
						arg = mi.X
					}
					if r := ex.p.Access.Of(arg); !ex.takesWithKey(call, r) {
						lent = append(lent, r)
					}
				}
			}
		}
	}
	return lent
}

// takesWithKey reports whether what is called is known to take the lock and to return
// what releases it.
func (ex *explorer) takesWithKey(call *ssa.Call, r *access.Ref) bool {
	return len(ex.bound[call]) == 1 && ex.bound[call][0].sum != nil &&
		slices.ContainsFunc(ex.bound[call][0].sum.Exits, func(e Exit) bool {
			return slices.ContainsFunc(e.Effects, func(f Effect) bool { return f.Ref == r && f.Result > 0 })
		})
}

// closure applies the making of a closure: if other code can run it, that code
// releases what the closure does.
func (ex *explorer) closure(s *state, mc *ssa.MakeClosure) {
	refs := ex.closureReleases(mc)
	if len(refs) == 0 || !ex.escapes(mc, 0) {
		return
	}
	if ex.onlyReturned(mc, make(map[ssa.Value]bool)) {
		ex.out.Keys[mc] = true // the returns tell
		return
	}
	for _, r := range refs {
		ex.handOver(s, r)
	}
}

// closureReleases returns the locks that a call of the closure releases for
// whoever holds them.
func (ex *explorer) closureReleases(mc *ssa.MakeClosure) []*access.Ref {
	p := ex.p
	fn := mc.Fn.(*ssa.Function)
	if op := ops.Of(Declared(fn)); len(mc.Bindings) == 1 && fn.Synthetic != "" {
		switch op.Kind {
		case ops.Unlock, ops.RUnlock:
			return []*access.Ref{p.Access.Of(mc.Bindings[0])}
		}
	}
	t := p.debind(target{fn: Origin(fn), mc: mc})
	if RangeBody(t.fn) {
		return ex.ls.mayRelease(t.fn)
	}
	fl := ex.ls.explore(t.fn)
	if fl == nil {
		if ex.ls.busy[t.fn] {
			return ex.ls.mayRelease(t.fn)
		}
		return nil
	}
	return p.inTermsOf(&t, &Summary{Releases: fl.Summary.Releases}).Releases
}

// escapes reports whether the function value can be run by code that is not
// seen to run it here and now.
func (ex *explorer) escapes(v ssa.Value, depth int) bool {
	if depth > 4 || v.Referrers() == nil {
		return true
	}
	p := ex.p
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Call, *ssa.Defer:
			call := ref.(ssa.CallInstruction)
			common := call.Common()
			if !slices.Contains(common.Args, v) {
				continue // it is what is called
			}
			op, _ := p.Op(common)
			if runsNow(op.Kind) {
				continue
			}
			if op.Kind != ops.None || !ex.onlyCalls(call, v) {
				return true
			}
		case *ssa.ChangeType:
			if ex.escapes(ref, depth+1) {
				return true
			}
		case *ssa.Phi:
			if ex.escapes(ref, depth+1) {
				return true
			}
		case *ssa.Store:
			a := p.Access.Cell(ref.Addr)
			if a == nil || ref.Val != v || p.Access.StoredOnce(a) == nil || ex.cellEscapes(a, depth+1) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// cellEscapes reports whether what is stored in the variable is used otherwise
// than by being called.
func (ex *explorer) cellEscapes(cell ssa.Value, depth int) bool {
	if depth > 6 || cell.Referrers() == nil {
		return true
	}
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store, *ssa.DebugRef:
		case *ssa.UnOp:
			if ref.Op != token.MUL || ex.escapes(ref, depth+1) {
				return true
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == cell && ex.cellEscapes(ref.Fn.(*ssa.Function).FreeVars[i], depth+1) {
					return true
				}
			}
		default:
			return true
		}
	}
	return false
}

// onlyCalls reports whether all functions that the call reaches do nothing
// with the argument but call it.
func (ex *explorer) onlyCalls(call ssa.CallInstruction, arg ssa.Value) bool {
	list := ex.bound[call]
	found := false
	for _, bc := range list {
		if bc.callback || bc.format || bc.fn == nil || !bc.single {
			if bc.callback {
				continue
			}
			return false
		}
		for i, pm := range bc.fn.Params {
			if bc.param(i) != arg {
				continue
			}
			found = true
			if ex.escapes(pm, 3) {
				return false
			}
		}
	}
	return found
}

// mayRelease returns the objects that fn, calls in it, or closures made in it
// may unlock, whatever the path. It is what is assumed of a function that is
// too complex.
func (ls *lockState) mayRelease(fn *ssa.Function) []*access.Ref {
	if refs, ok := ls.releases[fn]; ok {
		return refs
	}
	if ls.releasing[fn] {
		return nil
	}
	ls.releasing[fn] = true
	p := ls.p
	var refs []*access.Ref
	add := func(t *target, list ...*access.Ref) {
		for _, r := range list {
			if t != nil {
				r = p.substitute(t, r)
			}
			if r == nil {
				continue
			}
			r, _ = side(r, Exclusive)
			if !slices.Contains(refs, r) {
				refs = append(refs, r)
			}
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case ssa.CallInstruction:
				op, x := p.Op(instr.Common())
				if (op.Kind == ops.Unlock || op.Kind == ops.RUnlock) && x != nil {
					add(nil, p.Access.Of(x))
				}
				if op.Kind == ops.None {
					list, _ := p.callTargets(instr)
					for _, t := range list {
						if ls.relevant[t.fn] {
							add(&t, ls.mayRelease(t.fn)...)
						}
					}
				}
			case *ssa.MakeClosure:
				t := p.debind(target{fn: Origin(instr.Fn.(*ssa.Function)), mc: instr})
				if op := ops.Of(Declared(t.fn)); (op.Kind == ops.Unlock || op.Kind == ops.RUnlock) && len(instr.Bindings) == 1 {
					add(nil, p.Access.Of(instr.Bindings[0]))
				} else {
					add(&t, ls.mayRelease(t.fn)...)
				}
			}
		}
	}
	delete(ls.releasing, fn)
	ls.releases[fn] = refs
	return refs
}

// storeKey names what a store changes: a field of any instance, or a variable.
type storeKey struct {
	class access.Class
}

func keyOf(r *access.Ref) storeKey { return storeKey{r.Class()} }

// storesOf returns the fields and variables that fn writes, itself or through
// the functions it calls.
func (ls *lockState) storesOf(fn *ssa.Function) map[storeKey]bool {
	if m, ok := ls.stores[fn]; ok {
		return m
	}
	m := make(map[storeKey]bool)
	ls.stores[fn] = m // recursion: what is found so far
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				switch addr := instr.Addr.(type) {
				case *ssa.FieldAddr, *ssa.Global, *ssa.FreeVar:
					m[keyOf(ls.p.Access.Of(addr))] = true
				}
			case ssa.CallInstruction:
				fns, _ := ls.p.Callees(instr)
				for _, f := range fns {
					if f != fn {
						for k := range ls.storesOf(f) {
							m[k] = true
						}
					}
				}
			}
		}
	}
	return m
}

// exit notes a way out of the function.
func (ex *explorer) exit(s *state, instr ssa.Instruction, panics bool) {
	// A lock that is returned is the caller's to release.
	var results []Guard
	var kept []Effect
	if ret, ok := instr.(*ssa.Return); ok {
		known := make([]bool, len(ret.Results))
		for i := range ret.Results {
			var list []Effect
			list, known[i] = ex.keep(s, ret, i)
			kept = append(kept, list...)
		}
		for i, v := range ret.Results {
			if isLockPointer(v.Type()) {
				ex.handOver(s, ex.p.Access.Of(v))
			}
			for _, h := range slices.Clone(s.held) {
				if ex.madeFor(v, h.Ref, 0) {
					ex.handOver(s, h.Ref)
				}
			}
			if (!slices.ContainsFunc(kept, func(f Effect) bool { return f.Result == i+1 }) || !known[i]) && ex.returnsRelease(v) {
				for _, h := range slices.Clone(s.held) {
					ex.handOver(s, h.Ref)
				}
			}
			results = append(results, ex.result(s, v))
		}
		for _, f := range kept {
			results[f.Result-1] = Guard{Value: "nil", Not: true}
		}
	}
	x := ExitState{Instr: instr, Panic: panics, Held: slices.Clone(s.held), Results: results}
	for _, r := range s.rel {
		x.Released = append(x.Released, r.ref)
	}
	x.Held = slices.DeleteFunc(x.Held, func(h Held) bool {
		return slices.Contains(x.Released, h.Ref)
	})
	ex.normalize(s)
	key := string(ex.encodeHeld(append([]byte(nil), bit(panics)), x.Held))
	for _, g := range results {
		key += "|" + g.Value + string('0'+rune(bit(g.Not)))
	}
	key += "@" + itoa(ex.instrID(instr))
	for _, r := range x.Released {
		key += "-" + itoa(ex.id(r))
	}
	if !ex.exits[key] {
		ex.exits[key] = true
		ex.out.Exits = append(ex.out.Exits, x)
	}
	if !panics {
		ex.summarize(s, instr, results, kept)
	}
}

// madeFor reports whether the returned value is an object that is made here and
// through which the lock can be reached: a transaction, a handle. Its methods
// can release the lock.
func (ex *explorer) madeFor(v ssa.Value, lock *access.Ref, depth int) bool {
	if lock.Base == nil || depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return ex.madeFor(v.X, lock, depth+1)
	case *ssa.ChangeInterface:
		return ex.madeFor(v.X, lock, depth+1)
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return e != v && ex.madeFor(e, lock, depth+1) })
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		return ok && reaches(v.Type(), lock, 0) && len(call.Call.Args) > 0
	case *ssa.Call:
		return reaches(v.Type(), lock, 0)
	case *ssa.Alloc:
		return v.Heap && reaches(v.Type(), lock, 0)
	case *ssa.UnOp:
		if a, ok := v.X.(*ssa.Alloc); ok { // a struct, or a named result
			if val := ex.p.Access.StoredOnce(a); val != nil {
				return ex.madeFor(val, lock, depth+1)
			}
			return a.Comment == "complit" && reaches(v.Type(), lock, 0)
		}
	}
	return false
}

// reaches reports whether a value of the type can lead to what holds the lock.
func reaches(typ types.Type, lock *access.Ref, depth int) bool {
	if depth > 3 {
		return false
	}
	if p, ok := typ.Underlying().(*types.Pointer); ok {
		typ = p.Elem()
	}
	if _, ok := typ.Underlying().(*types.Interface); ok {
		return depth == 0 && !types.Identical(typ, types.Universe.Lookup("error").Type())
	}
	s, ok := typ.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for r := lock; r != nil; r = r.Base {
		if r.Kind != access.Field {
			continue
		}
		for f := range s.Fields() {
			if f.Origin() == r.Field {
				return true // the type has the lock itself, or what holds it
			}
		}
	}
	for f := range s.Fields() {
		if referenceType(f.Type()) && reaches(f.Type(), lock, depth+1) || f.Embedded() && reaches(f.Type(), lock, depth+1) {
			return true
		}
	}
	return false
}

// returnsRelease reports whether the returned value is a function that can be
// one that releases what is held.
func (ex *explorer) returnsRelease(v ssa.Value) bool {
	if _, ok := v.Type().Underlying().(*types.Signature); !ok {
		return false
	}
	list, complete := ex.p.targets(v, nil)
	if !complete {
		return true
	}
	for _, t := range list {
		if fl := ex.ls.explore(t.fn); fl != nil && len(fl.Summary.Releases) > 0 {
			return true
		}
	}
	return false
}

// result is what is known of a returned value.
func (ex *explorer) result(s *state, v ssa.Value) Guard {
	if !scalar(v.Type()) {
		return Guard{}
	}
	if t, known := ex.evalBool(&s.env, v); known {
		return Guard{Value: t}
	}
	if neverNil(v) {
		return Guard{Value: "nil", Not: true}
	}
	o := ex.operand(&s.env, v)
	if c := s.env.value(o); c != "" {
		if c == "nil" || c == "true" || c == "false" {
			return Guard{Value: c}
		}
		return Guard{}
	}
	if o.sym != 0 && slices.Contains(s.env.fact(o.sym).neq, "nil") {
		return Guard{Value: "nil", Not: true}
	}
	return Guard{}
}

// summarize adds the exit to the function's summary.
func (ex *explorer) summarize(s *state, ret ssa.Instruction, results []Guard, kept []Effect) {
	e := Exit{Results: results, When: ex.when(s)}
	for _, h := range s.held {
		if h.Stale || h.Nameless || !ex.outer(h.Ref) || slices.ContainsFunc(s.rel, func(l lockRef) bool { return l.ref == h.Ref && l.mode == h.Mode }) {
			continue
		}
		e.Effects = append(e.Effects, Effect{Ref: h.Ref, Mode: h.Mode})
	}
	for _, f := range kept {
		if a := f.Ref.Root(); a.Kind == access.Alloc && !ex.outer(f.Ref) && !referenceType(refType(a)) {
			continue // a lock of its own
		}
		f.Of = ex.resultOf(ret, f.Ref)
		f.Nameless = f.Nameless || f.Of == 0 && !ex.outer(f.Ref)
		e.Effects = append(e.Effects, f)
	}
	for _, l := range s.rel {
		if !ex.outer(l.ref) || slices.ContainsFunc(s.held, func(h Held) bool { return l.ref == h.Ref && l.mode == h.Mode }) {
			continue
		}
		e.Effects = append(e.Effects, Effect{Ref: l.ref, Mode: l.mode, Release: true})
	}
	for i, m := range ex.tr.isMem {
		if m == nil || !ex.tr.pinned[i] || !s.env.dirty[i] {
			continue
		}
		g := Guard{Ref: m}
		if sym := s.env.slot[i]; sym != 0 {
			g.Value = s.env.fact(sym).eq
		}
		e.Post = append(e.Post, g)
	}
	ex.sumExits(e)
}

const maxExits = 6

func (ex *explorer) sumExits(e Exit) {
	sum := ex.out.Summary
	if !slices.ContainsFunc(sum.Exits, func(x Exit) bool { return sameExit(x, e) }) {
		sum.Exits = append(sum.Exits, e)
	}
}

func sameExit(a, b Exit) bool {
	return slices.Equal(a.Effects, b.Effects) && slices.Equal(a.Results, b.Results) &&
		slices.Equal(a.When, b.When) && slices.Equal(a.Post, b.Post)
}

// finish brings the summary into the form that callers use.
func (ex *explorer) finish() {
	sum := ex.out.Summary
	sum.never = len(sum.Exits) == 0 && !ex.recovers
	for r := range ex.offered {
		if !ex.out.Kept[r] {
			ex.out.Handed[r] = true
		}
	}
	for r := range ex.out.Handed {
		if ex.outer(r) && !slices.Contains(sum.Releases, r) {
			sum.Releases = append(sum.Releases, r)
		}
	}
	slices.SortFunc(sum.Releases, func(a, b *access.Ref) int { return ex.id(a) - ex.id(b) })
	effects := slices.ContainsFunc(sum.Exits, func(e Exit) bool { return len(e.Effects) > 0 })
	if !effects {
		// The exits tell nothing of locks; only flags that change matter.
		for i := range sum.Exits {
			sum.Exits[i].When, sum.Exits[i].Results = nil, nil
			for j := range sum.Exits[i].Post {
				sum.Exits[i].Post[j].Value = ""
			}
		}
		sum.Exits = compactExits(sum.Exits)
		if len(sum.Exits) > 1 {
			sum.Exits = sum.Exits[:0] // forgetStores does
		}
		return
	}
	// Too many exits: know less of each, step by step.
	for step := 0; len(sum.Exits) > maxExits && step < 3; step++ {
		for i := range sum.Exits {
			switch step {
			case 0:
				for j := range sum.Exits[i].Post {
					sum.Exits[i].Post[j].Value = ""
				}
			case 1:
				sum.Exits[i].When = nil
			case 2:
				if k := len(sum.Exits[i].Results); k > 1 {
					for j := range k - 1 {
						sum.Exits[i].Results[j] = Guard{}
					}
				}
			}
		}
		sum.Exits = compactExits(sum.Exits)
	}
	if len(sum.Exits) > maxExits {
		for i := range sum.Exits {
			for _, f := range sum.Exits[i].Effects {
				if !slices.Contains(sum.Releases, f.Ref) {
					sum.Releases = append(sum.Releases, f.Ref)
				}
			}
		}
		sum.Unknown, sum.Exits = true, nil
	}
}

func compactExits(list []Exit) []Exit {
	var out []Exit
	for _, e := range list {
		if !slices.ContainsFunc(out, func(x Exit) bool { return sameExit(x, e) }) {
			out = append(out, e)
		}
	}
	return out
}
