package deadlock

import (
	_ "embed"
	"fmt"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/lockset"
	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
	"github.com/conclint/conclint/analyzers/internal/verdict"
)

//go:embed doc.go
var doc string

// Check is the analyzer with its description.
var Check = verdict.New(verdict.Spec{
	Spec: diag.Spec{
		Doc:        doc,
		Family:     diag.Goroutines,
		Default:    true,
		Categories: []string{"hang", "left-behind"},
		Requires:   []*analysis.Analyzer{lockset.Analyzer},
	},
	Finding: finding,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

// applies leaves single goroutines at channels to sendleak and recvleak, and
// nil channels to nilchan.
func applies(v *machine.Verdict) bool {
	x := v.Stuck[0]
	switch v.Kind {
	case machine.Deadlock:
		if sel, ok := x.Instr.(*ssa.Select); ok && len(sel.States) == 0 {
			return false // a function that is meant not to return
		}
		return !x.Nil && !onlyWaits(v)
	case machine.Leak:
		switch x.Op {
		case machine.Send, machine.Recv, machine.Select:
			return x.Root && !x.Nil
		}
		return !onlyWaits(v)
	}
	return false
}

// onlyWaits reports whether nothing but Waits of a WaitGroup hang: too few Done,
// the matter of wgmisuse.
func onlyWaits(v *machine.Verdict) bool {
	return !slices.ContainsFunc(v.Stuck, func(x machine.Stuck) bool { return !x.WaitGroup })
}

func finding(sp machine.Speaker, v *machine.Verdict) (diag.Finding, bool) {
	if !applies(v) || doubled(sp.Pass, v) || foreign(v) {
		return diag.Finding{}, false
	}
	x := v.Stuck[0]
	clause, cause := sp.Cause(v)
	f := diag.Finding{Pos: x.Pos, End: x.End, Category: "hang", Related: sp.Related(v, cause)}
	f.Message = x.Operation() + " blocks forever"
	switch other := partner(v); {
	case other != nil:
		f.Message += fmt.Sprintf(": %s on %s waits too", other.Operation(), sp.Place(x.Pos, other.Pos))
	case clause != "":
		f.Message += " " + clause
	default:
		f.Message += ": no other goroutine can end it"
	}
	if v.Kind == machine.Leak {
		f.Category = "left-behind"
	}
	return f, true
}

// foreign reports whether a Wait of a Cond hangs that is not written in the root
// itself: what the loop around it waits for is kept by methods, as data that is
// not followed.
func foreign(v *machine.Verdict) bool {
	return slices.ContainsFunc(slices.Concat(v.Stuck, v.Also), func(x machine.Stuck) bool {
		return x.Op == machine.CondWait && skeleton.Outermost(x.Func) != skeleton.Outermost(v.Root)
	})
}

// doubled reports whether a goroutine waits for what it holds itself, and
// doublelock says so.
func doubled(pass *analysis.Pass, v *machine.Verdict) bool {
	locks := lockset.Of(pass)
	return slices.ContainsFunc(v.Stuck, func(x machine.Stuck) bool {
		return x.Self && slices.ContainsFunc(locks.Double, func(d lockset.Double) bool {
			pos := d.Event.Instr.Pos()
			return pos == x.Instr.Pos() || slices.Contains(x.Calls, pos)
		})
	})
}

// partner is another goroutine that hangs together with the first.
func partner(v *machine.Verdict) *machine.Stuck {
	for _, list := range [][]machine.Stuck{v.Stuck[1:], v.Also} {
		for i := range list {
			if list[i].Instr != v.Stuck[0].Instr {
				return &list[i]
			}
		}
	}
	return nil
}
