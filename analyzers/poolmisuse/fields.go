package poolmisuse

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A keep is what the package does with a field, as far as it tells whether an object
// keeps the memory that the field has, for its next owner to write to.
type keep struct {
	replaced bool // it gets other memory, or this is not seen
	written  bool // the memory is written in place, in an object that was not just made
}

// keeps reports whether the slice or map in the field stays with the object: it is made
// with the object, if at all, and from then on only cut, appended to and written to.
func (c *checker) keeps(fa *ssa.FieldAddr) bool {
	f := access.FieldOf(fa.X.Type(), fa.Field)
	if f == nil || f.Exported() || f.Pkg() != c.Pkg {
		return false
	}
	switch f.Type().Underlying().(type) {
	case *types.Slice, *types.Map:
	default:
		return false
	}
	k := c.fields()[f]
	return k != nil && k.written && !k.replaced
}

// stays reports whether the struct that is the field itself is never given another value.
func (c *checker) stays(fa *ssa.FieldAddr) bool {
	f := access.FieldOf(fa.X.Type(), fa.Field)
	if f == nil {
		return false
	}
	k := c.fields()[f]
	return k == nil || !k.replaced
}

// emptied reports whether the function gives the value itself, a struct, another content
// before the Put: what was taken out of it is not in it any more.
func (c *checker) emptied(p *put) bool {
	for _, b := range p.instr.Parent().Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok || c.pkg.Access.Cell(st.Addr) != nil || !p.deferred && !skeleton.Follows(st, p.instr) {
				continue
			}
			if _, ok := st.Val.Type().Underlying().(*types.Struct); (ok || otherMemory(st.Val)) && c.root(st.Addr) == p.root {
				return true
			}
		}
	}
	return false
}

// otherMemory reports whether the value is a slice without memory, or with new memory.
func otherMemory(v ssa.Value) bool {
	if !isSlice(v.Type()) {
		return false
	}
	switch v := v.(type) {
	case *ssa.Const:
		return v.IsNil()
	case *ssa.MakeSlice:
		return true
	case *ssa.Slice:
		a, ok := v.X.(*ssa.Alloc)
		return ok && a.Heap
	}
	return false
}

// fields looks at what all functions do with fields.
func (c *checker) fields() map[*types.Var]*keep {
	if c.kept != nil {
		return c.kept
	}
	c.kept = make(map[*types.Var]*keep)
	at := func(f *types.Var) *keep {
		k := c.kept[f]
		if k == nil {
			k = new(keep)
			c.kept[f] = k
		}
		return k
	}
	for _, fn := range c.pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch x := instr.(type) {
				case *ssa.FieldAddr:
					if f := access.FieldOf(x.X.Type(), x.Field); f != nil {
						c.noteField(at(f), x)
					}
				case *ssa.Store:
					// *x = T{} replaces all fields, but of a variable.
					s, ok := x.Val.Type().Underlying().(*types.Struct)
					if _, variable := x.Addr.(*ssa.Alloc); ok && !variable {
						for f := range s.Fields() {
							at(f).replaced = true
						}
					}
				}
			}
		}
	}
	return c.kept
}

func (c *checker) noteField(k *keep, fa *ssa.FieldAddr) {
	object, fresh := c.pkg.Access.Of(fa.X).Root().Value.(*ssa.Alloc)
	fresh = fresh && types.Identical(elem(object.Type()), elem(fa.X.Type())) // no variable that holds a pointer
	_, isStruct := elem(fa.Type()).Underlying().(*types.Struct)
	for _, r := range *fa.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp:
			k.written = k.written || !fresh && writesIn(r)
		case *ssa.Store:
			switch {
			case r.Addr != fa:
				k.replaced = true
			case !fresh && c.ofItself(r.Val, fa, 0):
				k.written = true
			case !fresh || !isStruct && !made(r.Val):
				k.replaced = true
			}
		case *ssa.DebugRef:
		default:
			k.replaced = k.replaced || !isStruct
		}
	}
}

// writesIn reports whether an entry of the loaded map is set or taken away.
func writesIn(load *ssa.UnOp) bool {
	for _, r := range *load.Referrers() {
		switch r := r.(type) {
		case *ssa.MapUpdate:
			if r.Map == load {
				return true
			}
		case *ssa.Call:
			if b, ok := r.Call.Value.(*ssa.Builtin); ok && (b.Name() == "clear" || b.Name() == "delete") {
				return true
			}
		}
	}
	return false
}

// ofItself reports whether the value is what the field has already, cut or appended to.
func (c *checker) ofItself(v ssa.Value, fa *ssa.FieldAddr, depth int) bool {
	if depth > 8 {
		return false
	}
	switch x := v.(type) {
	case *ssa.Slice:
		return c.ofItself(x.X, fa, depth+1)
	case *ssa.UnOp:
		return c.pkg.Access.Of(x.X) == c.pkg.Access.Of(fa)
	case *ssa.Call:
		b, ok := x.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "append" && c.ofItself(x.Call.Args[0], fa, depth+1)
	}
	return false
}

// made reports whether the value is a new slice or map, or nil.
func made(v ssa.Value) bool {
	switch x := v.(type) {
	case *ssa.MakeMap, *ssa.MakeSlice:
		return true
	case *ssa.Const:
		return x.IsNil()
	case *ssa.Slice:
		a, ok := x.X.(*ssa.Alloc) // of make with a constant size
		return ok && a.Heap
	}
	return false
}
