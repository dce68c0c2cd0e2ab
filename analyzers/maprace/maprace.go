package maprace

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/shared"
)

//go:embed doc.go
var doc string

// Check is the analyzer and what users are told about it.
var Check = diag.WithFlag(diag.Spec{
	Doc:        doc,
	Family:     diag.Races,
	Default:    true,
	Categories: []string{"instances", "requests", "spawner", "siblings", "subtests", "unguarded", "read-lock", "returned", "past-unlock", "sent", "methods", "next-call", "other-object"},
	Requires:   []*analysis.Analyzer{shared.Analyzer},
}, "guarded", "report accesses without the lock that is held at most others, however few these are", run)

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter, guarded bool) error {
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	conflicts := s.Conflicts()
	for i := range conflicts {
		if c := &conflicts[i]; c.A.KindOf() == shared.Map && !s.Told(c, guarded) {
			t := s.Describe(c)
			remedy := "guard " + t.Name + " by a mutex"
			if c.Shared {
				remedy = "take the lock by Lock, not RLock"
			}
			report.Report(diag.Finding{
				Pos: t.Pos, End: t.End, Category: c.Category(), Related: t.Related,
				Message: t.Message + ", and no map is safe for that; " + remedy,
			})
		}
	}
	breaks := s.Unguarded()
	for i := range breaks {
		if u := &breaks[i]; u.At.Map && !u.ToldBy(s) && (guarded || u.ByDefault()) {
			var f diag.Finding
			f.Pos, f.End, f.Category, f.Message, f.Related = s.DescribeBreak(u)
			report.Report(f)
		}
	}
	loose := s.Loose()
	for i := range loose {
		if l := &loose[i]; l.At.Map && !l.ToldBy(s) {
			t := s.DescribeLoose(l)
			report.Report(diag.Finding{
				Pos: t.Pos, End: t.End, Category: l.Category(), Related: t.Related,
				Message: t.Message + ", and no map is safe for that; " + l.Remedy(),
			})
		}
	}
	return nil
}
