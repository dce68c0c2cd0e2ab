package selectexit_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/selectexit"
)

func Test(t *testing.T) { linttest.Run(t, selectexit.Check) }
