package deadlock_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/deadlock"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

func Test(t *testing.T) { linttest.Run(t, deadlock.Check) }
