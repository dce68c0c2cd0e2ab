package varrace_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/varrace"
)

func Test(t *testing.T) { linttest.Run(t, varrace.Check) }
