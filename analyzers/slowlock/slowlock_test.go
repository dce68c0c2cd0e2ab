package slowlock_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/slowlock"
)

func Test(t *testing.T) { linttest.Run(t, slowlock.Check) }
