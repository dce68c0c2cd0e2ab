package machine

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A kind tells what a value of the machine is.
type kind uint8

const (
	top     kind = iota // unknown, without identity
	num                 // a small integer or a bool; n is the value
	null                // nil, or the zero of a type that is not followed
	solid               // unknown but not nil
	opaque              // unknown but always the same; n is its expression, neg negates a bool
	ptr                 // the address of part p of object n, a map or a slice object
	channel             // a channel; n is its object
	fn                  // a function or closure; n is its number
	tuple               // several values; n is their number
	slice               // a slice whose elements are the cells of object n
	cancel              // the cancel function of the context n
	ctx                 // the context n
)

// A val is a value as the machine knows it.
type val struct {
	k   kind
	neg bool
	p   int32
	n   int32
}

var unknown = val{}

func integer(n int) val { return val{k: num, n: int32(n)} }

func boolean(b bool) val {
	if b {
		return integer(1)
	}
	return integer(0)
}

// An expr is an unknown value: a leaf, or an operation on values.
type expr struct {
	op   token.Token // of an operation; ILLEGAL for a leaf
	a, b val
	leaf leaf
}

// tokenDone is the operation "the Done channel of", tokenErr "the Err of"; token.RANGE is
// "the length of".
const (
	tokenDone = token.CHAN
	tokenErr  = token.DEFAULT
)

// tokenMin and tokenMax are the operations of the builtin functions.
const (
	tokenMin = token.SHL
	tokenMax = token.SHR
)

// A leaf is where an unknown value comes from. Executing instr in goroutine
// gid defines it anew; a part of an open object, and the length of a value, is
// taken to stay what it is.
type leaf struct {
	gid   int32
	instr ssa.Value
	depth int8 // calls of the same function in progress
	occ   int8 // tells it from earlier values of instr that are still held
	obj   int32
	path  int32
	index int // of a tuple
}

type closure struct {
	fn    *ssa.Function
	binds []val
}

// A pathNode is a path of fields and elements inside an object.
type pathNode struct {
	parent int32
	field  int32 // of a struct; elements are -1-index
}

// An objKey identifies an object by where it comes from.
type objKey struct {
	gid   int32
	site  any // ssa.Value of the allocation, or a string for what the model makes
	occ   int32
	lazy  int32 // 1 + the opaque pointer that it lies behind
	globl *ssa.Global
}

type objInfo struct {
	key  objKey
	typ  types.Type // what a pointer to it points to; nil when unknown
	open bool       // behind an unknown pointer: anybody may use it
	name string
}

type gidKey struct {
	parent int32
	site   ssa.Instruction
	occ    int32
}

type gidInfo struct {
	gidKey
	fn *ssa.Function
}

// tables intern everything that values refer to by number. They belong to one
// system, so that numbers, and with them the bytes of a state, do not depend on
// anything else.
type tables struct {
	exprs    []expr
	exprIDs  map[expr]int32
	deps     [][]int32 // leaves of each expression
	closures []closure
	closIDs  map[string]int32
	tuples   [][]val
	// tupleDeps and closDeps are the leaves of what tuples and closures are made of.
	tupleDeps, closDeps [][]int32
	tupleIDs            map[string]int32
	paths               []pathNode
	pathIDs             map[pathNode]int32
	objs                []objInfo
	objIDs              map[objKey]int32
	gids                []gidInfo
	gidIDs              map[gidKey]int32
	fnIDs               map[*ssa.Function]int
}

func newTables() *tables {
	t := &tables{
		exprIDs:  make(map[expr]int32),
		closIDs:  make(map[string]int32),
		tupleIDs: make(map[string]int32),
		pathIDs:  make(map[pathNode]int32),
		objIDs:   make(map[objKey]int32),
		gidIDs:   make(map[gidKey]int32),
		fnIDs:    make(map[*ssa.Function]int),
	}
	t.paths = append(t.paths, pathNode{parent: -1}) // path 0 is the whole object
	t.objs = append(t.objs, objInfo{})              // object 0 is none
	return t
}

func (t *tables) expr(e expr) int32 {
	if id, ok := t.exprIDs[e]; ok {
		return id
	}
	id := int32(len(t.exprs))
	t.exprs = append(t.exprs, e)
	t.exprIDs[e] = id
	var deps []int32
	if e.op == token.ILLEGAL {
		deps = []int32{id}
	} else {
		for _, v := range []val{e.a, e.b} {
			if v.k == opaque {
				deps = append(deps, t.deps[v.n]...)
			}
		}
		// One that is in both counts once: a sum that a loop adds to itself would
		// double the list in each turn.
		slices.Sort(deps)
		deps = slices.Compact(deps)
	}
	t.deps = append(t.deps, deps)
	return id
}

func (t *tables) leaf(l leaf) val { return val{k: opaque, n: t.expr(expr{leaf: l})} }

func (t *tables) pathTo(parent, field int32) int32 {
	k := pathNode{parent, field}
	if id, ok := t.pathIDs[k]; ok {
		return id
	}
	id := int32(len(t.paths))
	t.paths = append(t.paths, k)
	t.pathIDs[k] = id
	return id
}

// nested is how many steps a path has.
func (t *tables) nested(path int32) int {
	n := 0
	for ; path > 0; path = t.paths[path].parent {
		n++
	}
	return n
}

// under reports whether path p is q or lies below it.
func (t *tables) under(p, q int32) bool {
	for ; p >= 0; p = t.paths[p].parent {
		if p == q {
			return true
		}
	}
	return false
}

// rebase moves path p, which lies below from, to below to.
func (t *tables) rebase(p, from, to int32) int32 {
	if p == from {
		return to
	}
	n := t.paths[p]
	return t.pathTo(t.rebase(n.parent, from, to), n.field)
}

func (t *tables) function(f *ssa.Function, binds []val) val {
	n, ok := t.fnIDs[f]
	if !ok {
		n = len(t.fnIDs)
		t.fnIDs[f] = n
	}
	k := strconv.Itoa(n) + ":" + valsKey(binds)
	if id, ok := t.closIDs[k]; ok {
		return val{k: fn, n: id}
	}
	id := int32(len(t.closures))
	t.closures = append(t.closures, closure{f, append([]val(nil), binds...)})
	t.closDeps = append(t.closDeps, t.leavesOf(binds))
	t.closIDs[k] = id
	return val{k: fn, n: id}
}

func (t *tables) tuple(vals []val) val {
	k := valsKey(vals)
	if id, ok := t.tupleIDs[k]; ok {
		return val{k: tuple, n: id}
	}
	id := int32(len(t.tuples))
	t.tuples = append(t.tuples, append([]val(nil), vals...))
	t.tupleDeps = append(t.tupleDeps, t.leavesOf(vals))
	t.tupleIDs[k] = id
	return val{k: tuple, n: id}
}

// leavesOf returns the leaves that values depend on.
func (t *tables) leavesOf(vals []val) []int32 {
	var all []int32
	for _, v := range vals {
		switch v.k {
		case opaque:
			all = append(all, t.deps[v.n]...)
		case fn:
			all = append(all, t.closDeps[v.n]...)
		case tuple:
			all = append(all, t.tupleDeps[v.n]...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func valsKey(vals []val) string {
	var b strings.Builder
	for _, v := range vals {
		b.WriteByte(byte(v.k))
		if v.neg {
			b.WriteByte('!')
		}
		b.WriteString(strconv.Itoa(int(v.p)))
		b.WriteByte(',')
		b.WriteString(strconv.Itoa(int(v.n)))
		b.WriteByte(';')
	}
	return b.String()
}

func (t *tables) object(k objKey, typ types.Type, open bool, name string) int32 {
	if id, ok := t.objIDs[k]; ok {
		return id
	}
	id := int32(len(t.objs))
	t.objs = append(t.objs, objInfo{k, typ, open, name})
	t.objIDs[k] = id
	return id
}

func (t *tables) gid(k gidKey, f *ssa.Function) int32 {
	if id, ok := t.gidIDs[k]; ok {
		return id
	}
	id := int32(len(t.gids))
	t.gids = append(t.gids, gidInfo{k, f})
	t.gidIDs[k] = id
	return id
}

// konst is the value of a constant. Integers above two keep their order only:
// see the ranks of a system.
func konst(c *ssa.Const, rank func(int64) int) val {
	if c.Value == nil {
		return val{k: null}
	}
	switch c.Value.Kind() {
	case constant.Bool:
		return boolean(constant.BoolVal(c.Value))
	case constant.Int:
		if n, ok := constant.Int64Val(c.Value); ok {
			return integer(rank(n))
		}
	}
	return unknown
}

// zero is the zero value of a type.
func (t *tables) zero(typ types.Type) val {
	switch u := typ.Underlying().(type) {
	case *types.Basic:
		if u.Info()&(types.IsInteger|types.IsBoolean) != 0 {
			return integer(0)
		}
		if u.Kind() == types.UnsafePointer {
			return val{k: null}
		}
		return unknown
	case *types.Struct:
		if u.NumFields() > maxStruct {
			return unknown
		}
		vals := make([]val, u.NumFields())
		for i := range vals {
			vals[i] = t.zero(u.Field(i).Type())
		}
		return t.tuple(vals)
	case *types.Tuple:
		vals := make([]val, u.Len())
		for i := range vals {
			vals[i] = t.zero(u.At(i).Type())
		}
		return t.tuple(vals)
	case *types.Array:
		return unknown
	}
	return val{k: null}
}

// maxStruct bounds the fields of a struct that is copied by value.
const maxStruct = 40

// followed reports whether values of the type carry what the machine follows:
// references, and the integers and bools that branches depend on.
func followed(typ types.Type) bool {
	switch u := typ.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsInteger|types.IsBoolean) != 0
	case *types.Struct:
		for i := range u.NumFields() {
			if followed(u.Field(i).Type()) {
				return true
			}
		}
		return false
	case *types.Array:
		return followed(u.Elem())
	case *types.Tuple:
		return true
	}
	return true
}
