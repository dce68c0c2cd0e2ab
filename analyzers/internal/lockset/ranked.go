package lockset

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds what tells two objects of one type apart: an order that something of them
// has, or that one leads to the other.

// madeOf returns which of the two a value is made from, as bits. What is found by a key is
// not made from it otherwise.
func (o *orderer) madeOf(p pair, v ssa.Value, depth int) (bits uint8) {
	if v == nil || depth > 8 {
		return 0
	}
	r := o.s.Pkg.Access.Of(v)
	switch r {
	case o.s.Pkg.Access.Of(p.a.param):
		return 1
	case o.s.Pkg.Access.Of(p.b.param):
		return 2
	}
	if _, ok := v.(*ssa.Parameter); ok {
		return 0
	}
	for x := r; x != nil; x = x.Base {
		q, ok := o.roleOf(p.fn, x, 0)
		switch {
		case ok && q.param == p.a.param: // it, or what is found by it
			return 1
		case ok && q.param == p.b.param:
			return 2
		}
	}
	switch root := r.Root(); root.Value {
	case p.a.param:
		bits |= 1
	case p.b.param:
		bits |= 2
	}
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return bits
	}
	switch v := v.(type) {
	case *ssa.MakeClosure:
		return bits
	case *ssa.Alloc: // what is stored in it, or in parts of it
		for _, ref := range *v.Referrers() {
			if part, ok := ref.(ssa.Value); ok && isPart(part) {
				for _, ref := range *part.Referrers() {
					if st, ok := ref.(*ssa.Store); ok && st.Addr == part {
						bits |= o.madeOf(p, st.Val, depth+1)
					}
				}
			}
			if st, ok := ref.(*ssa.Store); ok && st.Addr == v {
				bits |= o.madeOf(p, st.Val, depth+1)
			}
		}
		return bits
	case *ssa.Phi:
		if depth > 4 {
			return bits
		}
	case *ssa.Extract:
		if _, ok := v.Tuple.(*ssa.Next); ok {
			return bits
		}
	}
	var space [8]*ssa.Value
	for _, operand := range instr.Operands(space[:0]) {
		if *operand != nil {
			bits |= o.madeOf(p, *operand, depth+1)
		}
	}
	return bits
}

func isPart(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr:
		return true
	}
	return false
}

// ordered reports whether the function compares something of one with something of the
// other by size before it comes to the instruction, or has another function do it.
func (o *orderer) ordered(p pair, at ssa.Instruction, depth int) bool {
	for _, b := range p.fn.Blocks {
		for _, instr := range b.Instrs {
			if at != nil && skeleton.Dominates(at, instr) {
				continue
			}
			switch instr := instr.(type) {
			case *ssa.BinOp:
				switch instr.Op {
				case token.LSS, token.GTR, token.LEQ, token.GEQ:
					if o.madeOf(p, instr.X, 0)|o.madeOf(p, instr.Y, 0) == 3 {
						return true
					}
				}
			case *ssa.Call:
				if instr != at && o.ordering(p, instr, depth) {
					return true
				}
			}
		}
	}
	return false
}

// ordering reports whether a call that is given something of both can say which is first:
// one in the package if it compares, another one if it returns a number or a truth value,
// other than that of equality, or sorts.
func (o *orderer) ordering(p pair, call *ssa.Call, depth int) bool {
	var bits uint8
	var first, second []int
	for i, arg := range call.Call.Args {
		of := o.madeOf(p, arg, 0)
		bits |= of
		if of&1 != 0 {
			first = append(first, i)
		}
		if of&2 != 0 {
			second = append(second, i)
		}
	}
	if call.Call.IsInvoke() {
		bits |= o.madeOf(p, call.Call.Value, 0)
	}
	if bits != 3 {
		return false
	}
	if callee := o.s.local(call); callee != nil {
		for _, i := range first {
			for _, j := range second {
				inner := pair{callee, role{param: callee.Params[i]}, role{param: callee.Params[j]}, p.class}
				if i == j || depth < 3 && o.ordered(inner, nil, depth+1) {
					return true
				}
			}
		}
		return false
	}
	if bi, ok := call.Call.Value.(*ssa.Builtin); ok {
		return bi.Name() == "min" || bi.Name() == "max"
	}
	obj := skeleton.Static(&call.Call)
	if obj == nil {
		return true
	}
	if obj.Pkg() != nil && (obj.Pkg().Path() == "sort" || obj.Pkg().Path() == "slices") {
		return true
	}
	if strings.Contains(obj.Name(), "Equal") {
		return false
	}
	for r := range obj.Type().(*types.Signature).Results().Variables() {
		if b, ok := r.Type().Underlying().(*types.Basic); ok && b.Info()&(types.IsBoolean|types.IsInteger) != 0 {
			return true
		}
	}
	return false
}

// related reports whether the function makes one of the two lead to the other, or asks
// whether it does: by a pointer, or by its key in a container of the other. If it does
// both ways, they are two of a kind still.
func (o *orderer) related(p pair, depth int) bool {
	ways := o.links(p, depth)
	return ways == 1 || ways == 2
}

// links are the ways in which the function does, as bits: 1 from the second to the first.
func (o *orderer) links(p pair, depth int) (ways uint8) {
	link := func(owner uint8, values ...ssa.Value) {
		for _, v := range values {
			if is := o.exactly(p, v); owner != 0 && is != 0 && owner != is && owner != 3 {
				ways |= is
			}
		}
	}
	for _, b := range p.fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if _, ok := instr.Addr.(*ssa.FieldAddr); ok {
					link(o.madeOf(p, instr.Addr, 0), append(skeleton.Elements(instr.Val), instr.Val)...)
				}
			case *ssa.MapUpdate:
				link(o.madeOf(p, instr.Map, 0), instr.Value)
				o.byKey(p, instr.Map, instr.Key, &ways)
			case *ssa.Lookup:
				o.byKey(p, instr.X, instr.Index, &ways)
			case *ssa.BinOp:
				if instr.Op == token.EQL || instr.Op == token.NEQ {
					for _, v := range [][2]ssa.Value{{instr.X, instr.Y}, {instr.Y, instr.X}} {
						if o.exactly(p, v[0]) == 0 {
							link(o.madeOf(p, v[0], 0), v[1])
						}
					}
				}
			case *ssa.Call:
				ways |= o.linking(p, instr, depth)
			}
		}
	}
	return ways
}

// linking are the ways in which a call does: one in the package, or the method of a
// container.
func (o *orderer) linking(p pair, call *ssa.Call, depth int) (ways uint8) {
	args := call.Call.Args
	if bi, ok := call.Call.Value.(*ssa.Builtin); ok {
		if bi.Name() == "delete" {
			o.byKey(p, args[0], args[1], &ways)
		}
		return ways
	}
	callee := o.s.local(call)
	if callee == nil {
		owner := call.Call.Value
		if !call.Call.IsInvoke() && len(args) > 0 {
			owner, args = args[0], args[1:]
		}
		of := o.madeOf(p, owner, 0)
		for _, v := range args {
			if is := o.exactly(p, v); of != 0 && of != 3 && is != 0 && is != of && o.exactly(p, owner) == 0 {
				ways |= is
			}
		}
		return ways
	}
	if depth > 3 {
		return 0
	}
	for i, x := range args {
		for j, y := range args {
			if o.exactly(p, x) == 1 && o.exactly(p, y) == 2 {
				ways |= o.links(pair{callee, role{param: callee.Params[i]}, role{param: callee.Params[j]}, p.class}, depth+1)
			}
		}
	}
	return ways
}

// byKey notes the use of one of the two, or of a field of it, as a key in a container of the
// other.
func (o *orderer) byKey(p pair, container, key ssa.Value, ways *uint8) {
	owner := o.madeOf(p, container, 0)
	if owner == 0 || owner == 3 {
		return
	}
	is := o.exactly(p, key)
	if is == 0 {
		r := o.s.Pkg.Access.Of(key)
		if r.Kind != access.Field {
			return
		}
		for r.Kind == access.Field {
			r = r.Base
		}
		is = o.roleBit(p, r)
	}
	if is != owner {
		*ways |= is
	}
}

// exactly returns which of the two the value is, or is the key of, as a bit.
func (o *orderer) exactly(p pair, v ssa.Value) uint8 {
	if mi, ok := v.(*ssa.MakeInterface); ok {
		v = mi.X
	}
	switch v {
	case p.a.param:
		return 1
	case p.b.param:
		return 2
	}
	return o.roleBit(p, o.s.Pkg.Access.Of(v))
}

func (o *orderer) roleBit(p pair, r *access.Ref) uint8 {
	q, ok := o.roleOf(p.fn, r, 0)
	switch {
	case ok && q.same(p.a):
		return 1
	case ok && q.same(p.b):
		return 2
	}
	return 0
}
