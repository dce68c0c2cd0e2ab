package machine

import (
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"slices"
	"unicode/utf8"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A program is a function made ready to run: its values numbered, and what is
// of no consequence to concurrency marked.
type program struct {
	*shape
	id int32
	// alive holds, for each block, the registers whose values are still used.
	alive [][]bool
	// skip holds, for each block that ends in a branch of no consequence, the
	// block where its ways meet again; -1 otherwise.
	skip []int32
	// sizes are those of counts that are so here and are not only handed on.
	sizes []int64
	// rooms is how many of these are capacities of channels.
	rooms int
	turns bool // a loop is made by one of them
	two   bool // two is one, too
	room  bool // a channel has room for one value or two
}

// A shape is what is so of a function whatever is looked at.
type shape struct {
	fn   *ssa.Function
	regs map[ssa.Value]int
	n    int
	// bounds are the comparisons that end a counting loop.
	bounds map[*ssa.BinOp]bool
	// counts are the constants that say how often or how many.
	counts []int64
	// names are the constants that something is only compared with for being the same: states,
	// say, which are no numbers of anything.
	names []int64
	// recovers says that the function calls recover, waits that it waits on a Cond.
	recovers, waits bool
	// loops says of each block whether it is part of a loop, pdom what its immediate
	// post-dominator is.
	loops []bool
	pdom  []int
}

// maxBlocks bounds the functions that are run at all.
const maxBlocks = 600

// programs prepares functions of one package, once.
type programs struct {
	pkg    *skeleton.Package
	byFn   map[*ssa.Function]*program
	shapes map[*ssa.Function]*shape
	active map[*ssa.Function]int8
	// number, low and cycle belong to the search of isActive: when a function was
	// entered, the first one that is reached back to, and those without an answer.
	number map[*ssa.Function]int
	low    int
	cycle  []*ssa.Function
	conds  map[access.Class]bool
	types  map[types.Type]bool
	// methods lists the methods of the package by name.
	methods map[string][]*ssa.Function
	fields  *fields
	// huge counts functions over maxBlocks.
	huge int
	// focus, when there is one, says which objects are looked at.
	focus    *focus
	assigned map[*ssa.Global]bool  // package variables that are set after the start; nil before they are asked for
	handed   map[types.Object]bool // methods that are given to what is not followed; nil before it is asked for
}

func newPrograms(pkg *skeleton.Package) *programs {
	ps := (&programs{
		pkg:     pkg,
		shapes:  make(map[*ssa.Function]*shape),
		types:   make(map[types.Type]bool),
		methods: make(map[string][]*ssa.Function),
		fields:  new(fields),
	}).again()
	for _, fn := range pkg.Funcs {
		if fn.Signature.Recv() != nil {
			ps.methods[fn.Name()] = append(ps.methods[fn.Name()], fn)
		}
	}
	ps.findConds()
	return ps
}

// again returns programs of the same package in which nothing is decided yet that
// depends on what is looked at.
func (ps *programs) again() *programs {
	return &programs{
		pkg:     ps.pkg,
		shapes:  ps.shapes,
		types:   ps.types,
		methods: ps.methods,
		fields:  ps.fields,
		byFn:    make(map[*ssa.Function]*program),
		active:  make(map[*ssa.Function]int8),
		number:  make(map[*ssa.Function]int),
		low:     math.MaxInt,
	}
}

// findConds notes which fields and variables branches depend on: only stores
// to these matter among those of plain values.
func (ps *programs) findConds() {
	ps.conds = make(map[access.Class]bool)
	for _, fn := range ps.pkg.Funcs {
		ps.condsOf(fn, ps.conds, func(*ssa.BasicBlock) bool { return true })
	}
}

// tallies reports whether the store counts in a field that nothing but that and reports
// looks at: to follow the numbers would make a new state of each turn.
func (ps *programs) tallies(st *ssa.Store) bool {
	fa, ok := st.Addr.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	if ps.fields.tally == nil {
		ps.fields.tally = ps.findTallies()
	}
	return ps.fields.tally[access.FieldOf(fa.X.Type(), fa.Field).Origin()]
}

// findTallies lists the fields of the package that hold a number which is only added to,
// shown, or returned to other packages.
func (ps *programs) findTallies() map[*types.Var]bool {
	tally := make(map[*types.Var]bool)
	for _, fn := range ps.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				fa, ok := instr.(*ssa.FieldAddr)
				if !ok || !isInteger(deref(fa.Type())) {
					continue
				}
				f := access.FieldOf(fa.X.Type(), fa.Field).Origin()
				only, found := tally[f]
				tally[f] = (only || !found) && !f.Exported() && f.Pkg() == ps.pkg.Pass.Pkg && ps.onlyCounts(fa, f)
			}
		}
	}
	return tally
}

func (ps *programs) onlyCounts(fa *ssa.FieldAddr, f *types.Var) bool {
	for _, r := range *fa.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if r.Addr != fa {
				return false
			}
		case *ssa.UnOp:
			for _, use := range *r.Referrers() {
				switch use := use.(type) {
				case *ssa.DebugRef, *ssa.MakeInterface:
				case *ssa.Return:
					if len(ps.pkg.Sites(use.Parent())) > 0 || ps.pkg.UsedAsValue(use.Parent()) {
						return false
					}
				case *ssa.BinOp:
					for _, to := range *use.Referrers() {
						st, ok := to.(*ssa.Store)
						if !ok {
							return false
						}
						addr, ok := st.Addr.(*ssa.FieldAddr)
						if !ok || access.FieldOf(addr.X.Type(), addr.Field).Origin() != f {
							return false
						}
					}
				default:
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// condsOf adds the fields and variables that branches of fn depend on, as far as
// these count.
func (ps *programs) condsOf(fn *ssa.Function, conds map[access.Class]bool, count func(*ssa.BasicBlock) bool) {
	seen := make(map[ssa.Value]bool)
	var visit func(v ssa.Value)
	visit = func(v ssa.Value) {
		if seen[v] {
			return
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.BinOp:
			visit(v.X)
			visit(v.Y)
		case *ssa.UnOp:
			if v.Op == token.MUL {
				if c := ps.pkg.Access.Of(v.X).Class(); !c.IsZero() {
					conds[c] = true
				}
				return
			}
			visit(v.X)
		case *ssa.Phi:
			for _, e := range v.Edges {
				visit(e)
			}
		case *ssa.Convert:
			visit(v.X)
		}
	}
	for _, b := range fn.Blocks {
		if len(b.Instrs) == 0 || !count(b) {
			continue
		}
		if br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
			visit(br.Cond)
		}
	}
}

// interesting reports whether a value of the type can lead to something that
// goroutines synchronise on.
func (ps *programs) interesting(t types.Type) bool {
	if v, ok := ps.types[t]; ok {
		return v
	}
	ps.types[t] = false
	v := false
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		v = true
	case *types.Pointer:
		v = ps.interesting(u.Elem())
	case *types.Slice:
		v = ps.interesting(u.Elem())
	case *types.Array:
		v = ps.interesting(u.Elem())
	case *types.Map:
		v = ps.interesting(u.Elem())
	case *types.Struct:
		if ops.IsLock(t) || ops.IsWaitGroup(t) || ops.IsCond(t) {
			v = true
			break
		}
		for i := range u.NumFields() {
			if ps.interesting(u.Field(i).Type()) {
				v = true
				break
			}
		}
	case *types.Interface:
		// Any implementation may hold anything; errors do not, as a rule.
		v = u.NumMethods() > 0 && !isError(t)
	}
	ps.types[t] = v
	return v
}

// leads reports whether a value can lead to something that goroutines
// synchronise on; of an interface value made here, what it is made of decides.
func (ps *programs) leads(v ssa.Value) bool {
	if ps.focus != nil {
		return ps.focus.leads(v)
	}
	if mi, ok := v.(*ssa.MakeInterface); ok {
		return ps.interesting(mi.X.Type())
	}
	return ps.interesting(v.Type())
}

func isError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// isActive reports whether running fn can matter: it, or what it calls in this
// package, has an operation of concurrency, passes on something interesting,
// or never returns.
func (ps *programs) isActive(fn *ssa.Function) bool {
	switch ps.active[fn] {
	case activeNo:
		return false
	case activeYes:
		return true
	case activeOpen:
		// On the way to this very question: the answer is that of the first
		// function of the cycle (Tarjan's algorithm).
		ps.low = min(ps.low, ps.number[fn])
		return false
	}
	outer := ps.low
	n := len(ps.number)
	ps.active[fn], ps.number[fn], ps.low = activeOpen, n, n
	depth := len(ps.cycle)
	ps.cycle = append(ps.cycle, fn)
	yes := ps.actsItself(fn)
	if yes || ps.low == n {
		// What fn reaches back to is active when fn is.
		answer := activeNo
		if yes {
			answer = activeYes
		}
		for _, f := range ps.cycle[depth:] {
			ps.active[f] = answer
		}
		ps.cycle = ps.cycle[:depth]
	}
	ps.low = min(outer, ps.low)
	return yes
}

func (ps *programs) actsItself(fn *ssa.Function) bool {
	if ps.pkg.NoReturn(fn) {
		return true
	}
	res := fn.Signature.Results()
	for i := range res.Len() {
		if ps.focus == nil && ps.interesting(res.At(i).Type()) || ps.focus != nil && ps.focus.leadsResult(fn, i) {
			return true
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if _, panics := instr.(*ssa.Panic); panics && ps.focus != nil {
				continue
			}
			if ps.effect(instr) {
				return true
			}
		}
	}
	return false
}

// The states of the question whether a function is active.
const (
	activeOpen int8 = 1 + iota
	activeNo
	activeYes
)

// effect reports whether executing the instruction matters beyond its value.
func (ps *programs) effect(instr ssa.Instruction) bool {
	if ps.focus != nil {
		switch instr := instr.(type) {
		case *ssa.Send:
			return ps.focus.needs(instr.Chan) || ps.focus.leads(instr.X)
		case *ssa.Select:
			return slices.ContainsFunc(instr.States, func(c *ssa.SelectState) bool {
				return ps.focus.needs(c.Chan) || c.Send != nil && ps.focus.leads(c.Send)
			})
		case *ssa.UnOp:
			return instr.Op == token.ARROW && ps.focus.needs(instr.X)
		case *ssa.Go:
			return ps.callMatters(instr)
		}
	}
	switch instr := instr.(type) {
	case *ssa.Send, *ssa.Select, *ssa.Go, *ssa.Panic:
		return true
	case *ssa.UnOp:
		return instr.Op == token.ARROW
	case *ssa.Store:
		return ps.storeMatters(instr)
	case *ssa.MapUpdate:
		return ps.leads(instr.Key) || ps.leads(instr.Value)
	case *ssa.Defer:
		return ps.callMatters(instr)
	case *ssa.RunDefers:
		for _, b := range instr.Parent().Blocks {
			for _, i := range b.Instrs {
				if d, ok := i.(*ssa.Defer); ok && ps.callMatters(d) {
					return true
				}
			}
		}
		return false
	case *ssa.Call:
		return ps.callMatters(instr)
	}
	return false
}

func (ps *programs) storeMatters(st *ssa.Store) bool {
	if ps.leads(st.Val) {
		return true
	}
	if !followed(st.Val.Type()) {
		return false
	}
	return ps.conds[ps.pkg.Access.Of(st.Addr).Class()]
}

func (ps *programs) callMatters(call ssa.CallInstruction) bool {
	common := call.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "close":
			return ps.focus == nil || ps.focus.needs(common.Args[0])
		case "recover":
			return ps.focus == nil
		case "append", "copy":
			return len(common.Args) > 0 && (ps.focus == nil && ps.interesting(common.Args[0].Type()) || ps.focus != nil && ps.focus.leads(common.Args[0]))
		}
		return false
	}
	op, _ := ps.pkg.Op(common)
	if ps.focus != nil {
		if yes, known := ps.focus.matters(call, op); known {
			return yes
		}
	}
	switch op.Kind {
	case ops.None, ops.Blocking, ops.Sleep, ops.TestLog, ops.TestSetenv, ops.TestParallel,
		ops.AtomicLoad, ops.AtomicStore, ops.AtomicUpdate:
	case ops.RunsNow, ops.RunsLater:
		if op.Func >= 0 {
			return true
		}
	default:
		return true
	}
	fns, _ := ps.pkg.Callees(call)
	for _, f := range fns {
		if ps.isActive(f) {
			return true
		}
	}
	if len(fns) > 0 {
		return false
	}
	if f, _, ok := ps.pkg.Runner(call); ok {
		if fns, _ := ps.pkg.Functions(f); slices.ContainsFunc(fns, ps.isActive) {
			return true
		}
	}
	// Unseen code: what is handed to it may be used there.
	for _, a := range common.Args {
		if ps.leads(a) {
			return true
		}
	}
	if ps.focus != nil {
		return common.StaticCallee() == nil && ps.focus.leads(common.Value)
	}
	if common.IsInvoke() {
		// Which type it is, the run may know.
		return slices.ContainsFunc(ps.methods[common.Method.Name()], ps.isActive)
	}
	return common.StaticCallee() == nil
}

// program prepares a function; nil when it is beyond the bounds.
func (ps *programs) program(fn *ssa.Function) *program {
	if p, ok := ps.byFn[fn]; ok {
		return p
	}
	ps.byFn[fn] = nil
	if len(fn.Blocks) == 0 {
		return nil
	}
	if len(fn.Blocks) > maxBlocks {
		ps.huge++
		return nil
	}
	p := &program{shape: ps.shape(fn), id: int32(len(ps.byFn))}
	ps.findSkips(p)
	ps.findSizes(p)
	ps.byFn[fn] = p
	return p
}

func (ps *programs) shape(fn *ssa.Function) *shape {
	if p := ps.shapes[fn]; p != nil {
		return p
	}
	p := &shape{fn: fn, regs: make(map[ssa.Value]int), bounds: make(map[*ssa.BinOp]bool), pdom: postDominators(fn.Blocks)}
	ps.shapes[fn] = p
	add := func(v ssa.Value) {
		_, iterates := v.(*ssa.Range) // whose type is an unsafe.Pointer
		if iterates || followed(v.Type()) {
			p.regs[v] = p.n
			p.n++
		}
	}
	for _, v := range fn.Params {
		add(v)
	}
	for _, v := range fn.FreeVars {
		add(v)
	}
	for _, b := range fn.Blocks {
		p.loops = append(p.loops, skeleton.Reaches(b, b))
		for _, instr := range b.Instrs {
			if v, ok := instr.(ssa.Value); ok {
				add(v)
			}
			if call, ok := instr.(ssa.CallInstruction); ok {
				op, _ := ps.pkg.Op(call.Common())
				p.waits = p.waits || op.Kind == ops.CondWait
				if bi, ok := call.Common().Value.(*ssa.Builtin); ok && bi.Name() == "recover" {
					p.recovers = true
				}
			}
		}
	}
	p.findBounds()
	return p
}

// picks reports whether the comparison tells which case of a select it is.
func picks(cmp *ssa.BinOp) bool {
	sel, _ := skeleton.SelectCase(cmp)
	return sel != nil
}

// findBounds marks comparisons with a value that a loop counts.
func (p *shape) findBounds() {
	count := func(v ssa.Value) {
		if n, ok := large(v); ok {
			p.counts = append(p.counts, n)
		}
	}
	for _, b := range p.fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.BinOp:
				switch instr.Op {
				case token.LSS, token.LEQ, token.GTR, token.GEQ, token.NEQ, token.EQL:
					switch {
					case counter(instr.X) || counter(instr.Y):
						p.bounds[instr] = true
						count(instr.X)
						count(instr.Y)
					case (instr.Op == token.EQL || instr.Op == token.NEQ) && !picks(instr):
						for _, v := range []ssa.Value{instr.X, instr.Y} {
							if n, ok := large(v); ok {
								p.names = append(p.names, n)
							}
						}
					}
				}
			case *ssa.MakeChan:
				count(instr.Size)
			case *ssa.MakeSlice:
				count(instr.Len)
			case *ssa.Slice:
				if n := arrayLen(instr); n > 2 {
					p.counts = append(p.counts, n)
				}
			case *ssa.Next:
				if n, ok := constantRunes(instr); ok && n > 2 {
					p.counts = append(p.counts, n)
				}
			case ssa.CallInstruction:
				for _, a := range instr.Common().Args {
					count(a)
				}
			}
		}
	}
	// A range over an integer asks first whether there is a turn at all.
	turns := make(map[ssa.Value]bool)
	for cmp := range p.bounds {
		turns[cmp.Y] = true
	}
	for _, b := range p.fn.Blocks {
		for _, instr := range b.Instrs {
			if cmp, ok := instr.(*ssa.BinOp); ok && cmp.Op == token.LSS && turns[cmp.Y] {
				if c, ok := cmp.X.(*ssa.Const); ok && c.Value != nil && constant.Sign(c.Value) == 0 {
					p.bounds[cmp] = true
				}
			}
		}
	}
}

// findSizes notes the constants that decide how often something of consequence
// happens.
func (ps *programs) findSizes(p *program) {
	size := func(v ssa.Value) {
		if n, ok := large(v); ok {
			p.sizes = append(p.sizes, n)
		}
		if c, ok := v.(*ssa.Const); ok && c.Value != nil {
			if n, ok := exactInt(c); ok && n == 2 {
				p.two = true
			}
		}
		if call, ok := v.(*ssa.Call); ok {
			if bi, ok := call.Call.Value.(*ssa.Builtin); ok && bi.Name() == "len" {
				if sl, ok := call.Call.Args[0].(*ssa.Slice); ok && arrayLen(sl) > 2 {
					p.sizes = append(p.sizes, arrayLen(sl))
				}
			}
		}
	}
	for i, b := range p.fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.If:
				if cmp, ok := instr.Cond.(*ssa.BinOp); ok && p.skip[i] < 0 && p.bounds[cmp] {
					n := len(p.sizes)
					size(cmp.X)
					size(cmp.Y)
					p.turns = p.turns || len(p.sizes) > n
				}
			case *ssa.MakeChan:
				n := len(p.sizes)
				size(instr.Size)
				p.rooms += len(p.sizes) - n
				if c, ok := instr.Size.(*ssa.Const); ok && c.Value != nil {
					n, _ := exactInt(c)
					p.room = p.room || n == 1 || n == 2
				}
			case *ssa.Next:
				if n, ok := constantRunes(instr); ok && n > 2 {
					p.sizes = append(p.sizes, n)
				}
			case ssa.CallInstruction:
				switch op, _ := ps.pkg.Op(instr.Common()); op.Kind {
				case ops.WgAdd, ops.GroupSetLimit, ops.NewSemaphore, ops.SemAcquire, ops.SemRelease:
				default:
					if fns, _ := ps.pkg.Callees(instr); len(fns) == 0 || !ps.isActive(fns[0]) {
						continue
					}
				}
				for _, a := range instr.Common().Args {
					size(a)
				}
			}
		}
	}
}

// constantRunes is how many turns a range over a constant string has.
func constantRunes(next *ssa.Next) (int64, bool) {
	rng, ok := next.Iter.(*ssa.Range)
	if !ok || !next.IsString {
		return 0, false
	}
	c, ok := rng.X.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String {
		return 0, false
	}
	return int64(utf8.RuneCountInString(constant.StringVal(c.Value))), true
}

// fixed reports whether the value is made of constants only: it is what it is in each
// run, whatever the machine knows of it.
func fixed(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return true
	}
	if seen == nil {
		seen = make(map[ssa.Value]bool)
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.BinOp:
		return fixed(v.X, seen) && fixed(v.Y, seen)
	case *ssa.UnOp:
		return v.Op != token.MUL && v.Op != token.ARROW && fixed(v.X, seen)
	case *ssa.Convert:
		return fixed(v.X, seen)
	case *ssa.ChangeType:
		return fixed(v.X, seen)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if !fixed(e, seen) {
				return false
			}
		}
		return true
	}
	return false
}

// arrayLen is the length of a slice of a whole array, as a literal is, and zero of
// other slices.
func arrayLen(sl *ssa.Slice) int64 {
	ptr, ok := sl.X.Type().Underlying().(*types.Pointer)
	if !ok || sl.Low != nil || sl.High != nil {
		return 0
	}
	if arr, ok := ptr.Elem().Underlying().(*types.Array); ok {
		return arr.Len()
	}
	return 0
}

// large is the value of a constant that is not exact to the machine.
func large(v ssa.Value) (int64, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil {
		return 0, false
	}
	n, ok := exactInt(c)
	return n, ok && n > 2
}

func exactInt(c *ssa.Const) (int64, bool) {
	if b, ok := c.Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsInteger == 0 {
		return 0, false
	}
	return c.Int64(), true
}

// counter reports whether v is a loop's counter: a phi of a start value and
// itself plus or minus a constant, or that sum.
func counter(v ssa.Value) bool {
	if bin, ok := v.(*ssa.BinOp); ok && (bin.Op == token.ADD || bin.Op == token.SUB) {
		if _, ok := bin.Y.(*ssa.Const); ok {
			v = bin.X
		}
	}
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL && isInteger(load.Type()) {
		return counts(load.X)
	}
	phi, ok := v.(*ssa.Phi)
	if !ok {
		return false
	}
	if b, ok := phi.Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsInteger == 0 {
		return false
	}
	for _, e := range phi.Edges {
		if bin, ok := e.(*ssa.BinOp); ok && (bin.Op == token.ADD || bin.Op == token.SUB) && bin.X == phi {
			if _, ok := bin.Y.(*ssa.Const); ok {
				return true
			}
		}
	}
	return false
}

// counts reports whether a variable is one that a loop counts in and that
// closures capture, which is a new one in each turn: it is set to a start value,
// to its predecessor, and to itself plus or minus a constant.
func counts(addr ssa.Value) bool {
	vars := make(map[ssa.Value]bool)
	var gather func(v ssa.Value) bool
	gather = func(v ssa.Value) bool {
		if vars[v] {
			return true
		}
		switch v := v.(type) {
		case *ssa.Alloc:
			vars[v] = true
			// The next turn's variable is set from this one's.
			return true
		case *ssa.Phi:
			vars[v] = true
			for _, e := range v.Edges {
				if !gather(e) {
					return false
				}
			}
			return true
		}
		return false
	}
	if !gather(addr) {
		return false
	}
	loaded := func(v ssa.Value) bool {
		load, ok := v.(*ssa.UnOp)
		return ok && load.Op == token.MUL && vars[load.X]
	}
	steps := false
	for v := range vars {
		for _, r := range *v.Referrers() {
			st, ok := r.(*ssa.Store)
			if !ok || st.Addr != v {
				continue
			}
			if bin, ok := st.Val.(*ssa.BinOp); ok && (bin.Op == token.ADD || bin.Op == token.SUB) && loaded(bin.X) {
				if _, ok := bin.Y.(*ssa.Const); !ok {
					return false
				}
				steps = true
			}
		}
	}
	return steps
}

// findSkips marks branches whose ways do nothing of consequence before they
// meet again, so that running them would only multiply states.
func (ps *programs) findSkips(p *program) {
	blocks := p.fn.Blocks
	p.skip = make([]int32, len(blocks))
	effects := make([]bool, len(blocks))
	effective := make(map[ssa.Instruction]bool)
	for i, b := range blocks {
		p.skip[i] = -1
		for _, instr := range b.Instrs {
			if ps.effect(instr) {
				effects[i], effective[instr] = true, true
			}
		}
	}
	pdom := p.pdom
	regions := make(map[int32][]bool)
	for i, b := range blocks {
		if len(b.Succs) != 2 || pdom[i] < 0 {
			continue
		}
		region := make([]bool, len(blocks))
		work := slices.Clone(b.Succs)
		quiet := true
		for len(work) > 0 && quiet {
			x := work[len(work)-1]
			work = work[:len(work)-1]
			if x.Index == pdom[i] || region[x.Index] {
				continue
			}
			region[x.Index] = true
			quiet = !effects[x.Index]
			work = append(work, x.Succs...)
		}
		if quiet {
			p.skip[i] = int32(pdom[i])
			regions[int32(i)] = region
		}
	}
	// A branch matters after all when a value that matters depends on it.
	for changed := true; changed; {
		changed = false
		matters := ps.relevant(p, effective)
		for i := range blocks {
			if p.skip[i] < 0 {
				continue
			}
			if phiMatters(blocks[p.skip[i]], matters) || regions[int32(i)][i] && phiMatters(blocks[i], matters) {
				p.skip[i] = -1
				changed = true
			}
		}
	}
}

func phiMatters(b *ssa.BasicBlock, matters map[ssa.Value]bool) bool {
	for _, instr := range b.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			return false
		}
		if matters[phi] {
			return true
		}
	}
	return false
}

// relevant returns the values that operations and branches of consequence
// depend on, where effective are the operations.
func (ps *programs) relevant(p *program, effective map[ssa.Instruction]bool) map[ssa.Value]bool {
	matters := make(map[ssa.Value]bool)
	var work []ssa.Value
	need := func(v ssa.Value) {
		if v != nil && !matters[v] {
			if _, ok := p.regs[v]; ok {
				matters[v] = true
				work = append(work, v)
			}
		}
	}
	var space [16]*ssa.Value
	for i, b := range p.fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.If:
				if p.skip[i] < 0 {
					need(instr.Cond)
				}
				continue
			case *ssa.Return:
				for _, r := range instr.Results {
					if ps.focus == nil && ps.interesting(r.Type()) || ps.focus != nil && ps.focus.leads(r) || isError(r.Type()) || isBool(r.Type()) {
						need(r)
					}
				}
				continue
			case *ssa.MakeChan:
				need(instr.Size)
			}
			if effective[instr] {
				for _, op := range instr.Operands(space[:0]) {
					need(*op)
				}
			}
		}
	}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if instr, ok := v.(ssa.Instruction); ok {
			if call, ok := instr.(*ssa.Call); ok && !effective[call] {
				if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" && b.Name() != "cap" {
					continue // a result out of nowhere
				}
			}
			for _, op := range instr.Operands(space[:0]) {
				need(*op)
			}
		}
	}
	return matters
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// postDominators returns the immediate post-dominator of each block, -1 where
// that is the end of the function or nothing (an endless loop).
func postDominators(blocks []*ssa.BasicBlock) []int {
	n := len(blocks)
	exit := n
	order := make([]int, 0, n+1) // reverse post-order of the reversed graph
	number := make([]int, n+1)
	for i := range number {
		number[i] = -1
	}
	seen := make([]bool, n+1)
	preds := func(i int) []int { // predecessors in the function = successors here
		var out []int
		if i == exit {
			for j, b := range blocks {
				if len(b.Succs) == 0 {
					out = append(out, j)
				}
			}
			return out
		}
		for _, p := range blocks[i].Preds {
			out = append(out, p.Index)
		}
		return out
	}
	var visit func(i int)
	visit = func(i int) {
		seen[i] = true
		for _, j := range preds(i) {
			if !seen[j] {
				visit(j)
			}
		}
		order = append(order, i)
	}
	visit(exit)
	slices.Reverse(order)
	for k, i := range order {
		number[i] = k
	}
	idom := make([]int, n+1)
	for i := range idom {
		idom[i] = -1
	}
	idom[exit] = exit
	intersect := func(a, b int) int {
		for a != b {
			for number[a] > number[b] {
				a = idom[a]
			}
			for number[b] > number[a] {
				b = idom[b]
			}
		}
		return a
	}
	for changed := true; changed; {
		changed = false
		for _, i := range order[1:] {
			next := -1
			succs := []int{exit}
			if len(blocks[i].Succs) > 0 {
				succs = succs[:0]
				for _, s := range blocks[i].Succs {
					succs = append(succs, s.Index)
				}
			}
			for _, s := range succs {
				if idom[s] < 0 {
					continue
				}
				if next < 0 {
					next = s
				} else {
					next = intersect(s, next)
				}
			}
			if next != idom[i] {
				idom[i] = next
				changed = true
			}
		}
	}
	out := make([]int, n)
	for i := range out {
		out[i] = -1
		if number[i] >= 0 && idom[i] != exit {
			out[i] = idom[i]
		}
		// An endless loop behind one of the ways never meets again.
		for _, s := range blocks[i].Succs {
			if number[s.Index] < 0 {
				out[i] = -1
			}
		}
	}
	return out
}

// live returns which registers are live where each block begins, after its phis.
func (p *program) live() [][]bool {
	if p.alive == nil {
		p.findLive()
	}
	return p.alive
}

func (p *program) findLive() {
	blocks := p.fn.Blocks
	p.alive = make([][]bool, len(blocks))
	for i := range p.alive {
		p.alive[i] = make([]bool, p.n)
	}
	var space [16]*ssa.Value
	in := make([]bool, p.n)
	for changed := true; changed; {
		changed = false
		for i := len(blocks) - 1; i >= 0; i-- {
			b := blocks[i]
			clear(in)
			flow := func(s *ssa.BasicBlock) {
				for r, l := range p.alive[s.Index] {
					in[r] = in[r] || l
				}
				for _, instr := range s.Instrs {
					phi, ok := instr.(*ssa.Phi)
					if !ok {
						break
					}
					if r, ok := p.regs[phi]; ok {
						in[r] = false
					}
				}
				for k, pred := range s.Preds {
					if pred != b {
						continue
					}
					for _, instr := range s.Instrs {
						phi, ok := instr.(*ssa.Phi)
						if !ok {
							break
						}
						if r, ok := p.regs[phi.Edges[k]]; ok {
							in[r] = true
						}
					}
				}
			}
			for _, s := range b.Succs {
				flow(s)
			}
			if p.skip[i] >= 0 {
				flow(blocks[p.skip[i]])
			}
			for j := len(b.Instrs) - 1; j >= 0; j-- {
				instr := b.Instrs[j]
				if _, ok := instr.(*ssa.Phi); ok {
					break
				}
				if v, ok := instr.(ssa.Value); ok {
					if r, ok := p.regs[v]; ok {
						in[r] = false
					}
				}
				for _, op := range instr.Operands(space[:0]) {
					if *op != nil {
						if r, ok := p.regs[*op]; ok {
							in[r] = true
						}
					}
				}
			}
			for r, l := range in {
				if l && !p.alive[i][r] {
					p.alive[i][r] = true
					changed = true
				}
			}
		}
	}
	// A phi's own register lives from the phi on.
	for i, b := range blocks {
		for _, instr := range b.Instrs {
			phi, ok := instr.(*ssa.Phi)
			if !ok {
				break
			}
			if r, ok := p.regs[phi]; ok {
				p.alive[i][r] = p.alive[i][r] || usedBeyond(phi)
			}
		}
	}
}

func usedBeyond(phi *ssa.Phi) bool { return len(*phi.Referrers()) > 0 }

// sentinel reports whether a package variable is an error to compare with, as io.EOF is:
// nothing sets it later.
func (ps *programs) sentinel(g *ssa.Global) bool {
	if !isError(deref(g.Type())) {
		return false
	}
	if ps.assigned == nil {
		ps.assigned = make(map[*ssa.Global]bool)
		for _, fn := range ps.pkg.Funcs {
			if fn.Synthetic == "package initializer" {
				continue
			}
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					for _, v := range instr.Operands(nil) {
						if g, ok := (*v).(*ssa.Global); ok && !loads(instr) {
							ps.assigned[g] = true
						}
					}
				}
			}
		}
	}
	return !ps.assigned[g]
}

func loads(instr ssa.Instruction) bool {
	u, ok := instr.(*ssa.UnOp)
	return ok && u.Op == token.MUL
}
