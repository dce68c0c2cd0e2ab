package atomicmix_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/atomicmix"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

func Test(t *testing.T) { linttest.Run(t, atomicmix.Check) }
