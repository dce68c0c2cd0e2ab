package shared

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A LazyClose is a close of a channel that is made when it is first asked for, in a
// function that does not ask: it is nil if nobody else has.
type LazyClose struct {
	Close ssa.Instruction
	Chan  *access.Ref
	Make  ssa.Instruction
	By    *ssa.Function // what makes and returns it
}

// LazyCloses returns those of the package.
func (s *Set) LazyCloses() (list []LazyClose) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	lazy := s.lazyChannels()
	if len(lazy) == 0 {
		return nil
	}
	s.findContexts()
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) || s.caught(fn, 0) {
			continue
		}
		for call := range closesIn(fn) {
			ch := s.Pkg.Access.Of(call.Call.Args[0])
			l := lazy[ch.Field]
			if ch.Kind != access.Field || l == nil || ch.Base.Kind != access.Param || !s.reachedNew(fn, call, ch.Base, l, 0) {
				continue
			}
			list = append(list, LazyClose{Close: call, Chan: ch, Make: l.at, By: l.by})
		}
	}
	return list
}

// closesIn yields the calls of close in the function.
func closesIn(fn *ssa.Function) func(yield func(*ssa.Call) bool) {
	return func(yield func(*ssa.Call) bool) {
		for call := range callsIn(fn) {
			if bi, ok := call.Call.Value.(*ssa.Builtin); ok && bi.Name() == "close" && !yield(call) {
				return
			}
		}
	}
}

// callsIn are the calls that the function makes, but for go and defer statements.
func callsIn(fn *ssa.Function) func(yield func(*ssa.Call) bool) {
	return func(yield func(*ssa.Call) bool) {
		for site := range callSites(fn) {
			if call, ok := site.(*ssa.Call); ok && !yield(call) {
				return
			}
		}
	}
}

// callSites are all the calls in the function, go and defer statements too.
func callSites(fn *ssa.Function) func(yield func(ssa.CallInstruction) bool) {
	return func(yield func(ssa.CallInstruction) bool) {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok && !yield(call) {
					return
				}
			}
		}
	}
}

// A lazyChannel is a channel field that only one function makes, when it finds it nil,
// and returns.
type lazyChannel struct {
	at    ssa.Instruction
	by    *ssa.Function
	makes map[*ssa.Function]bool // what leads to it
}

// lazyChannels finds those of the package that other packages cannot set.
func (s *Set) lazyChannels() map[*types.Var]*lazyChannel {
	found := make(map[*types.Var]*lazyChannel)
	out := make(map[*types.Var]bool)
	for _, fn := range s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				fa, ok := instr.(*ssa.FieldAddr)
				if !ok {
					continue
				}
				f := access.FieldOf(fa.X.Type(), fa.Field)
				if f == nil || f.Exported() || f.Pkg() != s.Pass.Pkg {
					continue
				}
				if _, ok := f.Type().Underlying().(*types.Chan); !ok {
					continue
				}
				for _, r := range *fa.Referrers() {
					switch r := r.(type) {
					case *ssa.UnOp, *ssa.DebugRef:
					case *ssa.Store:
						switch {
						case r.Addr == fa && isZero(r.Val):
						case r.Addr == fa && found[f] == nil && s.madeWhenAsked(fn, r, fa):
							found[f] = &lazyChannel{at: r, by: fn}
						default:
							out[f] = true
						}
					default:
						out[f] = true // its address goes elsewhere
					}
				}
			}
		}
	}
	for f, l := range found {
		l.makes = s.leadTo(l.by)
		for fn := range l.makes {
			out[f] = out[f] || s.allocates(fn, f)
		}
		if out[f] {
			delete(found, f)
		}
	}
	return found
}

// madeWhenAsked reports whether the store makes a channel where it was found nil, and the
// function returns it.
func (s *Set) madeWhenAsked(fn *ssa.Function, st *ssa.Store, fa *ssa.FieldAddr) bool {
	val := st.Val
	if c, ok := val.(*ssa.ChangeType); ok {
		val = c.X
	}
	if _, ok := val.(*ssa.MakeChan); !ok {
		return false
	}
	ref := s.Pkg.Access.Of(fa)
	if ref.Kind != access.Field || ref.Base.Kind != access.Param {
		return false
	}
	asked := false
	for br, truth := range conditions(st) {
		eq, ok := br.Cond.(*ssa.BinOp)
		if ok && isZero(eq.Y) && s.Pkg.Access.Of(eq.X) == ref && truth == (eq.Op == token.EQL) {
			asked = true
		}
	}
	if !asked {
		return false
	}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if ok && b != fn.Recover && len(ret.Results) > 0 && s.Pkg.Access.Of(skeleton.Returned(ret, 0)) == ref {
			return true
		}
	}
	return false
}

// leadTo are the functions of the package that lead to a call of fn, and fn.
func (s *Set) leadTo(fn *ssa.Function) map[*ssa.Function]bool {
	found := make(map[*ssa.Function]bool)
	work := []*ssa.Function{fn}
	for len(work) > 0 {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		if found[f] {
			continue
		}
		found[f] = true
		for _, site := range s.Pkg.Sites(f) {
			if !s.inTest(site.Parent()) {
				work = append(work, site.Parent())
			}
		}
		for _, mc := range s.Pkg.Closures(f) {
			work = append(work, mc.Parent())
		}
	}
	return found
}

// allocates reports whether the function makes an object with the field: it is asked for
// then already.
func (s *Set) allocates(fn *ssa.Function, f *types.Var) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if a, ok := instr.(*ssa.Alloc); ok {
				st, _ := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
				for i := 0; st != nil && i < st.NumFields(); i++ {
					if st.Field(i).Origin() == f {
						return true
					}
				}
			}
		}
	}
	return false
}

// reachedNew reports whether other packages can get to the instruction with an object
// that is as it was made: all that it depends on is so then, and nothing before it leads
// to what makes the channel.
func (s *Set) reachedNew(fn *ssa.Function, at ssa.Instruction, object *access.Ref, l *lazyChannel, depth int) bool {
	if l.makes[fn] || depth > maxDepth {
		return false
	}
	for br, truth := range conditions(at) {
		if goes, known := s.whenNew(br.Cond, object); !known || goes != truth {
			return false
		}
	}
	for _, mc := range s.Pkg.Closures(fn) { // the function of a Once
		uses := *mc.Referrers()
		if len(uses) == 0 {
			continue
		}
		do, ok := uses[0].(*ssa.Call)
		if !ok {
			return false
		}
		op, _ := s.Pkg.Op(&do.Call)
		return op.Kind == ops.OnceDo && s.reachedNew(mc.Parent(), do, object, l, depth+1)
	}
	if s.calledByOthers(fn) {
		return true
	}
	return slices.ContainsFunc(s.Pkg.Sites(fn), func(site ssa.CallInstruction) bool {
		recv := receiver(fn, site)
		_, plain := site.(*ssa.Call)
		if !plain || recv == nil || s.inTest(site.Parent()) {
			return false
		}
		base := s.Pkg.Access.Of(recv)
		return base.Kind == access.Param && s.reachedNew(site.Parent(), site, base, l, depth+1)
	})
}

// calledByOthers reports whether other packages can call the method by its name.
func (s *Set) calledByOthers(fn *ssa.Function) bool {
	recv := fn.Signature.Recv()
	if recv == nil || !s.exported(fn) {
		return false
	}
	t := recv.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Exported()
}
