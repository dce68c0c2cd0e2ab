package fieldrace

import (
	_ "embed"
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/shared"
)

//go:embed doc.go
var doc string

// Check is the analyzer and what users are told about it.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Races,
	Default:    false, // what guards a field is a guess; see docs/precision.md
	Categories: []string{"unguarded", "read-lock", "returned", "past-unlock", "instances", "requests", "spawner", "siblings", "subtests"},
	Requires:   []*analysis.Analyzer{shared.Analyzer},
	Run:        run,
})

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter) error {
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	conflicts := s.Conflicts()
	for i := range conflicts {
		if c := &conflicts[i]; c.A.KindOf() == shared.Field && c.A.Atomic == c.B.Atomic && !s.Told(c) {
			t := s.Describe(c)
			report.Report(diag.Finding{
				Pos: t.Pos, End: t.End, Category: c.Category(), Related: t.Related,
				Message: t.Message + "; guard both by a mutex",
			})
		}
	}
	breaks := s.Unguarded()
	for i := range breaks {
		if u := &breaks[i]; !u.At.Map {
			report.Report(finding(s, u))
		}
	}
	return nil
}

func finding(s *shared.Set, u *shared.Unguarded) diag.Finding {
	f := diag.Finding{}
	f.Pos, f.End = s.Range(&u.At)
	name := s.Name(&u.At)
	f.Category = "unguarded"
	f.Message = fmt.Sprintf("%s of %s without %s races with the %s on %s: %d of %d accesses hold %s; lock it here too",
		shared.Does(&u.At), name, u.Name, shared.Does(&u.Against), s.Place(f.Pos, &u.Against), u.Held, u.All, u.Lock.Name())
	if u.Break == shared.ReadHeld {
		f.Category = "read-lock"
		f.Message = fmt.Sprintf("write of %s under %s.RLock races with the %s on %s, which can hold it too; take %s.Lock",
			name, u.Name, shared.Does(&u.Against), s.Place(f.Pos, &u.Against), u.Name)
	}
	if u.Break == shared.Returned {
		f.Category = "returned"
		f.Message = fmt.Sprintf("returning %s hands out the slice itself: its reader races with the write on %s, under %s; return a copy",
			name, s.Place(f.Pos, &u.Against), u.Name)
	}
	if u.Break == shared.Kept {
		f.Category = "past-unlock"
		f.Pos, f.End = s.Source(u.Use)
		taken, _ := s.Range(&u.At)
		f.Message = fmt.Sprintf("the slice taken from %s on %s is used past the unlock, which races with the write on %s, under %s; copy it first",
			name, s.PlaceOf(f.Pos, taken), s.Place(f.Pos, &u.Against), u.Name)
	}
	pos, end := s.Range(&u.Against)
	f.Related = []analysis.RelatedInformation{{Pos: pos, End: end, Message: "the other access, a " + shared.Does(&u.Against)}}
	return f
}
