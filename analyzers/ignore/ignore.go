package ignore

import (
	_ "embed"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/nearest"
)

//go:embed doc.go
var doc string

// New returns the check of ignore directives. known are all checks there are;
// running are those whose findings the directives of this run can match: the
// returned check requires their results, and so runs after them.
func New(known, running []*diag.Check) *diag.Check {
	c := &checker{known: known, running: running}
	var requires []*analysis.Analyzer
	for _, r := range running {
		requires = append(requires, r.Analyzer)
	}
	return diag.New(diag.Spec{
		Doc:        doc,
		Family:     diag.Meta,
		Default:    true,
		Fixable:    true,
		Categories: []string{"no-reason", "unknown-name", "useless"},
		Requires:   requires,
		Run:        c.run,
	})
}

type checker struct {
	known, running []*diag.Check
}

func (c *checker) run(pass *analysis.Pass, report *diag.Reporter) error {
	used := make(map[*diag.Directive]bool)
	for _, r := range c.running {
		for _, d := range pass.ResultOf[r.Analyzer].(*diag.Result).Used {
			used[d] = true
		}
	}
	for _, d := range pass.ResultOf[diag.Config].(*diag.Index).Directives {
		switch {
		case d.Nolint:
		case len(d.Names) == 0:
			report.Report(diag.Finding{
				Pos: d.Pos, End: d.End, Category: "unknown-name",
				Message: "this directive names no analyzer, so it ignores nothing; write //conclint:ignore NAME reason",
			})
		case c.unknown(d, report):
		case d.Reason == "":
			report.Report(diag.Finding{
				Pos: d.Pos, End: d.End, Category: "no-reason",
				Message: fmt.Sprintf("this directive gives no reason, so it ignores nothing; say after %s why the finding does not hold", strings.Join(d.Names, ",")),
			})
		case !used[d] && c.allRan(d):
			report.Report(diag.Finding{
				Pos: d.Pos, End: d.End, Category: "useless",
				Message: fmt.Sprintf("this directive matches no finding of %s; remove it", strings.Join(d.Names, ",")),
				Fix: &analysis.SuggestedFix{
					Message:   "remove the directive",
					TextEdits: []analysis.TextEdit{{Pos: d.Pos, End: d.End}},
				},
			})
		}
	}
	return nil
}

// unknown reports the names of d that nothing is called by, and whether there
// are any.
func (c *checker) unknown(d *diag.Directive, report *diag.Reporter) bool {
	names := []string{"all", "ignore"}
	for _, k := range c.known {
		names = append(names, k.Name)
	}
	for _, f := range diag.Families() {
		names = append(names, string(f))
	}
	found := false
	for i, name := range d.Names {
		if slices.Contains(names, name) {
			continue
		}
		found = true
		pos, end := d.NamePos[i], d.NamePos[i]+token.Pos(len(name))
		f := diag.Finding{
			Pos: pos, End: end, Category: "unknown-name",
			Message: fmt.Sprintf("%s is no analyzer of conclint, so this directive does not ignore it", name),
		}
		if near := nearest.Name(name, names); near != "" {
			f.Message += "; did you mean " + near
			f.Fix = &analysis.SuggestedFix{
				Message:   "write " + near,
				TextEdits: []analysis.TextEdit{{Pos: pos, End: end, NewText: []byte(near)}},
			}
		}
		report.Report(f)
	}
	return found
}

// allRan reports whether every check that d could match has run: only then is
// it known to be useless.
func (c *checker) allRan(d *diag.Directive) bool {
	for _, k := range c.known {
		if d.Matches(k) && !slices.Contains(c.running, k) {
			return false
		}
	}
	return !slices.Contains(d.Names, "ignore")
}
