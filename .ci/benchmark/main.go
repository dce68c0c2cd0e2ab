// Command benchmark compares conclint with its peers on the same packages:
//
//	cold   all that the packages import is compiled, nothing is analysed
//	warm   the same again
//	edit   one file has changed, and is compiled again before
//
// It prints wall time and the memory of the largest process, and both as
// ratios to go vet. .ci/bench builds the tools and runs it.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

var (
	tools   = flag.String("tools", "", "folder that holds conclint, staticcheck and golangci-lint")
	runs    = flag.Int("runs", 3, "how often to measure; the median counts")
	edit    = flag.String("edit", "", "the file to change in the folders given, relative to them; by default the longest")
	only    = flag.String("only", "", "tools to run, separated by commas; go vet always runs")
	noStd   = flag.Bool("nostd", false, "leave out the standard library")
	noTools = flag.Bool("notools", false, "leave out golang.org/x/tools")
)

func main() {
	flag.Parse()
	if err := benchmark(); err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
}

func benchmark() error {
	dir, err := os.MkdirTemp("", "conclint-bench")
	if err != nil {
		return err
	}
	defer func() { _ = removeAll(dir) }()

	fmt.Printf("%s, %d CPUs, median of %d runs; in parentheses the ratio to go vet.\n", runtime.Version(), runtime.NumCPU(), *runs)
	if !*noStd {
		t := &target{name: "std", dir: filepath.Join(dir, "goroot", "src"), edit: "net/http/server.go"}
		root, err := output("", "go", "env", "GOROOT")
		if err != nil {
			return err
		}
		// A copy, since a file is to be changed.
		goroot := filepath.Join(dir, "goroot")
		if err := copyTree(root, goroot); err != nil {
			return err
		}
		t.env = []string{"GOROOT=" + goroot, "PATH=" + filepath.Join(goroot, "bin") + string(os.PathListSeparator) + os.Getenv("PATH")}
		if err := t.measure(filepath.Join(dir, "std")); err != nil {
			return err
		}
	}
	if !*noTools {
		from, err := output("", "go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/tools")
		if err != nil {
			return err
		}
		t := &target{name: "golang.org/x/tools", dir: filepath.Join(dir, "x-tools"), edit: "go/packages/packages.go"}
		if err := copyTree(from, t.dir); err != nil {
			return err
		}
		if err := t.measure(filepath.Join(dir, "tools")); err != nil {
			return err
		}
	}
	for i, from := range flag.Args() {
		t := &target{name: filepath.Base(from), dir: filepath.Join(dir, fmt.Sprint("src", i)), edit: *edit}
		if err := copyTree(from, t.dir); err != nil {
			return err
		}
		if t.edit == "" {
			if t.edit, err = longest(t.dir); err != nil {
				return err
			}
		}
		if err := t.measure(filepath.Join(dir, fmt.Sprint("dir", i))); err != nil {
			return err
		}
	}
	return nil
}

// A target is a module to analyse, in a copy that may be changed.
type target struct {
	name, dir string
	edit      string   // the file that is changed
	env       []string // on top of the process's own
}

// A tool is a linter with its arguments.
type tool struct {
	name string
	args []string
}

func allTools() []tool {
	bin := func(name string) string { return filepath.Join(*tools, name) }
	all := []tool{
		{"go vet", []string{"go", "vet", "./..."}},
		{"conclint", []string{bin("conclint"), "./..."}},
		{"go vet -vettool=conclint", []string{"go", "vet", "-vettool=" + bin("conclint"), "./..."}},
		{"staticcheck", []string{bin("staticcheck"), "./..."}},
		{"golangci-lint", []string{bin("golangci-lint"), "run", "--no-config", "--default=none", "--enable=staticcheck,govet",
			"--issues-exit-code=1", "--allow-parallel-runners", "./..."}},
	}
	if *only == "" {
		return all
	}
	return slices.DeleteFunc(all, func(t tool) bool {
		return t.name != "go vet" && !slices.Contains(strings.Split(*only, ","), t.name)
	})
}

// phases are what is measured of each tool.
var phases = []string{"cold", "warm", "edit"}

// A sample is one run of a tool.
type sample struct {
	wall   time.Duration
	memory int64 // of the largest process, in bytes
}

// measure runs all tools on t and prints a table. It works below scratch.
func (t *target) measure(scratch string) error {
	compiled := filepath.Join(scratch, "compiled")
	if err := os.MkdirAll(compiled, 0o777); err != nil {
		return err
	}
	progress("%s: compiling", t.name)
	if err := t.compile(compiled); err != nil {
		return err
	}
	if err := buildVet(scratch, t.environ(compiled)); err != nil {
		return err
	}
	original, err := os.ReadFile(filepath.Join(t.dir, t.edit))
	if err != nil {
		return err
	}
	list := allTools()
	samples := make(map[string][]sample) // by tool and phase
	notes := make(map[string]string)
	for run := range *runs {
		for _, tl := range list {
			progress("%s: %s, run %d of %d", t.name, tl.name, run+1, *runs)
			caches := filepath.Join(scratch, "caches")
			if err := linkTree(compiled, caches); err != nil {
				return err
			}
			for _, phase := range phases {
				if phase == "edit" {
					changed := fmt.Appendf(bytes.Clone(original), "\nfunc conclintBenchmark%d() int { return %[1]d }\n", run)
					if err := os.WriteFile(filepath.Join(t.dir, t.edit), changed, 0o666); err != nil {
						return err
					}
					if err := t.compile(caches); err != nil {
						return err
					}
				}
				s, out, err := t.run(caches, tl.args)
				if err != nil {
					notes[tl.name] = fmt.Sprintf("%v: %s", err, lastLine(out))
				}
				samples[tl.name+phase] = append(samples[tl.name+phase], s)
			}
			if err := os.WriteFile(filepath.Join(t.dir, t.edit), original, 0o666); err != nil {
				return err
			}
			if err := removeAll(caches); err != nil {
				return err
			}
		}
	}
	fmt.Printf("\n## %s\n\n| | cold | warm | %s edited | largest process |\n|---|---|---|---|---|\n", t.name, t.edit)
	for _, tl := range list {
		fmt.Printf("| %s |", tl.name)
		for _, phase := range phases {
			s, base := median(samples[tl.name+phase]), median(samples["go vet"+phase])
			fmt.Printf(" %.1f s (%.2f) |", s.wall.Seconds(), s.wall.Seconds()/base.wall.Seconds())
		}
		s, base := largest(samples, tl.name), largest(samples, "go vet")
		fmt.Printf(" %d MB (%.2f) |\n", s>>20, float64(s)/float64(base))
	}
	for _, tl := range list {
		if note := notes[tl.name]; note != "" {
			fmt.Printf("\n%s failed: %s\n", tl.name, note)
		}
	}
	return nil
}

// environ keeps everything that tools cache below dir.
func (t *target) environ(dir string) []string {
	return slices.Concat(os.Environ(), []string{
		"GOCACHE=" + filepath.Join(dir, "go-build"),
		"STATICCHECK_CACHE=" + filepath.Join(dir, "staticcheck"),
		"GOLANGCI_LINT_CACHE=" + filepath.Join(dir, "golangci-lint"),
		"GOWORK=off",
	}, t.env)
}

// compile fills the cache below dir with all that analysis needs of the
// compiler.
func (t *target) compile(dir string) error {
	cmd := exec.Command("go", "list", "-e", "-export", "-test", "-deps", "-f", "{{if .Export}}{{end}}", "./...")
	cmd.Dir, cmd.Env = t.dir, t.environ(dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("compiling %s: %w\n%s", t.name, err, out)
	}
	return nil
}

// buildVet makes the go command build its vet tool, without analysing more
// than an empty package.
func buildVet(scratch string, env []string) error {
	dir := filepath.Join(scratch, "empty")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for name, text := range map[string]string{"go.mod": "module p\n", "p.go": "package p\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return err
		}
	}
	cmd := exec.Command("go", "vet")
	cmd.Dir, cmd.Env = dir, env
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go vet of an empty package: %w\n%s", err, out)
	}
	return nil
}

// run measures one command. Exit code 1 is no error: all tools say so that
// they found something.
func (t *target) run(caches string, args []string) (sample, []byte, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env = t.dir, t.environ(caches)
	if i := slices.IndexFunc(t.env, func(e string) bool { return strings.HasPrefix(e, "PATH=") }); i >= 0 && args[0] == "go" {
		// exec.Command has looked it up in this process's path.
		first, _, _ := strings.Cut(strings.TrimPrefix(t.env[i], "PATH="), string(os.PathListSeparator))
		cmd.Path = filepath.Join(first, "go")
		cmd.Err = nil
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	err := cmd.Run()
	s := sample{wall: time.Since(start)}
	var exit *exec.ExitError
	if err != nil && errors.As(err, &exit) && exit.ExitCode() == 1 {
		err = nil
	}
	if cmd.ProcessState == nil {
		return s, out.Bytes(), err
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.memory = usage.Maxrss << 10 // of the process or one that it waited for
	}
	return s, out.Bytes(), err
}

func median(s []sample) sample {
	s = slices.SortedFunc(slices.Values(s), func(a, b sample) int { return int(a.wall - b.wall) })
	return s[len(s)/2]
}

func largest(samples map[string][]sample, tool string) int64 {
	var m int64
	for _, phase := range phases {
		for _, s := range samples[tool+phase] {
			m = max(m, s.memory)
		}
	}
	return m
}

// longest returns the longest Go file that is neither a test nor generated.
func longest(dir string) (string, error) {
	var best string
	var size int
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path == dir {
				return nil
			}
			_, err := os.Stat(filepath.Join(path, "go.mod"))
			if name := d.Name(); name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || err == nil {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil || len(text) <= size || bytes.Contains(text, []byte("// Code generated ")) || bytes.Contains(text, []byte("//go:build ")) {
			return err
		}
		best, err = filepath.Rel(dir, path)
		size = len(text)
		return err
	})
	if err == nil && best == "" {
		err = fmt.Errorf("%s holds no Go file", dir)
	}
	return filepath.ToSlash(best), err
}

func output(dir string, args ...string) (string, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%v: %w", cmd, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// copyTree copies a folder and makes the copy writable.
func copyTree(from, to string) error {
	for _, cmd := range []*exec.Cmd{exec.Command("cp", "-rL", from, to), exec.Command("chmod", "-R", "u+w", to)} {
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w\n%s", cmd, err, out)
		}
	}
	return nil
}

// linkTree copies a cache by hard links: entries are never changed in place.
func linkTree(from, to string) error {
	if out, err := exec.Command("cp", "-al", from, to).CombinedOutput(); err != nil {
		return fmt.Errorf("cp -al: %w\n%s", err, out)
	}
	return nil
}

func removeAll(dir string) error {
	return errors.Join(exec.Command("chmod", "-R", "u+w", dir).Run(), os.RemoveAll(dir))
}

func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
