package maprace_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/maprace"
)

func Test(t *testing.T) { linttest.Run(t, maprace.Check) }

// TestByDefault holds what is found without the flags of the fixtures.
func TestByDefault(t *testing.T) { linttest.ByDefault(t, maprace.Check) }
