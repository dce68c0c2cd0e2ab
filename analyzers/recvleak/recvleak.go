package recvleak

import (
	_ "embed"
	"fmt"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/pipe"
	"github.com/conclint/conclint/analyzers/internal/shared"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
	"github.com/conclint/conclint/analyzers/internal/source"
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
		Categories: []string{"abandoned", "pipe", verdict.Stopped, "left-open", "unanswered", "pending", "no-sender", "lost-wakeup"},
		Requires:   []*analysis.Analyzer{source.Analyzer, shared.Analyzer},
	},
	Finding: finding,
	Also:    also,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

// finding takes the verdicts that leave a goroutine behind at a receive.
func finding(sp machine.Speaker, v *machine.Verdict) (diag.Finding, bool) {
	x := v.Stuck[0]
	if v.Kind != machine.Leak || x.Nil || x.Root || v.WantsContext() || x.Op != machine.Recv && (x.Op != machine.Select || !x.Receives()) {
		return diag.Finding{}, false
	}
	clause, cause := sp.Cause(v)
	if clause == "" {
		clause = "since nothing sends or closes"
	}
	forever := "blocks forever"
	if x.Ranges() {
		forever = "never ends"
		clause += "; close " + x.Object + " on every path"
	}
	return diag.Finding{
		Pos: x.Pos, End: x.End, Category: "abandoned",
		Message: fmt.Sprintf("%s %s %s", x.Operation(), forever, clause),
		Related: sp.Related(v, cause),
	}, true
}

// also reports what needs no schedule: pipes, and goroutines whose other side has stopped.
func also(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool) {
	pipes(pass, report)
	verdict.ReportStopped(pass, report, told, func(d *shared.Deserted) bool { return !d.Sends && (d.Go != nil || d.Error != nil) })
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	for _, c := range s.SkippedCloses() {
		skipped(report, told, s, &c)
	}
	for _, u := range s.Unanswered() {
		unanswered(report, told, s, &u)
	}
	for _, p := range s.Pending() {
		pending(pass, report, told, s, &p)
	}
	for _, l := range s.LostWakes() {
		lost(report, told, s, &l)
	}
	verdict.ReportOneSided(pass, report, told, false)
}

// lost words a wakeup that is dropped when its receiver is on the way.
func lost(report *diag.Reporter, told map[token.Pos]bool, s *shared.Set, l *shared.LostWake) {
	pos, end := s.Source(l.Receive)
	send, sendEnd := s.Source(l.Send)
	look, lookEnd := s.Source(l.Look)
	made, madeEnd := s.Source(l.Made)
	if told[pos] {
		return
	}
	told[pos] = true
	report.Report(diag.Finding{
		Pos: pos, End: end, Category: "lost-wakeup",
		Message: fmt.Sprintf("a wakeup on %s between the look on %s and this receive is lost: the select on %s drops it; make the channel with room for one",
			l.Chan, s.PlaceOf(pos, look), s.PlaceOf(pos, send)),
		Related: []analysis.RelatedInformation{
			{Pos: look, End: lookEnd, Message: "looks for what there is to do"},
			{Pos: send, End: sendEnd, Message: "sends if the receiver waits already"},
			{Pos: made, End: madeEnd, Message: "made without room"},
		},
	})
}

// skipped words a return that leaves a channel open which others wait for.
func skipped(report *diag.Reporter, told map[token.Pos]bool, s *shared.Set, c *shared.SkippedClose) {
	pos := c.Return.Pos()
	closes, closesEnd := s.Source(c.Close)
	waits, waitsEnd := s.Source(c.Receive)
	if told[waits] {
		return
	}
	told[waits] = true
	report.Report(diag.Finding{
		Pos: pos, End: pos + token.Pos(len("return")), Category: "left-open",
		Message: fmt.Sprintf("return leaves %s open, which only %s closes: the receive (%s) blocks forever; close it on every path", c.Chan, s.PlaceOf(pos, closes), s.PlaceOf(pos, waits)),
		Related: []analysis.RelatedInformation{
			{Pos: waits, End: waitsEnd, Message: "whoever has the object waits here"},
			{Pos: closes, End: closesEnd, Message: "closed here, on the other path"},
		},
	})
}

// unanswered words a receive of who asks, where the other side has a way without an answer.
func unanswered(report *diag.Reporter, told map[token.Pos]bool, s *shared.Set, u *shared.Unanswered) {
	pos, end := s.Source(u.At)
	if told[pos] {
		return
	}
	told[pos] = true
	answers, answersEnd := s.Source(u.Answers)
	report.Report(diag.Finding{
		Pos: pos, End: end, Category: "unanswered",
		Message: fmt.Sprintf("receive from %s blocks forever if %s leaves without an answer on %s; answer on every path", u.Chan, skeleton.FuncName(u.By), s.PlaceOf(pos, u.Leaves)),
		Related: []analysis.RelatedInformation{
			{Pos: u.Leaves, End: u.Leaves + 1, Message: "this leaves the request without an answer"},
			{Pos: answers, End: answersEnd, Message: "answered here, on another path"},
		},
	})
}

// pending words a receive of who is in a map when the goroutine leaves that would have answered.
func pending(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool, s *shared.Set, p *shared.Pending) {
	pos, end, on := machine.Source(pass.Files, p.At)
	if told[pos] {
		return
	}
	told[pos] = true
	cause, causeEnd := s.Source(p.Error)
	start, startEnd := s.Spawn(p.Go)
	report.Report(diag.Finding{
		Pos: pos, End: end, Category: "pending",
		Message: fmt.Sprintf("receive from %s blocks forever once %s has returned for an error on %s; let it answer those in %s", on, skeleton.FuncName(p.By), s.PlaceOf(pos, cause), p.Map),
		Related: []analysis.RelatedInformation{
			{Pos: start, End: startEnd, Message: "the goroutine that answers is started here"},
			{Pos: cause, End: causeEnd, Message: "this leaves those in the map without an answer"},
		},
	})
}

// pipes reports the goroutines that are left at a read from a pipe.
func pipes(pass *analysis.Pass, report *diag.Reporter) {
	for _, l := range pipe.Readers(pass) {
		report.Report(diag.Finding{
			Pos: l.At.Pos(), End: l.At.End(), Category: "pipe",
			Message: fmt.Sprintf("read from %s never ends if %s returns on line %d with %s open; close %s by CloseWithError on every path",
				l.End.Name(), l.In, report.Position(l.Return.Pos()).Line, l.Open.Name(), l.Open.Name()),
			Related: append(source.Related(l.Go, "the goroutine is started here"), source.Related(l.Return, "this leaves it waiting")...),
		})
	}
}
