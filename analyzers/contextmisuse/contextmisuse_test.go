package contextmisuse_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/contextmisuse"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

func Test(t *testing.T) { linttest.Run(t, contextmisuse.Check) }
