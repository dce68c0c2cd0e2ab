package lifecycle_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/lifecycle"
)

func Test(t *testing.T) { linttest.Run(t, lifecycle.Check) }
