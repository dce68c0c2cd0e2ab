package checkact

import (
	_ "embed"
	"fmt"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/shared"
)

//go:embed doc.go
var doc string

// Check is the analyzer and what users are told about it.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Races,
	Default:    true,
	Fixable:    true,
	Categories: []string{"sync-map", "double-checked", "recheck", "channel-length", "close", "once", "lost-update"},
	Requires:   []*analysis.Analyzer{shared.Analyzer},
	Run:        run,
})

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter) error {
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	gaps := s.Gaps()
	for i := range gaps {
		report.Report(finding(s, &gaps[i]))
	}
	return nil
}

// finding points at the act, and for a read without any lock at that.
func finding(s *shared.Set, g *shared.Gap) diag.Finding {
	at, other, word := g.Act, g.Check, "the check"
	if g.Kind == shared.Unlocked || g.Kind == shared.Outside {
		at, other, word = g.Check, g.Act, "the write"
	}
	var f diag.Finding
	f.Pos, f.End = s.Source(at)
	pos, end := s.Source(other)
	f.Related = []analysis.RelatedInformation{{Pos: pos, End: end, Message: word}}
	where := s.PlaceOf(f.Pos, pos)
	switch g.Kind {
	case shared.SyncMap:
		f.Category = "sync-map"
		f.Message = fmt.Sprintf("two goroutines can both find the key missing in %s on %s, and this Store replaces what the other one has stored and uses; use LoadOrStore", g.Name, where)
		if f.Fix = loadOrStore(s, g); g.Tells {
			f.Fix = nil
			f.Message = fmt.Sprintf("two goroutines can both find the key missing in %s on %s before this Store, and both be told that they were the first; use LoadOrStore", g.Name, where)
		}
		if g.Computed {
			f.Fix = nil
			f.Message = fmt.Sprintf("a Store by another goroutine between the Load of %s on %s and this Store is lost; use CompareAndSwap in a loop, or a lock", g.Name, where)
		}
	case shared.Unlocked:
		f.Category = "double-checked"
		f.Message = fmt.Sprintf("read of %s without %s races with the write on %s; make the first check under the lock, or use sync.Once", g.Name, g.Lock, where)
		if !g.Second {
			f.Message = fmt.Sprintf("read of %s without %s races with the write on %s, which nothing checks again; check under the lock", g.Name, g.Lock, where)
		}
	case shared.LetGo:
		f.Category = "recheck"
		if g.Computed {
			f.Category = "lost-update"
			f.Message = fmt.Sprintf("%s is unlocked between the read of %s on %s and this write, which is computed from it: what others write in between is lost; lock both at once", g.Lock, g.Name, where)
			f.Related[0].Message = "the read"
			break
		}
		then := "replaces what the other one has stored and uses"
		if g.Effect != nil {
			then = "both start the goroutine"
			if call, ok := g.Effect.(*ssa.Call); ok {
				then = "both close " + s.NameOf(call.Call.Args[0])
			}
		}
		f.Message = fmt.Sprintf("two goroutines can pass the check of %s on %s before %s is locked again, and %s; check again", g.Name, where, g.Lock, then)
		if g.Limit {
			f.Message = fmt.Sprintf("%s is unlocked between the check of %s on %s and this count: several goroutines can pass it at the limit; count before the unlock, or check again", g.Lock, g.Name, where)
		} else if g.Effect == nil {
			f.Message = fmt.Sprintf("%s is unlocked between the check of %s on %s and this write, which %s; check again", g.Lock, g.Name, where, then)
		}
	case shared.Outside:
		f.Category = "once"
		f.Message = fmt.Sprintf("read of %s before %s.Do races with the write on %s, which another goroutine can be at; leave the check to Do", g.Name, g.Lock, where)
	case shared.Closing:
		f.Category = "close"
		f.Message = fmt.Sprintf("close of %s panics if two goroutines find it open on %s; use sync.Once", g.Name, where)
	default:
		f.Category = "channel-length"
		op, state := "receive from", "empty"
		if _, send := g.Act.(*ssa.Send); send {
			op, state = "send to", "full"
		}
		f.Message = fmt.Sprintf("%s %s blocks if another goroutine leaves it %s after the check of its length on %s; use select with default", op, g.Name, state, where)
	}
	return f
}
