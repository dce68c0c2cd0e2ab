package oncemisuse_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/oncemisuse"
)

func Test(t *testing.T) { linttest.Run(t, oncemisuse.Check) }
