package slowlock_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/slowlock"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

func Test(t *testing.T) { linttest.Run(t, slowlock.Check) }
