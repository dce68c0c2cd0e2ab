package shared

import (
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// An Unanswered is a receive of who has asked, and waits for the answer and nothing else, of
// which the function that answers forgets to on one way. Must: each channel is made by one
// who asks, is sent off with a request, and only those that have received that request
// answer; whoever asks waits, whatever is asked; the way that forgets does nothing with the
// request but look at it, and neither do those that called. May: that it is taken, as the
// branch says.
type Unanswered struct {
	At      *ssa.UnOp // the receive
	Chan    *access.Ref
	By      *ssa.Function   // forgets
	Leaves  token.Pos       // of the return, or of the branch that goes on with the next request
	Answers ssa.Instruction // on another way
}

// Unanswered returns those of the package, in the order of the source.
func (s *Set) Unanswered() (list []Unanswered) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	for _, c := range s.chanFields() {
		if c.escapes || c.tested || !c.made() || len(c.fields) != 1 || len(c.sends)+len(c.closes) == 0 {
			continue
		}
		if x, ok := s.unanswered(c); ok {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(a, b Unanswered) int { return int(a.At.Pos() - b.At.Pos()) })
	return list
}

func (s *Set) unanswered(c *chanField) (x Unanswered, ok bool) {
	var objects []object
	for _, site := range c.sites {
		asked, recv := s.waitsForAnswer(c, site)
		if recv == nil {
			return x, false
		}
		objects = append(objects, asked)
		if x.At == nil || recv.Pos() < x.At.Pos() {
			x.At, x.Chan = recv, s.Pkg.Access.Of(recv.X)
		}
	}
	if s.othersAsk(c, objects) {
		return x, false
	}
	a := &answers{s: s, c: c, by: make(map[*ssa.Function][]*request)}
	for _, o := range slices.Concat(c.sends, c.closes) {
		a.note(o.fn(), 0)
		if a.unknown || !slices.ContainsFunc(a.by[o.fn()], func(r *request) bool { return r.uses[o.at] }) {
			return x, false
		}
	}
	for _, fn := range s.Pkg.Funcs {
		for _, r := range a.by[fn] {
			if leaves, answer := r.forgets(); leaves.IsValid() && !a.late(r, 0) {
				x.By, x.Leaves, x.Answers = fn, leaves, answer
				return x, true
			}
		}
	}
	return x, false
}

// othersAsk reports whether somebody sends off a request that is none of the objects: one without a
// channel, it may be, which nobody waits for.
func (s *Set) othersAsk(c *chanField, objects []object) bool {
	other := func(v ssa.Value) bool {
		return v != nil && holdsField(v.Type(), c.fields[0]) && !slices.ContainsFunc(objects, func(o object) bool { return s.wholeOf(v, o) })
	}
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Send:
					if other(instr.X) {
						return true
					}
				case *ssa.Select:
					if slices.ContainsFunc(instr.States, func(st *ssa.SelectState) bool { return other(st.Send) }) {
						return true
					}
				}
			}
		}
	}
	return false
}

// holdsField reports whether a type is a struct with the field, or a pointer to one.
func holdsField(t types.Type, f *types.Var) bool {
	st, ok := deref(t).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for g := range st.Fields() {
		if g.Origin() == f {
			return true
		}
	}
	return false
}

// waitsForAnswer is the receive of the function that makes a channel, puts it into a request, the
// object, and sends that off: whatever comes after that waits for the answer, and for nothing else.
func (s *Set) waitsForAnswer(c *chanField, site *ssa.MakeChan) (asked object, recv *ssa.UnOp) {
	fn := site.Parent()
	asked = s.requestOf(c, site)
	if asked == nil || loops(site.Block()) && !site.Block().Dominates(asked[0].Block()) {
		return nil, nil
	}
	for _, o := range c.receives {
		if at, ok := o.at.(*ssa.UnOp); ok && o.fn() == fn && s.isChanOf(at.X, site, asked, c) {
			recv = at
		} else if o.fn() == fn {
			return nil, nil
		}
	}
	if recv == nil {
		return nil, nil
	}
	sent := false
	for _, b := range fn.Blocks {
		for i, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send:
				if s.wholeOf(instr.X, asked) {
					if !cannotMiss(b, i+1, recv) {
						return nil, nil
					}
					sent = true
				}
			case *ssa.Select:
				for k, st := range instr.States {
					if st.Send == nil || !s.wholeOf(st.Send, asked) {
						continue
					}
					first := armBlock(instr, k)
					if len(instr.States) == 1 && instr.Blocking {
						if !cannotMiss(b, i+1, recv) {
							return nil, nil
						}
					} else if first == nil || !cannotMiss(first, 0, recv) {
						return nil, nil
					}
					sent = true
				}
			}
		}
	}
	if !sent {
		return nil, nil
	}
	return asked, recv
}

// requestOf is the object that the function which makes a channel builds around it, nil if there is none, or
// there are several.
func (s *Set) requestOf(c *chanField, site *ssa.MakeChan) (asked object) {
	for _, b := range site.Parent().Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok || madeOf(st.Val) != site {
				continue
			}
			fa, ok := st.Addr.(*ssa.FieldAddr)
			if !ok {
				continue // a variable
			}
			made, ok := fa.X.(*ssa.Alloc)
			if !ok || asked != nil || access.FieldOf(fa.X.Type(), fa.Field) != c.fields[0] {
				return nil
			}
			asked = copies(made)
		}
	}
	return asked
}

// isChanOf reports whether the value is the channel that was made there, as it is or out of the object.
func (s *Set) isChanOf(v ssa.Value, site *ssa.MakeChan, asked object, c *chanField) bool {
	if v = madeOf(v); v == site {
		return true
	}
	r := s.Pkg.Access.Of(v)
	if r.Kind == access.Alloc {
		return r.Value == site
	}
	return r.Kind == access.Field && r.Field == c.fields[0] && slices.ContainsFunc(asked, func(a *ssa.Alloc) bool { return r.Base == s.Pkg.Access.Of(a) })
}

// An object is where a struct is built, and the variables that it is copied to.
type object []*ssa.Alloc

// copies returns the object that is built in a variable.
func copies(built *ssa.Alloc) object {
	list := object{built}
	for _, r := range *built.Referrers() {
		load, ok := r.(*ssa.UnOp)
		if !ok {
			continue
		}
		for _, use := range *load.Referrers() {
			st, ok := use.(*ssa.Store)
			if !ok || st.Val != load {
				continue
			}
			if cell, ok := st.Addr.(*ssa.Alloc); ok {
				list = append(list, cell)
			}
		}
	}
	return list
}

// wholeOf reports whether the value is the object, or a copy of it.
func (s *Set) wholeOf(v ssa.Value, of object) bool {
	is := func(v ssa.Value) bool { return slices.ContainsFunc(of, func(a *ssa.Alloc) bool { return v == a }) }
	load, ok := v.(*ssa.UnOp)
	return is(v) || ok && load.Op == token.MUL && (is(load.X) || is(s.Pkg.Access.Of(load).Value))
}

// cannotMiss reports whether the function cannot return without the instruction, from there on.
func cannotMiss(b *ssa.BasicBlock, from int, at ssa.Instruction) bool {
	if i := slices.Index(b.Instrs, at); i >= from {
		return true
	}
	for _, to := range except(b, at.Block()) {
		if _, ok := to.Instrs[len(to.Instrs)-1].(*ssa.Return); ok {
			return false
		}
	}
	return true
}

// except are the block and those that can be executed after it, up to another one.
func except(from, not *ssa.BasicBlock) []*ssa.BasicBlock {
	seen := map[*ssa.BasicBlock]bool{from: true, not: true}
	list := []*ssa.BasicBlock{from}
	for i := 0; i < len(list); i++ {
		for _, n := range list[i].Succs {
			if !seen[n] {
				seen[n] = true
				list = append(list, n)
			}
		}
	}
	return list
}

// answers gathers the functions that answer requests, and the functions that hand them those.
type answers struct {
	s       *Set
	c       *chanField
	by      map[*ssa.Function][]*request
	unknown bool // somebody else may answer
}

// A request is one that a function has been given, or has received.
type request struct {
	a     *answers
	fn    *ssa.Function
	value ssa.Value                // a parameter, or what is received
	uses  map[ssa.Instruction]bool // what is done with it beside a look at one of its fields
	nils  map[ssa.Value]bool       // that its channel is there: a comparison, and whether it says so
	looks map[ssa.Value]bool       // what its fields hold
	depth int                      // of the calls that lead here, where it is only asked if they look
}

// note finds the requests of a function that answers, and those of its callers.
func (a *answers) note(fn *ssa.Function, depth int) {
	if a.unknown {
		return
	}
	if _, ok := a.by[fn]; ok {
		return
	}
	a.by[fn] = nil
	if depth > maxPassed || fn.Parent() != nil && len(a.s.startsOf(fn)) == 0 {
		a.unknown = true
		return
	}
	for i, p := range fn.Params {
		if !holdsField(p.Type(), a.c.fields[0]) {
			continue
		}
		sites := a.s.Pkg.Sites(fn)
		if len(sites) == 0 || a.s.givenOut(fn) {
			a.unknown = true
			return
		}
		for _, site := range sites {
			args := operands(site)
			if _, started := site.(*ssa.Go); started || i >= len(args) {
				a.unknown = true
				return
			}
			a.note(site.Parent(), depth+1)
			if !slices.ContainsFunc(a.by[site.Parent()], func(r *request) bool { return r.uses[site] }) {
				a.unknown = true // of which it is not known who waits for it
				return
			}
		}
		a.add(fn, p)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op != token.ARROW {
					continue
				}
				if !instr.CommaOk && holdsField(instr.Type(), a.c.fields[0]) {
					a.add(fn, instr)
				}
			case *ssa.Extract:
				if holdsField(instr.Type(), a.c.fields[0]) {
					switch t := instr.Tuple.(type) {
					case *ssa.UnOp:
						if t.Op == token.ARROW {
							a.add(fn, instr)
						}
					case *ssa.Select:
						a.add(fn, instr)
					}
				}
			}
		}
	}
}

func (a *answers) add(fn *ssa.Function, v ssa.Value) {
	r := &request{a: a, fn: fn, value: v, uses: make(map[ssa.Instruction]bool), nils: make(map[ssa.Value]bool), looks: make(map[ssa.Value]bool)}
	r.follow(v, make(map[ssa.Value]bool))
	a.by[fn] = append(a.by[fn], r)
}

// follow notes what becomes of the request, of a copy of it, or of the variable it is in.
func (r *request) follow(v ssa.Value, seen map[ssa.Value]bool) {
	if seen[v] {
		return
	}
	seen[v] = true
	refs := v.Referrers()
	if refs == nil {
		return
	}
	for _, ref := range *refs {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr == v {
				continue
			}
			if cell, ok := ref.Addr.(*ssa.Alloc); ok {
				r.follow(cell, seen)
			} else {
				r.uses[ref] = true
			}
		case *ssa.UnOp:
			r.follow(ref, seen)
		case *ssa.FieldAddr:
			r.field(access.FieldOf(ref.X.Type(), ref.Field), ref, seen)
		case *ssa.Field:
			r.field(access.FieldOf(ref.X.Type(), ref.Field), ref, seen)
		case *ssa.Call:
			r.uses[ref] = r.uses[ref] || !r.a.looksOnly(ref, v, r.depth)
		default:
			r.uses[ref] = true
		}
	}
	maps.DeleteFunc(r.uses, func(_ ssa.Instruction, use bool) bool { return !use })
}

// looksOnly reports whether a function that is given the request does no more with it than look
// at its fields.
func (a *answers) looksOnly(call *ssa.Call, v ssa.Value, depth int) bool {
	fns, complete := a.s.Pkg.Callees(call)
	if !complete || len(fns) == 0 || depth > maxPassed {
		return false
	}
	args := operands(call)
	return !slices.ContainsFunc(fns, func(fn *ssa.Function) bool {
		if len(fn.Params) != len(args) {
			return true
		}
		for i, arg := range args {
			if arg != v {
				continue
			}
			r := &request{a: a, fn: fn, value: fn.Params[i], uses: make(map[ssa.Instruction]bool), nils: make(map[ssa.Value]bool), looks: make(map[ssa.Value]bool), depth: depth + 1}
			r.follow(r.value, make(map[ssa.Value]bool))
			if len(r.uses) > 0 {
				return true
			}
		}
		return false
	})
}

// late reports whether somebody that has given the request to the function does something with it
// behind that.
func (a *answers) late(r *request, depth int) bool {
	p, ok := r.value.(*ssa.Parameter)
	if !ok {
		return false
	}
	if depth > maxPassed {
		return true
	}
	return slices.ContainsFunc(a.s.Pkg.Sites(p.Parent()), func(site ssa.CallInstruction) bool {
		return slices.ContainsFunc(a.by[site.Parent()], func(by *request) bool {
			if !by.uses[site] {
				return false
			}
			again := by.again()
			for use := range by.uses {
				switch use.(type) {
				case *ssa.Defer, *ssa.MakeClosure, *ssa.Go:
					return true
				}
				if use != site && use.Block() == site.Block() && skeleton.Dominates(site, use) {
					return true
				}
				for _, next := range site.Block().Succs {
					var not *ssa.BasicBlock
					if again != nil {
						not = again.Block()
					}
					if next != not && slices.Contains(except(next, not), use.Block()) {
						return true
					}
				}
			}
			return a.late(by, depth+1)
		})
	})
}

// again is the instruction that receives the next request, nil of a parameter.
func (r *request) again() ssa.Instruction {
	switch v := r.value.(type) {
	case *ssa.UnOp:
		return v
	case *ssa.Extract:
		return v.Tuple.(ssa.Instruction)
	}
	return nil
}

// field notes what becomes of a field of the request, or its address.
func (r *request) field(f *types.Var, v ssa.Value, seen map[ssa.Value]bool) {
	if f == r.a.c.fields[0] {
		r.channel(v)
		return
	}
	t := v.Type()
	if _, addr := v.(*ssa.FieldAddr); addr {
		t = deref(t)
	}
	if _, part := t.Underlying().(*types.Struct); part {
		r.follow(v, seen)
		return
	}
	r.looks[v] = true
	for _, ref := range *v.Referrers() {
		if load, ok := ref.(*ssa.UnOp); ok {
			r.looks[load] = true
		}
	}
}

func (r *request) channel(v ssa.Value) {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			if ref.Op == token.MUL {
				r.channel(ref)
			} else {
				r.uses[ref] = true
			}
		case *ssa.BinOp:
			r.nils[ref] = ref.Op == token.NEQ
		default:
			r.uses[ref] = true
		}
	}
}

// answer is what answers the request, or hands it to who does.
func (r *request) answer() ssa.Instruction {
	for _, b := range r.fn.Blocks {
		for _, instr := range b.Instrs {
			if !r.uses[instr] {
				continue
			}
			if slices.ContainsFunc(slices.Concat(r.a.c.sends, r.a.c.closes), func(o chanOp) bool { return o.at == instr }) {
				return instr
			}
			if call, ok := instr.(ssa.CallInstruction); ok {
				if fns, _ := r.a.s.Pkg.Callees(call); slices.ContainsFunc(fns, func(fn *ssa.Function) bool { return len(r.a.by[skeleton.Origin(fn)]) > 0 }) {
					return instr
				}
			}
		}
	}
	return nil
}

// forgets returns where the function leaves, or goes on with the next request, and has done nothing
// with this one, though it answers others.
func (r *request) forgets() (leaves token.Pos, answer ssa.Instruction) {
	if answer = r.answer(); answer == nil {
		return token.NoPos, nil
	}
	for use := range r.uses {
		switch use.(type) {
		case *ssa.Defer, *ssa.MakeClosure, *ssa.Go:
			return token.NoPos, nil // who knows when
		}
	}
	start, again := r.fn.Blocks[0], r.again()
	switch v := r.value.(type) {
	case *ssa.UnOp:
		start = v.Block()
	case *ssa.Extract:
		start = v.Block()
		if sel, ok := v.Tuple.(*ssa.Select); ok {
			if start = r.armOf(sel, v); start == nil {
				return token.NoPos, nil
			}
		}
	}
	w := &forgetting{r: r, again: again, seen: make(map[*ssa.BasicBlock]bool)}
	w.block(start, again != nil && start == again.Block(), token.NoPos)
	return w.leaves, answer
}

// armOf is where the select goes on when it has received the value.
func (r *request) armOf(sel *ssa.Select, v *ssa.Extract) *ssa.BasicBlock {
	n := 2
	for i, st := range sel.States {
		if st.Dir != types.RecvOnly {
			continue
		}
		if n == v.Index {
			if len(sel.States) == 1 && sel.Blocking {
				return nil // no branch
			}
			return armBlock(sel, i)
		}
		n++
	}
	return nil
}

// forgetting walks the ways on which nothing is done with a request.
type forgetting struct {
	r      *request
	again  ssa.Instruction
	seen   map[*ssa.BasicBlock]bool
	leaves token.Pos
}

// block goes on with a block, behind the receive if that is in it. branch is where the last
// decision was made.
func (w *forgetting) block(b *ssa.BasicBlock, behind bool, branch token.Pos) {
	if w.leaves.IsValid() || w.seen[b] {
		return
	}
	if !behind {
		w.seen[b] = true
	}
	for _, instr := range b.Instrs {
		if behind {
			behind = instr != w.again
			continue
		}
		if instr == w.again {
			w.leaves = branch
			return
		}
		if w.r.uses[instr] {
			return
		}
		switch instr := instr.(type) {
		case *ssa.Select:
			if len(instr.States) > 1 {
				return // what ends both sides, it may be
			}
		case *ssa.Call:
			if op, _ := w.r.a.s.Pkg.Op(&instr.Call); op.Kind.Ends() {
				return
			}
		case *ssa.Return:
			// The end of a function without a return is where all cases meet.
			if instr.Pos().IsValid() && branch.IsValid() {
				w.leaves = instr.Pos()
			}
			return
		case *ssa.If:
			for i, to := range b.Succs {
				if w.taken(instr, i == 0) {
					pos := branch
					if p := condPos(instr.Cond); p.IsValid() {
						pos = p
					}
					w.block(to, false, pos)
				}
			}
			return
		case *ssa.Jump:
			w.block(b.Succs[0], false, branch)
			return
		}
	}
}

func condPos(v ssa.Value) token.Pos {
	if not, ok := v.(*ssa.UnOp); ok && not.Op == token.NOT {
		return condPos(not.X)
	}
	if v.Pos().IsValid() {
		return v.Pos()
	}
	if x, ok := v.(*ssa.Extract); ok {
		return x.Tuple.Pos()
	}
	if instr, ok := v.(ssa.Instruction); ok {
		for _, op := range instr.Operands(nil) {
			if *op != nil && (*op).Pos().IsValid() {
				return (*op).Pos()
			}
		}
	}
	return token.NoPos
}

// taken reports whether one way of a branch can be taken with a request that somebody waits for
// the answer of, as far as that is certain.
func (w *forgetting) taken(br *ssa.If, yes bool) bool {
	switch cond := br.Cond.(type) {
	case *ssa.UnOp:
		if cond.Op == token.NOT {
			return w.decided(cond.X, !yes)
		}
	case *ssa.BinOp:
		if isThere, ok := w.r.nils[cond]; ok {
			return yes == isThere
		}
		k, ok := cond.Y.(*ssa.Const)
		if ok && w.r.looks[cond.X] && k.Value != nil && k.Value.Kind() != constant.Bool && (cond.Op == token.EQL && !yes || cond.Op == token.NEQ && yes) {
			// Of none of the kinds that are answered there is none.
			return w.answers(br.Block().Succs[index(yes)])
		}
	}
	return w.decided(br.Cond, yes)
}

func index(yes bool) int {
	if yes {
		return 0
	}
	return 1
}

// answers reports whether the request can be answered on the way from the block.
func (w *forgetting) answers(from *ssa.BasicBlock) bool {
	var not *ssa.BasicBlock
	if w.again != nil {
		not = w.again.Block()
	}
	for _, b := range except(from, not) {
		if slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool { return w.r.uses[instr] }) {
			return true
		}
	}
	return false
}

func (w *forgetting) decided(cond ssa.Value, yes bool) bool {
	ex, ok := cond.(*ssa.Extract)
	if !ok || yes {
		return true
	}
	switch t := ex.Tuple.(type) {
	case *ssa.TypeAssert:
		return false // it may be of no other type
	case *ssa.Lookup:
		return w.r.a.s.Pkg.Access.Of(t.X).Root().Kind != access.Global // what there is to ask for
	case *ssa.UnOp:
		return t.Op != token.ARROW // closed
	case *ssa.Select:
		return false
	}
	return true
}
