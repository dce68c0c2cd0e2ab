package atomicmix

import (
	_ "embed"
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/shared"
)

//go:embed doc.go
var doc string

// Check is the analyzer and what users are told about it. Two of three of what the flag
// asks for are about memory that is ordered otherwise: see docs/precision.md.
var Check = diag.WithFlag(diag.Spec{
	Doc:        doc,
	Family:     diag.Races,
	Default:    true,
	Categories: []string{"read-back", "copy", "mixed", "load-store", "check-store", "value-type"},
	Requires:   []*analysis.Analyzer{shared.Analyzer},
}, "all", "report also what is mixed in different functions, and two atomic operations that should be one", run)

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter, all bool) error {
	if !imports(pass, "sync/atomic") {
		return nil
	}
	s := pass.ResultOf[shared.Analyzer].(*shared.Set)
	told := make(map[*ssa.Function]bool) // that read several words: one report tells
	for _, m := range s.Mixed() {
		switch fn := m.At.At.Parent(); {
		case m.Again:
			report.Report(again(s, &m.At, &m.Atomic))
		case all, m.Beside, m.Certain && !told[fn]:
			told[fn] = true
			f := mixed(s, &m.At, &m.Atomic)
			if m.Lock != "" {
				f.Message = strings.TrimSuffix(f.Message, "use package atomic for both") + "it holds " + m.Lock + ", which that does not: take the lock there too"
			}
			report.Report(f)
		}
	}
	for _, r := range s.ReadBacks() {
		report.Report(readBack(s, &r))
	}
	for _, c := range s.AtomicCopies() {
		report.Report(copied(s, &c))
	}
	for _, v := range s.ValueStores() {
		report.Report(valueType(s, &v))
	}
	conflicts := s.Conflicts()
	for i := range conflicts {
		// In a function and its goroutine: what no rule of the package says.
		if c := &conflicts[i]; c.A.Atomic != c.B.Atomic {
			plain, atomic := &c.A, &c.B
			if plain.Atomic {
				plain, atomic = atomic, plain
			}
			report.Report(mixed(s, plain, atomic))
		}
	}
	for _, t := range s.Torn() {
		if all || t.Together && !t.Check {
			report.Report(torn(s, &t))
		}
	}
	return nil
}

// again is about a plain read of what the function has just set atomically.
func again(s *shared.Set, plain, atomic *shared.Access) diag.Finding {
	pos, end := s.Range(plain)
	apos, aend := s.Range(atomic)
	name := s.Name(plain)
	return diag.Finding{
		Pos: pos, End: end, Category: "read-back",
		Message: fmt.Sprintf("plain read of %s races with the atomic write on %s by another goroutine, which can have changed it since; use what that returned, or load it atomically",
			name, s.PlaceOf(pos, apos)),
		Related: []analysis.RelatedInformation{{Pos: apos, End: aend, Message: "the atomic write"}},
	}
}

// readBack is about an atomic read of what the function has just added to.
func readBack(s *shared.Set, r *shared.ReadBack) diag.Finding {
	pos, end := s.Source(r.Load)
	apos, aend := s.Source(r.Add)
	return diag.Finding{
		Pos: pos, End: end, Category: "read-back",
		Message: fmt.Sprintf("another goroutine can add to %s between the Add on %s and this Load, and both get one value; use what Add returns", r.Ref.String(), s.PlaceOf(pos, apos)),
		Related: []analysis.RelatedInformation{{Pos: apos, End: aend, Message: "the Add"}},
	}
}

// copied is about an atomic operation on a copy.
func copied(s *shared.Set, c *shared.AtomicCopy) diag.Finding {
	pos, end := s.Source(c.At)
	opos, oend := s.Source(c.Other)
	name := c.Ref.String()
	does := "reads a copy, made by a plain read that races with the atomic write on " + s.PlaceOf(pos, opos)
	if c.Write {
		does = "changes a copy, and " + name + " itself stays as it is"
	}
	return diag.Finding{
		Pos: pos, End: end, Category: "copy",
		Message: fmt.Sprintf("atomic operation on %s %s: the receiver %s is a value; make it a pointer", name, does, c.Param.Name()),
		Related: []analysis.RelatedInformation{{Pos: opos, End: oend, Message: "written atomically here"}},
	}
}

// valueType is about a store in an atomic.Value that panics.
func valueType(s *shared.Set, v *shared.ValueStore) diag.Finding {
	pos, end := s.Source(v.Store)
	f := diag.Finding{Pos: pos, End: end, Category: "value-type"}
	name := v.Ref.String()
	short := func(t types.Type) string { return types.TypeString(t, types.RelativeTo(s.Pass.Pkg)) }
	switch {
	case v.Nil:
		f.Message = fmt.Sprintf("store of nil in %s panics; use an atomic.Pointer, or store an empty value", name)
	case v.Other == nil:
		f.Message = fmt.Sprintf("store in %s panics when the error is of another type than the one before; store a struct that holds it, or use an atomic.Pointer", name)
	default:
		f.Message = fmt.Sprintf("store of %s in %s panics after the store of %s on %s: all values must be of one type; store a struct that holds it",
			short(v.Type), name, short(v.Had), s.PlaceOf(pos, v.Other.Pos()))
		if v.Other != v.Store {
			opos, oend := s.Source(v.Other)
			f.Related = []analysis.RelatedInformation{{Pos: opos, End: oend, Message: "a value of the other type is stored here"}}
		} else {
			f.Message = fmt.Sprintf("store in %s panics when it is of %s after %s, or the other way round: all values must be of one type; store a struct that holds it",
				name, short(v.Type), short(v.Had))
		}
	}
	return f
}

func imports(pass *analysis.Pass, path string) bool {
	for _, p := range pass.Pkg.Imports() {
		if p.Path() == path {
			return true
		}
	}
	return false
}

func mixed(s *shared.Set, plain, atomic *shared.Access) diag.Finding {
	pos, end := s.Range(plain)
	name := s.Name(plain)
	does := "read"
	if atomic.Write {
		does = "write"
	}
	apos, aend := s.Range(atomic)
	return diag.Finding{
		Pos: pos, End: end, Category: "mixed",
		Message: fmt.Sprintf("plain %s of %s races with the atomic %s on %s; use package atomic for both", shared.Does(plain), name, does, s.PlaceOf(pos, apos)),
		Related: []analysis.RelatedInformation{{Pos: apos, End: aend, Message: "the atomic " + does}},
	}
}

func torn(s *shared.Set, t *shared.Torn) diag.Finding {
	pos, end := s.Source(t.Store)
	lpos, lend := s.Source(t.Load)
	name := t.Ref.String()
	f := diag.Finding{
		Pos: pos, End: end, Category: "load-store",
		Related: []analysis.RelatedInformation{{Pos: lpos, End: lend, Message: "the value is loaded here"}},
	}
	where := s.PlaceOf(pos, lpos)
	if sameLine(s, pos, lpos) {
		where = "this line"
	}
	switch {
	case !t.Check:
		f.Message = fmt.Sprintf("a write of %s between the Load on %s and this Store is lost; use Add or CompareAndSwap", name, where)
	case t.Effect == nil:
		f.Category = "check-store"
		f.Message = fmt.Sprintf("another goroutine can write %s between the Load on %s and this Store, which undoes that; use CompareAndSwap in a loop", name, where)
	default:
		f.Category = "check-store"
		what := "start the goroutine"
		if call, ok := t.Effect.(*ssa.Call); ok {
			what = "close " + s.NameOf(call.Call.Args[0])
		}
		f.Message = fmt.Sprintf("two goroutines can pass the Load of %s on %s before this Store, and both %s; use CompareAndSwap", name, where, what)
	}
	return f
}

func sameLine(s *shared.Set, a, b token.Pos) bool {
	return s.Pass.Fset.Position(a).Line == s.Pass.Fset.Position(b).Line
}
