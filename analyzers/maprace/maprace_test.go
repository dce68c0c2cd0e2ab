package maprace_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/maprace"
)

func Test(t *testing.T) { linttest.Run(t, maprace.Check) }
