package nilchan_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/nilchan"
)

func Test(t *testing.T) { linttest.Run(t, nilchan.Check) }
