package zerovalue_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/zerovalue"
)

func Test(t *testing.T) { linttest.Run(t, zerovalue.Check) }
