package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A BareClose is a close of a channel, by a method that other packages can call, that
// another such method closes too, but no more than once: in the function of a Once, or
// under a mark that it sets. Whoever calls both closes it twice.
type BareClose struct {
	Close ssa.Instruction
	Chan  *access.Ref
	Once  ssa.Instruction // the other close
	By    *ssa.Function
	Name  string // of the Once or mark, as By calls it
}

// A onceClose is a close that happens once.
type onceClose struct {
	at   *ssa.Call
	by   *ssa.Function // the declared function
	name string
}

// BareCloses returns those of the package.
func (s *Set) BareCloses() (list []BareClose) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	once := make(map[*types.Var]onceClose)
	var bare []*ssa.Call
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) {
			continue
		}
		for call := range closesIn(fn) {
			ch := s.Pkg.Access.Of(call.Call.Args[0])
			if ch.Kind != access.Field || ch.Field.Exported() || ch.Field.Pkg() != s.Pass.Pkg || ch.Base.Kind != access.Param {
				continue
			}
			by := skeleton.Outermost(fn)
			if !s.calledByOthers(by) {
				continue
			}
			if name := s.onlyOnce(fn, call, ch.Base); name != "" {
				once[ch.Field] = onceClose{call, by, name}
			} else if by == fn && unconditional(call) {
				bare = append(bare, call)
			}
		}
	}
	if len(once) == 0 || len(bare) == 0 {
		return nil
	}
	s.findContexts()
	for _, call := range bare {
		fn, ch := call.Parent(), s.Pkg.Access.Of(call.Call.Args[0])
		o := once[ch.Field]
		if o.at == nil || o.by == fn || ch.Base.Value != fn.Params[0] || s.Pkg.UsedAsValue(fn) || s.caught(fn, 0) || s.setsMark(ch.Base, call) || s.renewedField(ch.Field) {
			continue
		}
		if s.leadTo(fn)[o.by] || s.leadTo(o.by)[fn] || s.calledOnce(fn) {
			continue
		}
		list = append(list, BareClose{Close: call, Chan: ch, Once: o.at, By: o.by, Name: o.name})
	}
	return list
}

// onlyOnce names the Once or mark of the object that lets only the first one come to the
// instruction; empty if there is none.
func (s *Set) onlyOnce(fn *ssa.Function, at ssa.Instruction, object *access.Ref) string {
	for _, mc := range s.Pkg.Closures(fn) {
		for _, r := range *mc.Referrers() {
			if do, ok := r.(*ssa.Call); ok {
				op, x := s.Pkg.Op(&do.Call)
				if op.Kind == ops.OnceDo && x != nil && s.Pkg.Access.Of(x).Base == object {
					return s.Pkg.Access.Of(x).String()
				}
			}
		}
	}
	marks := s.marksBeside(fn, at, object)
	for br, truth := range conditions(at) {
		if goes, known := s.whenNew(br.Cond, object); !known || goes != truth {
			continue
		}
		for _, m := range marks {
			l := s.lookAt(br.Cond, 0)
			if l.ref != nil && l.ref == m.ref {
				if goes, known := outcome(br.Cond, l.value, m.value); known && goes != truth {
					return m.ref.String()
				}
			}
			if call, ok := br.Cond.(*ssa.Call); ok && len(m.locks) == 0 {
				if _, x := s.Pkg.Op(&call.Call); x != nil && s.Pkg.Access.Of(x) == m.ref {
					return m.ref.String() // by CompareAndSwap
				}
			}
		}
	}
	return ""
}

// unconditional reports whether nothing but the arguments of the function decides about
// the instruction.
func unconditional(at ssa.Instruction) bool {
	if loops(at.Block()) {
		return false
	}
	for br := range conditions(at) {
		b, ok := br.Cond.(*ssa.BinOp)
		if !ok {
			return false
		}
		if _, ok := b.X.(*ssa.Parameter); !ok {
			return false
		}
	}
	return true
}

// setsMark reports whether the function of the close sets a flag or number of the object: that
// it is closed, it may be.
func (s *Set) setsMark(object *access.Ref, at *ssa.Call) bool {
	fn := at.Parent()
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				t, ok := instr.Val.Type().Underlying().(*types.Basic)
				if ref := s.Pkg.Access.Of(instr.Addr); ok && t.Info()&types.IsString == 0 && ref.Kind == access.Field && ref.Base == object {
					return true
				}
			case *ssa.Call:
				op, x := s.Pkg.Op(&instr.Call)
				if (op.Kind == ops.AtomicStore || op.Kind == ops.AtomicUpdate) && x != nil && s.Pkg.Access.Of(x).Base == object {
					return true
				}
			}
		}
	}
	return false
}

// renewedField reports whether the channel field is set in an object that others know.
func (s *Set) renewedField(f *types.Var) bool {
	for _, fn := range s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				fa, ok := instr.(*ssa.FieldAddr)
				if !ok || access.FieldOf(fa.X.Type(), fa.Field) != f || s.owns(fn, s.Pkg.Access.Of(fa).Base) {
					continue
				}
				if slices.ContainsFunc(*fa.Referrers(), func(r ssa.Instruction) bool {
					_, store := r.(*ssa.Store)
					return store
				}) {
					return true
				}
			}
		}
	}
	return false
}

// calledOnce reports whether the package calls the method by a Once, or in a literal, which
// can be the function of one.
func (s *Set) calledOnce(fn *ssa.Function) bool {
	return slices.ContainsFunc(s.Pkg.Sites(fn), func(site ssa.CallInstruction) bool {
		op, _ := s.Pkg.Op(site.Common())
		return op.Kind == ops.OnceDo || site.Parent().Parent() != nil
	})
}
