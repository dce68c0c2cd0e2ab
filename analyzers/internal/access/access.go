// Package access answers which object is meant: which lock, channel or
// variable an SSA value refers to, in terms of the source.
//
// A [Ref] names an object by a root (a parameter, a global, an allocation, the
// result of a call) and a path of fields and elements. Refs are interned: two
// values with one Ref are the same object as far as the text tells, for one
// activation of the function that defines the root. Loads are transparent: the
// Ref of a pointer field is the Ref of what it points to, since the two cannot
// be confused by type.
//
// Two questions are kept apart. The same instance: the Refs are equal, and
// neither root was defined anew in between (see [Ref.DefinedBy]). The same
// class: [Ref.Class] is equal, such as "field mu of type Server".
package access

import (
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Kind tells what the last step of a Ref is.
type Kind uint8

// The kinds. Param to Value are roots.
const (
	Param   Kind = iota // a parameter or receiver; Value is the *ssa.Parameter
	Free                // a free variable of a closure that is made in several places
	Global              // a package variable
	Alloc               // a variable, composite literal, new or make
	Result              // the result of a call that is not seen through
	Value               // any other value: a phi, a received value, a type assertion
	Field               // Base and a field
	Elem                // Base and an index
	RLocker             // the Locker of the read side of Base
)

// A Ref names an object. It is made by a [Table] only; Refs of one table are
// equal when their pointers are.
type Ref struct {
	Kind  Kind
	Base  *Ref       // of Field, Elem and RLocker
	Value ssa.Value  // of a root; of Elem the index, nil when unknown
	Field *types.Var // of Field
	konst string     // of Elem with a constant index, its value
	name  string     // of a root, the variable it is first assigned to
}

// A Class is what all instances share that are reached in the same way: a
// field of a type, a package variable, the elements of either, or the
// variables that one declaration makes. The zero Class is no class.
type Class struct {
	Var  *types.Var // a field or package variable
	Site ssa.Value  // where there is none: the allocation
	Elem bool       // an element of it
}

type key struct {
	kind  Kind
	base  *Ref
	value ssa.Value
	field *types.Var
	konst string
}

// A Table interns Refs. It belongs to the functions of one package.
type Table struct {
	refs     map[key]*Ref
	of       map[ssa.Value]*Ref
	bindings map[*ssa.FreeVar]ssa.Value // of closures that are made in one place
	stored   map[*ssa.Alloc]ssa.Value   // cells that are stored to once
	through  func(*ssa.Call) *Ref       // what an accessor's call yields, see SeeThrough
	busy     map[ssa.Value]bool
	index    map[key]ssa.Value // the first load of each variable
	names    func(token.Pos) string
	lockers  map[*types.Var]*types.Var // fields of Conds to those of their Lockers
	readers  map[*types.Var]bool       // of these, the Conds whose Locker is the read side
	madeWith func(ssa.Value) ssa.Value
}

// NewTable returns a table for the functions, which are all that can make the
// closures among them.
func NewTable(fns []*ssa.Function) *Table {
	t := &Table{
		refs:     make(map[key]*Ref),
		of:       make(map[ssa.Value]*Ref),
		bindings: make(map[*ssa.FreeVar]ssa.Value),
		stored:   make(map[*ssa.Alloc]ssa.Value),
		busy:     make(map[ssa.Value]bool),
		index:    make(map[key]ssa.Value),
	}
	many := make(map[*ssa.FreeVar]bool)
	stores := make(map[*ssa.Alloc][]ssa.Value)
	closures := make(map[*ssa.FreeVar]ssa.Value)
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if mc, ok := instr.(*ssa.MakeClosure); ok {
					for i, fv := range mc.Fn.(*ssa.Function).FreeVars {
						if _, ok := closures[fv]; ok {
							many[fv] = true
						}
						closures[fv] = mc.Bindings[i]
					}
				}
			}
		}
	}
	for fv, v := range closures {
		if !many[fv] {
			t.bindings[fv] = v
		}
	}
	// A cell is stored to through itself and through the free variables that
	// stand for it.
	escaped := make(map[*ssa.Alloc]bool)
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if st, ok := instr.(*ssa.Store); ok {
					if a := t.cell(st.Addr); a != nil && !t.itself(st.Val, a) {
						stores[a] = append(stores[a], st.Val)
					}
					if a := t.cell(st.Val); a != nil {
						escaped[a] = true // its address is kept somewhere
					}
				}
				if call, ok := instr.(ssa.CallInstruction); ok {
					for _, arg := range call.Common().Args {
						if a := t.cell(arg); a != nil {
							escaped[a] = true
						}
					}
				}
			}
		}
	}
	for a, vals := range stores {
		if len(vals) == 1 && !escaped[a] {
			t.stored[a] = vals[0]
		}
	}
	return t
}

// itself reports whether the value is what the variable already holds, as the return
// of a named result is.
func (t *Table) itself(v ssa.Value, a *ssa.Alloc) bool {
	load, ok := v.(*ssa.UnOp)
	return ok && load.Op == token.MUL && t.cell(load.X) == a
}

// NameBy sets a function that returns the name of the variable to which the
// call, composite literal or conversion at a position is assigned.
func (t *Table) NameBy(f func(token.Pos) string) { t.names = f }

func (t *Table) nameOf(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Alloc:
		switch v.Comment {
		case "complit", "new", "slicelit", "makeslice":
			return t.names(v.Pos())
		}
	case *ssa.Call, *ssa.MakeChan, *ssa.MakeMap, *ssa.MakeSlice, *ssa.TypeAssert, *ssa.Lookup, *ssa.UnOp:
		return t.names(v.Pos())
	case *ssa.Extract:
		if v.Index == 0 {
			return t.names(v.Tuple.Pos())
		}
	}
	return ""
}

// SeeThrough sets a function that returns the Ref that a call yields when its
// callee is an accessor (func (s *S) Mutex() *sync.Mutex { return &s.mu }), and
// nil when it is not. See skeleton, which knows the callees.
func (t *Table) SeeThrough(f func(*ssa.Call) *Ref) { t.through = f }

// Conds tells which field holds the Locker of a Cond in another field of the
// struct, for which Conds that is the read side of it, and which Locker NewCond was
// given that made a value: the field L of a Cond is then that lock.
func (t *Table) Conds(fields map[*types.Var]*types.Var, readers map[*types.Var]bool, made func(ssa.Value) ssa.Value) {
	t.lockers, t.readers, t.madeWith = fields, readers, made
}

// locker returns the lock that field f of base is, when that is the L of a Cond
// whose Locker is known, and nil otherwise.
func (t *Table) locker(base *Ref, f *types.Var) *Ref {
	if t.madeWith == nil || f == nil || f.Name() != "L" || f.Pkg() == nil || f.Pkg().Path() != "sync" {
		return nil
	}
	return t.Locker(base)
}

// LockerField is the field that holds the Locker of the Conds in another field of
// the struct, or nil when it is not known.
func (t *Table) LockerField(cond *types.Var) *types.Var { return t.lockers[cond] }

// Locker returns the lock that a Cond works with, or nil when it is not known.
func (t *Table) Locker(cond *Ref) *Ref {
	switch cond.Kind {
	case Field:
		if l := t.lockers[cond.Field]; l != nil {
			r := t.Field(cond.Base, l)
			if t.readers[cond.Field] {
				r = t.ReadSide(r)
			}
			return r
		}
	case Result:
		if l := t.madeWith(cond.Value); l != nil {
			return t.Of(l)
		}
	}
	return nil
}

// cell follows free variables to the variable they stand for.
func (t *Table) cell(v ssa.Value) *ssa.Alloc {
	for range 32 {
		switch x := v.(type) {
		case *ssa.Alloc:
			return x
		case *ssa.FreeVar:
			b, ok := t.bindings[x]
			if !ok {
				return nil
			}
			v = b
		default:
			return nil
		}
	}
	return nil
}

// Cell returns the variable that an address stands for, through the free
// variables of closures, or nil.
func (t *Table) Cell(addr ssa.Value) *ssa.Alloc { return t.cell(addr) }

// Binding returns what a free variable is bound to in the function that makes
// the closure, or nil when that is not one place.
func (t *Table) Binding(fv *ssa.FreeVar) ssa.Value { return t.bindings[fv] }

// StoredOnce returns the only value that is ever stored in the variable, or
// nil. A variable whose address is handed on has none.
func (t *Table) StoredOnce(a *ssa.Alloc) ssa.Value { return t.stored[a] }

// Of returns the Ref of a value: of the object that a pointer, channel, map,
// slice or function value refers to, or of the variable at an address.
func (t *Table) Of(v ssa.Value) *Ref {
	if r, ok := t.of[v]; ok {
		return r
	}
	if t.busy[v] { // a phi of itself
		return t.root(Value, v)
	}
	t.busy[v] = true
	r := t.resolve(v)
	delete(t.busy, v)
	t.of[v] = r
	return r
}

func (t *Table) resolve(v ssa.Value) *Ref {
	switch v := v.(type) {
	case *ssa.Parameter:
		return t.root(Param, v)
	case *ssa.FreeVar:
		if b, ok := t.bindings[v]; ok {
			return t.Of(b)
		}
		return t.root(Free, v)
	case *ssa.Global:
		return t.root(Global, v)
	case *ssa.Alloc, *ssa.MakeChan, *ssa.MakeMap, *ssa.MakeSlice:
		return t.root(Alloc, v)
	case *ssa.UnOp:
		if v.Op != token.MUL {
			break
		}
		if a := t.cell(v.X); a != nil {
			if val := t.stored[a]; val != nil && reference(val.Type()) {
				return t.Of(val)
			}
		}
		return t.Of(v.X)
	case *ssa.FieldAddr:
		base, f := t.Of(v.X), FieldOf(v.X.Type(), v.Field)
		if r := t.locker(base, f); r != nil {
			return r
		}
		return t.Field(base, f)
	case *ssa.Field:
		return t.Field(t.Of(v.X), FieldOf(v.X.Type(), v.Field))
	case *ssa.IndexAddr:
		return t.Elem(t.Of(v.X), v.Index)
	case *ssa.Index:
		return t.Elem(t.Of(v.X), v.Index)
	case *ssa.Lookup:
		return t.Elem(t.Of(v.X), v.Index)
	case *ssa.Extract:
		switch tuple := v.Tuple.(type) {
		case *ssa.Next:
			if rng, ok := tuple.Iter.(*ssa.Range); ok && v.Index == 2 {
				return t.Elem(t.Of(rng.X), tuple)
			}
		case *ssa.Lookup:
			if v.Index == 0 {
				return t.Elem(t.Of(tuple.X), tuple.Index)
			}
		case *ssa.TypeAssert:
			if v.Index == 0 {
				return t.Of(tuple.X)
			}
		case *ssa.Call:
			return t.root(Result, v)
		}
	case *ssa.Slice:
		return t.Of(v.X)
	case *ssa.ChangeType:
		return t.Of(v.X)
	case *ssa.ChangeInterface:
		return t.Of(v.X)
	case *ssa.MakeInterface:
		return t.Of(v.X)
	case *ssa.Convert:
		return t.Of(v.X)
	case *ssa.SliceToArrayPointer:
		return t.Of(v.X)
	case *ssa.TypeAssert:
		if !v.CommaOk {
			return t.Of(v.X)
		}
	case *ssa.Call:
		if t.through != nil {
			if r := t.through(v); r != nil {
				return r
			}
		}
		return t.root(Result, v)
	case *ssa.Phi:
		var same *Ref
		for _, e := range v.Edges {
			if e == v {
				continue
			}
			r := t.Of(e)
			if same != nil && r != same {
				return t.root(Value, v)
			}
			same = r
		}
		if same != nil {
			return same
		}
	}
	return t.root(Value, v)
}

// reference reports whether values of the type are references, so that a copy
// of one names the same object.
func reference(typ types.Type) bool {
	switch typ.Underlying().(type) {
	case *types.Pointer, *types.Chan, *types.Map, *types.Slice, *types.Interface, *types.Signature:
		return true
	}
	return false
}

// FieldOf returns field i of a struct type, or of what a pointer type points to;
// nil when it is neither.
func FieldOf(typ types.Type, i int) *types.Var {
	if p, ok := typ.Underlying().(*types.Pointer); ok {
		typ = p.Elem()
	}
	if s, ok := typ.Underlying().(*types.Struct); ok {
		return s.Field(i).Origin()
	}
	if tp, ok := typ.(*types.TypeParam); ok { // a core type that is a struct
		if s, ok := tp.Constraint().Underlying().(*types.Struct); ok {
			return s.Field(i).Origin()
		}
	}
	return nil
}

func (t *Table) intern(k key) *Ref {
	if r, ok := t.refs[k]; ok {
		return r
	}
	r := &Ref{Kind: k.kind, Base: k.base, Value: k.value, Field: k.field, konst: k.konst}
	if k.base == nil && k.value != nil && t.names != nil {
		r.name = t.nameOf(k.value)
	}
	t.refs[k] = r
	return r
}

func (t *Table) root(k Kind, v ssa.Value) *Ref { return t.intern(key{kind: k, value: v}) }

// Root returns the Ref that is the value itself and nothing it is derived from.
func (t *Table) Root(v ssa.Value) *Ref { return t.root(Value, v) }

// Field returns the Ref of a field of base.
func (t *Table) Field(base *Ref, f *types.Var) *Ref {
	if f == nil {
		return base
	}
	return t.intern(key{kind: Field, base: base, field: f})
}

// Elem returns the Ref of an element of base. The same constant, or the same
// SSA value, is the same element.
func (t *Table) Elem(base *Ref, index ssa.Value) *Ref {
	index = t.sameIndex(index)
	if c, ok := index.(*ssa.Const); ok && c.Value != nil {
		return t.intern(key{kind: Elem, base: base, konst: c.Value.ExactString()})
	}
	return t.intern(key{kind: Elem, base: base, value: index})
}

// SameElem returns the element of base with the constant index of elem.
func (t *Table) SameElem(base, elem *Ref) *Ref {
	return t.intern(key{kind: Elem, base: base, konst: elem.konst})
}

// Constant reports whether r is an element with a constant index.
func (r *Ref) Constant() bool { return r.Kind == Elem && r.konst != "" }

// sameIndex picks one value for all loads of one variable: whoever follows a
// path has to see to it that a store in between makes another index of it.
func (t *Table) sameIndex(index ssa.Value) ssa.Value {
	for {
		switch v := index.(type) {
		case *ssa.ChangeType:
			index = v.X
			continue
		case *ssa.Convert:
			index = v.X
			continue
		case *ssa.MakeInterface:
			index = v.X
			continue
		case *ssa.UnOp:
			if v.Op == token.MUL {
				of := key{kind: Value, base: t.Of(v.X)}
				if first, ok := t.index[of]; ok {
					return first
				}
				t.index[of] = index
			}
		}
		return index
	}
}

// ReadSide returns the Ref of what RLocker of base returns.
func (t *Table) ReadSide(base *Ref) *Ref { return t.intern(key{kind: RLocker, base: base}) }

// Subst rewrites a Ref of a callee in the caller's terms: root is asked for
// the Ref of each root, and nil from it makes the whole nil.
func (t *Table) Subst(r *Ref, root func(*Ref) *Ref) *Ref {
	switch r.Kind {
	case Field, Elem, RLocker:
		base := t.Subst(r.Base, root)
		if base == nil {
			return nil
		}
		return t.intern(key{kind: r.Kind, base: base, value: r.Value, field: r.Field, konst: r.konst})
	}
	return root(r)
}

// Root returns the first step of the path.
func (r *Ref) Root() *Ref {
	for r.Base != nil {
		r = r.Base
	}
	return r
}

// Contains reports whether r is inner, or a part of inner is reached through r.
func (r *Ref) Contains(inner *Ref) bool {
	for ; inner != nil; inner = inner.Base {
		if inner == r {
			return true
		}
	}
	return false
}

// DefinedBy reports whether executing the definition of v makes r another
// object: v is its root or one of its indices.
func (r *Ref) DefinedBy(v ssa.Value) bool {
	for ; r != nil; r = r.Base {
		if r.Value == v && v != nil {
			switch r.Kind {
			case Param, Free, Global:
				return false
			}
			return true
		}
	}
	return false
}

// Class returns what all instances of r share.
func (r *Ref) Class() Class {
	switch r.Kind {
	case Field:
		return Class{Var: r.Field}
	case Global:
		if v, ok := r.Value.(*ssa.Global).Object().(*types.Var); ok {
			return Class{Var: v}
		}
		return Class{Site: r.Value}
	case Alloc:
		return Class{Site: r.Value}
	case Elem:
		c := r.Base.Class()
		c.Elem = true
		return c
	case RLocker:
		return r.Base.Class()
	}
	return Class{}
}

// IsZero reports whether c is no class: nothing is known of the instances.
func (c Class) IsZero() bool { return c.Var == nil && c.Site == nil }

// String names the class as a reader would: Type.field, variable, or the
// variable of an allocation.
func (c Class) String() string {
	var s string
	switch {
	case c.Var != nil:
		s = c.Var.Name()
	case c.Site != nil:
		s = valueName(c.Site)
	}
	if c.Elem {
		s += "[...]"
	}
	return s
}

// String writes the Ref as the user would: c.mu, results, s.conns[i].mu.
func (r *Ref) String() string {
	switch r.Kind {
	case Field:
		if r.Field.Embedded() {
			return r.Base.String() // its members are written as the outer's
		}
		return r.Base.String() + "." + r.Field.Name()
	case Elem:
		return r.Base.String() + "[" + r.index() + "]"
	case RLocker:
		return r.Base.String() + ".RLocker()"
	}
	if r.name != "" {
		return r.name
	}
	return valueName(r.Value)
}

func (r *Ref) index() string {
	if r.konst != "" {
		return r.konst
	}
	if r.Value != nil {
		if n := valueName(r.Value); n != "" && !strings.ContainsAny(n, " ()") {
			return n
		}
	}
	return "..."
}

// valueName is the name of a value in the source, or words for what it is.
func valueName(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar:
		return v.Name()
	case *ssa.Global:
		return v.Name()
	case *ssa.Alloc:
		switch v.Comment {
		case "complit", "new", "slicelit", "makeslice", "varargs":
			return typeWord(v.Type())
		}
		return v.Comment
	case *ssa.Phi:
		if v.Comment != "" {
			return v.Comment
		}
	case *ssa.Call:
		if f := v.Call.StaticCallee(); f != nil {
			return f.Name() + "()"
		}
		if v.Call.IsInvoke() {
			return v.Call.Method.Name() + "()"
		}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return valueName(call)
		}
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.Int {
			return v.Value.ExactString()
		}
	case *ssa.UnOp:
		return valueName(v.X)
	case *ssa.MakeChan:
		return "the channel"
	case *ssa.MakeMap:
		return "the map"
	}
	if v == nil {
		return "it"
	}
	return typeWord(v.Type())
}

// typeWord turns a type into words: "the Conn".
func typeWord(typ types.Type) string {
	if p, ok := typ.Underlying().(*types.Pointer); ok {
		typ = p.Elem()
	}
	switch typ := types.Unalias(typ).(type) {
	case *types.Named:
		return "the " + typ.Obj().Name()
	case *types.Chan:
		return "the channel"
	}
	return "the value"
}
