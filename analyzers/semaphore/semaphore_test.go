package semaphore_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/conclint/conclint/analyzers/internal/linttest"
	"github.com/conclint/conclint/analyzers/semaphore"
)

func Test(t *testing.T) { linttest.Run(t, semaphore.Check) }

// TestByDefault holds what is found without the flags of the fixtures.
func TestByDefault(t *testing.T) {
	root := linttest.Root(t)
	got := linttest.Findings(t, root, semaphore.Check, "./semaphore/...")
	golden := filepath.Join(root, "semaphore", "default.golden")
	if *linttest.Update {
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("findings differ from %s (go test -update rewrites it):\n%s", golden, got)
	}
}
