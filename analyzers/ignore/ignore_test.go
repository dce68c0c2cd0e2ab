package ignore_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/passes/atomic"

	"github.com/conclint/conclint/analyzers/ignore"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

func Test(t *testing.T) {
	checks := []*diag.Check{diag.Wrap(atomic.Analyzer, diag.Spec{Family: diag.Races}, nil)}
	linttest.Run(t, ignore.New(checks, checks))
}
