package bad

import (
	"context"
	"net/http/httptest"
	"os"
	"testing"
)

// assignOuter has one err for all subtests.
func assignOuter(t *testing.T, names []string) {
	var err error
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err = work() // want `the assignment to err races with its use in the other turns of the loop: parallel subtests share it; declare it in the subtest`
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// assignAndRead writes in one subtest and reads in another.
func assignAndRead(t *testing.T) {
	count := 0
	t.Run("write", func(t *testing.T) {
		t.Parallel()
		count++ // want `the assignment to count races with its use on line \d+: parallel subtests share it; declare it in the subtest`
	})
	t.Run("read", func(t *testing.T) {
		t.Parallel()
		if count > 1 {
			t.Error("more than one")
		}
	})
}

// writeMap writes one map in all turns.
func writeMap(t *testing.T, names []string) {
	seen := make(map[string]bool)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen[name] = true // want `the assignment to seen races with its use in the other turns of the loop`
		})
	}
}

// closeTooSoon closes the server when the function returns: the parallel
// subtests only go on then.
func closeTooSoon(t *testing.T, get func(string) error) {
	srv := httptest.NewServer(nil)
	defer srv.Close() // want `srv.Close runs before the parallel subtest that uses srv \(line \d+\) goes on; use Cleanup of the test`
	t.Run("get", func(t *testing.T) {
		t.Parallel()
		if err := get(srv.URL); err != nil {
			t.Error(err)
		}
	})
}

// removeTooSoon removes the folder.
func removeTooSoon(t *testing.T, read func(string) error) {
	dir, err := os.MkdirTemp("", "x")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { // want `the deferred function runs before the parallel subtest that uses dir \(line \d+\) goes on; use Cleanup of the test`
		os.RemoveAll(dir)
	}()
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := read(dir); err != nil {
				t.Error(err)
			}
		})
	}
}

// cancelTooSoon cancels the context of the subtests.
func cancelTooSoon(t *testing.T, get func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel() // want `cancel runs before the parallel subtest that uses ctx \(line \d+\) goes on; use Cleanup of the test`
	t.Run("get", func(t *testing.T) {
		t.Parallel()
		if err := get(ctx); err != nil {
			t.Error(err)
		}
	})
}

// setenvInParallel panics.
func setenvInParallel(t *testing.T) {
	t.Parallel()
	t.Setenv("HOME", "/nowhere") // want `t.Setenv panics after t.Parallel on line \d+: a parallel test must not change what all tests share`
}

// chdirThenParallel too.
func chdirThenParallel(t *testing.T) {
	t.Chdir("/")
	t.Parallel() // want `t.Parallel panics after t.Chdir on line \d+`
}
