package lockorder

import (
	_ "embed"
	"fmt"
	"path/filepath"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/lockset"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

//go:embed doc.go
var doc string

// Check is the analyzer with its description. Of locks of different objects it has
// to be known that the same ones meet; that they do is often wrong when it is
// only assumed: see docs/precision.md.
var Check = diag.WithFlag(diag.Spec{
	Doc:        doc,
	Family:     diag.Locks,
	Default:    true,
	Categories: []string{"reversed", "circle", "swapped", "objects", "instances"},
	Requires:   []*analysis.Analyzer{lockset.Analyzer},
}, "all", "report also orders of locks of which it is not known that the same objects meet", run)

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter, all bool) error {
	s := lockset.Of(pass)
	for _, c := range s.Cycles {
		if all || c.Meet {
			report.Report(finding(s, c))
		}
	}
	for _, t := range s.Twins {
		if all || t.Certain {
			report.Report(twin(s, t))
		}
	}
	return nil
}

// twin words two locks of one field.
func twin(s *lockset.Set, t lockset.Twin) diag.Finding {
	pos, end := s.Range(t.Event.Instr)
	what := t.Second.String() + " is locked"
	if n := len(t.Chain); n > 0 {
		what = fmt.Sprintf("the call locks %s (%s)", t.Second, t.Chain[n-1].Pos)
	}
	category, call := "instances", "a call"
	if t.Certain {
		category = "swapped"
	}
	if t.Root != t.Event.Fn {
		call += " of " + skeleton.FuncName(t.Root)
	}
	then := ", at the same time, blocks both forever"
	if t.Shared {
		then = " blocks, and both do forever, when Lock of each waits as well"
	}
	hp, he := s.Range(t.Held)
	return diag.Finding{
		Pos: pos, End: end, Category: category,
		Message: fmt.Sprintf("%s while %s is held: %s with %s and %s swapped%s; use an order of their own", what, t.First, call, t.A.Name(), t.B.Name(), then),
		Related: []analysis.RelatedInformation{{Pos: hp, End: he, Message: t.First.String() + " is locked here"}},
	}
}

// finding reports the last edge of the circle, with the others as related
// positions.
func finding(s *lockset.Set, c lockset.Cycle) diag.Finding {
	last, first := c.Edges[len(c.Edges)-1], c.Edges[0]
	pos, end := s.Range(last.At)
	f := diag.Finding{Pos: pos, End: end, Category: "reversed"}
	what := fmt.Sprintf("%s.%s", last.Name, lockset.Method(last.ToMode))
	if len(last.Chain) > 0 {
		what = fmt.Sprintf("call that locks %s (%s)", last.To, last.Chain[len(last.Chain)-1].Pos)
	}
	at := s.Pass.Fset.Position(s.Pos(first.At))
	place := fmt.Sprintf("%s (%s:%d)", skeleton.FuncName(first.Fn), filepath.Base(at.Filename), at.Line)
	f.Message = fmt.Sprintf("%s while holding %s reverses the order in %s: two goroutines can block each other forever", what, last.From, place)
	if len(c.Edges) == 3 {
		f.Category = "circle"
		mid := c.Edges[1]
		midAt := s.Pass.Fset.Position(s.Pos(mid.At))
		f.Message = fmt.Sprintf("%s while holding %s closes a circle with %s and %s:%d: all three can block forever",
			what, last.From, place, filepath.Base(midAt.Filename), midAt.Line)
	}
	if !c.Meet {
		f.Category = "objects"
	}
	hp, he := s.Range(last.Held)
	f.Related = append(f.Related, analysis.RelatedInformation{Pos: hp, End: he, Message: last.From + " is locked here"})
	for _, e := range c.Edges[:len(c.Edges)-1] {
		p, q := s.Range(e.At)
		f.Related = append(f.Related, analysis.RelatedInformation{Pos: p, End: q, Message: fmt.Sprintf("%s is locked here while %s is held", e.To, e.From)})
	}
	return f
}
