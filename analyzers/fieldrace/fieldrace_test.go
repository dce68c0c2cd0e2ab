package fieldrace_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/fieldrace"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

func Test(t *testing.T) { linttest.Run(t, fieldrace.Check) }

// TestByDefault holds what is found without the flags of the fixtures.
func TestByDefault(t *testing.T) { linttest.ByDefault(t, fieldrace.Check) }
