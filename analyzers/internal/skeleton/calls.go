package skeleton

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A target is a function that a call reaches, with what its parameters and
// free variables are bound to.
type target struct {
	fn   *ssa.Function
	recv ssa.Value           // of a bound method, the receiver
	mc   *ssa.MakeClosure    // where the closure is made, if that is one place
	args []ssa.Value         // nil for a function that other code calls
	ref  *access.Ref         // of a formatted value, the receiver
	bare bool                // a bound method whose receiver is not known
	from *ssa.Call           // what returned the function
	site ssa.CallInstruction // whose results are the function's, nil for none
}

// boundCall is a target whose summary is in the caller's terms.
type boundCall struct {
	target
	name   string
	sum    *Summary // nil when the target has nothing to do with locks
	single bool     // the only target
	// How it comes to run.
	callback   bool // an argument that is run by the called function
	format     bool
	byHeld     []Effect // what the called function holds when it runs it
	byPos      string
	foreign    *types.Func     // of another package
	registered ssa.Instruction // what puts it where the call finds it
}

// argOf returns the argument that a guard on a parameter is about, or nil.
func (bc *boundCall) argOf(g Guard) ssa.Value {
	if g.Param == 0 {
		return nil
	}
	return bc.param(g.Param - 1)
}

// param returns what parameter i is bound to, or nil.
func (t *target) param(i int) ssa.Value {
	if t.recv != nil || t.bare {
		if i == 0 {
			return t.recv
		}
		i--
	}
	if i < 0 || i >= len(t.args) {
		return nil
	}
	return t.args[i]
}

// flags are the variables that the summary's guards are about.
func (bc *boundCall) flags() []*access.Ref {
	if bc.sum == nil {
		return nil
	}
	var refs []*access.Ref
	for _, e := range bc.sum.Exits {
		for _, g := range e.When {
			if g.Param == 0 {
				refs = append(refs, g.Ref)
			}
		}
	}
	for _, a := range bc.sum.Acquires {
		for _, g := range a.When {
			if g.Param == 0 {
				refs = append(refs, g.Ref)
			}
		}
	}
	return refs
}

// targets returns what a function value can be, with its bindings.
func (p *Package) targets(v ssa.Value, args []ssa.Value) (list []target, complete bool) {
	fns, complete := p.functions(v, 0)
	mc := p.closure(v, 0)
	for _, fn := range fns {
		t := target{fn: fn, args: args}
		if mc != nil && Origin(mc.Fn.(*ssa.Function)) == fn {
			t.mc = mc
		}
		list = append(list, p.debind(t))
	}
	return list, complete
}

// debind looks through the wrapper of a bound method.
func (p *Package) debind(t target) target {
	if strings.HasPrefix(t.fn.Synthetic, "bound method wrapper") {
		if obj, ok := t.fn.Object().(*types.Func); ok && !types.IsInterface(obj.Signature().Recv().Type()) {
			if f := p.SSA.Prog.FuncValue(obj.Origin()); f != nil {
				if t.mc == nil || len(t.mc.Bindings) != 1 {
					return target{fn: f, bare: true, args: t.args}
				}
				return target{fn: f, recv: t.mc.Bindings[0], args: t.args}
			}
		}
	}
	return t
}

// callTargets returns what a call can reach, with bindings.
func (p *Package) callTargets(call ssa.CallInstruction) (list []target, complete bool) {
	common := call.Common()
	if common.IsInvoke() {
		fns, complete := p.Callees(call)
		for _, fn := range fns {
			list = append(list, target{fn: fn, recv: common.Value, args: common.Args})
		}
		return list, complete
	}
	if _, ok := common.Value.(*ssa.Builtin); ok {
		return nil, true
	}
	all, complete := p.targets(common.Value, common.Args)
	for _, t := range all {
		if t.fn.Blocks != nil {
			list = append(list, t)
		}
	}
	return list, complete
}

// substitute rewrites an object of a target in the caller's terms, or returns
// nil when it has no name there. Objects of functions around the target are
// named alike in both.
func (p *Package) substitute(t *target, r *access.Ref) *access.Ref {
	switch r.Kind {
	case access.Field:
		if base := p.substitute(t, r.Base); base != nil {
			return p.Access.Field(base, r.Field)
		}
		return nil
	case access.RLocker:
		if base := p.substitute(t, r.Base); base != nil {
			return p.Access.ReadSide(base)
		}
		return nil
	case access.Elem:
		base := p.substitute(t, r.Base)
		if base == nil {
			return nil
		}
		index := r.Value
		switch v := index.(type) {
		case nil:
			if !r.Constant() {
				return nil // some element
			}
			return p.Access.SameElem(base, r)
		case *ssa.Parameter:
			if v.Parent() == t.fn {
				index = t.param(slices.Index(t.fn.Params, v))
				if index == nil {
					return nil
				}
			}
		default:
			if v.Parent() == t.fn {
				return nil
			}
		}
		return p.Access.Elem(base, index)
	case access.Global:
		return r
	}
	if t.from != nil && r.Value != nil && r.Value.Parent() == t.fn.Parent() {
		// Of the call that returned it: what it was given.
		if i := slices.IndexFunc(t.fn.Parent().Params, func(pm *ssa.Parameter) bool { return pm == r.Value }); i >= 0 {
			return p.Access.Of(t.from.Call.Args[i])
		}
		return nil
	}
	if r.Value == nil || r.Value.Parent() != t.fn {
		return r
	}
	switch v := r.Value.(type) {
	case *ssa.Parameter:
		i := slices.Index(t.fn.Params, v)
		if i == 0 && t.ref != nil {
			return t.ref
		}
		if arg := t.param(i); arg != nil {
			if _, ok := arg.(*ssa.Const); ok {
				return nil
			}
			return p.Access.Of(arg)
		}
	case *ssa.FreeVar:
		if t.mc != nil {
			if i := slices.Index(t.fn.FreeVars, v); i >= 0 && i < len(t.mc.Bindings) {
				return p.Access.Of(t.mc.Bindings[i])
			}
		}
	}
	return nil
}

// bindCalls finds what the calls of the function reach and what that does.
func (ex *explorer) bindCalls() {
	p := ex.p
	for _, b := range ex.fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if d, ok := instr.(*ssa.Defer); ok {
				ex.deferred = append(ex.deferred, d)
				if p.CallsRecover(d) {
					ex.recovers = true
				}
			}
			common := call.Common()
			op, _ := p.Op(common)
			switch {
			case op.Format:
				for _, t := range p.formatTargets(common) {
					ex.bind(call, t, true).format = true
				}
			case runsNow(op.Kind):
				if f := FuncArg(common, op); f != nil {
					list, complete := p.targets(f, nil)
					for _, t := range list {
						ex.bind(call, t, complete && len(list) == 1).callback = true
					}
				}
			case op.Kind == ops.None:
				list, complete := p.callTargets(call)
				for _, t := range list {
					t.site = call
					bc := ex.bind(call, t, complete && len(list) == 1)
					ex.bindCallbacks(call, bc)
				}
				if len(list) == 0 {
					ex.bindForeign(call)
					ex.bindReturned(call)
				}
			}
		}
	}
}

func (ex *explorer) bind(call ssa.CallInstruction, t target, single bool) *boundCall {
	bc := &boundCall{target: t, single: single, name: ex.p.callName(call, t.fn)}
	if fl := ex.ls.explore(t.fn); fl != nil {
		bc.sum = ex.p.inTermsOf(&t, fl.Summary)
	}
	ex.bound[call] = append(ex.bound[call], bc)
	return bc
}

// bindReturned binds a call of the literal that another call has returned, as begin,
// end := s.begin(), or an iterator of a range. One that leaves a lock in another state than it was is left
// out: who returns it has mostly taken that lock.
func (ex *explorer) bindReturned(call ssa.CallInstruction) {
	p := ex.p
	index := 0
	v := call.Common().Value
	if x, ok := v.(*ssa.ChangeType); ok {
		v = x.X // an iter.Seq
	}
	if x, ok := v.(*ssa.Extract); ok {
		v, index = x.Tuple, x.Index
	}
	maker, ok := v.(*ssa.Call)
	if !ok || call.Common().IsInvoke() || maker.Call.StaticCallee() == nil {
		return
	}
	fn := Origin(maker.Call.StaticCallee())
	if fn.Pkg != ex.fn.Pkg || len(fn.Params) != len(maker.Call.Args) {
		return
	}
	var mc *ssa.MakeClosure
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		if c, ok := ret.Results[index].(*ssa.Const); ok && c.IsNil() {
			continue
		}
		made := p.closure(ret.Results[index], 0)
		if made == nil || mc != nil && made != mc {
			return
		}
		mc = made
	}
	if mc == nil || Origin(mc.Fn.(*ssa.Function)).Parent() != fn {
		return
	}
	t := target{fn: Origin(mc.Fn.(*ssa.Function)), mc: mc, args: call.Common().Args, from: maker}
	fl := ex.ls.explore(t.fn)
	if fl == nil || fl.Summary == nil || len(fl.Summary.Releases) > 0 {
		return
	}
	for _, e := range fl.Summary.Exits {
		if len(e.Effects) > 0 {
			return
		}
	}
	ex.bindCallbacks(call, ex.bind(call, t, true))
}

// bindForeign binds a call of a function of another package that has a fact.
func (ex *explorer) bindForeign(call ssa.CallInstruction) {
	common := call.Common()
	fn := Static(common)
	if fn == nil || common.IsInvoke() {
		return
	}
	sum := ex.ls.imported.summary(fn, call)
	if sum == nil {
		return
	}
	bc := &boundCall{target: target{args: common.Args}, single: true, name: ex.p.foreignName(fn, common), sum: sum, foreign: fn}
	ex.bound[call] = append(ex.bound[call], bc)
	ex.bindCallbacks(call, bc)
}

// bindCallbacks binds the arguments that the called function calls.
func (ex *explorer) bindCallbacks(call ssa.CallInstruction, by *boundCall) {
	if by.sum == nil {
		return
	}
	for _, pc := range by.sum.Calls {
		arg := by.param(pc.Param)
		if arg == nil {
			continue
		}
		list, complete := ex.p.targets(arg, nil)
		if pc.Method != nil {
			list, complete = ex.p.methodOf(arg, pc.Method)
		}
		for _, t := range list {
			bc := ex.bind(call, t, complete && len(list) == 1 && by.single)
			bc.callback, bc.byHeld, bc.byPos = true, pc.Held, pc.At
		}
	}
}

// methodOf is the method of a value that is made an interface for a call.
func (p *Package) methodOf(arg ssa.Value, method *types.Func) (list []target, complete bool) {
	fn, recv := p.MethodOf(arg, method)
	if fn == nil {
		return nil, false
	}
	args := make([]ssa.Value, len(fn.Params))
	args[0] = recv
	return []target{{fn: fn, args: args}}, true
}

// MethodOf returns the method of this package that a call of an interface method runs when it
// is given arg, and the receiver; nil where arg is not made an interface value just for that.
func (p *Package) MethodOf(arg ssa.Value, method *types.Func) (fn *ssa.Function, recv ssa.Value) {
	made, ok := arg.(*ssa.MakeInterface)
	if !ok {
		return nil, nil
	}
	if fn = p.SSA.Prog.LookupMethod(made.X.Type(), method.Pkg(), method.Name()); fn == nil {
		return nil, nil
	}
	if fn = unwrap(Origin(fn)); fn.Blocks == nil || fn.Pkg != p.SSA || len(fn.Params) == 0 {
		return nil, nil
	}
	return fn, made.X
}

// sortedBound returns the bound calls in the order of the instructions.
func (ex *explorer) sortedBound() [][]*boundCall {
	var all [][]*boundCall
	for _, b := range ex.fn.Blocks {
		for _, instr := range b.Instrs {
			if list := ex.bound[instr]; list != nil {
				all = append(all, list)
			}
		}
	}
	return all
}

// inTermsOf rewrites a summary in the caller's terms. What has no name there
// is dropped.
func (p *Package) inTermsOf(t *target, sum *Summary) *Summary {
	if sum == nil {
		return nil
	}
	out := &Summary{Unknown: sum.Unknown, never: sum.never}
	effects := func(list []Effect) []Effect {
		var res []Effect
		for _, e := range list {
			if r := p.substitute(t, e.Ref); r != nil && e.Of == 0 && !e.Nameless {
				r, m := side(r, e.Mode)
				res = append(res, Effect{Ref: r, Mode: m, Release: e.Release, Result: e.Result})
			} else if e.Result > 0 && t.site != nil {
				var path []*types.Var
				for r := e.Ref; e.Of > 0 && r.Kind == access.Field; r = r.Base {
					path = append(path, r.Field)
				}
				slices.Reverse(path)
				res = append(res, p.ofResult(t.site, e, path))
			}
		}
		return res
	}
	// guards tells whether all have a name.
	guards := func(list []Guard) ([]Guard, bool) {
		var res []Guard
		all := true
		for _, g := range list {
			if g.Ref == nil || g.Param > 0 {
				res = append(res, g) // looked up at the call
				continue
			}
			if r := p.substitute(t, g.Ref); r != nil {
				g.Ref = r
				res = append(res, g)
			} else {
				all = false
			}
		}
		return res, all
	}
	for _, e := range sum.Exits {
		x := Exit{Effects: effects(e.Effects), Results: e.Results}
		x.When, _ = guards(e.When)
		x.Post, _ = guards(e.Post)
		out.Exits = append(out.Exits, x)
	}
	for _, a := range sum.Acquires {
		r := p.substitute(t, a.Ref)
		if r == nil {
			continue
		}
		r, m := side(r, a.Mode)
		when, all := guards(a.When)
		if !all {
			continue
		}
		out.Acquires = append(out.Acquires, Acquire{Ref: r, Mode: m, Chain: a.Chain, At: a.At, When: when, Held: effects(a.Held), Registered: a.Registered})
	}
	for _, c := range sum.Calls {
		out.Calls = append(out.Calls, ParamCall{Param: c.Param, Method: c.Method, At: c.At, Held: effects(c.Held)})
	}
	for _, r := range sum.Releases {
		if r := p.substitute(t, r); r != nil {
			r, _ = side(r, Exclusive)
			out.Releases = append(out.Releases, r)
		}
	}
	return out
}

// runsNow reports whether the operation runs its function argument in the
// caller's goroutine before it returns.
func runsNow(k ops.Kind) bool {
	switch k {
	case ops.RunsNow, ops.OnceDo, ops.MapRange, ops.FlightDo:
		return true
	}
	return false
}

// Recovers reports whether the function defers something that recovers from a panic.
func (p *Package) Recovers(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && p.CallsRecover(d) {
				return true
			}
		}
	}
	return false
}

// CallsRecover reports whether the deferred function recovers from a panic.
func (p *Package) CallsRecover(d *ssa.Defer) bool {
	fns, _ := p.Callees(d)
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok {
					if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "recover" {
						return true
					}
				}
			}
		}
	}
	return false
}

func nonNilCall(common *ssa.CallCommon) bool {
	fn := Static(common)
	return fn != nil && ops.Of(fn).NonNil
}

// callName is the function that is called, as a reader knows it.
func (p *Package) callName(call ssa.CallInstruction, fn *ssa.Function) string {
	common := call.Common()
	if RangeBody(fn) {
		return "the loop body"
	}
	if fn.Parent() != nil && fn.Object() == nil {
		if RangeOver(call) != nil {
			return "the iterator"
		}
		if common.Value == nil || common.IsInvoke() {
			return "the function literal"
		}
		if n := localName(common.Value); n != "" {
			return n
		}
		if n := p.assigned(fn.Pos()); n != "" {
			return n
		}
		return "the function literal"
	}
	if recv := fn.Signature.Recv(); recv != nil {
		if common.IsInvoke() {
			return p.Access.Of(common.Value).String() + "." + fn.Name()
		}
		if f := common.StaticCallee(); f != nil && Origin(f) == fn && len(common.Args) > 0 {
			if n := p.Access.Of(common.Args[0]).String(); !strings.Contains(n, " ") {
				return n + "." + fn.Name()
			}
		}
		return typeName(recv.Type()) + "." + fn.Name()
	}
	return fn.Name()
}

// localName is the name of the variable that holds a function.
func localName(v ssa.Value) string {
	if u, ok := v.(*ssa.UnOp); ok {
		v = u.X
	}
	switch v := v.(type) {
	case *ssa.Alloc:
		return v.Comment
	case *ssa.FreeVar:
		return v.Name()
	case *ssa.Parameter:
		return v.Name()
	}
	return ""
}

// CallName is the function that a call names, as a reader knows it: time.Sleep,
// c.conn.Write; "" when the call names none.
func (p *Package) CallName(call ssa.CallInstruction) string {
	fn := Static(call.Common())
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	if call.Common().IsInvoke() {
		return p.Access.Of(call.Common().Value).String() + "." + fn.Name()
	}
	return p.foreignName(fn, call.Common())
}

func (p *Package) foreignName(fn *types.Func, common *ssa.CallCommon) string {
	if recv := fn.Signature().Recv(); recv != nil {
		if len(common.Args) > 0 {
			if n := p.Access.Of(common.Args[0]).String(); !strings.Contains(n, " ") {
				return n + "." + fn.Name()
			}
		}
		return typeName(recv.Type()) + "." + fn.Name()
	}
	return fn.Pkg().Name() + "." + fn.Name()
}

func typeName(t types.Type) string {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return types.TypeString(t, func(*types.Package) string { return "" })
}

func referenceType(typ types.Type) bool {
	switch typ.Underlying().(type) {
	case *types.Pointer, *types.Chan, *types.Map, *types.Slice, *types.Interface, *types.Signature:
		return true
	}
	return false
}

// isLockPointer reports whether a value of the type gives access to a lock:
// a pointer to one, or a Locker.
func isLockPointer(typ types.Type) bool {
	if _, ok := typ.Underlying().(*types.Pointer); ok {
		return ops.IsLock(typ)
	}
	return ops.IsLocker(typ)
}

// Behind returns the function that a function or closure is, the method of a bound
// method, or nil of another value; and the receiver that is bound.
func (p *Package) Behind(v ssa.Value) (fn *ssa.Function, recv ssa.Value) {
	if ct, ok := v.(*ssa.ChangeType); ok {
		v = ct.X
	}
	switch v := v.(type) {
	case *ssa.Function:
		return Origin(v), nil
	case *ssa.MakeClosure:
		t := p.debind(target{fn: Origin(v.Fn.(*ssa.Function)), mc: v})
		return t.fn, t.recv
	}
	return nil, nil
}
