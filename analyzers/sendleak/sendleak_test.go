package sendleak_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/sendleak"
)

func Test(t *testing.T) { linttest.Run(t, sendleak.Check) }
