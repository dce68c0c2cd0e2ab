package fieldrace

import (
	_ "embed"
	"fmt"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/shared"
)

//go:embed doc.go
var doc string

// Check is the analyzer and what users are told about it. What guards a field is
// inferred, and two of ten are guarded otherwise: see docs/precision.md.
var Check = diag.WithFlag(diag.Spec{
	Doc:        doc,
	Family:     diag.Races,
	Fixable:    true,
	Default:    true,
	Categories: []string{"unguarded", "read-lock", "returned", "instances", "requests", "spawner", "siblings", "subtests", "methods", "next-call", "other-object", "reread", "busy-wait", "sent", "taken-out", "two-locks", "past-unlock", "copied", "spare-capacity"},
	Requires:   []*analysis.Analyzer{shared.Analyzer},
}, "guarded", "report accesses without the lock that is held at most others", run)

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter, guarded bool) error {
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	conflicts := s.Conflicts()
	for i := range conflicts {
		if c := &conflicts[i]; c.A.KindOf() == shared.Field && c.A.Atomic == c.B.Atomic && !s.Told(c, guarded) {
			if c.A.Spare {
				report.Report(appended(s.AppendText(c)))
				continue
			}
			t := s.Describe(c)
			report.Report(diag.Finding{
				Pos: t.Pos, End: t.End, Category: c.Category(), Related: t.Related,
				Message: t.Message + "; guard both by a mutex",
			})
		}
	}
	breaks := s.Unguarded()
	for i := range breaks {
		if u := &breaks[i]; !u.At.Map && !u.ToldBy(s) && (guarded || u.ByDefault()) {
			var f diag.Finding
			f.Pos, f.End, f.Category, f.Message, f.Related = s.DescribeBreak(u)
			report.Report(f)
		}
	}
	loose, polls := s.Loose(), s.Polls()
	for i := range loose {
		l := &loose[i]
		polled := slices.ContainsFunc(polls, func(p shared.Poll) bool { return p.At.Leaf == l.Against.Leaf })
		if !l.At.Map && !polled && !l.ToldBy(s) {
			t := s.DescribeLoose(l)
			report.Report(diag.Finding{
				Pos: t.Pos, End: t.End, Category: l.Category(), Related: t.Related,
				Message: t.Message + "; " + l.Remedy(),
			})
		}
	}
	for i := range polls {
		t := s.DescribePoll(&polls[i])
		report.Report(diag.Finding{
			Pos: t.Pos, End: t.End, Category: "busy-wait", Related: t.Related,
			Message: t.Message + "; use sync/atomic or a channel",
		})
	}
	for _, a := range s.Appends() {
		report.Report(appended(s.DescribeAppend(&a)))
	}
	for _, c := range s.LateCopies() {
		report.Report(copied(s, &c))
	}
	for i, r := range s.Reuses() {
		if r.Field != nil {
			f := diag.Finding{Category: "sent"}
			f.Pos, f.End, f.Message, f.Related = s.DescribeReuse(&s.Reuses()[i])
			report.Report(f)
		}
	}
	return nil
}

// appended is about an append to a slice that can have room.
func appended(t shared.Text, fix *analysis.SuggestedFix) diag.Finding {
	return diag.Finding{
		Pos: t.Pos, End: t.End, Category: "spare-capacity", Related: t.Related, Fix: fix,
		Message: t.Message + "; clip the slice first",
	}
}

// copied is about a method that locks what its copy of the receiver points to.
func copied(s *shared.Set, c *shared.LateCopy) diag.Finding {
	pos, end := s.Source(c.At)
	from, to := s.Range(&c.Write)
	name := c.Param.Name()
	return diag.Finding{
		Pos: pos, End: end, Category: "copied",
		Message: fmt.Sprintf("%s.%s was copied with the receiver, before %s.%s is locked: that races with the write on %s; make the receiver a pointer",
			name, c.Field.Name(), name, c.Lock.Name(), s.PlaceOf(pos, from)),
		Related: []analysis.RelatedInformation{{Pos: from, End: to, Message: "the write, under the lock"}},
	}
}
