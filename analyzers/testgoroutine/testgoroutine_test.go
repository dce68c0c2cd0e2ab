package testgoroutine_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/testgoroutine"
)

func Test(t *testing.T) { linttest.Run(t, testgoroutine.Check) }
