package verdict

import (
	"fmt"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/shared"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// Stopped is the category of what waits for another side that leaves when it is told to.
const Stopped = "stopped"

// ReportStopped reports the deserted sends and receives of the package that mine takes, but
// for those that have been told of. A goroutine that would wait at several places for the
// same other side is reported at the first.
func ReportStopped(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool, mine func(*shared.Deserted) bool) {
	type defect struct {
		leaves, in *ssa.Function
	}
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	seen := make(map[defect]bool)
	for _, d := range s.Deserted() {
		f := StoppedFinding(pass, &d)
		k := defect{d.By, d.At.Parent()}
		if !mine(&d) || told[f.Pos] || seen[k] {
			continue
		}
		seen[k] = true
		report.Report(f)
	}
}

// StoppedFinding words what waits for another side that has been told to stop, or has left for
// an error. Its category is [Stopped].
func StoppedFinding(pass *analysis.Pass, d *shared.Deserted) diag.Finding {
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	verb := "receive from"
	if d.Sends {
		verb = "send on"
	}
	full := ""
	if d.Sends && d.Room > 0 {
		full = ", when that is full,"
	}
	pos, end, on := machine.Source(pass.Files, d.At)
	f := diag.Finding{Pos: pos, End: end, Category: Stopped}
	sp := machine.Speaker{Pass: pass}
	by := skeleton.FuncName(d.By)
	var cause, causeEnd token.Pos
	if d.Error != nil {
		cause, causeEnd = s.Source(d.Error)
		f.Message = fmt.Sprintf("%s %s%s blocks forever once %s has returned for an error on %s; let it tell those that wait",
			verb, on, full, by, sp.Place(pos, cause))
	} else {
		cause = d.Leaves.States[d.Case].Pos
		causeEnd = cause + 1
		taken := sp.Case(cause)
		if d.More {
			taken += ", or the like,"
		}
		f.Message = fmt.Sprintf("%s %s%s blocks forever once %s has taken %s on %s; select on that here too",
			verb, on, full, by, taken, sp.Place(pos, cause))
	}
	if d.Go != nil {
		start, end := s.Spawn(d.Go)
		f.Related = append(f.Related, analysis.RelatedInformation{Pos: start, End: end, Message: "the goroutine is started here"})
	}
	f.Related = append(f.Related, analysis.RelatedInformation{Pos: cause, End: causeEnd, Message: "this leaves it waiting"})
	return f
}

// Unwatched is the category of lone sends beside one that listens for the end as well.
const Unwatched = "unwatched"

// ReportUnwatched reports the lone sends of the package beside one in a select, which hears of
// the end of a context, or, without context, of a channel that is closed.
func ReportUnwatched(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool, context bool) {
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	sp := machine.Speaker{Pass: pass}
	deserted := make(map[ssa.Instruction]bool)
	for _, d := range s.Deserted() {
		deserted[d.At] = true
	}
	for _, u := range s.Unwatched() {
		pos, end, on := machine.Source(pass.Files, u.At)
		listens := u.Other.States[u.Case].Pos
		if told[pos] || deserted[u.At] || context != u.Context {
			continue
		}
		report.Report(diag.Finding{
			Pos: pos, End: end, Category: Unwatched,
			Message: fmt.Sprintf("send on %s blocks forever once %s has ended who receives, which %s reckons with; select on that here too",
				on, sp.Case(listens), sp.Place(pos, listens)),
			Related: []analysis.RelatedInformation{{Pos: listens, End: listens + 1, Message: "this send hears of the end"}},
		})
	}
}

// ReportOneSided reports the operations of the package on channels that have no other side: sends
// as no-receiver, or receives as no-sender.
func ReportOneSided(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool, sends bool) {
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	sp := machine.Speaker{Pass: pass}
	for _, o := range s.OneSided() {
		pos, end, on := machine.Source(pass.Files, o.At)
		if told[pos] || o.Sends != sends {
			continue
		}
		told[pos] = true
		f := diag.Finding{
			Pos: pos, End: end, Category: "no-sender",
			Message: fmt.Sprintf("receive from %s blocks forever: nothing in the package sends on a channel of this field or closes it (it is made on %s)", on, sp.Place(pos, o.Made.Pos())),
			Related: []analysis.RelatedInformation{{Pos: o.Made.Pos(), End: o.Made.Pos() + 1, Message: "the channel is made here"}},
		}
		if sends {
			f.Category = "no-receiver"
			f.Message = fmt.Sprintf("send on %s blocks forever: nothing in the package receives from a channel of this field (it is made, with no room, on %s)", on, sp.Place(pos, o.Made.Pos()))
		}
		report.Report(f)
	}
}
