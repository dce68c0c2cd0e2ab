package analyzers

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

// TestLostCancel is about what is left of the pass of x/tools, and what is not.
func TestLostCancel(t *testing.T) {
	dir, cleanup, err := analysistest.WriteFiles(map[string]string{"a/a.go": `package a

import "context"

func run(ctx context.Context, stop func()) {}

// The literal, made before, calls the function that is assigned after.
func captured(ctx context.Context) {
	var cancel context.CancelFunc
	stop := func() { cancel() }
	ctx, cancel = context.WithCancel(ctx)
	run(ctx, stop)
}

func lost(ctx context.Context, fail bool) {
	ctx, cancel := context.WithCancel(ctx) // want "the cancel function is not used on all paths"
	if fail {
		return // want "this return statement may be reached"
	}
	run(ctx, cancel)
}

// A literal that only assigns it calls nothing.
func assigned(ctx context.Context) {
	var cancel context.CancelFunc
	run(ctx, cancel)
	stop := func() { cancel = nil }
	ctx, cancel = context.WithCancel(ctx) // want "the cancel function is not used on all paths"
	run(ctx, stop)
} // want "this return statement may be reached"
`})
	if err != nil {
		t.Fatal(err)
	}
	defer cleanup()
	checks, err := Select(Standalone, []string{"lostcancel"}, []string{"all"})
	if err != nil || len(checks) != 1 {
		t.Fatalf("%d checks, %v", len(checks), err)
	}
	analysistest.Run(t, dir, checks[0].Analyzer, "a")
}
