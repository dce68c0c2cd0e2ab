package signalmisuse_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/signalmisuse"
)

func Test(t *testing.T) { linttest.Run(t, signalmisuse.Check) }
