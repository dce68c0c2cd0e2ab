package lockblock

import (
	_ "embed"
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/lockset"
)

//go:embed doc.go
var doc string

// Check is the analyzer with its description.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Locks,
	Default:    true,
	Categories: []string{"channel", "waitgroup"},
	Requires:   []*analysis.Analyzer{lockset.Analyzer},
	Run:        run,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter) error {
	s := pass.ResultOf[lockset.Analyzer].(*lockset.Set)
	for _, b := range s.Blocked {
		report.Report(finding(s, b))
	}
	return nil
}

func finding(s *lockset.Set, b lockset.Blocked) diag.Finding {
	at := b.Event.Instr
	pos, end := s.Range(at)
	what, lock := b.What.String(), b.Lock.Ref.String()
	f := diag.Finding{Pos: pos, End: end, Category: "channel"}
	var op, other string
	switch b.Op {
	case "send":
		op, other = "send on "+what, "the receive"
	case "receive":
		op, other = "receive from "+what, "the send"
	default:
		f.Category = "waitgroup"
		op, other = what+".Wait", what+".Done"
	}
	f.Message = fmt.Sprintf("%s blocks forever: %s is held since %s, and %s (%s) comes after a Lock of it; unlock it before",
		op, lock, s.Place(at, b.Lock.At), other, s.Place(at, b.Counter))
	if b.Between {
		f.Message = fmt.Sprintf("%s blocks forever when the receiver (%s) has come to its Lock (%s): %s is held since %s; unlock it before",
			op, s.Place(at, b.Counter), s.Place(at, b.Needs), lock, s.Place(at, b.Lock.At))
	}
	lp, le := s.Range(b.Lock.At)
	cp, ce := s.Range(b.Counter)
	np, ne := s.Range(b.Needs)
	f.Related = []analysis.RelatedInformation{
		{Pos: lp, End: le, Message: lock + " is locked here"},
		{Pos: np, End: ne, Message: "the other side locks it here"},
		{Pos: cp, End: ce, Message: "before it gets here"},
	}
	if b.Between {
		f.Related[2].Message = "before it comes here again"
	}
	return f
}
