package poolmisuse_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/poolmisuse"
)

func Test(t *testing.T) { linttest.Run(t, poolmisuse.Check) }
