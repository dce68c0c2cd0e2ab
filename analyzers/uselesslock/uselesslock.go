package uselesslock

import (
	_ "embed"
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/lockset"
	"github.com/conclint/conclint/analyzers/internal/shared"
)

//go:embed doc.go
var doc string

// Check is the analyzer with its description.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Locks,
	Default:    true,
	Categories: []string{"local", "read-lock", "empty"},
	Requires:   []*analysis.Analyzer{lockset.Analyzer, shared.Analyzer},
	Run:        run,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter) error {
	s := lockset.Of(pass)
	races := pass.ResultOf[shared.Analyzer].(*shared.Set)
	for _, u := range s.Useless {
		if u.Kind != lockset.ReadWrite && u.Kind != lockset.ElementWrite || !races.UnderReadLock(u.At) {
			report.Report(finding(s, u))
		}
	}
	return nil
}

func finding(s *lockset.Set, u lockset.Useless) diag.Finding {
	pos, end := s.Range(u.At)
	f := diag.Finding{Pos: pos, End: end}
	switch u.Kind {
	case lockset.Local:
		f.Category = "local"
		f.Message = fmt.Sprintf("%s.Lock keeps nobody out: %s is a new mutex in each call; keep it beside what it guards", u.Ref, u.Ref)
	case lockset.Empty:
		f.Category = "empty"
		f.Message = fmt.Sprintf("%s.Unlock right after the Lock leaves the write of %s on %s unguarded; defer it", u.Ref, u.Field, s.Place(u.At, u.Other))
		op, oe := s.Range(u.Other)
		f.Related = []analysis.RelatedInformation{{Pos: op, End: oe, Message: "written without the lock here"}}
	case lockset.ElementWrite:
		f.Category = "read-lock"
		f.Message = fmt.Sprintf("write of %s races with itself in another call: %s is held for reading since %s, which lets both in; Lock it, or use an atomic",
			u.Field, u.Ref, s.Place(u.At, u.Held))
		hp, he := s.Range(u.Held)
		f.Related = []analysis.RelatedInformation{{Pos: hp, End: he, Message: u.Ref.String() + " is locked for reading here"}}
	case lockset.ReadWrite:
		f.Category = "read-lock"
		f.Message = fmt.Sprintf("write of %s races with other readers: %s is held for reading since %s; other writes Lock it (%s)",
			u.Field, u.Ref, s.Place(u.At, u.Held), s.Place(u.At, u.Other))
		hp, he := s.Range(u.Held)
		op, oe := s.Range(u.Other)
		f.Related = []analysis.RelatedInformation{
			{Pos: hp, End: he, Message: u.Ref.String() + " is locked for reading here"},
			{Pos: op, End: oe, Message: "written with " + u.Ref.String() + " held for writing here"},
		}
	}
	return f
}
