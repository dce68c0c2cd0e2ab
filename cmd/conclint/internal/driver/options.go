package driver

import (
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/conclint/conclint/analyzers"
	"github.com/conclint/conclint/cmd/conclint/internal/report"
)

// options is the command line.
type options struct {
	enable, disable words
	outputs         outputs
	context         int
	tests           bool
	generated       bool
	witness         bool
	fix, diff       bool
	verbose         bool
	color, progress string
	debug           string   // words for the engine
	dir             string   // -C, absolute; "" if not given
	build           []string // for go vet and go list
	analyzer        []string // -NAME.option=value, for the tool
	args            []string

	checks []*analyzers.Check
}

// parse reads the command line, files being that of conclint files. Errors are one line.
func parse(env Env, args []string, files bool) (*options, error) {
	opts := &options{}
	set := opts.flags()
	if err := set.Parse(args); err != nil {
		name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: ")
		if !ok {
			return nil, err
		}
		return nil, unknownFlag(set, strings.TrimLeft(name, "-"))
	}
	opts.args = set.Args()
	if !files && len(opts.args) > 0 && slices.Contains([]string{"list", "explain", "version", "help", "files"}, opts.args[0]) {
		return nil, fmt.Errorf("the command %[1]s comes before all flags; a package of this name is ./%[1]s", opts.args[0])
	}
	for _, arg := range opts.args {
		if strings.HasPrefix(arg, "-") && len(arg) > 1 && set.Lookup(strings.TrimLeft(strings.SplitN(arg, "=", 2)[0], "-")) != nil {
			return nil, fmt.Errorf("flag %s stands behind the packages; put it before them", arg)
		}
	}
	if err := opts.check(); err != nil {
		return nil, err
	}
	if opts.dir != "" && !filepath.IsAbs(opts.dir) {
		opts.dir = filepath.Join(env.Dir, opts.dir)
	}
	var err error
	opts.checks, err = analyzers.Select(analyzers.Standalone, opts.enable, opts.disable)
	if err != nil {
		return nil, err
	}
	if len(opts.checks) == 0 {
		return nil, fmt.Errorf("no analyzer is left to run; see -enable and -disable")
	}
	return opts, nil
}

// check finds values that no flag may have and flags that exclude each other.
func (o *options) check() error {
	for _, f := range []struct{ name, value string }{{"color", o.color}, {"progress", o.progress}} {
		if !slices.Contains([]string{"auto", "always", "never"}, f.value) {
			return fmt.Errorf("-%s is auto, always or never, not %q", f.name, f.value)
		}
	}
	if (o.fix || o.diff) && !o.tests {
		return fmt.Errorf("-fix and -diff work on all files of a package; they cannot be combined with -test=false")
	}
	if o.diff && len(o.outputs) > 0 {
		return fmt.Errorf("-diff prints a diff and makes no report; leave out -format and -o")
	}
	return o.outputs.check(o.diff)
}

func (o *options) flags() *flag.FlagSet {
	set := flag.NewFlagSet("conclint", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}

	set.Var(&o.enable, "enable", "")
	set.Var(&o.disable, "disable", "")
	set.Func("format", "", func(s string) error { return o.outputs.format(s) })
	set.Func("o", "", func(s string) error { return o.outputs.file(s) })
	set.IntVar(&o.context, "c", 0, "")
	set.BoolVar(&o.tests, "test", true, "")
	set.BoolVar(&o.generated, "generated", false, "")
	set.BoolVar(&o.witness, "witness", false, "")
	set.BoolVar(&o.fix, "fix", false, "")
	set.BoolVar(&o.diff, "diff", false, "")
	set.BoolVar(&o.verbose, "v", false, "")
	set.StringVar(&o.color, "color", "auto", "")
	set.StringVar(&o.progress, "progress", "auto", "")
	set.StringVar(&o.debug, "debug", "", "")
	set.StringVar(&o.dir, "C", "", "")

	for _, name := range []string{"a", "asan", "modcacherw", "msan", "race", "trimpath"} {
		set.Var(&passed{name, true, &o.build}, name, "")
	}
	for _, name := range []string{"compiler", "mod", "modfile", "overlay", "p", "tags", "toolexec"} {
		set.Var(&passed{name, false, &o.build}, name, "")
	}
	for _, c := range analyzers.All() {
		passOptions(set, c.Analyzer, &o.analyzer)
	}
	passOptions(set, analyzers.Config(), &o.analyzer)
	return set
}

// toolFlags returns the arguments for the tool.
func (o *options) toolFlags() []string {
	args := exactly(o.checks)
	if o.generated {
		args = append(args, "-"+analyzers.Config().Name+".generated")
	}
	args = append(args, "-"+analyzers.Config().Name+".witness")
	return append(args, o.analyzer...)
}

func unknownFlag(set *flag.FlagSet, name string) error {
	switch name {
	case "json":
		return fmt.Errorf("unknown flag -json; write -format json")
	case "vettool":
		return fmt.Errorf("unknown flag -vettool; conclint calls go vet itself")
	case "":
		return fmt.Errorf("a lone dash is no flag")
	}
	if c, err := analyzers.Lookup(name); err == nil {
		return fmt.Errorf("unknown flag -%[1]s; to run only this analyzer write -disable all -enable %[1]s", c.Name)
	}
	names := []string{"h"}
	set.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	if near := analyzers.Nearest(name, names); near != "" {
		return fmt.Errorf("unknown flag -%s; did you mean -%s?", name, near)
	}
	return fmt.Errorf("unknown flag -%s; conclint -h shows them", name)
}

// An output is a format and the file that it goes to, "-" being standard output. Either is "" if not given.
type output struct{ format, file string }

// outputs are made by -format and -o, of which neighbours belong together in either order.
type outputs []output

func (o *outputs) format(name string) error {
	if _, err := report.New(name, io.Discard, report.Options{}); err != nil {
		return err
	}
	if last := o.last(); last != nil && last.format == "" {
		last.format = name
	} else {
		*o = append(*o, output{format: name})
	}
	return nil
}

func (o *outputs) file(name string) error {
	if name == "" {
		return fmt.Errorf("a file needs a name")
	}
	if last := o.last(); last != nil && last.file == "" {
		last.file = name
	} else {
		*o = append(*o, output{file: name})
	}
	return nil
}

func (o outputs) last() *output {
	if len(o) == 0 {
		return nil
	}
	return &o[len(o)-1]
}

// check completes the outputs: text goes to standard output if nothing else does.
func (o *outputs) check(diff bool) error {
	seen := make(map[string]bool)
	for i := range *o {
		out := &(*o)[i]
		if out.file == "" {
			out.file = "-"
		}
		if out.format == "" {
			out.format = formatOf(out.file)
		}
		if seen[out.file] {
			if out.file == "-" {
				return fmt.Errorf("two formats for standard output; give one of them a file with -o")
			}
			return fmt.Errorf("two formats for the file %s", out.file)
		}
		seen[out.file] = true
	}
	if !seen["-"] && !diff {
		*o = append(*o, output{"text", "-"})
	}
	return nil
}

// formatOf guesses a format by the name of the file.
func formatOf(file string) string {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".sarif":
		return "sarif"
	case ".json":
		return "json"
	case ".xml":
		return "checkstyle"
	}
	return "text"
}
