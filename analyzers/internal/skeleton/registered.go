package skeleton

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
)

// A function that is called by way of a field can be any that somebody puts there.
// Of those that the package itself puts there it is known of which object they are:
// f.listeners = append(f.listeners, f.logChange) makes the call of a listener, with
// f.mu held, a call of f.logChange. What these functions lock of that object is
// added to what is known of the call, and nothing else: others may run as well.

// A registration is a function, or a value with methods, that a function of the
// package puts into a field of an object.
type registration struct {
	owner *access.Ref // in the terms of the function that does it
	val   ssa.Value   // likewise
	key   ssa.Value   // of an entry of a map
	at    ssa.Instruction
	store *ssa.Store // of the field itself, else nil
}

// registrations are those of each field.
func (p *Package) registrations() map[*types.Var][]registration {
	all := make(map[*types.Var][]registration)
	for _, fn := range p.Funcs {
		if p.InTestFile(fn) || fn.Synthetic == "package initializer" {
			continue // or tables
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				into, list := p.puts(instr)
				if into == nil || into.Kind != access.Field || !callable(into.Field.Type()) {
					continue
				}
				for _, r := range list {
					r.owner = into.Base
					all[into.Field] = append(all[into.Field], p.handedIn(fn, r, 0)...)
				}
			}
		}
	}
	return all
}

// callable reports whether the type is of functions or interfaces, or of many of them.
func callable(t types.Type) bool {
	for range 3 {
		switch u := t.Underlying().(type) {
		case *types.Signature, *types.Interface:
			return true
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		case *types.Map:
			if callable(u.Key()) {
				return true
			}
			t = u.Elem()
		default:
			return false
		}
	}
	return false
}

// puts returns what an instruction puts into which field.
func (p *Package) puts(instr ssa.Instruction) (into *access.Ref, list []registration) {
	switch instr := instr.(type) {
	case *ssa.Store:
		fa, ok := instr.Addr.(*ssa.FieldAddr)
		if !ok || !callable(instr.Val.Type()) {
			return nil, nil
		}
		into = p.Access.Of(fa)
		for _, v := range append(Elements(instr.Val), instr.Val) {
			list = append(list, registration{val: v, at: instr, store: instr})
		}
		if m, ok := instr.Val.(*ssa.MakeMap); ok {
			for _, ref := range *m.Referrers() {
				if up, ok := ref.(*ssa.MapUpdate); ok && up.Map == m {
					list = append(list, registration{val: up.Value, key: up.Key, at: up})
				}
			}
		}
	case *ssa.MapUpdate:
		into = p.Access.Of(instr.Map)
		for _, v := range append(Elements(instr.Value), instr.Value) {
			list = append(list, registration{val: v, key: instr.Key, at: instr})
		}
		if callable(instr.Key.Type()) {
			list = append(list, registration{val: instr.Key, at: instr})
		}
	}
	for into != nil && into.Kind == access.Elem {
		into = into.Base
	}
	return into, list
}

// replaced reports whether something else is stored there before the function returns.
func (p *Package) replaced(st *ssa.Store) bool {
	to := p.Access.Of(st.Addr)
	for _, b := range st.Parent().Blocks {
		for _, instr := range b.Instrs {
			next, ok := instr.(*ssa.Store)
			if ok && next != st && Dominates(st, next) && p.Access.Of(next.Addr) == to && len(Elements(next.Val)) == 0 && beforeReturn(next, st) {
				return true
			}
		}
	}
	return false
}

// beforeReturn reports whether no return follows the second instruction that does not
// follow the first one too.
func beforeReturn(at, from ssa.Instruction) bool {
	for _, b := range at.Parent().Blocks {
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && from.Block().Dominates(b) && !at.Block().Dominates(b) {
			return false
		}
	}
	return true
}

// handedIn returns the registration, or those of the calls of the function, where
// it puts what it is given into a field of what it is given.
func (p *Package) handedIn(fn *ssa.Function, r registration, depth int) []registration {
	val, ok := r.val.(*ssa.Parameter)
	if !ok {
		return []registration{r}
	}
	var list []registration
	for _, site := range p.Sites(fn) {
		args := site.Common().Args
		if _, ok := site.(*ssa.Call); !ok || depth > 2 || site.Common().StaticCallee() == nil || len(args) != len(fn.Params) || p.InTestFile(site.Parent()) {
			continue
		}
		owner := p.Access.Subst(r.owner, func(root *access.Ref) *access.Ref {
			if pm, ok := root.Value.(*ssa.Parameter); ok && pm.Parent() == fn {
				return p.Access.Of(args[slices.Index(fn.Params, pm)])
			}
			return nil
		})
		if owner != nil {
			next := registration{owner: owner, val: args[slices.Index(fn.Params, val)], key: r.key, at: site, store: r.store}
			list = append(list, p.handedIn(site.Parent(), next, depth+1)...)
		}
	}
	return list
}

// bindRegistered binds the calls by way of a field to what is put there.
func (ex *explorer) bindRegistered(registered map[*types.Var][]registration) {
	for _, b := range ex.fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				ex.registered[call] = ex.ls.ofRegistered(call, registered)
			}
		}
	}
}

// ofRegistered returns what the functions lock that the package puts into the field
// by which the call finds its function.
func (ls *lockState) ofRegistered(call *ssa.Call, registered map[*types.Var][]registration) (list []*boundCall) {
	p := ls.p
	if _, ok := call.Call.Value.(*ssa.Builtin); ok || !call.Call.IsInvoke() && call.Call.StaticCallee() != nil {
		return nil
	}
	by := p.Access.Of(call.Call.Value)
	var entry *access.Ref
	for by.Kind == access.Elem {
		entry, by = by, by.Base
	}
	if by.Kind != access.Field || len(registered[by.Field]) == 0 {
		return nil
	}
	load := p.loadOf(call.Call.Value)
	if load == nil {
		return nil // what was there before, in a closure that takes its place
	}
	for _, r := range registered[by.Field] {
		if r.at.Parent() == load.Parent() && Dominates(load, r.at) {
			continue
		}
		if r.key != nil && entry != nil && entry.Constant() {
			if put := p.Access.Elem(by, r.key); put.Constant() && put != entry {
				continue // it is another entry
			}
		}
		for _, t := range p.registeredTargets(call, r.val) {
			fl := ls.done[t.fn]
			if fl == nil || fl.Summary == nil || fl.Summary.Unknown {
				continue
			}
			sum := &Summary{}
			for _, a := range p.inTermsOf(&t, fl.Summary).Acquires {
				if a.Ref = p.ofOwner(p.held(a.Ref), r.owner, by.Base); a.Ref == nil || slices.ContainsFunc(a.When, func(g Guard) bool { return g.Param == 0 }) {
					continue
				}
				a.Held, a.Registered = nil, true
				sum.Acquires = append(sum.Acquires, a)
			}
			if len(sum.Acquires) > 0 && (r.store == nil || !p.replaced(r.store)) {
				list = append(list, &boundCall{target: t, sum: sum, single: true, name: registeredName(t.fn), registered: r.at})
			}
		}
	}
	return list
}

// loadOf returns what reads the field by which the value is found, in the function that
// uses the value; nil when it has it from elsewhere.
func (p *Package) loadOf(v ssa.Value) ssa.Instruction {
	for range 16 {
		switch x := v.(type) {
		case *ssa.UnOp:
			switch from := x.X.(type) {
			case *ssa.FieldAddr:
				return x
			case *ssa.IndexAddr:
				v = from.X
			case *ssa.Alloc:
				if v = p.Access.StoredOnce(from); v == nil {
					return nil
				}
			default:
				return nil
			}
		case *ssa.Field:
			return x
		case *ssa.Lookup:
			v = x.X
		case *ssa.Extract:
			switch tuple := x.Tuple.(type) {
			case *ssa.Next:
				rng, ok := tuple.Iter.(*ssa.Range)
				if !ok {
					return nil
				}
				v = rng.X
			case *ssa.Lookup:
				v = tuple.X
			case *ssa.TypeAssert:
				v = tuple.X
			default:
				return nil
			}
		case *ssa.TypeAssert:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.Slice:
			v = x.X
		default:
			return nil
		}
	}
	return nil
}

// registeredName is the function as a reader knows it who sees where it is put.
func registeredName(fn *ssa.Function) string {
	if fn.Parent() != nil && fn.Object() == nil {
		return "the function literal"
	}
	return funcName(fn)
}

// registeredTargets returns what the call runs when it finds the value: a function, or
// the method of a value in an interface.
func (p *Package) registeredTargets(call *ssa.Call, v ssa.Value) []target {
	if !call.Call.IsInvoke() {
		list, _ := p.targets(v, call.Call.Args)
		return slices.DeleteFunc(list, func(t target) bool { return t.fn.Blocks == nil || t.bare })
	}
	mi := p.madeInterface(v, 0)
	if mi == nil {
		return nil
	}
	method := call.Call.Method
	sel := p.SSA.Prog.MethodSets.MethodSet(mi.X.Type()).Lookup(method.Pkg(), method.Name())
	if sel == nil {
		return nil // it is asked for, and not found
	}
	f := p.SSA.Prog.MethodValue(sel)
	if f == nil {
		return nil
	}
	f = unwrap(Origin(f))
	if f.Blocks == nil || f.Pkg != p.SSA || f.Signature.Recv() == nil || typeName(f.Signature.Recv().Type()) != typeName(mi.X.Type()) {
		return nil // of an embedded field
	}
	return []target{{fn: f, recv: mi.X, args: call.Call.Args}}
}

// held replaces the fields of an object that the function makes by what it puts into
// them: of progress{plan: p}, or newProgress(p), the field plan is p.
func (p *Package) held(r *access.Ref) *access.Ref {
	if r.Kind != access.Field {
		return r
	}
	base := p.held(r.Base)
	switch v := base.Value.(type) {
	case *ssa.Alloc:
		if val := p.onlyStored(v.Parent(), base, r.Field); val != nil {
			return p.Access.Of(val)
		}
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		if base.Kind != access.Result || callee == nil {
			break
		}
		if callee = Origin(callee); callee.Pkg != p.SSA || len(callee.Params) != len(v.Call.Args) {
			break
		}
		for _, b := range callee.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || len(ret.Results) != 1 {
				continue
			}
			pm, ok := p.onlyStored(callee, p.Access.Of(ret.Results[0]), r.Field).(*ssa.Parameter)
			if ok {
				return p.Access.Of(v.Call.Args[slices.Index(callee.Params, pm)])
			}
		}
	}
	return p.Access.Field(base, r.Field)
}

// onlyStored is the only value that the function puts into a field of the object that it
// makes, or nil.
func (p *Package) onlyStored(fn *ssa.Function, object *access.Ref, field *types.Var) (val ssa.Value) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			fa, ok := st.Addr.(*ssa.FieldAddr)
			if !ok || fieldVar(fa) != field || p.Access.Of(fa.X) != object {
				continue
			}
			if val != nil {
				return nil
			}
			val = st.Val
		}
	}
	return val
}

// ofOwner rewrites what lies in an object, or in one around it, as it is called
// elsewhere; nil when it lies in none of them.
func (p *Package) ofOwner(r, owner, other *access.Ref) *access.Ref {
	for {
		if out := p.inside(r, owner, other); out != nil {
			return out
		}
		if owner.Kind != access.Field || other.Kind != access.Field || owner.Field != other.Field {
			return nil
		}
		owner, other = owner.Base, other.Base
	}
}

func (p *Package) inside(r, owner, other *access.Ref) *access.Ref {
	switch {
	case r == owner:
		return other
	case r.Kind == access.Field:
		if base := p.inside(r.Base, owner, other); base != nil {
			return p.Access.Field(base, r.Field)
		}
	case r.Kind == access.RLocker:
		if base := p.inside(r.Base, owner, other); base != nil {
			return p.Access.ReadSide(base)
		}
	}
	return nil
}

// register explores once more the functions that call by way of fields, and those that
// call them, with what is known of what is put there.
func (ls *lockState) register() {
	p := ls.p
	if len(ls.done) == 0 {
		return
	}
	registered := p.registrations()
	if len(registered) == 0 {
		return
	}
	var work []*ssa.Function
	for _, fn := range p.Funcs {
		if ls.callsRegistered(fn, registered) {
			work = append(work, fn)
		}
	}
	again := make(map[*ssa.Function]int)
	for len(work) > 0 {
		fn := work[0]
		work = work[1:]
		if again[fn]++; again[fn] > 3 {
			continue
		}
		before := 0
		if fl := ls.done[fn]; fl != nil {
			before = len(fl.Summary.Acquires)
		}
		ls.relevant[fn] = true
		ls.known = registered
		fl := ls.exploreNow(fn)
		ls.done[fn] = fl
		if len(fl.Summary.Acquires) <= before {
			continue
		}
		for _, site := range p.Sites(fn) {
			if !slices.Contains(work, site.Parent()) {
				work = append(work, site.Parent())
			}
		}
	}
}

// callsRegistered reports whether the function calls what is known to lock.
func (ls *lockState) callsRegistered(fn *ssa.Function, registered map[*types.Var][]registration) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && len(ls.ofRegistered(call, registered)) > 0 {
				return true
			}
		}
	}
	return false
}

// Elements returns the values that are appended, or that a slice is made of.
func Elements(v ssa.Value) (list []ssa.Value) {
	if call, ok := v.(*ssa.Call); ok {
		if bi, ok := call.Call.Value.(*ssa.Builtin); !ok || bi.Name() != "append" || len(call.Call.Args) != 2 {
			return nil
		}
		v = call.Call.Args[1]
	}
	sl, ok := v.(*ssa.Slice)
	if !ok {
		return nil
	}
	arr, ok := sl.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	for _, ref := range *arr.Referrers() {
		ia, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, ref := range *ia.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == ia {
				list = append(list, st.Val)
			}
		}
	}
	return list
}
