package checkact_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/checkact"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

func Test(t *testing.T) { linttest.Run(t, checkact.Check) }
