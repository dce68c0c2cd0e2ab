package chanclose

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

// also reports what is seen without the machine.
func also(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool) {
	follow(pass, report, told)
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	for _, l := range s.LateSends() {
		pos, end, object := machine.Source(pass.Files, l.Send)
		closed, closedEnd := s.Source(l.Close)
		taken, takenEnd := s.Source(l.Take)
		if told[pos] {
			continue
		}
		told[pos] = true
		if _, ok := l.Send.(*ssa.Select); ok {
			object = "a channel of this select"
		}
		report.Report(diag.Finding{
			Pos: pos, End: end, Category: "past-unlock",
			Message: fmt.Sprintf("send on %s panics if %s closes it meanwhile (%s): it was taken under %s, unlocked since; send under the lock",
				object, skeleton.FuncName(l.By), s.PlaceOf(pos, closed), l.Lock),
			Related: []analysis.RelatedInformation{
				{Pos: closed, End: closedEnd, Message: "closed here, under the lock"},
				{Pos: taken, End: takenEnd, Message: "taken out here, under the lock"},
			},
		})
	}
	for _, c := range s.CheckedSends() {
		checked(pass, report, told, s, &c)
	}
	for _, r := range s.Reclosed() {
		reclosed(report, told, s, &r)
	}
	for _, r := range s.Restarted() {
		restarted(report, told, s, &r)
	}
	for _, l := range s.LeftClosed() {
		pos, end := s.Source(l.Close)
		send, sendEnd := s.Source(l.Send)
		if told[pos] {
			continue
		}
		told[pos] = true
		report.Report(diag.Finding{
			Pos: pos, End: end, Category: "left-in-map",
			Message: fmt.Sprintf("the closed channel stays in %s: the next send of %s on it (%s) panics, as does a second close; delete it there",
				l.Map.Name(), skeleton.FuncName(skeleton.Outermost(l.Send.Parent())), s.PlaceOf(pos, send)),
			Related: []analysis.RelatedInformation{{Pos: send, End: sendEnd, Message: "sent on here"}},
		})
	}
	for _, l := range s.LazyCloses() {
		pos, end := s.Source(l.Close)
		made, madeEnd := s.Source(l.Make)
		if told[pos] {
			continue
		}
		told[pos] = true
		report.Report(diag.Finding{
			Pos: pos, End: end, Category: "close-nil",
			Message: fmt.Sprintf("close of %s panics if nobody has called %s: it is nil until that makes it (%s); close it if it is not nil",
				l.Chan, skeleton.FuncName(l.By), s.PlaceOf(pos, made)),
			Related: []analysis.RelatedInformation{{Pos: made, End: madeEnd, Message: "made here, when it is first asked for"}},
		})
	}
	for _, c := range s.BareCloses() {
		pos, end := s.Source(c.Close)
		other, otherEnd := s.Source(c.Once)
		if told[pos] || told[other] {
			continue
		}
		told[pos] = true
		report.Report(diag.Finding{
			Pos: pos, End: end, Category: "close-closed",
			Message: fmt.Sprintf("close of %s panics if %s (%s) has closed it: that asks %s whether it is the first, and this does not; call %s instead",
				c.Chan, skeleton.FuncName(c.By), s.PlaceOf(pos, other), c.Name, c.By.Name()),
			Related: []analysis.RelatedInformation{{Pos: other, End: otherEnd, Message: "closed here, once"}},
		})
	}
}

// checked reports a send that what closes can get before, although it was looked.
func checked(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool, s *shared.Set, c *shared.CheckedSend) {
	pos, end, _ := machine.Source(pass.Files, c.Send)
	closed, closedEnd := s.Source(c.Close)
	look, lookEnd := s.Source(c.Look)
	if told[pos] {
		return
	}
	told[pos] = true
	remedy := "hold a lock over both and the close"
	if c.Lock != "" {
		remedy = "hold " + c.Lock + " over both"
	}
	report.Report(diag.Finding{
		Pos: pos, End: end, Category: "past-check",
		Message: fmt.Sprintf("send on %s panics if %s (%s) closes it after the look at %s; %s, or signal by another channel",
			c.Chan, skeleton.FuncName(skeleton.Outermost(c.By)), s.PlaceOf(pos, closed), c.Mark, remedy),
		Related: []analysis.RelatedInformation{
			{Pos: look, End: lookEnd, Message: "looked at here"},
			{Pos: closed, End: closedEnd, Message: "closed here"},
		},
	})
}

// reclosed words a close of what is told to leave, and may have been thrown out before.
func reclosed(report *diag.Reporter, told map[token.Pos]bool, s *shared.Set, r *shared.Reclosed) {
	pos, end := s.Source(r.Close)
	heard, heardEnd := s.Source(r.Told)
	taken, takenEnd := s.Source(r.Taken)
	if told[pos] {
		return
	}
	told[pos] = true
	report.Report(diag.Finding{
		Pos: pos, End: end, Category: "close-closed",
		Message: fmt.Sprintf("close of %s panics if %s has taken it out of the map and closed it before; look whether it is still there",
			r.Chan, s.PlaceOf(pos, taken)),
		Related: []analysis.RelatedInformation{
			{Pos: taken, End: takenEnd, Message: "this leads to the other close"},
			{Pos: heard, End: heardEnd, Message: "received here, from who does not know of that"},
		},
	})
}

// restarted words a close that is executed again when the object has been started anew.
func restarted(report *diag.Reporter, told map[token.Pos]bool, s *shared.Set, r *shared.Restarted) {
	pos, end := s.Source(r.Close)
	back, backEnd := s.Source(r.Back)
	both, bothEnd := s.Source(r.Both)
	if told[pos] {
		return
	}
	told[pos] = true
	report.Report(diag.Finding{
		Pos: pos, End: end, Category: "close-closed",
		Message: fmt.Sprintf("close of %s panics the second time: %s sets %s anew (%s) without another channel; make one there",
			r.Chan, skeleton.FuncName(r.Back.Parent()), r.Mark, s.PlaceOf(pos, back)),
		Related: []analysis.RelatedInformation{
			{Pos: back, End: backEnd, Message: "the mark is set anew here"},
			{Pos: both, End: bothEnd, Message: "called here after " + skeleton.FuncName(r.Close.Parent())},
		},
	})
}
