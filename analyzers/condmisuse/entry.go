package condmisuse

import (
	"fmt"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// unlocked reports a Wait that is reached without any lock: no path of its
// function has one, and the function is entered without.
func (c *checker) unlocked(cd *cond, w *wait) bool {
	fn := w.call.Parent()
	if _, ok := w.call.(*ssa.Call); !ok || c.held(fn, w.call) || !c.enteredBare(fn, cd.lock, 0) {
		return false
	}
	name := w.ref.String()
	c.report.Report(diag.Finding{
		Pos: w.node.Pos(), End: w.node.End(), Category: withoutLock,
		Message: fmt.Sprintf("%s.Wait panics: it unlocks %s.L, which no path to it has locked; lock it before the loop", name, name),
	})
	return true
}

// held reports whether on some path a lock is held at the instruction, also
// when that is not known.
func (c *checker) held(fn *ssa.Function, at ssa.Instruction) bool {
	fl := c.locks.Of(fn)
	if fl == nil {
		return false
	}
	if fl.Cut {
		return true
	}
	for _, ev := range fl.Events {
		if ev.Instr == at && len(ev.States) > 0 {
			switch ev.Kind {
			case skeleton.BlockEvent, skeleton.HeldCall, skeleton.StoreEvent, skeleton.CallEvent:
				for _, held := range ev.States {
					if len(held) > 0 {
						return true
					}
				}
			}
		}
	}
	return false
}

// enteredBare reports whether fn is entered, on some way that is in sight,
// without a lock: as a goroutine, from other packages that cannot have the
// lock, or by a function that is itself entered so and holds none at the call.
func (c *checker) enteredBare(fn *ssa.Function, lock access.Class, depth int) bool {
	if known, ok := c.bare[fn]; ok {
		return known
	}
	c.bare[fn] = false // recursion
	yes := c.published(fn, lock)
	sites := c.pkg.Sites(fn)
	for _, s := range sites {
		caller := s.Parent()
		if yes && c.pkg.InTest(caller) {
			continue // which can do what other packages cannot
		}
		switch s.(type) {
		case *ssa.Go:
			if c.locked(caller) {
				return false // it may leave its lock to the goroutine
			}
			yes = true
		case *ssa.Call:
			if c.locked(caller) {
				return false // with the lock after all, perhaps
			}
			yes = yes || depth < 4 && !c.held(caller, s) && c.enteredBare(caller, lock, depth+1)
		default:
			return false
		}
	}
	if c.pkg.UsedAsValue(fn) {
		return false
	}
	for _, mc := range c.pkg.Closures(fn) {
		for _, r := range *mc.Referrers() {
			call, ok := r.(ssa.CallInstruction)
			if !ok || call.Common().Value != mc {
				return false
			}
		}
	}
	c.bare[fn] = yes
	return yes
}

// locked reports whether fn takes a lock anywhere: that of the Cond may be the
// one it is in fact holding by a name that is not understood.
func (c *checker) locked(fn *ssa.Function) bool {
	fl := c.locks.Of(fn)
	if fl == nil {
		return false
	}
	for _, ev := range fl.Events {
		if ev.Kind == skeleton.LockEvent || ev.Kind == skeleton.CallEvent {
			return true
		}
	}
	return fl.Cut
}

// published reports whether other packages can call fn and cannot hold the lock.
func (c *checker) published(fn *ssa.Function, lock access.Class) bool {
	obj := skeleton.Declared(fn)
	if obj == nil {
		return false
	}
	if obj.Name() == "main" && obj.Pkg().Name() == "main" {
		return true
	}
	if !obj.Exported() || lock.Var == nil || lock.Var.Exported() || fn.Blocks == nil {
		return false
	}
	recv := obj.Signature().Recv()
	if recv == nil {
		return true
	}
	return exportedWithoutLock(recv.Type())
}
