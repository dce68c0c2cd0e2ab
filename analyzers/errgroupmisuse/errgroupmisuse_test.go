package errgroupmisuse_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/errgroupmisuse"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

func Test(t *testing.T) { linttest.Run(t, errgroupmisuse.Check) }
