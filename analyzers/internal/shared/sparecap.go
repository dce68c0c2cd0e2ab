package shared

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file knows of slices that can have room behind their last element: append puts what is
// appended there, if there is enough, and makes no copy. So it is a write to memory that all have
// who hold the slice, though none of them sees what is there. See the specification of the
// language, "Appending to and copying slices", and grpc-go's combine, which copies for that reason.

// grown returns the slices of the package that an append has given their value, or a make with room
// for more, and that nobody clips, each with the first store that does so.
func (s *Set) grown() map[access.Class]*ssa.Store {
	if s.roomy != nil {
		return s.roomy
	}
	s.roomy = make(map[access.Class]*ssa.Store)
	clipped := make(map[access.Class]bool)
	for _, fn := range s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				if _, ok := st.Val.Type().Underlying().(*types.Slice); !ok {
					continue
				}
				class := s.Pkg.Access.Of(st.Addr).Class()
				if class.IsZero() {
					continue
				}
				switch v := st.Val.(type) {
				case *ssa.Call:
					if fn := skeleton.Static(&v.Call); fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "slices" && fn.Name() == "Clip" {
						clipped[class] = true
					}
				case *ssa.Slice:
					if v.Max != nil {
						clipped[class] = true
					}
				}
				if s.roomy[class] == nil && hasRoom(st.Val, 0) {
					s.roomy[class] = st
				}
			}
		}
	}
	for class := range clipped {
		delete(s.roomy, class)
	}
	return s.roomy
}

// hasRoom reports whether the slice is what an append has returned, here or in a function that is
// called for it, or is made with room.
func hasRoom(v ssa.Value, depth int) bool {
	if depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ssa.MakeSlice:
		return v.Len != v.Cap
	case *ssa.Slice: // make with constants
		a, ok := v.X.(*ssa.Alloc)
		high, constant := v.High.(*ssa.Const)
		return ok && constant && a.Comment == "makeslice" && high.Int64() < deref(a.Type()).Underlying().(*types.Array).Len()
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return hasRoom(e, depth+1) })
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok {
			return b.Name() == "append"
		}
		fn := v.Call.StaticCallee()
		if fn == nil {
			return false
		}
		for _, b := range fn.Blocks {
			if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(ret.Results) == 1 && hasRoom(ret.Results[0], depth+1) {
				return true
			}
		}
	}
	return false
}

// intoRoom returns where the slice is kept that the call appends to, if it can have room for what
// is appended, and what comes out is not put back there.
func (s *Set) intoRoom(call *ssa.Call) ssa.Value {
	load, ok := call.Call.Args[0].(*ssa.UnOp)
	if !ok || load.Op != token.MUL || s.grown()[s.Pkg.Access.Of(load.X).Class()] == nil {
		return nil
	}
	if s.putBack(call, s.Pkg.Access.Of(load.X), 0) {
		return nil
	}
	return load.X
}

// putBack reports whether the slice, or one that is made from it, is stored in the place.
func (s *Set) putBack(v ssa.Value, place *access.Ref, depth int) bool {
	if depth > 5 || v.Referrers() == nil {
		return depth > 5
	}
	return slices.ContainsFunc(*v.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Val != v {
				return false
			}
			if s.Pkg.Access.Of(r.Addr) == place {
				return true
			}
			a, ok := r.Addr.(*ssa.Alloc)
			return ok && variable(a) && slices.ContainsFunc(*a.Referrers(), func(r ssa.Instruction) bool {
				load, ok := r.(*ssa.UnOp)
				return ok && load.Op == token.MUL && s.putBack(load, place, depth+1)
			})
		case *ssa.Phi:
			return s.putBack(r, place, depth+1)
		case *ssa.Slice:
			return s.putBack(r, place, depth+1)
		case *ssa.Call:
			b, ok := r.Call.Value.(*ssa.Builtin)
			return ok && b.Name() == "append" && r.Call.Args[0] == v && s.putBack(r, place, depth+1)
		}
		return false
	})
}

// An Append is one to a slice of an object, or of the package, under a read lock, where the slice
// can have room: another one that holds the lock too writes to the same place.
type Append struct {
	At   Access
	Lock string
}

// Appends returns what is appended to shared slices under read locks.
func (s *Set) Appends() (list []Append) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	s.findContexts()
	for _, fn := range s.Pkg.Funcs {
		c := s.contexts[fn]
		if s.Pkg.Locks().Of(fn) == nil || s.inTest(fn) || s.generated(fn) || c == nil || c.quiet || !c.api && len(c.by) == 0 {
			continue
		}
		for _, a := range s.list(fn) {
			if !a.Spare || a.depth > 0 || a.Unsure || len(a.Held) == 0 || s.excused(a.Leaf) {
				continue
			}
			if base := a.Ref.Base; base != nil && (s.owns(fn, base) || s.foreign(fn, base)) {
				continue
			}
			if slices.ContainsFunc(a.Held, func(h skeleton.Held) bool { return h.Mode != skeleton.Shared }) || len(c.held) > 0 {
				continue
			}
			i := slices.IndexFunc(a.Held, func(h skeleton.Held) bool {
				return h.Ref.Base == a.Ref.Base || h.Ref.Base != nil && h.Ref.Base.Base == a.Ref.Base
			})
			if i < 0 || !s.concurrent(&use{Access: a, fn: fn}) {
				continue
			}
			list = append(list, Append{At: a, Lock: a.Held[i].Ref.String()})
		}
	}
	return list
}

// AppendText is a conflict of two appends in words, and the fix: what is appended to is clipped.
func (s *Set) AppendText(c *Conflict) (t Text, fix *analysis.SuggestedFix) {
	t = s.Describe(c)
	t.Related = append(t.Related, s.roomFrom(t.At)...)
	return t, s.clip(t.At)
}

// roomFrom is where the slice that is appended to gets its room.
func (s *Set) roomFrom(a *Access) []analysis.RelatedInformation {
	st := s.roomy[a.Ref.Class()]
	if st == nil {
		return nil
	}
	pos, end := s.Source(st)
	return []analysis.RelatedInformation{{Pos: pos, End: end, Message: "what is stored here can have spare capacity"}}
}

// DescribeAppend puts an append under a read lock in words.
func (s *Set) DescribeAppend(a *Append) (t Text, fix *analysis.SuggestedFix) {
	t.Pos, t.End = s.Range(&a.At)
	t.Name = s.Name(&a.At)
	t.Message = "append writes into the spare capacity of " + t.Name + " under " + a.Lock + ".RLock, which others can hold and do too"
	t.Related = s.roomFrom(&a.At)
	return t, s.clip(&a.At)
}

// clip is the fix of an append into room: the slice without it.
func (s *Set) clip(a *Access) *analysis.SuggestedFix {
	call, ok := s.node(a).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil
	}
	x := call.Args[0]
	for e := x; ; {
		switch y := e.(type) {
		case *ast.SelectorExpr:
			e = y.X
			continue
		case *ast.Ident:
			name := types.ExprString(x)
			return &analysis.SuggestedFix{
				Message:   "append to a slice without spare capacity",
				TextEdits: []analysis.TextEdit{{Pos: x.End(), End: x.End(), NewText: []byte("[:len(" + name + "):len(" + name + ")]")}},
			}
		}
		return nil
	}
}
