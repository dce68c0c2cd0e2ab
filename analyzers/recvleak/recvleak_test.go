package recvleak_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/recvleak"
)

func Test(t *testing.T) { linttest.Run(t, recvleak.Check) }
