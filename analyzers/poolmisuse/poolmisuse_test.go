package poolmisuse

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
)

func Test(t *testing.T) {
	c := newCheck()
	if err := c.Analyzer.Flags.Set("values", "true"); err != nil {
		t.Fatal(err)
	}
	linttest.Run(t, c)
}
