// Package lockset answers what the lock analyzers ask of a package: which lock
// stays locked where, which is taken twice, released wrongly, or taken in two
// orders. It reads what skeleton found on the paths of each function; what a
// question needs beyond one function, its callers and the rest of the package,
// is decided here.
package lockset

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// Analyzer computes the [Set] of a package. The debug word "lockset" writes what
// is known of each function, and how many were too complex.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       "lockset",
		Doc:        "follow which locks are held where\n\nThe lock analyzers of conclint read its result; it reports nothing.",
		URL:        "https://github.com/conclint/conclint",
		Requires:   []*analysis.Analyzer{skeleton.Analyzer, inspect.Analyzer},
		ResultType: reflect.TypeFor[*Set](),
	}
	a.Run = func(pass *analysis.Pass) (any, error) {
		s := &Set{Pass: pass, Pkg: pass.ResultOf[skeleton.Analyzer].(*skeleton.Package), Locks: new(skeleton.Locks)}
		s.panic = skeleton.Safely(s.find)
		if w := skeleton.Debug("lockset"); w != nil {
			fmt.Fprintf(w, "%s: %d functions with locks, %d too complex\n", pass.Pkg.Path(), len(s.Locks.Funcs), s.Locks.CutFuncs)
			s.Locks.Dump(w)
		}
		return s, nil
	}
	return a
}

// A Set is what is known of the locks of a package.
type Set struct {
	Pass  *analysis.Pass
	Pkg   *skeleton.Package
	Locks *skeleton.Locks

	Missing    []Missing
	Double     []Double
	Mismatches []Mismatch
	Cycles     []Cycle
	Twins      []Twin
	Blocked    []Blocked
	Slow       []Slow
	Useless    []Useless

	classes   map[access.Class]*use
	releasers map[access.Class]bool
	unkeyed   map[access.Class]bool // of these, those that are released without a key
	nodes     map[token.Pos]ast.Node
	knotsOf   map[*types.Var]map[*ssa.Function][]knot
	madeKnots map[knotKey][]knot
	panic     *skeleton.Panic
}

// use is what the package does with the locks of a class.
type use struct {
	lock, rlock, unlock bool
	loose               bool // its address is kept or handed on
	spread              bool // otherwise than to make keys
}

// Of is the Set in a pass of an analyzer that requires it.
func Of(pass *analysis.Pass) *Set {
	s := pass.ResultOf[Analyzer].(*Set)
	s.panic.Raise()
	return s
}

func (s *Set) find() {
	pass := s.Pass
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	s.Locks = s.Pkg.Locks()
	if len(s.Locks.Funcs) == 0 {
		return
	}
	s.index()
	s.findReleasers()
	s.nodes = make(map[token.Pos]ast.Node)
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	in.Preorder([]ast.Node{
		(*ast.CallExpr)(nil), (*ast.DeferStmt)(nil), (*ast.GoStmt)(nil), (*ast.ReturnStmt)(nil),
		(*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.SelectStmt)(nil),
	}, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.CallExpr:
			s.nodes[n.Lparen] = n
		case *ast.SendStmt:
			s.nodes[n.Arrow] = n
		default:
			s.nodes[n.Pos()] = n
		}
	})
	for _, fl := range s.Locks.Funcs {
		if fl.Cut {
			continue
		}
		s.missing(fl)
		s.double(fl)
		s.mismatch(fl)
	}
	o := s.order()
	s.blocked(o)
	s.useless()
}

// index notes what is done to each class of locks anywhere in the package.
func (s *Set) index() {
	s.classes = make(map[access.Class]*use)
	p := s.Pkg
	at := func(v ssa.Value) *use {
		r := p.Access.Of(v)
		if r.Kind == access.RLocker {
			r = r.Base
		}
		c := r.Class()
		u := s.classes[c]
		if u == nil {
			u = new(use)
			s.classes[c] = u
		}
		return u
	}
	for _, fn := range p.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				var operand ssa.Value
				if call, ok := instr.(ssa.CallInstruction); ok {
					op, x := p.Op(call.Common())
					if x != nil {
						switch op.Kind {
						case ops.Lock, ops.TryLock:
							at(x).lock = true
						case ops.RLock, ops.TryRLock:
							at(x).rlock = true
						case ops.Unlock, ops.RUnlock:
							at(x).unlock = true
						}
						switch op.Kind {
						case ops.Lock, ops.TryLock, ops.RLock, ops.TryRLock, ops.Unlock, ops.RUnlock, ops.RLocker:
							operand = x
						}
					}
				}
				switch instr.(type) {
				case *ssa.FieldAddr, *ssa.UnOp, *ssa.DebugRef:
					continue
				}
				var space [8]*ssa.Value
				for _, op := range instr.Operands(space[:0]) {
					v := *op
					if v == nil || v == operand || !ops.IsLock(v.Type()) {
						continue
					}
					if st, ok := instr.(*ssa.Store); ok && st.Addr == v {
						continue
					}
					if _, ok := v.Type().Underlying().(*types.Pointer); ok {
						u := at(v)
						u.loose = true
						mc, ok := instr.(*ssa.MakeClosure)
						u.spread = u.spread || !ok || !s.Locks.Of(fn).MakesKey(mc)
					}
				}
			}
		}
	}
}

// Line is the line of an instruction.
func (s *Set) Line(instr ssa.Instruction) int { return s.Pass.Fset.Position(s.Pos(instr)).Line }

// Pos is where an instruction begins in the source.
func (s *Set) Pos(instr ssa.Instruction) token.Pos {
	pos, _ := s.Range(instr)
	return pos
}

// Range is the source of an instruction.
func (s *Set) Range(instr ssa.Instruction) (pos, end token.Pos) {
	pos = instr.Pos()
	if n := s.nodes[pos]; n != nil {
		return n.Pos(), n.End()
	}
	if rng := skeleton.RangeOver(instr); rng != nil {
		return rng.X.Pos(), rng.X.End()
	}
	if _, ok := instr.(*ssa.Return); ok && !pos.IsValid() {
		if syn := instr.Parent().Syntax(); syn != nil {
			return syn.End() - 1, syn.End()
		}
	}
	if !pos.IsValid() {
		pos = instr.Parent().Pos()
	}
	return pos, pos + 1
}

// RangeAt is the source of the call at an SSA position.
func (s *Set) RangeAt(at token.Pos) (pos, end token.Pos) {
	if n := s.nodes[at]; n != nil {
		return n.Pos(), n.End()
	}
	return at, at + 1
}

// Node is the syntax of an instruction, or nil.
func (s *Set) Node(instr ssa.Instruction) ast.Node { return s.nodes[instr.Pos()] }

// Place is the line of an instruction, with the file when that is another one
// than from's.
func (s *Set) Place(from, instr ssa.Instruction) string {
	a, b := s.Pass.Fset.Position(s.Pos(from)), s.Pass.Fset.Position(s.Pos(instr))
	if a.Filename == b.Filename {
		return "line " + strconv.Itoa(b.Line)
	}
	return filepath.Base(b.Filename) + ":" + strconv.Itoa(b.Line)
}

// file is the file and line of an instruction.
func (s *Set) file(instr ssa.Instruction) string {
	at := s.Pass.Fset.Position(s.Pos(instr))
	return filepath.Base(at.Filename) + ":" + strconv.Itoa(at.Line)
}

// Method is the method that takes a lock in the mode.
func Method(m skeleton.Mode) string {
	if m == skeleton.Shared {
		return "RLock"
	}
	return "Lock"
}

// Release is the method that releases a lock held in the mode.
func Release(m skeleton.Mode) string {
	if m == skeleton.Shared {
		return "RUnlock"
	}
	return "Unlock"
}

// Source is the expression of the lock in an operation on it, as written; nil
// when there is none.
func (s *Set) Source(instr ssa.Instruction) ast.Expr {
	var call *ast.CallExpr
	switch n := s.nodes[instr.Pos()].(type) {
	case *ast.CallExpr:
		call = n
	case *ast.DeferStmt:
		call = n.Call
	}
	if call == nil {
		return nil
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return sel.X
	}
	return nil
}
