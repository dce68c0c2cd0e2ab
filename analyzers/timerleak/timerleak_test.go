package timerleak_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/timerleak"
)

func Test(t *testing.T) { linttest.Run(t, timerleak.Check) }
