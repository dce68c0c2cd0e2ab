package lockblock

import (
	_ "embed"
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/lockset"
	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/shared"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

//go:embed doc.go
var doc string

// Categories.
const (
	channel   = "channel"
	waitgroup = "waitgroup"
	cond      = "cond"
	join      = "join"
	handler   = "handler"
	leaving   = "leaving"
)

// Check is the analyzer with its description.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Locks,
	Default:    true,
	Categories: []string{channel, waitgroup, cond, join, handler, leaving},
	Requires:   []*analysis.Analyzer{lockset.Analyzer, shared.Analyzer},
	Run:        run,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter) error {
	s := lockset.Of(pass)
	for _, b := range s.Blocked {
		report.Report(finding(s, b))
	}
	for _, h := range pass.ResultOf[shared.Analyzer].(*shared.Set).HeldSends() {
		report.Report(leave(pass, s, &h))
	}
	return nil
}

// leave words a send, under a lock, to somebody who needs the lock to leave.
func leave(pass *analysis.Pass, s *lockset.Set, h *shared.HeldSend) diag.Finding {
	pos, end, ch := machine.Source(pass.Files, h.Send)
	lp, le := s.Range(h.Locked)
	dp, de := s.Range(h.Delete)
	return diag.Finding{
		Pos: pos, End: end, Category: leaving,
		Message: fmt.Sprintf("send on %s blocks forever if who should receive calls %s (%s), which waits for %s, held since %s; send when it is unlocked",
			ch, skeleton.FuncName(h.By), s.Place(h.Send, h.Delete), h.Lock, s.Place(h.Send, h.Locked)),
		Related: []analysis.RelatedInformation{
			{Pos: lp, End: le, Message: h.Lock + " is locked here"},
			{Pos: dp, End: de, Message: "who gets out of the map does so under it"},
		},
	}
}

func finding(s *lockset.Set, b lockset.Blocked) diag.Finding {
	at := b.Event.Instr
	pos, end := s.Range(at)
	what, lock := b.What.String(), b.Lock.Ref.String()
	f := diag.Finding{Pos: pos, End: end, Category: channel}
	var op, other string
	switch b.Op {
	case lockset.Send:
		op, other = "send on "+what, "the receive"
	case lockset.Receive:
		op, other = "receive from "+what, "the send"
	case lockset.GroupWait:
		f.Category = waitgroup
		op, other = what+".Wait", what+".Done"
		if b.Body != nil {
			other = "the end of a goroutine"
		}
	case lockset.CondWait:
		f.Category = cond
		op, other = what+".Wait", "the wakeup"
	}
	if b.Op == lockset.Shutdown {
		op = what + ".Shutdown"
	}
	if b.Select {
		op, other = "select", "what each case waits for"
	}
	if b.Via != nil {
		op = fmt.Sprintf("the %s (%s) in this call", op, s.Place(at, b.Via))
	}
	f.Message = fmt.Sprintf("%s blocks forever: %s is held since %s, and %s (%s) comes after a Lock of it; unlock it before",
		op, lock, s.Place(at, b.Lock.At), other, s.Place(at, b.Counter))
	if b.Between {
		f.Message = fmt.Sprintf("%s blocks forever when the receiver (%s) has come to its Lock (%s): %s is held since %s; unlock it before",
			op, s.Place(at, b.Counter), s.Place(at, b.Needs), lock, s.Place(at, b.Lock.At))
		if b.Full {
			f.Message = fmt.Sprintf("%s, once full, blocks forever: its receiver comes to the Lock (%s) of %s, held since %s; unlock it before",
				op, s.Place(at, b.Needs), lock, s.Place(at, b.Lock.At))
		}
	}
	if b.Join {
		f.Category = join
		who, blocks := "the goroutine", "blocks forever"
		if b.Limited {
			blocks = "waits until its context is done"
		}
		if b.Op == lockset.Shutdown {
			f.Category, who = handler, "a handler"
		}
		held := "held since " + s.Place(at, b.Lock.At)
		if b.Via != nil {
			held = "held" // the call has a place more
		}
		f.Message = fmt.Sprintf("%s %s if %s (%s) is at its Lock (%s): %s is %s; unlock it before",
			op, blocks, who, s.Place(at, b.Counter), s.Place(at, b.Needs), lock, held)
	}
	lp, le := s.Range(b.Lock.At)
	cp, ce := s.Range(b.Counter)
	np, ne := s.Range(b.Needs)
	f.Related = []analysis.RelatedInformation{
		{Pos: lp, End: le, Message: lock + " is locked here"},
		{Pos: np, End: ne, Message: "the other side locks it here"},
		{Pos: cp, End: ce, Message: "before it gets here"},
	}
	switch {
	case b.Between:
		f.Related[2].Message = "before it comes here again"
	case b.Op == lockset.Shutdown:
		f.Related[2].Message = "the handler is handed in here"
	case b.Body != nil:
		f.Related[2].Message = "the goroutine is started here"
	}
	if b.Via != nil {
		vp, ve := s.Range(b.Via)
		f.Related = append(f.Related, analysis.RelatedInformation{Pos: vp, End: ve, Message: "the wait is here"})
	}
	return f
}
