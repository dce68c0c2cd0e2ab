package driver

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/conclint/conclint/analyzers"
	"github.com/conclint/conclint/analyzers/raceflag"
	"github.com/conclint/conclint/cmd/conclint/internal/report"
)

// raceflag looks at how the tests of the module are run, if all of it is analysed: what it reads lies beside the packages.
func (r *runner) raceflag(m module, patterns []string) error {
	i := slices.IndexFunc(r.opts.checks, func(c *analyzers.Check) bool { return c.Name == raceflag.Check.Name })
	if i < 0 || m.gomod == "" || m.dir != filepath.Dir(m.gomod) || !slices.Contains(patterns, "./...") {
		return nil
	}
	top := repository(m.dir)
	rel, err := filepath.Rel(top, m.dir)
	if err != nil {
		return err
	}
	found, err := raceflag.Find(os.DirFS(top), filepath.ToSlash(rel))
	if err != nil || found == nil {
		return err
	}
	at := func(p raceflag.Place) report.Range {
		return report.Range{Abs: filepath.Join(top, filepath.FromSlash(p.File)), Line: p.Line, Column: p.Column, EndLine: p.Line, EndColumn: p.End}
	}
	c := r.opts.checks[i]
	r.findings = append(r.findings, finding{
		Analyzer: c.Name,
		Category: raceflag.Category,
		Message:  found.Message,
		URL:      c.Analyzer.URL + "#" + raceflag.Category,
		Range:    at(found.Place),
		Related:  []report.Related{{Range: at(found.Goroutine), Message: "the module starts a goroutine"}},
	})
	return nil
}

// repository returns the nearest directory from dir up that git keeps its data in, or dir.
func repository(dir string) string {
	for up := dir; ; up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(up, ".git")); err == nil {
			return up
		}
		if up == filepath.Dir(up) {
			return dir
		}
	}
}
