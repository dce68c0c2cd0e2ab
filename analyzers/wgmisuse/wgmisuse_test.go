package wgmisuse_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/wgmisuse"
)

func Test(t *testing.T) { linttest.Run(t, wgmisuse.Check) }
