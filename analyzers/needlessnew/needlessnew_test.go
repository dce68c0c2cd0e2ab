package needlessnew_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/needlessnew"
)

func Test(t *testing.T) { linttest.Run(t, needlessnew.Check) }
