// Package driver is the conclint command: it runs go vet with conclint as its tool and makes one report of what that finds.
//
// go vet brings parallelism, build tags, cgo, test variants and a cache of facts and findings; it is not made to be read by
// people or to go on when something is broken. So the driver
//
//   - resolves which analyzers run and tells its tool exactly that ([Vettool] is the other end);
//   - reads the stream of JSON, one value per package, and merges it into findings (vet.go, decode.go);
//   - reads standard error, keeps each compiler message once, and finds out what was not analysed because of it (problem.go);
//   - when a package cannot even be loaded, go vet analyses nothing: then go list says which ones, and the others are run alone
//     (load.go);
//   - prints the findings in the formats asked for (output.go, package report) and everything else on standard error.
//
// The exit code is 0 if nothing was found, 1 if there are findings, and 2 if anything went wrong, whatever was found.
package driver

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// An Env is what a run of the command depends on.
type Env struct {
	Args   []string // without the program's name
	Dir    string   // the working directory
	Tool   string   // the program that go vet shall call: conclint itself
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(string) string
}

// The exit codes.
const (
	exitClean = iota
	exitFindings
	exitFailure
)

// Main runs the command and returns its exit code.
func Main(ctx context.Context, env Env) int {
	command, args := "", env.Args
	if len(args) > 0 {
		command = args[0]
	}
	var err error
	switch command {
	case "list":
		err = list(env, args[1:])
	case "explain":
		err = explain(env, args[1:])
	case "version", "-version", "--version":
		err = printVersion(env)
	case "help", "-h", "-help", "--help":
		if len(args) > 1 && command == "help" {
			err = explain(env, args[1:])
			break
		}
		err = help(env)
	case "files":
		return run(ctx, env, args[1:], true)
	default:
		return run(ctx, env, args, false)
	}
	if err != nil {
		return fail(env, err)
	}
	return exitClean
}

// fail prints an error as one line and returns the exit code.
func fail(env Env, err error) int {
	fmt.Fprintf(env.Stderr, "conclint: %v\n", err)
	return exitFailure
}

// run analyses packages, or the packages that hold the files given.
func run(ctx context.Context, env Env, args []string, files bool) int {
	opts, err := parse(env, args, files)
	if errors.Is(err, flag.ErrHelp) {
		if err = help(env); err == nil {
			return exitClean
		}
	}
	if err != nil {
		return fail(env, err)
	}
	if opts.dir != "" {
		env.Dir = opts.dir
	}
	if info, err := os.Stat(env.Dir); err != nil {
		return fail(env, err)
	} else if !info.IsDir() {
		return fail(env, fmt.Errorf("%s is not a directory", env.Dir))
	}
	out, err := openOutputs(env, opts)
	if err != nil {
		return fail(env, err)
	}
	defer out.close()

	r := &runner{env: env, opts: opts, progress: newProgress(env, opts)}
	var base string
	if files {
		base = env.Dir
		err = r.files(ctx, opts.args)
	} else {
		base, err = r.packages(ctx, opts.args)
	}
	r.progress.stop()
	if err != nil {
		return fail(env, err)
	}
	if err := errors.Join(r.printDiffs(base), out.print(r.findings, base)); err != nil {
		r.problem(fmt.Sprintf("conclint: cannot write the report: %v", err))
	}
	for _, line := range r.problemLines() {
		fmt.Fprintln(env.Stderr, line)
	}
	if opts.verbose {
		r.statistics()
	}
	switch {
	case len(r.problems) > 0:
		return exitFailure
	case out.shown > 0 || len(r.diffs) > 0:
		return exitFindings
	}
	return exitClean
}

// A runner collects what the runs of go vet find.
type runner struct {
	env      Env
	opts     *options
	progress *progress

	findings []finding
	problems []problem
	skipped  map[string]bool // packages that could not be analysed because of others
	units    int             // packages and external tests analysed
	diffs    []fileDiff      // of -diff
	version  string          // of the go command
}

// packages analyses what the patterns name. It returns the directory that paths in machine formats are relative to.
func (r *runner) packages(ctx context.Context, patterns []string) (base string, err error) {
	m, err := r.module(ctx, r.env.Dir)
	if err != nil {
		return "", err
	}
	if len(patterns) == 0 {
		patterns = []string{"./..."}
		if m.gomod == "" && m.work == r.env.Dir {
			patterns = []string{"work"} // all modules of the workspace
		}
	}
	if err := r.analyze(ctx, m, patterns); err != nil {
		return "", err
	}
	if !r.opts.diff {
		if err := r.raceflag(m, patterns); err != nil {
			r.problem("conclint: raceflag: " + err.Error())
		}
	}
	return m.base, nil
}
