// Package machine runs regions of a program under every schedule that matters.
//
// A system is a root function with the callees that matter inlined and the
// goroutines it starts. The machine executes it abstractly over the SSA form:
//
//   - A state holds the goroutines (stacks of frames, each before its next
//     visible operation), the objects that are reachable from them (variables,
//     channels, locks, groups, contexts) and what was decided about unknown
//     values.
//   - Values are concrete where they matter: channels, pointers, closures,
//     small integers. What is unknown but always the same is an expression over
//     leaves; a branch on it decides it for the rest of the run, so that equal
//     conditions take equal branches. Integers that count (bounds of loops,
//     capacities, the argument of Add, lengths) are decided as a whole, to 1 or
//     2, lengths also to 0. Constants above 2 keep their order only.
//   - A branch whose ways do nothing of consequence before they meet again is
//     not followed.
//   - Only visible operations are scheduling points. Operations that take
//     nothing from anybody (Unlock, Done, the far end of an unknown channel) are
//     done at once. Equal states are one.
//   - What escapes to code that is not seen (stored behind an unknown pointer,
//     handed to another package, returned by the root) can always be served by
//     it, and is never a reason to be stuck. Time and unseen cancellations may
//     happen at any time.
//
// A goroutine is stuck in a state when no schedule lets it move again, which is
// decided on the finished graph of states. Where the graph was cut, for a bound,
// everything can move: a cut makes silent, never loud.
package machine

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"time"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A VerdictKind is what is wrong.
type VerdictKind uint8

// The kinds of verdict.
const (
	Leak            VerdictKind = iota // a goroutine is stuck, the root is not
	Deadlock                           // the root is stuck
	SendClosed                         // send on a closed channel
	CloseClosed                        // close of a closed channel
	CloseNil                           // close of a nil channel
	NegativeCounter                    // more Done than Add
	UnlockUnlocked                     // unlock of what is not locked
	LateAdd                            // Add to a WaitGroup that counts zero and is waited for
	Outlives                           // a goroutine of a type that can never end, though it is not stuck
)

func (k VerdictKind) String() string {
	return [...]string{"leak", "deadlock", "send on closed", "close of closed", "close of nil", "negative counter", "unlock of unlocked", "late Add", "outlives"}[k]
}

// A Grade tells how certain a verdict is.
type Grade uint8

// The grades.
const (
	Abandoned    Grade = iota // with the choices of the witness, every schedule ends so
	ScheduleOnly              // some schedule does
	Guess                     // the way there depends on values that were lost, or that other goroutines change
)

func (g Grade) String() string { return [...]string{"abandoned", "schedule", "guess"}[g] }

// An Op is the kind of operation that a goroutine is stuck at.
type Op uint8

// The operations.
const (
	Other Op = iota
	Send
	Recv
	Select
	Lock
	RLock
	Wait     // of a WaitGroup or errgroup
	CondWait // of a Cond
	Once
	Acquire // of a semaphore, or Go of a limited errgroup
)

// A Stuck describes a goroutine that never moves again, or that panics.
type Stuck struct {
	Op    Op
	Instr ssa.Instruction
	// Pos and End bound the operation in the source, Object is what it works
	// on, as written there.
	Pos, End token.Pos
	Object   string
	// Self says that the goroutine itself holds the lock that it waits for.
	Self bool
	// WaitGroup says that it waits for a sync.WaitGroup.
	WaitGroup bool
	// Nil says that the channel is nil.
	Nil bool
	// Root says that it is the root's own goroutine; Go is where another was
	// started. Goroutine is its number in the witness.
	Root      bool
	Goroutine int
	Go        token.Pos
	// Calls are the positions of the calls in progress, outermost first.
	Calls []token.Pos
	// Func is the function that the goroutine is in.
	Func *ssa.Function
	// Made is where the object is made or declared.
	Made token.Pos
	// Cap is the capacity of the channel; Unbuffered when zero.
	Cap int
}

// A Step is one step of a witness.
type Step struct {
	Goroutine int // 0 is the root
	Pos       token.Pos
	What      string
	Case      int           // of a select, or of a decision: the value
	Start     int           // the goroutine that it starts
	Func      *ssa.Function // what that runs
	Instr     ssa.Instruction
}

// A Verdict is something wrong with a system, and how it comes about.
type Verdict struct {
	Kind  VerdictKind
	Grade Grade
	Root  *ssa.Function
	// Script says how a type system calls Root and methods; nil otherwise.
	Script *Script
	// Stuck are the goroutines that hang together, the likely cause first.
	Stuck []Stuck
	// Also are those that hang as a consequence.
	Also []Stuck
	// Running are the goroutines that go on beside a Wait for them: nothing that can still
	// happen ends them.
	Running []Stuck
	// Witness is a shortest schedule that leads there.
	Witness []Step
	// Context says that the first stuck goroutine holds the context on whose end
	// another one left in the select at ContextPos.
	Context    bool
	ContextPos token.Pos
	// Heals says that the defect is gone when the channel of the first stuck
	// send is made with capacity 1, and nothing else goes wrong then.
	Heals bool
	// Doubt says why the verdict is a guess, Doubted where.
	Doubt   string
	Doubted ssa.Instruction
	// Complete says that the system was explored as a whole.
	Complete bool
	// At is the number of the state where it goes wrong, Of how many there are.
	At, Of int
}

// Result is what the machine finds in a package.
type Result struct {
	Verdicts []*Verdict
	Stats    Stats
	// Panic is what the machine panicked with, or nil; see [Of].
	Panic *skeleton.Panic
}

// Limits of one system and of one package, in states and in instructions. What
// there is to find is found early: see docs/design/machine.md.
const (
	systemStates  = 2500
	packageStates = 15000
	systemWork    = 150_000
	leastWork     = systemWork / 3
	packageWork   = 1_200_000
)

// Run explores the systems of a package.
func Run(pkg *skeleton.Package) *Result { return explorePackage(pkg, (*Result).run) }

// explorePackage runs f for a package where there is anything to see, and keeps what
// it panics with.
func explorePackage(pkg *skeleton.Package, f func(*Result, *programs)) *Result {
	res := new(Result)
	res.Panic = skeleton.Safely(func() {
		if !pkg.Built() {
			return
		}
		// The names of objects are looked up in tables that the lock analyses share.
		pkg.Mu.Lock()
		defer pkg.Mu.Unlock()
		f(res, newPrograms(pkg))
	})
	return res
}

func (res *Result) run(ps *programs) {
	type key struct {
		kind  VerdictKind
		instr ssa.Instruction
	}
	seen := make(map[key]bool)
	states := skeleton.Debug("states")
	list, calls := roots(ps)
	cut := make(map[*ssa.Function]bool)
	tell := func(s *system, found []*Verdict) {
		if states != nil {
			s.dump(states)
		}
		for _, v := range found {
			k := key{v.Kind, v.Stuck[0].Instr}
			if v.Kind == Deadlock {
				k.kind = Leak
			}
			told := func(x Stuck) bool { return seen[key{k.kind, x.Instr}] }
			known := slices.ContainsFunc(v.Stuck[1:], told) || slices.ContainsFunc(v.Also, told)
			if !seen[k] && !known { // else it hangs for a defect that is told already
				seen[k] = true
				res.Verdicts = append(res.Verdicts, v)
			}
		}
	}
	var large []*ssa.Function
	share := shares(ps.pkg)
	for i, root := range list {
		if res.Stats.States > packageStates*share || res.Stats.Work > packageWork*share {
			res.Stats.Cut++
			large = append(large, root)
			continue
		}
		begin := time.Now()
		s := newSystem(ps, root, nil, nil, systemStates)
		// Where there are more roots than can be run to the bounds, each has its part.
		s.work = min(max((packageWork*share-res.Stats.Work)/(len(list)-i), leastWork), systemWork)
		if cut[root] = slices.ContainsFunc(calls[root], func(f *ssa.Function) bool { return cut[f] }); cut[root] {
			// It cannot be run to its end either: look at its beginning only.
			s.limit, s.work = systemStates/4, max(s.work/4, leastWork/2)
		}
		s, found := s.findings()
		if cut[root] = cut[root] || s.stats.Cut > 0; s.stats.Cut > 0 {
			large = append(large, root)
		}
		res.Stats.add(s.stats, root, time.Since(begin))
		tell(s, found)
	}
	res.refine(ps, large, tell)
	res.asks(ps)
}

// shares says how many times the limits of a package one has: large ones, which take
// longer to compile as well, have more.
func shares(pkg *skeleton.Package) int {
	const (
		instructions = 80_000
		most         = 4
	)
	n := 0
	for _, fn := range pkg.Funcs {
		for _, b := range fn.Blocks {
			n += len(b.Instrs)
		}
	}
	return min(1+n/instructions, most)
}

// roots lists the functions worth running: those that start goroutines or make
// something to synchronise on, themselves or a few calls down, smallest first; and
// for each the others that it runs.
func roots(ps *programs) (list []*ssa.Function, calls map[*ssa.Function][]*ssa.Function) {
	calls = make(map[*ssa.Function][]*ssa.Function)
	level := make(map[*ssa.Function]int)
	var grow func(fn *ssa.Function, depth int) bool
	starts := func(fn *ssa.Function) bool {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Go, *ssa.MakeChan:
					return true
				case *ssa.Alloc:
					t := deref(instr.Type())
					if ops.IsLock(t) || ops.IsWaitGroup(t) || ops.IsCond(t) {
						return true
					}
				case ssa.CallInstruction:
					switch op, _ := ps.pkg.Op(instr.Common()); op.Kind {
					case ops.WgGo, ops.GroupGo, ops.GroupTryGo, ops.GroupWithContext, ops.CtxWithCancel:
						return true
					}
					if _, r, ok := ps.pkg.Runner(instr); ok && r.Starts {
						return true
					}
				}
			}
		}
		return false
	}
	grow = func(fn *ssa.Function, depth int) bool {
		if l, ok := level[fn]; ok {
			return l > 0
		}
		level[fn] = 0
		if !ps.isActive(fn) {
			return false
		}
		if starts(fn) {
			level[fn] = 1
			return true
		}
		if depth > 4 {
			return false
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case ssa.CallInstruction:
					fns, _ := ps.pkg.Callees(instr)
					for _, f := range fns {
						if grow(f, depth+1) {
							level[fn] = max(level[fn], level[f]+1)
							calls[fn] = append(calls[fn], f)
						}
					}
				case *ssa.MakeClosure:
					f := instr.Fn.(*ssa.Function)
					if grow(f, depth+1) {
						level[fn] = max(level[fn], level[f]+1)
						calls[fn] = append(calls[fn], f)
					}
				}
			}
		}
		return level[fn] > 0
	}
	for _, fn := range ps.pkg.Funcs {
		if grow(fn, 0) && fn.Synthetic == "" {
			list = append(list, fn)
		}
	}
	size := make(map[*ssa.Function]int)
	slices.SortStableFunc(list, func(a, b *ssa.Function) int {
		return cmp.Or(level[a]-level[b], ps.size(a, size)-ps.size(b, size))
	})
	return list, calls
}

// size is how many instructions a function has with those that it leads to: small ones
// come first, before large ones have used up what there is for a package.
func (ps *programs) size(fn *ssa.Function, known map[*ssa.Function]int) int {
	if n, ok := known[fn]; ok {
		return n
	}
	n := 0
	known[fn] = n
	if !ps.isActive(fn) {
		return n
	}
	for _, b := range fn.Blocks {
		n += len(b.Instrs)
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case ssa.CallInstruction:
				fns, _ := ps.pkg.Callees(instr)
				for _, f := range fns {
					n += ps.size(f, known)
				}
			case *ssa.MakeClosure:
				n += ps.size(instr.Fn.(*ssa.Function), known)
			}
		}
	}
	n = min(n, maxSize)
	known[fn] = n
	return n
}

// maxSize is as large as a function is said to be.
const maxSize = 1 << 20

// attach adds the witness that leads to node i.
func (s *system) attach(v *Verdict, i int) {
	v.At, v.Of = i, len(s.nodes)
	for _, e := range s.path(i) {
		for _, ev := range e.trace.list() {
			st := Step{Goroutine: int(ev.gid), What: ev.what, Case: ev.index, Instr: ev.instr}
			switch ev.what {
			case "calls":
				st.Func = s.script.Calls[ev.index].Func
				st.Pos = st.Func.Pos()
			case "starts":
				st.Start = int(ev.other)
				st.Func = s.gids[ev.other].fn
				st.Pos = st.Func.Pos()
			}
			if ev.instr != nil {
				st.Pos = ev.instr.Pos()
			}
			v.Witness = append(v.Witness, st)
		}
	}
}

func (s *system) describe(st *state, gid int32, instr ssa.Instruction, obj val, op opKind) Stuck {
	d := Stuck{Instr: instr, Root: s.user(gid), Goroutine: int(gid), Pos: instr.Pos(), End: instr.Pos() + 1, Func: instr.Parent(), Nil: obj.k == null}
	if site := s.gids[gid].site; site != nil {
		d.Go = site.Pos()
	}
	for _, g := range st.gs {
		if g.id != gid {
			continue
		}
		for i := range len(g.stack) - 1 {
			d.Calls = append(d.Calls, g.stack[i].block_().Instrs[g.stack[i].pc].Pos())
		}
	}
	switch op {
	case opSend:
		d.Op = Send
	case opRecv:
		d.Op = Recv
	case opSelect:
		d.Op = Select
	case opLock, opRLock:
		d.Op = Lock
		if op == opRLock {
			d.Op = RLock
		}
		y := st.lookSync(obj)
		d.Self = y.writer == gid+1 || slices.Contains(y.readers, gid)
	case opWait, opGroupWait:
		d.Op, d.WaitGroup = Wait, op == opWait
	case opCondWait:
		d.Op = CondWait
	case opOnce:
		d.Op = Once
	case opAcquire, opGroupGo:
		d.Op = Acquire
	}
	if obj.n > 0 && int(obj.n) < len(s.objs) && (obj.k == channel || obj.k == ptr) {
		if site, ok := s.objs[obj.n].key.site.(ssa.Value); ok {
			d.Made = site.Pos()
		}
		if o := st.look(obj.n); o != nil {
			d.Cap = int(o.cap)
		}
	}
	d.Pos, d.End, d.Object = Source(s.ps.pkg.Pass.Files, instr)
	return d
}

// Source finds an operation in the source: the expression or statement, and
// the operand as the user wrote it.
func Source(files []*ast.File, instr ssa.Instruction) (pos, end token.Pos, object string) {
	at := instr.Pos()
	pos, end = at, at+1
	if !at.IsValid() {
		if fn := instr.Parent(); fn != nil && fn.Pos().IsValid() {
			pos, end = fn.Pos(), fn.Pos()+1
		}
		return pos, end, ""
	}
	for _, f := range files {
		if at < f.FileStart || at >= f.FileEnd {
			continue
		}
		path, _ := astutil.PathEnclosingInterval(f, at, at+1)
		for _, n := range path {
			switch n := n.(type) {
			case *ast.SendStmt:
				return n.Pos(), n.End(), types.ExprString(n.Chan)
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					return n.Pos(), n.End(), types.ExprString(n.X)
				}
			case *ast.RangeStmt:
				return n.X.Pos(), n.X.End(), types.ExprString(n.X)
			case *ast.SelectStmt:
				return n.Select, n.Select + token.Pos(len("select")), "select"
			case *ast.CallExpr:
				if n.Lparen == at || n.Pos() == at {
					switch fun := ast.Unparen(n.Fun).(type) {
					case *ast.SelectorExpr:
						return n.Pos(), n.End(), types.ExprString(fun.X)
					case *ast.Ident:
						if len(n.Args) > 0 && fun.Name == "close" {
							return n.Pos(), n.End(), types.ExprString(n.Args[0])
						}
						return n.Pos(), n.End(), fun.Name
					}
					return n.Pos(), n.End(), ""
				}
			case *ast.DeferStmt:
				if n.Defer == at {
					if sel, ok := ast.Unparen(n.Call.Fun).(*ast.SelectorExpr); ok {
						return n.Call.Pos(), n.Call.End(), types.ExprString(sel.X)
					}
					if len(n.Call.Args) > 0 {
						return n.Call.Pos(), n.Call.End(), types.ExprString(n.Call.Args[0])
					}
					return n.Call.Pos(), n.Call.End(), types.ExprString(n.Call.Fun)
				}
			}
		}
	}
	return pos, end, ""
}
