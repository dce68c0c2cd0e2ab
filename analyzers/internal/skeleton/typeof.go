package skeleton

import (
	"go/types"

	"github.com/conclint/conclint/analyzers/internal/access"
)

// FieldName names a lock by the type that holds it: Server.mu. It falls back
// to the name in the source.
func FieldName(r *access.Ref) string {
	if r.Kind == access.Elem {
		return FieldName(r.Base) + "[...]"
	}
	if r.Kind != access.Field || r.Base.Kind == access.Global {
		return r.String()
	}
	var typ types.Type
	switch b := r.Base; b.Kind {
	case access.Field:
		typ = b.Field.Type()
	case access.Elem:
		typ = elemType(b)
	default:
		if b.Value != nil {
			typ = b.Value.Type()
		}
	}
	if typ != nil {
		for range 2 {
			if p, ok := typ.Underlying().(*types.Pointer); ok {
				typ = p.Elem()
			}
		}
		if n, ok := types.Unalias(typ).(*types.Named); ok {
			if r.Field.Embedded() {
				return n.Obj().Name()
			}
			return n.Obj().Name() + "." + r.Field.Name()
		}
		if r.Base.Kind == access.Field && r.Field.Embedded() {
			return FieldName(r.Base)
		}
		if r.Base.Kind == access.Field {
			return FieldName(r.Base) + "." + r.Field.Name()
		}
	}
	return r.String()
}

func elemType(r *access.Ref) types.Type {
	var typ types.Type
	switch b := r.Base; b.Kind {
	case access.Field:
		typ = b.Field.Type()
	default:
		if b.Value == nil {
			return nil
		}
		typ = b.Value.Type()
	}
	for range 2 {
		switch u := typ.Underlying().(type) {
		case *types.Pointer:
			typ = u.Elem()
		case *types.Slice:
			return u.Elem()
		case *types.Array:
			return u.Elem()
		case *types.Map:
			return u.Elem()
		}
	}
	return nil
}
