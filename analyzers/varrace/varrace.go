package varrace

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/shared"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

//go:embed doc.go
var doc string

// Check is the analyzer and what users are told about it.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Races,
	Fixable:    true,
	Default:    true,
	Categories: []string{"instances", "requests", "spawner", "siblings", "loop-variable", "subtests", "sent", "overwritten", "spare-capacity"},
	Requires:   []*analysis.Analyzer{shared.Analyzer},
	Run:        run,
})

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter) error {
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	conflicts := s.Conflicts()
	told := make(map[[2]string]bool) // n, err = f() is one mistake
	for i := range conflicts {
		if c := &conflicts[i]; c.A.KindOf() == shared.Var && c.A.Atomic == c.B.Atomic && !s.Told(c, false) {
			lines := [2]string{line(s, &c.A), line(s, &c.B)}
			if c.Way != shared.Request && told[lines] {
				continue
			}
			told[lines] = true
			if c.A.Spare {
				f := diag.Finding{Category: "spare-capacity"}
				t, fix := s.AppendText(c)
				f.Pos, f.End, f.Message, f.Related, f.Fix = t.Pos, t.End, t.Message+"; clip the slice first", t.Related, fix
				report.Report(f)
				continue
			}
			if f, ok := finding(s, c, report); ok {
				report.Report(f)
			}
		}
	}
	for i, r := range s.Reuses() {
		if r.Field == nil {
			f := diag.Finding{Category: "sent"}
			f.Pos, f.End, f.Message, f.Related = s.DescribeReuse(&s.Reuses()[i])
			report.Report(f)
		}
	}
	for i := range s.Overwrites() {
		f := diag.Finding{Category: "overwritten"}
		f.Pos, f.End, f.Message, f.Related = s.DescribeOverwrite(&s.Overwrites()[i])
		report.Report(f)
	}
	return nil
}

// line is where an access is, with its file.
func line(s *shared.Set, a *shared.Access) string {
	pos, _ := s.Range(a)
	p := s.Pass.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

func finding(s *shared.Set, c *shared.Conflict, report *diag.Reporter) (f diag.Finding, ok bool) {
	t := s.Describe(c)
	f = diag.Finding{Pos: t.Pos, End: t.End, Category: c.Category(), Related: t.Related}
	fix := remedy(s, c, t.At)
	switch {
	case c.Parallel:
		fix = "declare " + t.Name + " in the subtest"
	case c.Abandoned:
		fix = "let the goroutine send its result"
	case c.Way == shared.Spawner && wanted(c):
		fix = "wait for it first"
	case c.Way == shared.Spawner && t.At == &c.B:
		if loop := s.LoopVar(s.Declared(t.At)); loop != nil && report.Before(loop.Pos(), "go1.22") {
			if literal := t.Other.Leaf.Parent().Parent() != nil; literal && last(loop, t.Start) {
				return f, false // loopclosure, of x/tools, says so
			}
			f.Category = "loop-variable"
			f.Message = fmt.Sprintf("the loop sets %s for its next turn, which races with %s in the goroutine of %s; pass %s as an argument", t.Name, t.Against, t.Starts, t.Name)
			return f, true
		}
	}
	f.Message = t.Message + "; " + fix
	f.Fix = local(s, c, t.At)
	return f, true
}

// wanted reports whether the function reads what the goroutine writes, and
// does not poll it.
func wanted(c *shared.Conflict) bool {
	return c.A.Write && !c.B.Write && (c.A.Elem || !skeleton.Loops(c.B.At))
}

// remedy is what to do about accesses that are to go on at the same time.
func remedy(s *shared.Set, c *shared.Conflict, at *shared.Access) string {
	if c.Shared {
		return "take the lock by Lock, not RLock"
	}
	if v := s.Declared(at); v != nil && !at.Part() {
		if types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
			return "declare the error in the goroutine"
		}
		if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Info()&(types.IsInteger|types.IsBoolean) != 0 {
			return "use sync/atomic or a mutex"
		}
	}
	return "guard both by a mutex"
}

// last reports whether the statement at pos is the last one of the loop.
func last(loop ast.Stmt, pos token.Pos) bool {
	var body *ast.BlockStmt
	switch l := loop.(type) {
	case *ast.ForStmt:
		body = l.Body
	case *ast.RangeStmt:
		body = l.Body
	}
	if body == nil || len(body.List) == 0 {
		return false
	}
	end := body.List[len(body.List)-1]
	return end.Pos() <= pos && pos < end.End()
}
