package good

import (
	"context"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
)

func assignOuter(t *testing.T, names []string) {
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := work()
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func assignAndRead(t *testing.T) {
	t.Run("write", func(t *testing.T) {
		t.Parallel()
		count := 0
		count++
	})
	t.Run("read", func(t *testing.T) {
		t.Parallel()
		count := 0
		if count > 1 {
			t.Error("more than one")
		}
	})
}

func writeMap(t *testing.T, names []string) {
	seen := make(map[string]bool)
	var mu sync.Mutex
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mu.Lock()
			defer mu.Unlock()
			seen[name] = true
		})
	}
}

func closeTooSoon(t *testing.T, get func(string) error) {
	srv := httptest.NewServer(nil)
	t.Cleanup(srv.Close)
	t.Run("get", func(t *testing.T) {
		t.Parallel()
		if err := get(srv.URL); err != nil {
			t.Error(err)
		}
	})
}

func removeTooSoon(t *testing.T, read func(string) error) {
	dir, err := os.MkdirTemp("", "x")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		os.RemoveAll(dir)
	})
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := read(dir); err != nil {
				t.Error(err)
			}
		})
	}
}

func cancelTooSoon(t *testing.T, get func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	t.Run("get", func(t *testing.T) {
		t.Parallel()
		if err := get(ctx); err != nil {
			t.Error(err)
		}
	})
}

func setenvInParallel(t *testing.T) {
	t.Setenv("HOME", "/nowhere")
}

func chdirThenParallel(t *testing.T) {
	t.Parallel()
}

// group waits for its parallel subtests within Run.
func group(t *testing.T, get func(string) error) {
	srv := httptest.NewServer(nil)
	defer srv.Close()
	t.Run("group", func(t *testing.T) {
		t.Run("get", func(t *testing.T) {
			t.Parallel()
			if err := get(srv.URL); err != nil {
				t.Error(err)
			}
		})
	})
}

// oneByOne assigns before it is parallel.
func oneByOne(t *testing.T, names []string) {
	var last string
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			last = name
			t.Parallel()
			if err := work(); err != nil {
				t.Error(err)
			}
		})
	}
	_ = last
}

// serial subtests share what they like.
func serial(t *testing.T, names []string) {
	var err error
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			err = work()
		})
	}
	_ = err
}
