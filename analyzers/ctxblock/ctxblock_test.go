package ctxblock_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/ctxblock"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

func Test(t *testing.T) { linttest.Run(t, ctxblock.Check) }
