package skeleton

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A Mode tells how a lock is held.
type Mode uint8

// The modes.
const (
	Exclusive Mode = iota
	Shared
)

// A Held is a lock that is held at some point of a path through a function.
type Held struct {
	Ref  *access.Ref
	Mode Mode
	// At is the instruction of the function that took it: the Lock itself,
	// or the call or defer that does.
	At ssa.Instruction
	// Stale says that the name has come to mean another object since.
	Stale bool
	// Result says that a call of this result of At, counted from one, releases
	// it; zero that an unlock does. See [Held.Key].
	Result int
	// Nameless says that all that is known of the lock is its key; Ref stands for
	// whatever lock that call took.
	Nameless bool
}

// An Effect is what a call leaves behind on one lock.
type Effect struct {
	Ref     *access.Ref
	Mode    Mode
	Release bool // else it is taken
	Result  int  // a call of this result, counted from one, releases it again
	Of      int  // the lock is a part of this result, counted from one
	// Nameless is of one with a Result: callers cannot name the lock.
	Nameless bool
}

// A Guard is what is known of a parameter or variable.
type Guard struct {
	Ref   *access.Ref
	Param int    // of a parameter, its index plus one
	Value string // a constant, "nil" included; empty for unknown
	Not   bool   // the value is any other
}

// An Exit is one way in which a function can return.
type Exit struct {
	Effects []Effect
	Results []Guard // what is known of each result; Ref is nil
	When    []Guard // what held of variables on entry
	Post    []Guard // what holds of variables afterwards, where it changed
}

// A Step is one call on the way to an operation.
type Step struct {
	Name string // of the function
	Pos  string // file:line of the call or operation in it
}

// An Acquire is a lock that a function takes itself or through calls, while it
// has not released it for its caller before.
type Acquire struct {
	Ref  *access.Ref
	Mode Mode
	// Chain leads from the function to the Lock, one step for each function.
	Chain []Step
	// At is where the function itself does it; it is no position for a
	// function of another package.
	At token.Pos
	// When is what must hold of flags for it to happen.
	When []Guard
	// Held are the locks that the function has taken itself by then, all in
	// its own terms.
	Held []Effect
	// Registered says that what is called on the way is registered with some
	// objects of the package, and not known to be with this one.
	Registered bool
}

// A ParamCall is a call of a function that the function was given, or of a method of an
// interface value that it was given.
type ParamCall struct {
	Param  int
	Method *types.Func // nil for a function
	At     string      // file:line
	Held   []Effect
}

// A Summary is what the callers of a function need to know of its locks.
type Summary struct {
	// Unknown says that the function is too complex. Its effects can be any
	// on the locks that Touches lists.
	Unknown  bool
	Exits    []Exit
	Acquires []Acquire
	Calls    []ParamCall
	// Touches are the locks that the function, or closures made in it, may
	// release or take.
	Releases []*access.Ref

	never bool // no path returns
}

// trivial reports whether the callers need not care.
func (s *Summary) trivial() bool {
	if s == nil {
		return true
	}
	if s.Unknown || len(s.Acquires) > 0 || len(s.Calls) > 0 || len(s.Releases) > 0 {
		return false
	}
	for _, e := range s.Exits {
		if len(e.Effects) > 0 {
			return false
		}
	}
	return true
}

// An EventKind is what happens at an [Event].
type EventKind uint8

// The kinds of events.
const (
	LockEvent EventKind = iota
	UnlockEvent
	CallEvent // a call that takes locks, itself or in what it calls
	BlockEvent
	StoreEvent // a write of a field, with a lock held
	HeldCall   // any call, of functions that have to do with locks, with a lock held
	// CallbackEvent is a call of a function that a field, parameter or variable
	// holds, and of which nothing is known, with a lock held.
	CallbackEvent
	OverwriteEvent // a struct is set to its zero value or a literal, with a lock in it held
)

// An Event is a point of a function that matters to locks.
type Event struct {
	Kind  EventKind
	Fn    *ssa.Function
	Instr ssa.Instruction // the call, defer, go, send, receive or select
	// Op is the operation, of an event that is one.
	Op ops.Op
	// Ref and Mode are those of the lock that is operated on.
	Ref  *access.Ref
	Mode Mode
	Try  bool
	// Deferred says that it happens when the function returns.
	Deferred bool
	// Callee is the function in this package that is called, or run by what
	// is called; Name is what to call it.
	Callee *ssa.Function
	Name   string
	// Acquires are the locks that the call takes, in the caller's terms.
	Acquires []Acquire
	// Callback says that the called function runs Callee, an argument, and
	// ByHeld what it holds then, in the caller's terms.
	Callback bool
	ByHeld   []Effect
	ByPos    string
	// Registered is what has put Callee into the field by which it is called; others
	// may be there, too.
	Registered ssa.Instruction
	// Format says that a formatting function runs Callee on an argument.
	Format bool
	// States are the distinct sets of held locks with which paths get here.
	States [][]Held
	// Outcomes of an unlock, over all paths.
	Matched, WrongMode, NotHeld, Twice bool
	// Opaque says that the lock is behind a Locker of which it is not known
	// what its Lock does.
	Opaque bool
	// Retakes says that a lock was released for the caller before it is taken.
	Retakes bool
	// Releases are the locks that the called functions release for a while, and
	// Callees the functions in this package that the call runs.
	Releases []*access.Ref
	Callees  []*ssa.Function
	// Freed is the previous unlock, of a Twice one; Taken what took the lock
	// in the wrong mode.
	Freed, Taken ssa.Instruction

	seen map[string]bool
}

// An ExitState is a way in which paths leave a function.
type ExitState struct {
	Instr    ssa.Instruction // the Return, or the Panic that is recovered
	Panic    bool
	Held     []Held
	Results  []Guard
	Released []*access.Ref // locks that are released for the caller
}

// FuncLocks is what is known of the locks of one function.
type FuncLocks struct {
	Fn      *ssa.Function
	Summary *Summary
	Events  []*Event
	Exits   []ExitState
	// Unwinds are the explicit panics that the function does not recover from itself,
	// with what is held when its deferred calls have run.
	Unwinds []ExitState
	// Released maps what takes a lock to what releases it again on some path.
	Released map[ssa.Instruction][]ssa.Instruction
	// Keyed maps what takes a lock to the calls of its key, which are among
	// those in Released.
	Keyed map[ssa.Instruction][]ssa.Instruction
	// Handed are locks whose release is handed over to other code.
	Handed map[*access.Ref]bool
	// Kept are locks that the function returns with, together with what
	// releases them; Keys the closures that do.
	Kept map[*access.Ref]bool
	Keys map[*ssa.MakeClosure]bool
	// Unsure are locks that are released here though it was not known
	// whether they are held.
	Unsure map[*access.Ref]bool
	// Cut says that the function was too large to explore; there are no
	// events then.
	Cut bool

	held   map[ssa.Instruction][]Held
	varies map[ssa.Instruction]bool // not the same on all paths
	bare   map[ssa.Instruction]bool // where nothing is held, of a function that is Cut
}

// Locks is what is known of the locks of a package.
type Locks struct {
	Funcs []*FuncLocks // in the order of Package.Funcs; those without locks are missing
	byFn  map[*ssa.Function]*FuncLocks

	imported *importedFacts
	// CutFuncs counts the functions that were too large.
	CutFuncs int
}

// Of returns what is known of fn, or nil when it has nothing to do with locks.
func (l *Locks) Of(fn *ssa.Function) *FuncLocks { return l.byFn[fn] }

// lockState is the part of Package that explores locks.
type lockState struct {
	p         *Package
	relevant  map[*ssa.Function]bool
	done      map[*ssa.Function]*FuncLocks
	busy      map[*ssa.Function]bool
	cyclic    map[*ssa.Function]bool
	stores    map[*ssa.Function]map[storeKey]bool
	releases  map[*ssa.Function][]*access.Ref
	releasing map[*ssa.Function]bool
	imported  *importedFacts
	known     map[*types.Var][]registration // nil until all is explored
}

// Locks explores the functions of the package that have to do with locks. The
// result is computed once.
func (p *Package) Locks() *Locks {
	if p.locks != nil {
		return p.locks
	}
	p.locks = &Locks{byFn: make(map[*ssa.Function]*FuncLocks)}
	if !p.Built() {
		return p.locks
	}
	ls := &lockState{
		p:         p,
		relevant:  make(map[*ssa.Function]bool),
		done:      make(map[*ssa.Function]*FuncLocks),
		busy:      make(map[*ssa.Function]bool),
		cyclic:    make(map[*ssa.Function]bool),
		stores:    make(map[*ssa.Function]map[storeKey]bool),
		releases:  make(map[*ssa.Function][]*access.Ref),
		releasing: make(map[*ssa.Function]bool),
	}
	ls.imported = p.imported
	p.locks.imported = p.imported
	ls.findRelevant()
	for _, fn := range p.Funcs {
		ls.explore(fn)
	}
	// What a recursive function saw of itself was nothing: once more.
	var again []*ssa.Function
	for _, fn := range p.Funcs {
		if ls.cyclic[fn] {
			again = append(again, fn)
		}
	}
	for _, fn := range again {
		fl := ls.exploreNow(fn)
		ls.done[fn] = fl
	}
	ls.register()
	for _, fn := range p.Funcs {
		if fl := ls.done[fn]; fl != nil {
			p.locks.Funcs = append(p.locks.Funcs, fl)
			p.locks.byFn[fn] = fl
			if fl.Cut {
				p.locks.CutFuncs++
			}
		}
	}
	return p.locks
}

// findRelevant finds the functions that operate on locks, directly or through
// calls and closures.
func (ls *lockState) findRelevant() {
	p := ls.p
	var work []*ssa.Function
	mark := func(fn *ssa.Function) {
		if fn != nil && !ls.relevant[fn] {
			ls.relevant[fn] = true
			work = append(work, fn)
		}
	}
	sites := make(map[*ssa.Function][]*ssa.Function)
	callsParam := make(map[*ssa.Function]bool)
	for _, fn := range p.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				op, _ := p.Op(call.Common())
				if isLockOp(op.Kind) {
					mark(fn)
				} else if runsNow(op.Kind) {
					if r, _ := p.unlocks(FuncArg(call.Common(), op)); r != nil {
						mark(fn)
					}
				} else if op.Kind == ops.None {
					if ls.imported.has(Static(call.Common())) {
						mark(fn)
					}
					targets, _ := p.callTargets(call)
					for _, t := range targets {
						sites[t.fn] = appendNew(sites[t.fn], fn)
					}
					if _, ok := call.Common().Value.(*ssa.Parameter); ok {
						callsParam[fn] = true
					}
				}
			}
		}
	}
	for {
		for len(work) > 0 {
			fn := work[len(work)-1]
			work = work[:len(work)-1]
			for _, caller := range sites[fn] {
				mark(caller)
			}
			mark(fn.Parent()) // it makes the closure
			for _, m := range p.formatted[fn] {
				mark(m)
			}
		}
		// A function that runs its argument matters when there are locks at
		// all: the argument may take some.
		if len(ls.relevant) == 0 || len(callsParam) == 0 {
			break
		}
		for _, fn := range p.Funcs {
			if callsParam[fn] {
				mark(fn)
			}
		}
		clear(callsParam)
	}
}

func isLockOp(k ops.Kind) bool {
	switch k {
	case ops.Lock, ops.RLock, ops.Unlock, ops.RUnlock, ops.TryLock, ops.TryRLock:
		return true
	}
	return false
}

// explore returns what is known of fn, nil when it has nothing to do with
// locks, and a provisional nothing when it is being explored.
func (ls *lockState) explore(fn *ssa.Function) *FuncLocks {
	if !ls.relevant[fn] {
		return nil
	}
	if fl, ok := ls.done[fn]; ok {
		return fl
	}
	if ls.busy[fn] {
		ls.cyclic[fn] = true
		return nil
	}
	ls.busy[fn] = true
	fl := ls.exploreNow(fn)
	ls.done[fn] = fl
	delete(ls.busy, fn)
	return fl
}

// where is a position as facts and messages carry it.
func (p *Package) where(pos token.Pos) string {
	if !pos.IsValid() {
		return ""
	}
	at := p.Pass.Fset.Position(pos)
	return shortFile(at.Filename) + ":" + itoa(at.Line)
}

// zeroes reports whether the store sets a whole struct to its zero value or to a
// literal.
func (p *Package) zeroes(st *ssa.Store) bool {
	if _, ok := st.Val.Type().Underlying().(*types.Struct); !ok {
		return false
	}
	switch v := st.Val.(type) {
	case *ssa.Const:
		return true
	case *ssa.UnOp:
		a, ok := v.X.(*ssa.Alloc)
		return ok && a.Comment == "complit"
	}
	return false
}

// partOf reports whether the lock lies in the struct itself, and not behind a pointer
// in it.
func partOf(lock, whole *access.Ref) bool {
	for r := lock; r != whole; r = r.Base {
		if r.Kind != access.Field {
			return false
		}
		if _, ok := r.Field.Type().Underlying().(*types.Struct); !ok {
			return false
		}
	}
	return lock != whole
}
