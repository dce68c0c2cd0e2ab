// Package shared finds memory that goroutines share without an order. It is a
// static analysis of what may happen in parallel, with what must happen
// before: no schedule is run.
//
// Two questions are answered, each when it is first asked:
//
//   - [Set.Conflicts]: a function starts a goroutine. Which accesses of the
//     goroutine, of a second instance of it, of another goroutine, and of the
//     function itself are to the same variable, one of them a write, and
//     neither under a common lock nor in an order? May: that both run. Must:
//     that on every path from the start to the access there is an operation
//     that waits for something the goroutine does after its own access.
//   - [Set.Unguarded]: over the package, which lock is held at most accesses
//     of a field or package variable, and where is it not held although the
//     code can run while others use the field?
//
// Where something is not seen, the answer is that there is an order. An
// operation on a channel, WaitGroup or other object that cannot be told from
// the one waited for counts as that one; a call that is given such an object
// counts as everything that can be done with it.
package shared

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// Analyzer gives the race analyzers their view of a package, a [*Set].
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       "shared",
		Doc:        "find memory that goroutines share\n\nThe race analyzers of conclint read its result; it reports nothing.",
		URL:        "https://github.com/conclint/conclint",
		Requires:   []*analysis.Analyzer{skeleton.Analyzer, inspect.Analyzer},
		ResultType: reflect.TypeFor[*Set](),
	}
	a.Run = func(pass *analysis.Pass) (any, error) {
		return &Set{Pass: pass, Pkg: pass.ResultOf[skeleton.Analyzer].(*skeleton.Package)}, nil
	}
	return a
}

// A Set is what is known of the shared memory of a package.
type Set struct {
	Pass *analysis.Pass
	Pkg  *skeleton.Package

	conflictsOnce, guardsOnce, looseOnce, pollsOnce, mixedOnce, tornOnce, gapsOnce, lateOnce, selfOnce, reuseOnce, overwriteOnce, leftOnce, indexOnce, unwatchedOnce sync.Once

	conflicts  []Conflict
	unguarded  []Unguarded
	lone       []Unwatched         // sends beside one that listens for the end
	locals     []*chanField        // nil until asked for
	copies     map[*types.Var]bool // fields of structs that are copied
	mixed      []Mixed
	torn       []Torn
	gaps       []Gap
	loose      []Loose
	polls      []Poll
	late       []LateAdd
	self       []SelfWait
	reuses     []Reuse
	overwrites []Overwrite
	locksIn    map[*types.Struct][]*types.Var // of lockVars
	sole       map[*types.Var]bool            // of soleHolder
	addresses  map[*types.Var][]*ssa.FieldAddr
	hooks      map[*types.Var][]*ssa.Function // methods in fields of their objects
	left       []Deserted

	prepared   bool
	comments   map[string]map[int]string // of each file, by the line they end on
	inContexts map[*types.Var]bool       // fields of what is put into contexts
	byOthers   map[string]bool           // by another program, of each file
	captured   map[*ssa.Alloc]bool
	bound      map[types.Object]bool // methods that are values somewhere
	accesses   map[*ssa.Function][]Access
	lockers    map[*ssa.Function][]ssa.Instruction
	handed     map[*ssa.Function][]handing
	shows      map[*ssa.Function][]showing // of each function, the parameters that it has read as a whole
	sources    map[any]bool
	syncs      map[*ssa.Function][]syncOp
	busy       map[*ssa.Function]bool
	called     map[*ssa.Function][]*ssa.Function // whom each one calls
	changing   map[*types.Var]bool               // fields of objects that are there already
	mutable    map[*types.Var]bool               // fields that hold references and are stored to
	stoppers   map[*types.Var]bool               // fields that are given what context.AfterFunc returns
	inherits   map[atDepth][]*spawn
	adds       map[atDepth][]adding
	joins      map[atDepth][]waiting
	idents     map[types.Object][]*ast.Ident
	decls      map[token.Pos]*types.Var
	nodes      map[token.Pos]ast.Node
	writes     map[*ast.Ident]bool
	contexts   map[*ssa.Function]*context
	requests   map[*ssa.Function]bool // what handlers of requests come to; nil before somebody asks
	spawns     map[*ssa.Function][]*spawn
	starters   map[*ssa.Function][]ssa.CallInstruction
	embeds     map[*types.TypeName]bool
	chans      *chanIndex
	given      map[*types.Var]bool              // channels that functions return which others can call
	converted  map[*types.TypeName][]types.Type // the interfaces that values of a type are converted to
	streamed   map[types.Type]bool
	akin       map[[2]types.Type]bool // types that one object can be of
	inners     map[calledBy]*thread
	outsides   map[startedBy][]left
	releases   map[calledBy]map[signal][]*syncOp // of innerReleases
	loops      map[*ssa.Function][]natural
	roomy      map[access.Class]*ssa.Store         // of grown
	optional   map[*types.TypeName][]*ssa.Function // what functions return as values of a type
}

// Conflicts returns the pairs of accesses of which one runs in a goroutine
// that is started in sight of the other, without an order.
func (s *Set) Conflicts() []Conflict {
	s.conflictsOnce.Do(func() {
		s.Pkg.Mu.Lock()
		defer s.Pkg.Mu.Unlock()
		if s.prepare() {
			s.findConflicts()
		}
	})
	return s.conflicts
}

// Unguarded returns the accesses without the lock that guards the field or
// package variable elsewhere.
func (s *Set) Unguarded() []Unguarded {
	s.guardsOnce.Do(func() {
		s.Pkg.Mu.Lock()
		defer s.Pkg.Mu.Unlock()
		if s.prepare() {
			s.findUnguarded()
		}
	})
	return s.unguarded
}

// prepare notes what both questions need. It reports whether there is
// anything to look at.
func (s *Set) prepare() bool {
	if !s.Pkg.Built() {
		return false
	}
	if s.prepared {
		return true
	}
	s.prepared = true
	s.captured = make(map[*ssa.Alloc]bool)
	s.bound = make(map[types.Object]bool)
	s.streamed = make(map[types.Type]bool)
	s.akin = make(map[[2]types.Type]bool)
	s.inners = make(map[calledBy]*thread)
	s.outsides = make(map[startedBy][]left)
	s.releases = make(map[calledBy]map[signal][]*syncOp)
	s.loops = make(map[*ssa.Function][]natural)
	s.accesses = make(map[*ssa.Function][]Access)
	s.lockers = make(map[*ssa.Function][]ssa.Instruction)
	s.syncs = make(map[*ssa.Function][]syncOp)
	s.busy = make(map[*ssa.Function]bool)
	s.spawns = make(map[*ssa.Function][]*spawn)
	s.inherits = make(map[atDepth][]*spawn)
	s.adds = make(map[atDepth][]adding)
	s.joins = make(map[atDepth][]waiting)
	s.shows = make(map[*ssa.Function][]showing)
	s.called = make(map[*ssa.Function][]*ssa.Function)
	s.mutable, s.stoppers = make(map[*types.Var]bool), make(map[*types.Var]bool)
	for _, fn := range s.Pkg.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.MakeClosure:
					if f := instr.Fn.(*ssa.Function); f.Synthetic != "" && f.Object() != nil {
						s.bound[f.Object()] = true
					}
					for _, v := range instr.Bindings {
						if a := s.Pkg.Access.Cell(v); a != nil {
							s.captured[a] = true
						}
					}
				case *ssa.Go:
					for _, v := range instr.Call.Args { // go f(&x)
						if a, ok := v.(*ssa.Alloc); ok {
							s.captured[a] = true
						}
					}
				case *ssa.Store:
					if fa, ok := instr.Addr.(*ssa.FieldAddr); ok && reference(instr.Val.Type()) {
						if s.stopsFunc(instr.Val) {
							s.stoppers[access.FieldOf(fa.X.Type(), fa.Field)] = true
						}
						if _, fresh := root(fa.X).(*ssa.Alloc); !fresh {
							if r := s.Pkg.Access.Of(fa); r.Kind == access.Field {
								s.mutable[r.Field] = true
							}
						}
					}
				}
			}
		}
	}
	return true
}

// root follows an address through the fields and elements of values to the
// pointer or variable it starts from.
func root(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.IndexAddr:
			if _, ok := x.X.Type().Underlying().(*types.Pointer); !ok {
				return x
			}
			v = x.X // of an array
		default:
			return v
		}
	}
}

func reference(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Chan, *types.Map, *types.Slice, *types.Interface, *types.Signature:
		return true
	}
	return false
}

// A Kind tells what is accessed.
type Kind uint8

// The kinds.
const (
	Var   Kind = iota // a local variable or package variable, or a part of its value
	Field             // a field of an object behind a pointer
	Map               // the entries of a map
)

// KindOf tells what an access is to.
func (a *Access) KindOf() Kind {
	switch {
	case a.Map:
		return Map
	case (a.Ref.Kind == access.Field || a.Ref.Constant() && a.Ref.Base.Kind == access.Field) && !a.Value:
		return Field
	}
	return Var
}

// Part reports whether the access is to a part of a variable's value.
func (a *Access) Part() bool { return a.Ref.Base != nil }
