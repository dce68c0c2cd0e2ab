package skeleton

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A Runner tells what becomes of a function that another function is given: it is run in a
// goroutine, or once before that one returns.
type Runner struct {
	Param  int  // which it is, of the parameters with the receiver
	Starts bool // it is run in a goroutine; the caller does not wait for it
	// Signals says that the goroutine does more than to run the function, so that others may
	// find out when that is over.
	Signals bool
}

// Runner returns the argument that a function of another package runs, and how. It is not ok
// where it does not run one, does anything else with it, or runs it some number of times.
func (p *Package) Runner(call ssa.CallInstruction) (f ssa.Value, r Runner, ok bool) {
	common := call.Common()
	fn := Static(common)
	if fn == nil || common.IsInvoke() || isBound(common) {
		return nil, r, false
	}
	r, ok = p.imported.runner(fn)
	if !ok || r.Param >= len(common.Args) {
		return nil, r, false
	}
	return common.Args[r.Param], r, true
}

func (f *importedFacts) runner(fn *types.Func) (r Runner, ok bool) {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == f.p.Pass.Pkg {
		return r, false
	}
	known, asked := f.runs[fn]
	if !asked {
		if data := f.of(fn.Pkg())[runnerMark+objectName(fn.Origin())]; data != nil {
			d := &decoder{buf: data}
			d.str()
			if x := (Runner{Param: d.num(), Starts: d.flag(), Signals: d.flag()}); !d.bad {
				known = &x
			}
		}
		if f.runs == nil {
			f.runs = make(map[*types.Func]*Runner)
		}
		f.runs[fn] = known
	}
	if known == nil {
		return r, false
	}
	return *known, true
}

// runnerMark stands before the name of a function in a fact, where the fact tells how the
// function runs what it is given.
const runnerMark = "run:"

// runners gives the entries of the package's fact for functions that run what they are given.
func (p *Package) runners() (entries [][]byte) {
	for _, fn := range p.Funcs {
		name := exportedName(fn)
		if name == "" {
			continue
		}
		var found []Runner
		for i, param := range fn.Params {
			if _, ok := param.Type().Underlying().(*types.Signature); !ok {
				continue
			}
			if r, ok := p.runs(fn, i, 0); ok {
				found = append(found, r)
			}
		}
		if len(found) != 1 {
			continue
		}
		var b encoder
		b.str(runnerMark + name)
		b.num(found[0].Param)
		b.flag(found[0].Starts)
		b.flag(found[0].Signals)
		entries = append(entries, b.buf)
	}
	return entries
}

// maxRunner bounds how far a function is followed that functions hand on.
const maxRunner = 4

// runs tells what the function does with its i-th parameter, a function.
func (p *Package) runs(fn *ssa.Function, i, depth int) (r Runner, ok bool) {
	if depth > maxRunner {
		return r, false
	}
	ref := p.Access.Of(fn.Params[i])
	found := false
	for _, f := range Family(fn) {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				if !p.hasOperand(instr, ref) || p.neutral(instr) {
					continue
				}
				one, ok := p.runsBy(fn, f, instr, ref, depth)
				if !ok || found {
					return r, false
				}
				r, found = one, true
			}
		}
	}
	r.Param = i
	if !found || r.Starts && p.blocks(fn, 0) {
		return r, false
	}
	return r, true
}

// Family returns the function with the literals in it.
func Family(fn *ssa.Function) []*ssa.Function {
	list := []*ssa.Function{fn}
	for _, f := range fn.AnonFuncs {
		list = append(list, Family(f)...)
	}
	return list
}

// hasOperand reports whether the instruction has the function for an operand.
func (p *Package) hasOperand(instr ssa.Instruction, ref *access.Ref) bool {
	var space [8]*ssa.Value
	for _, op := range instr.Operands(space[:0]) {
		if op == nil || *op == nil {
			continue
		}
		if _, ok := (*op).Type().Underlying().(*types.Signature); ok && p.Access.Of(*op) == ref {
			return true
		}
	}
	return false
}

// neutral reports whether the instruction does nothing with a function but compare it, or put
// it into a variable that closures share.
func (p *Package) neutral(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.BinOp, *ssa.DebugRef:
		return true
	case *ssa.Store:
		a := p.Access.Cell(instr.Addr)
		return a != nil && p.Access.StoredOnce(a) != nil
	}
	return false
}

// runsBy tells how the instruction runs the function, a parameter of fn; it stands in fn or in
// a literal there.
func (p *Package) runsBy(fn, in *ssa.Function, instr ssa.Instruction, ref *access.Ref, depth int) (r Runner, ok bool) {
	call, ok := instr.(ssa.CallInstruction)
	if !ok || call.Common().IsInvoke() {
		return r, false
	}
	if _, deferred := call.(*ssa.Defer); deferred {
		return r, false
	}
	common := call.Common()
	if p.Access.Of(common.Value) != ref { // it is an argument
		if r, ok = p.handsOn(call, ref, depth); !ok {
			return r, false
		}
	}
	if _, started := call.(*ssa.Go); started {
		r.Starts = true
	}
	if in == fn {
		return r, r.Starts || onceAlways(instr)
	}
	g, signals := p.goroutineOf(in, depth)
	if g == nil || in.Parent() != fn || p.blocks(in, 0) {
		return r, false
	}
	return Runner{Starts: true, Signals: signals || r.Signals || p.doesMore(in, call)}, true
}

// handsOn tells what the called function does with the argument.
func (p *Package) handsOn(call ssa.CallInstruction, ref *access.Ref, depth int) (r Runner, ok bool) {
	common := call.Common()
	at := -1 // in common.Args
	for i, a := range common.Args {
		if _, fun := a.Type().Underlying().(*types.Signature); fun && p.Access.Of(a) == ref {
			if at >= 0 {
				return r, false
			}
			at = i
		}
	}
	if at < 0 {
		return r, false
	}
	if op, _ := p.Op(common); op.Kind.Spawns() {
		return Runner{Starts: true, Signals: true}, op.Kind == ops.WgGo || op.Kind == ops.GroupGo
	}
	if callee := common.StaticCallee(); callee != nil && Origin(callee).Pkg == p.SSA && len(Origin(callee).Blocks) > 0 {
		return p.runs(Origin(callee), at, depth+1)
	}
	_, r, ok = p.Runner(call)
	return r, ok && r.Param == at
}

// goroutineOf returns what starts the literal as a goroutine, if that is all that becomes of
// it, and whether that tells who waits for the goroutine.
func (p *Package) goroutineOf(lit *ssa.Function, depth int) (g ssa.CallInstruction, signals bool) {
	made := p.Closures(lit)
	if len(made) != 1 || len(*made[0].Referrers()) != 1 {
		return nil, false
	}
	switch by := (*made[0].Referrers())[0].(type) {
	case *ssa.Go:
		if by.Call.Value == made[0] {
			return by, false
		}
	case *ssa.Call:
		if r, ok := p.handsOn(by, p.Access.Of(made[0]), depth); ok && r.Starts {
			return by, r.Signals
		}
	}
	return nil, false
}

// doesMore reports whether a goroutine does anything besides that call that others can notice.
// What it defers to recover from a panic is nothing of the kind.
func (p *Package) doesMore(body *ssa.Function, except ssa.CallInstruction) bool {
	for _, b := range body.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send, *ssa.Select, *ssa.Store:
				return true
			case *ssa.Defer:
				if !p.CallsRecover(instr) {
					return true
				}
			case ssa.CallInstruction:
				if instr != except {
					return true
				}
			}
		}
	}
	return false
}

// onceAlways reports whether the instruction is executed exactly once by each call of its
// function that returns.
func onceAlways(instr ssa.Instruction) bool {
	b := instr.Block()
	for _, s := range b.Succs {
		if Reaches(s, b) {
			return false
		}
	}
	for _, other := range b.Parent().Blocks {
		if _, ok := other.Instrs[len(other.Instrs)-1].(*ssa.Return); ok && !b.Dominates(other) {
			return false
		}
	}
	return true
}

// blocks reports whether the function, or one of the package that it calls, can wait for
// others than the holders of a lock: for one that it has started, or for its turn.
func (p *Package) blocks(fn *ssa.Function, depth int) bool {
	if depth > maxRunner {
		return true
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send, *ssa.Select:
				return true
			case *ssa.UnOp:
				if instr.Op == token.ARROW {
					return true
				}
			case *ssa.Call:
				switch op, _ := p.Op(&instr.Call); op.Kind {
				case ops.WgWait, ops.GroupWait, ops.CondWait, ops.SemAcquire, ops.SemTryAcquire, ops.Sleep:
					return true
				}
				if f := instr.Call.StaticCallee(); f != nil && Origin(f).Pkg == p.SSA && Origin(f) != fn && p.blocks(Origin(f), depth+1) {
					return true
				}
			}
		}
	}
	return false
}
