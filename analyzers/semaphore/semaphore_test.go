package semaphore_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/semaphore"
)

func Test(t *testing.T) { linttest.Run(t, semaphore.Check) }
