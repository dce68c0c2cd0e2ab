package copylock

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
)

//go:embed doc.go
var doc string

// Check finds copies of locks.
var Check = newCheck()

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

func newCheck() *diag.Check {
	vet := new(bool)
	c := diag.New(diag.Spec{
		Doc:     doc,
		Family:  diag.Locks,
		Default: true,
		Fixable: true,
		Categories: []string{
			"by-receiver", "by-parameter", "by-return", "by-assignment", "by-range", "by-iteration", "by-literal",
			"by-call", "by-interface", "by-channel", "by-append", "by-instance",
		},
		Run: func(pass *analysis.Pass, report *diag.Reporter) error {
			run(pass, report, *vet)
			return nil
		},
	})
	c.Analyzer.Flags.BoolVar(vet, "vet", true, "report what go vet's copylocks reports too")
	return c
}

// run looks at every place that copies a value and reports those whose type
// holds a lock. Whether the lock is in use cannot be seen in general: copies of
// a value that is new (a literal, the result of a call) are left alone, all
// others count. With vet unset, what go vet reports is left out.
func run(pass *analysis.Pass, report *diag.Reporter, vet bool) {
	ls := newLocks()
	qualify := func(p *types.Package) string {
		if p == pass.Pkg {
			return ""
		}
		return p.Name()
	}
	fresh := newFreshness(pass)
	co := &collector{
		pass:  pass,
		fresh: fresh,
		loops: func(pos token.Pos) bool { return !report.Before(pos, "go1.22") },
	}
	co.emit = func(c copying) bool {
		l := ls.in(c.typ)
		if l == nil {
			return false
		}
		if !vet && l.vet && !c.unseen {
			return true
		}
		f := diag.Finding{Pos: c.node.Pos(), End: c.node.End(), Category: c.category, Message: c.message(l, qualify)}
		if c.loop != nil {
			f.Fix = fixRange(pass, c.loop)
		}
		report.Report(f)
		return true
	}
	for _, f := range pass.Files {
		if report.Generated(f.Package) {
			continue
		}
		inspect(pass.TypesInfo, f, co.visit)
	}
	g := &generics{pass: pass, locks: ls, collect: co, decls: fresh.decls, known: make(map[*types.Func]map[int]ast.Node)}
	for _, in := range g.instances() {
		l := ls.in(in.arg)
		c := copying{
			category: "by-instance", op: in.name, typ: in.arg, name: types.TypeString(in.arg, qualify),
			remedy: "use it with *" + types.TypeString(in.arg, qualify),
		}
		f := diag.Finding{Pos: in.node.Pos(), End: in.node.End(), Category: c.category}
		if in.copy != nil {
			at, here := report.Position(in.copy.Pos()), report.Position(f.Pos)
			c.where = fmt.Sprintf(" on line %d", at.Line)
			if at.Filename != here.Filename {
				c.where = fmt.Sprintf(" at %s:%d", filepath.Base(at.Filename), at.Line)
			}
			f.Related = []analysis.RelatedInformation{{Pos: in.copy.Pos(), End: in.copy.End(), Message: "the value is copied here"}}
		}
		f.Message = c.message(l, qualify)
		report.Report(f)
	}
}
