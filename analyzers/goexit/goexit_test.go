package goexit_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/goexit"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

func Test(t *testing.T) { linttest.Run(t, goexit.Check) }
