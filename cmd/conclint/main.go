// Command conclint finds concurrency mistakes in Go programs. Run conclint -h.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/conclint/conclint/cmd/conclint/internal/driver"
)

func main() {
	if args := os.Args[1:]; driver.IsVettool(args) {
		vettool(args)
	} else {
		os.Exit(standalone(args))
	}
}

// vettool is called by go vet: to describe itself, or to analyse one package.
func vettool(args []string) {
	list, rest, err := driver.Vettool(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "conclint: %v\n", err)
		os.Exit(2)
	}
	driver.VetFlags(flag.CommandLine)
	startHeap(128 << 20)
	os.Args = append(os.Args[:1], rest...)
	unitchecker.Main(list...)
}

// startHeap puts garbage collection off until the process has taken size bytes:
// most packages are done before. The compiler does the same. What the user says in
// the environment about the collector stands.
func startHeap(size int64) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	percent := debug.SetGCPercent(-1)
	limit := debug.SetMemoryLimit(size)
	first := new([64]byte)
	runtime.SetFinalizer(first, func(*[64]byte) { // the first collection is over
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(percent)
	})
}

func standalone(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt kills
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintf(os.Stderr, "conclint: %v\n", err)
		return 2
	}
	tool, err := os.Executable()
	if err != nil {
		fmt.Fprintf(os.Stderr, "conclint: %v\n", err)
		return 2
	}
	return driver.Main(ctx, driver.Env{
		Args:   args,
		Dir:    dir,
		Tool:   tool,
		Stdout: os.Stdout,
		Stderr: os.Stderr,
		Getenv: os.Getenv,
	})
}
